"""Leaving: nothing of the earner stays."""

from sqlmodel import Session

from ...config import Settings
from ...storage.blobs import Blobs
from ...storage.tables import Earner
from .. import erasing


def leave(db: Session, earner: Earner, settings: Settings) -> None:
    """Erase an earner with badges, reports, collections, public links and files; nothing brings them back."""
    erasing.erase_earner(db, Blobs(settings), earner)

"""Admitting mail: what comes for an import address, by SMTP, by LMTP or from a provider, is one arrival.

A mail server that did not hear our answer sends the same message again: the same bytes within some days are
the arrival that is there already. Nothing is ever answered, bounced or forwarded, so a loop ends here.
"""

import hashlib
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from ..config import Settings
from ..errors import Missing, Refused
from ..storage.blobs import Blobs
from ..storage.tables import Arrival, Earner
from . import importing, joining
from .vouching import Reception

MOST_HOPS = 50
SENT_AGAIN = timedelta(days=5)
"""How long mail servers go on trying."""
_HEAD = 256 * 1024


class Circling(Refused):
    """A message that was on its way for longer than any journey takes."""

    code = "circling"
    says_by_default = "This message goes round in circles."


def is_known(db: Session, address: str, settings: Settings) -> bool:
    """Whether this is somebody's import address."""
    return joining.earner_of_inbox(db, address, settings) is not None


def admit(
    db: Session,
    blobs: Blobs,
    settings: Settings,
    address: str,
    data: bytes,
    reception: Reception,
    at: datetime,
) -> Arrival:
    """Keep a message for whoever has this import address, and commit; only then may it be acknowledged.

    Raises Missing when nobody has it, Circling, TooMany, and what ``importing.receive`` raises.
    """
    if data[:_HEAD].lower().count(b"\nreceived:") > MOST_HOPS:
        raise Circling
    earner = joining.earner_of_inbox(db, address, settings)
    if earner is None:
        raise Missing("There is no such import address here.")
    there = _there(db, earner, data, at)
    if there is not None:
        return there
    letter = {"reception": reception.as_json()}
    return importing.receive(db, blobs, earner, data, "mail", reception.mail_from, at, letter=letter)


def _there(db: Session, earner: Earner, data: bytes, at: datetime) -> Arrival | None:
    """The arrival that these very bytes were a few days ago."""
    same = select(Arrival).where(
        Arrival.earner_id == earner.id,
        Arrival.sha256 == hashlib.sha256(data).hexdigest(),
        Arrival.source == "mail",
        col(Arrival.created_at) > at - SENT_AGAIN,
    )
    return db.exec(same).first()

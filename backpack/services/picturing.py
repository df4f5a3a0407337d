"""Preview cards of public links, drawn once for each state of what they show."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from .. import pictures
from ..storage.blobs import Blobs
from ..storage.tables import CachedPicture, now
from .sharing import Shown

LASTS = timedelta(days=30)


def card(
    db: Session, blobs: Blobs, shown: Shown, *, issuer: str, verdict: str, words: str, date: str, site: str
) -> bytes:
    """The card of a public link as PNG, 1200 × 630. ``verdict`` sets its mark, ``words`` say it, ``date`` when."""
    key = f"card:{shown.stamp}"
    kept = db.get(CachedPicture, key)
    if kept is not None:
        return kept.body
    sha256 = next((entry.picture_sha256 for entry in shown.entries if entry.picture_sha256), None)
    body = pictures.card(
        title=shown.title,
        issuer=issuer,
        verdict=verdict,
        words=words,
        date=date,
        picture=blobs.read(sha256) if sha256 else None,
        site=site,
    )
    _keep(db, key, body)
    return body


def _keep(db: Session, key: str, body: bytes) -> None:
    at = now()
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    row = {"key": key, "media_type": "image/png", "body": body, "created_at": at}
    db.execute(dialect.insert(CachedPicture).values(**row).on_conflict_do_nothing())
    # What was thrown away too early is drawn again.
    db.execute(delete(CachedPicture).where(col(CachedPicture.created_at) < at - LASTS))
    db.commit()

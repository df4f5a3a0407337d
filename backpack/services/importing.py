"""Bringing badges in. Keep first, judge later: an import is acknowledged when its bytes are committed.

What is in the bytes is found out by a job: a source says which pieces and links there are, links are
fetched, each piece is read in a worker. A badge that can be read is kept, whatever the checks will say
of it; what cannot be read is explained on the arrival.
"""

import hashlib
import logging
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from ..config import Settings
from ..errors import Misconfigured, NothingInside, TooLarge
from ..sources import archive
from ..storage import rows
from ..storage.blobs import Blobs
from ..storage.database import hurried, session
from ..storage.tables import Arrival, Badge, Earner
from . import joining, leasing, offering, ours, splitting, throttling, trusting, vouching
from .gathering import Gathered, Trouble
from .judging import Grounds
from .keeping import keep_found, letter_of, media_type
from .opening import follow, gather

KIB, MIB = 1024, 1024 * 1024
LIMITS = {
    "archive": archive.LARGEST,
    "file": 8 * MIB,
    "push": 8 * MIB,
    "mail": 15 * MIB,
    "text": 64 * KIB,
    "link": 4 * KIB,
}
ARRIVALS_AN_HOUR = 3000
MOST_CLAIMS = 12
_MAIL_NAMES = (".eml", ".mbox", ".msg")

_log = logging.getLogger(__name__)


class Claimed(NamedTuple):
    """An arrival that nobody else is at work on, and the addresses that its earner has confirmed."""

    lease: leasing.Lease
    arrival: Arrival
    confirmed: tuple[str, ...]


def receive(
    db: Session,
    blobs: Blobs,
    earner: Earner,
    data: bytes,
    source: str,
    origin: str,
    at: datetime,
    batch: str = "",
    *,
    parent_id: int | None = None,
    mailbox_id: int | None = None,
    letter: dict[str, Any] | None = None,
) -> Arrival:
    """Keep what was delivered and commit; nothing is read yet. A job unpacks it: ``jobs.nudge_arrival``.

    ``source`` is file, link, text, mail or push; ``origin`` its file name, address or sender; arrivals with
    one ``batch`` are shown together; ``parent_id`` is the arrival this one was taken out of, ``mailbox_id``
    the connected mailbox it was fetched from, ``letter`` what the door knows of a mail. Raises TooLarge,
    NothingInside for no bytes at all, TooMany.
    """
    _refuse(data, source, origin)
    says = "That are very many imports in an hour."
    counted = throttling.counted(db, _key(earner), 3600, at)
    throttling.refuse_beyond(ARRIVALS_AN_HOUR, counted + 1, 3600, at, says)
    about = {
        "batch": batch[:100],
        "source": source,
        "origin": " ".join(origin.replace("\0", "").split())[:500],
        "parent_id": parent_id,
        "mailbox_id": mailbox_id,
        "letter": letter or None,
    }
    try:
        return _received(db, blobs, earner, data, at, about)
    except IntegrityError:  # the same bytes were being erased at this very moment: keep them anew
        db.rollback()
        return _received(db, blobs, earner, data, at, about)


def known(db: Session, earner: Earner, data: bytes) -> list[Badge]:
    """The earner's badges that once came as exactly these bytes; deleted ones and those that wait left out."""
    there = (col(Badge.deleted_at).is_(None), col(Badge.offered_at).is_(None))
    same = select(Badge).where(Badge.earner_id == earner.id, *there)
    sha256 = hashlib.sha256(data).hexdigest()
    return list(db.exec(same.where(Badge.original_sha256 == sha256).order_by(col(Badge.id))))


def unfinished(db: Session, earner: Earner, data: bytes) -> Arrival | None:
    """An archive of these same bytes that the earner brought in before: what is done of it need not be done again."""
    sha256 = hashlib.sha256(data).hexdigest()
    same = select(Arrival).where(Arrival.earner_id == earner.id, Arrival.sha256 == sha256)
    kept = same.where(col(Arrival.parent_id).is_(None), Arrival.state != "failed")
    found = db.exec(kept.order_by(col(Arrival.id).desc()).limit(1)).first()
    return found if found is not None and (found.source == "archive" or found.state != "done") else None


def due(db: Session, at: datetime, limit: int = 20) -> list[int]:
    """The ids of arrivals that are due and that nobody is at work on, the longest waiting first."""
    chosen = select(Arrival.id).where(*leasing.is_free(Arrival, at)).order_by(col(Arrival.due_at))
    return list(db.exec(chosen.limit(limit)))


def unpack(engine: Engine, blobs: Blobs, settings: Settings, arrival_id: int, at: datetime) -> list[int]:
    """Find the badges in an arrival that is due, and say what can be said of them without asking anybody.

    Returns the ids of those that are to be checked now.

    Nothing is returned when it is not due, or when somebody else has it or took it over.
    """
    claimed = claim(engine, arrival_id, at)
    return [] if claimed is None else bring_in(engine, blobs, settings, claimed, at)


def claim(engine: Engine, arrival_id: int, at: datetime) -> Claimed | None:
    """Take an arrival that is due for oneself, until it is brought in; None as above."""
    with session(engine) as db:
        claimed = leasing.claim(db, Arrival, arrival_id, at, state="reading")
        return None if claimed is None else Claimed(*claimed, joining.confirmed(db, claimed[1].earner_id))


def bring_in(engine: Engine, blobs: Blobs, settings: Settings, claimed: Claimed, at: datetime) -> list[int]:
    """Unbake what was claimed, verify it as far as nobody need be asked, and insert its badges; their ids as above."""
    lease, arrival, confirmed = claimed
    try:
        data = blobs.read(arrival.sha256)
        if arrival.source in ("file", "archive") and archive.is_archive(data):
            splitting.split(engine, blobs, lease, arrival, data)
            return []
        arrival.letter = vouching.noted(arrival.letter, data, confirmed, settings)
        grounds = _grounds(confirmed, lease, settings)
        gathered = gather(data, arrival.source, arrival.origin, settings, grounds)
        if gathered.links and not gathered.badges and _may_follow(engine, arrival, gathered):
            gathered = follow(gathered, settings, grounds)
        if gathered.others and arrival.mailbox_id is None:
            # Somebody sent this mail on for its badge; of a mailbox that we look through, it may be any mail.
            gathered = replace(gathered, links=gathered.others, troubles=())
        gathered = ours.told_apart(engine, blobs, arrival.earner_id, gathered, settings, at)
    except Exception:
        if lease.fence < MOST_CLAIMS:
            raise
        _log.exception("Arrival %s could not be unpacked, time and again.", lease.row_id)
        says = "Something went wrong on our side while reading this."
        gathered, grounds = Gathered(troubles=(Trouble(says, code="failed"),)), None
    with hurried(engine) as db:
        return keep_found(db, blobs, settings, lease, arrival, gathered, grounds)


def _grounds(confirmed: tuple[str, ...], lease: leasing.Lease, settings: Settings) -> Grounds | None:
    """What its badges are judged by at once; nothing when it cannot be had now: that takes no badge from anybody."""
    try:
        documents = trusting.at_hand(settings)
    except Misconfigured:
        return None
    return Grounds(tuple(documents.values()), confirmed, lease.now())


def _may_follow(engine: Engine, row: Arrival, gathered: Gathered) -> bool:
    with session(engine) as db:
        earner = db.get_one(Earner, row.earner_id)
    return offering.may_follow(earner, letter_of(row, gathered))


def _refuse(data: bytes, source: str, origin: str) -> None:
    is_mail = source == "mail" or origin.lower().endswith(_MAIL_NAMES)
    is_archive = source == "file" and archive.is_archive(data)
    most = LIMITS["archive" if is_archive else "mail" if is_mail else source]
    if len(data) > most:
        says = f"{most // MIB} MB" if most >= MIB else f"{most // KIB} kB"
        raise TooLarge(
            f"This is larger than {says}, more than a badge ever is.", "Ask the issuer for the original file."
        )
    if not data.strip():
        raise NothingInside("There is nothing in it.", "Choose the file that the issuer gave you.")


def _received(
    db: Session, blobs: Blobs, earner: Earner, data: bytes, at: datetime, about: dict[str, Any]
) -> Arrival:
    sha256 = blobs.keep(db, data, media_type(data))
    throttling.add(db, _key(earner), 3600, at)
    made = rows.add(db, Arrival, **about, earner_id=earner.id, sha256=sha256, due_at=at, created_at=at)
    db.commit()
    return made


def _key(earner: Earner) -> str:
    return f"import:{earner.id}"

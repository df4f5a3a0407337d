"""Bringing badges in. Keep first, judge later: an import is acknowledged when its bytes are committed.

What is in the bytes is found out by a job: a source says which pieces and links there are, links are
fetched, each piece is read in a worker. A badge that can be read is kept, whatever the checks will say
of it; what cannot be read is explained on the arrival.
"""

import hashlib
import logging
import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, exists, func, literal, null, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from ..config import Settings
from ..errors import Missing, NothingInside, TooLarge
from ..pictures import media_type_of
from ..sources import archive
from ..storage.blobs import Blobs
from ..storage.database import hold, session
from ..storage.tables import Arrival, ArrivalBadge, Badge, Earner
from . import folding, joining, leasing, offering, returning, splitting, throttling, vouching
from .gathering import Found, Trouble
from .judging import Facts
from .opening import Gathered, follow, gather, picture_of

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
AGAIN = tuple(timedelta(minutes=m) for m in (1, 5, 60, 360, 1440))
"""When an address that did not answer is asked again."""
MOST_CLAIMS = 12
_MAIL_NAMES = (".eml", ".mbox", ".msg")
_COMPACT = re.compile(rb"\s*[\w-]+\.[\w-]+\.[\w-]*\s*\Z")

_log = logging.getLogger(__name__)


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
    throttling.count(db, f"import:{earner.id}", ARRIVALS_AN_HOUR, 3600, at, says)
    about = {
        "batch": batch[:100],
        "source": source,
        "origin": " ".join(origin.replace("\0", "").split())[:500],
        "parent_id": parent_id,
        "mailbox_id": mailbox_id,
        "letter": letter or null(),
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
    """Find the badges in an arrival that is due; returns the ids of those to be checked now.

    Nothing is returned when it is not due, or when somebody else has it or took it over.
    """
    with session(engine) as db:
        lease = leasing.claim(db, Arrival, arrival_id, at, state="reading")
        if lease is None:
            return []
        arrival = db.get_one(Arrival, arrival_id)
        earner = db.get_one(Earner, arrival.earner_id)
        confirmed = [one.email for one in joining.addresses(db, earner) if one.confirmed_at]
    try:
        data = blobs.read(arrival.sha256)
        if arrival.source in ("file", "archive") and archive.is_archive(data):
            splitting.split(engine, blobs, lease, arrival, data)
            return []
        arrival.letter = vouching.noted(arrival.letter, data, confirmed, settings)
        gathered = gather(data, arrival.source, arrival.origin, settings)
        if gathered.links and offering.may_follow(earner, _letter(arrival, gathered)):
            gathered = follow(gathered, settings)
        pictures = [picture_of(found) for found in gathered.badges]
    except Exception:
        if lease.fence < MOST_CLAIMS:
            raise
        _log.exception("Arrival %s could not be unpacked, time and again.", arrival_id)
        gathered, pictures = (
            Gathered(
                troubles=(Trouble("Something went wrong on our side while reading this.", code="failed"),)
            ),
            [],
        )
    with session(engine) as db:
        if not leasing.extend(db, lease):
            return []
        return _keep_found(db, blobs, lease, arrival, gathered, pictures)


def arrival(db: Session, earner: Earner, public_id: str) -> Arrival:
    """One of the earner's arrivals; raises Missing for absent and other people's."""
    found = db.exec(
        select(Arrival).where(Arrival.earner_id == earner.id, Arrival.public_id == public_id)
    ).first()
    if found is None:
        raise Missing("There is no such import in your backpack.")
    return found


def by_id(db: Session, number: int) -> Arrival:
    """An arrival as it is now, for whoever works on it."""
    return db.get_one(Arrival, number)


def inside(db: Session, archive: Arrival) -> list[Arrival]:
    """What was taken out of an archive, or out of a mail with one attached, in order."""
    found = select(Arrival).where(Arrival.parent_id == archive.id)
    return list(db.exec(found.order_by(col(Arrival.id))))


def arrivals(db: Session, earner: Earner, batch: str = "", limit: int = 100) -> list[Arrival]:
    """The arrivals of one batch in the order they came; without a batch the latest of all, the newest first.

    What was taken out of an archive is not among the latest: it stands behind its archive.
    """
    mine = select(Arrival).where(Arrival.earner_id == earner.id, col(Arrival.dismissed_at).is_(None))
    if batch:
        return list(db.exec(mine.where(Arrival.batch == batch).order_by(col(Arrival.id)).limit(limit)))
    top = mine.where(~_was_in_archive())
    return list(db.exec(top.order_by(col(Arrival.id).desc()).limit(limit)))


def standing(db: Session, earner: Earner) -> dict[str, int]:
    """How many imports are at work, and how many that were brought by themselves failed and are in view."""
    mine = select(func.count()).select_from(Arrival).where(Arrival.earner_id == earner.id)
    own = mine.where(col(Arrival.dismissed_at).is_(None), ~_was_in_archive())
    return {
        "working": db.exec(mine.where(col(Arrival.state).in_(("waiting", "reading")))).one(),
        "failed": db.exec(own.where(Arrival.state == "failed")).one(),
    }


def badges_of(db: Session, found: Arrival) -> list[tuple[Badge, bool]]:
    """The badges that an arrival brought, each with whether it was new; deleted ones left out."""
    rows = db.exec(
        select(Badge, ArrivalBadge.is_new)
        .join(ArrivalBadge, col(ArrivalBadge.badge_id) == col(Badge.id))
        .where(ArrivalBadge.arrival_id == found.id, col(Badge.deleted_at).is_(None))
        .order_by(col(Badge.id))
    )
    return [(badge, is_new) for badge, is_new in rows]


def dismiss(db: Session, earner: Earner, public_id: str, at: datetime | None = None) -> None:
    """Put an arrival out of view, and try it no more. Its bytes are kept."""
    found = arrival(db, earner, public_id)
    found.dismissed_at = at or found.done_at or found.created_at
    found.offered_at = None
    if found.state == "failed":
        found.due_at = None
    db.add(found)
    db.commit()


def retry(db: Session, earner: Earner, public_id: str) -> Arrival:
    """Make an arrival that failed due at once, and show it again."""
    found = arrival(db, earner, public_id)
    if found.state == "failed":
        found.state, found.due_at, found.dismissed_at = "waiting", found.created_at, None
        db.add(found)
        db.commit()
    return found


def _was_in_archive() -> Any:
    """Whether an arrival was taken out of an archive: then it stands behind that, not beside it."""
    above = aliased(Arrival)
    return exists().where(col(above.id) == col(Arrival.parent_id), col(above.source) == "archive")


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
    made = Arrival(
        **about,
        earner_id=earner.id,
        sha256=blobs.keep(db, data, _media_type(data)),
        due_at=at,
        created_at=at,
    )
    db.add(made)
    db.commit()
    return made


def _keep_found(
    db: Session,
    blobs: Blobs,
    lease: leasing.Lease,
    row: Arrival,
    gathered: Gathered,
    pictures: list[bytes | None],
) -> list[int]:
    """All rows in one transaction, after their files: an arrival brings its badges wholly or not at all."""
    kept = [
        (found, _files(db, blobs, found, picture))
        for found, picture in zip(gathered.badges, pictures, strict=True)
    ]
    apart = [("file", one.name or "Archive", one.data) for one in gathered.archives]
    apart += [("link", url, url.encode()) for url in gathered.listed if not _is_of_list(db, row)]
    inside = [(source, name, blobs.keep(db, data, _media_type(data))) for source, name, data in apart]
    db.commit()
    earner = db.get(Earner, row.earner_id)
    if earner is None:
        return []
    hold(db, earner)
    letter = _letter(row, gathered)
    if not leasing.finish(db, lease, letter=letter or null(), **_outcome(lease, gathered)):
        return []
    waits = offering.must_wait(db, row, earner, letter)
    brought: dict[int, tuple[Badge, bool]] = {}
    for source, name, sha256 in inside:
        db.add(_inside(row, source, name, sha256, lease.now()))
    for found, files in kept:
        badge, is_new = _badge(db, row, found, files, lease.since, waits)
        returning.give_back(db, row, badge, lease.since, is_new=is_new)
        if badge.id not in brought:
            brought[badge.id] = (badge, is_new)
            db.merge(ArrivalBadge(arrival_id=row.id, badge_id=badge.id, is_new=is_new))
    db.commit()
    return [
        badge.id
        for badge, _ in brought.values()
        if badge.next_check_at and badge.next_check_at <= lease.now()
    ]


def _letter(row: Arrival, gathered: Gathered) -> dict[str, Any]:
    """What is known of a mail: what was noted when it came, and what it says itself."""
    return {**(gathered.letter or {}), **(row.letter or {})}


def _is_of_list(db: Session, row: Arrival) -> bool:
    """Whether an arrival is itself one of a collection: a list in a list would have no end."""
    parent = db.get(Arrival, row.parent_id) if row.parent_id else None
    return parent is not None and parent.source == row.source


def _inside(row: Arrival, source: str, name: str, sha256: str, at: datetime) -> Arrival:
    """An archive attached to a mail, a badge of a collection: an arrival of its own, read like any other."""
    return Arrival(
        earner_id=row.earner_id,
        batch=row.batch or row.public_id,
        parent_id=row.id,
        mailbox_id=row.mailbox_id,
        source=source,
        origin=name[:500],
        sha256=sha256,
        due_at=at,
        created_at=at,
    )


def _files(db: Session, blobs: Blobs, found: Found, picture: bytes | None) -> dict[str, Any]:
    files = {
        "original_sha256": blobs.keep(db, found.data, _media_type(found.data)),
        "credential_sha256": blobs.keep(db, found.opened.text, _media_type(found.opened.text)),
        "picture_sha256": blobs.keep(db, picture, "image/png") if picture else None,
    }
    db.commit()
    return files


def _outcome(lease: leasing.Lease, gathered: Gathered) -> dict[str, object]:
    troubles = gathered.troubles
    says = [f"{t.name}: {t.says}" if t.name and gathered.parts > 1 else t.says for t in troubles]
    asks = bool(gathered.links) or offering.asks(gathered.letter)
    is_done = bool(gathered.badges or gathered.archives or gathered.listed) or asks
    passing = not is_done and any(t.is_passing for t in troubles) and lease.fence <= len(AGAIN)
    return {
        "state": "done" if is_done else "failed",
        "problem": " ".join(says)[:2000] or None,
        "try_this": next((t.try_this for t in troubles if t.try_this), None),
        "why": "" if is_done else next((t.code for t in troubles if t.code), "failed"),
        "links": [{"url": url, "looked": False} for url in gathered.links] or null(),
        "offered_at": lease.now() if asks else None,
        "due_at": lease.now() + AGAIN[lease.fence - 1] if passing else None,
        "done_at": lease.now(),
    }


def _badge(
    db: Session, row: Arrival, found: Found, files: dict[str, Any], at: datetime, waits: bool
) -> tuple[Badge, bool]:
    """The badge that these bytes are: the one that is there already, or a new one that is due now."""
    facts = found.opened.facts
    mine = select(Badge).where(Badge.earner_id == row.earner_id)
    same = or_(
        col(Badge.credential_sha256).in_([files["credential_sha256"], _sha256_of_address(facts.address)]),
        # A picture that holds an address only, and what was read at this address, are one badge.
        and_(col(Badge.address) == facts.address, literal(facts.address != "" and not facts.version)),
        _same_award(facts),
    )
    there = db.exec(mine.where(same).order_by(col(Badge.id))).first()
    if there is not None:
        return there, _restore(db, there, at, at if waits else None)
    made = Badge(
        **files,
        earner_id=row.earner_id,
        arrival_id=row.id,
        address=facts.address,
        version=facts.version,
        carrier=facts.carrier,
        title=facts.title,
        description=facts.description,
        issuer_id=facts.issuer_id,
        issuer_name=facts.issuer_name,
        issuer_url=facts.issuer_url,
        recipient_hint=facts.recipient_hint,
        search=facts.search,
        award_key=facts.award_key,
        achievement_id=facts.achievement_id,
        achievement_key=facts.achievement_key,
        issued_at=facts.issued_at,
        expires_at=facts.expires_at,
        offered_at=at if waits else None,
        next_check_at=at,
        created_at=returning.came_at(row, at),
        updated_at=at,
    )
    db.add(made)
    db.flush()
    return made, True


def _same_award(facts: Facts) -> ColumnElement[bool]:
    """A hosted award, under whatever name its host goes: what counts is what that answers, not the file.

    Not one that could not be confirmed: another name of its host may still answer. Nor what is signed: two
    signed texts are two badges, and share a card.
    """
    return and_(
        col(Badge.award_key) == facts.award_key,
        literal(facts.award_key != "" and facts.address != ""),
        col(Badge.address) != "",
        or_(col(Badge.title) == facts.title, col(Badge.title) == "", literal(facts.title == "")),
        col(Badge.verdict).not_in(("unconfirmed", "invalid")),
    )


def _sha256_of_address(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest() if address else ""


def _restore(db: Session, badge: Badge, at: datetime, offered_at: datetime | None) -> bool:
    """Take a badge that is brought in again out of the bin, or accept it; whether it was away. It is checked anew.

    Out of the bin by a mail it waits to be accepted; one that is in the backpack stays there.
    """
    was_deleted, waited = badge.deleted_at is not None, badge.offered_at is not None
    values: dict[str, Any] = {}
    if was_deleted or (waited and offered_at is None):
        values = {"deleted_at": None, "offered_at": offered_at}
    if was_deleted or badge.verdict != "verified":
        values["next_check_at"] = at
    if values:
        db.execute(update(Badge).where(col(Badge.id) == badge.id).values(**values))
        folding.fold(db, badge)
        db.refresh(badge)
    return was_deleted or (waited and offered_at is None)


def _media_type(data: bytes) -> str:
    picture = media_type_of(data)
    if picture != "application/octet-stream":
        return picture
    if data.lstrip()[:1] == b"{":
        return "application/json"
    if _COMPACT.match(data):
        return "application/jwt"
    return "text/plain" if data.lstrip()[:8].lower() in (b"https://", b"http://") else picture

"""Keeping what an arrival brought: its badges, in one transaction after their files, wholly or not at all.

The badge that is in the backpack already is found again, by whatever way it comes; one from the bin comes
back, one that waits is accepted, unless a mail brought it.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, inspect, or_, update
from sqlmodel import Session, col, select

from ..config import Settings
from ..pictures import media_type_of
from ..storage import rows
from ..storage.blobs import Blobs
from ..storage.database import lock
from ..storage.dialects import either
from ..storage.tables import Arrival, ArrivalBadge, Badge, Earner
from ..verifier import Document
from . import drawing, folding, joining, leasing, offering, reporting, reports, returning
from .gathering import Gathered
from .judging import Grounds, Judged, Opened

AGAIN = tuple(timedelta(minutes=m) for m in (1, 5, 60, 360, 1440))
"""When an address that did not answer is asked again."""
# Of a badge that is in a delivery twice, the first telling stays.
_BRINGING = either(lambda insert: insert(inspect(ArrivalBadge).local_table).on_conflict_do_nothing())
_COLUMNS = inspect(Badge).columns
_MINE = _COLUMNS.earner_id == bindparam("earner")
_IS_SAME_TEXT = _COLUMNS.credential_sha256 == bindparam("text")
_IS_ITS_ADDRESS = _COLUMNS.credential_sha256 == bindparam("of_address")
_KNOWN_BY = (
    _IS_SAME_TEXT,
    _IS_ITS_ADDRESS,
    # A picture that holds an address only, and what was read at this address, are one badge.
    _COLUMNS.address == bindparam("address"),
    *(_COLUMNS[name] == bindparam(name) for name in folding.KEYS),
)
# A hosted award, under whatever name its host goes: what counts is what that answers, not the file.
# Not one that could not be confirmed: another name of its host may still answer. Nor what is signed: two
# signed texts are two badges, and share a card.
_IS_SAME_AWARD = and_(
    _COLUMNS.award_key == bindparam("hosted_award"),
    _COLUMNS.address != "",
    or_(_COLUMNS.title == bindparam("title"), _COLUMNS.title == "", bindparam("title") == ""),
    _COLUMNS.verdict != "unconfirmed",
    _COLUMNS.verdict != "invalid",
)
_MET = (
    select(
        _COLUMNS.id,
        _IS_SAME_TEXT.label("is_same_text"),
        or_(_IS_ITS_ADDRESS, _IS_SAME_AWARD).label("is_same_award"),
    )
    # Whose they are is said in each part, or SQLite would look through all of the earner's badges.
    .where(or_(*(and_(_MINE, is_known) for is_known in _KNOWN_BY)))
    .order_by(_COLUMNS.id)
)
_COMPACT = re.compile(rb"\s*[\w-]+\.[\w-]+\.[\w-]*\s*\Z")


@dataclass(frozen=True, slots=True)
class _Terms:
    """On what terms the badges of an arrival are kept."""

    row: Arrival
    since: datetime
    waits: bool
    holds: bool
    """Whether what they were judged by still holds."""
    copies: list[tuple[Document, str]]
    """The documents they were judged by, each with its file's hash."""


def keep_found(
    db: Session,
    blobs: Blobs,
    settings: Settings,
    lease: leasing.Lease,
    row: Arrival,
    gathered: Gathered,
    grounds: Grounds | None,
) -> list[int]:
    """Keep all that was gathered, in one transaction after the files; returns the ids of badges to be checked now.

    ``grounds`` are what badges were judged by, those that were.
    """
    apart = [("file", one.name or "Archive", one.data) for one in gathered.archives]
    apart += [("link", url, url.encode()) for url in gathered.listed if not _is_of_list(db, row)]
    documents = reporting.answers(grounds.documents) if grounds else []
    to_keep = [(found.data, media_type(found.data)) for found in gathered.badges]
    to_keep += [(data, media_type(data)) for _, _, data in apart]
    to_keep += reporting.files(documents)
    names = iter(blobs.keep_all(db, to_keep, named=row.sha256))
    originals = [next(names) for _ in gathered.badges]
    inside = [(source, name, next(names)) for source, name, _ in apart]
    copies = [(document, next(names)) for document in documents]
    lock(db, Earner, row.earner_id)
    letter = letter_of(row, gathered)
    outcome = _outcome(lease, gathered)
    if not leasing.finish(db, lease, letter=letter or None, **outcome):
        return []
    # An address that is confirmed or removed makes due what is there: this was not there yet.
    holds = grounds is not None and set(joining.confirmed(db, row.earner_id)) == set(grounds.recipients)
    terms = _Terms(row, lease.since, offering.must_wait(db, row, letter), holds, copies)
    db.add_all(_inside(row, source, name, sha256, lease.now()) for source, name, sha256 in inside)
    brought: dict[int, Badge] = {}
    for found, original in zip(gathered.badges, originals, strict=True):
        badge, is_new = _kept(db, settings, terms, found.opened, original, lease.now())
        brought[badge.id] = badge
        rows.run(db, _BRINGING(db), {"arrival_id": row.id, "badge_id": badge.id, "is_new": is_new})
    if outcome["offered_at"] or any(badge.offered_at for badge in brought.values()):
        offering.tell(db, settings, row.earner_id, letter, lease.now())
    db.commit()
    return [one.id for one in brought.values() if one.next_check_at and one.next_check_at <= lease.now()]


def letter_of(row: Arrival, gathered: Gathered) -> dict[str, Any]:
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


def _outcome(lease: leasing.Lease, gathered: Gathered) -> dict[str, object]:
    troubles = gathered.troubles
    says = [f"{t.name}: {t.says}" if t.name and gathered.parts > 1 else t.says for t in troubles]
    # A mail has many links; once its badge is here, nobody needs to look where the others lead.
    asks = not gathered.badges and (bool(gathered.links) or offering.asks(gathered.letter))
    is_done = bool(gathered.badges or gathered.archives or gathered.listed) or asks
    passing = not is_done and any(t.is_passing for t in troubles) and lease.fence <= len(AGAIN)
    return {
        "state": "done" if is_done else "failed",
        "problem": " ".join(says)[:2000] or None,
        "try_this": next((t.try_this for t in troubles if t.try_this), None),
        "why": "" if is_done else next((t.code for t in troubles if t.code), "failed"),
        "links": list(gathered.links) or None,
        "offered_at": lease.now() if asks else None,
        "due_at": lease.now() + AGAIN[lease.fence - 1] if passing else None,
        "done_at": lease.now(),
    }


def _kept(
    db: Session, settings: Settings, terms: _Terms, opened: Opened, original: str, at: datetime
) -> tuple[Badge, bool]:
    """The badge that these bytes are, and whether it is new or was away; a new one with its report, if there is one."""
    judged = opened.judged if terms.holds else None
    met = _met(db, terms.row, opened)
    badge = _same(db, terms.row, met)
    if badge is not None:
        is_new = _restore(db, badge, terms.since, terms.since if terms.waits else None)
        returning.give_back(db, terms.row, badge, terms.since, is_new=is_new)
        return badge, is_new
    badge = rows.add(db, Badge, **_new(terms, opened, original, judged, at))
    returning.give_back(db, terms.row, badge, terms.since, is_new=True)
    if judged:
        if met:
            folding.hold(db, badge)
        reporting.write(db, settings, badge, "", judged, terms.copies, (), at)
        if met:
            folding.fold(db, badge)
    return badge, True


def _same(db: Session, row: Arrival, met: Sequence[Any]) -> Badge | None:
    """Which of these is this very badge: by its text, else by the award where its issuer answered for it."""
    for number, is_same_text, _ in met:
        if is_same_text:
            return db.get_one(Badge, number)
    for badge in (db.get_one(Badge, number) for number, _, is_same_award in met if is_same_award):
        # One delivery is of one sender. Else a stranger's file is not to be kept in place of the earner's: not
        # one that waits, nor one that is over, or somebody else's, as only it says.
        last = reports.latest(db, badge) if badge.offered_at is None else None
        if badge.arrival_id == row.id or (last is not None and reports.is_genuine(last.content)):
            return badge
    return None


def _met(db: Session, row: Arrival, opened: Opened) -> Sequence[Any]:
    """The ids of the earner's badges that these bytes may share a card with, each with whether it is this very one,
    by its text and by its award.
    """
    facts = opened.facts
    is_hosted, is_address = facts.address != "", facts.address != "" and not facts.version
    # Nothing equals None.
    keys = {name: getattr(facts, name) or None for name in folding.KEYS}
    known = {
        "earner": row.earner_id,
        "text": opened.sha256,
        "of_address": _sha256_of_address(facts.address),
        "address": facts.address if is_address else None,
        "hosted_award": keys["award_key"] if is_hosted else None,
        "title": facts.title,
        **keys,
    }
    return rows.run(db, _MET, known).all()


def _new(terms: _Terms, opened: Opened, original: str, judged: Judged | None, at: datetime) -> dict[str, Any]:
    """What a new badge is made of, which is due now, or was judged already."""
    row, facts, since = terms.row, opened.facts, terms.since
    may_be_drawn = drawing.may_be_drawn(judged) if judged else drawing.is_in_file(facts)
    return {
        "original_sha256": original,
        "credential_sha256": opened.sha256,
        "earner_id": row.earner_id,
        "arrival_id": row.id,
        "carrier": facts.carrier,
        "search": facts.search,
        "offered_at": since if terms.waits else None,
        "next_check_at": since,
        "picture_due_at": since if may_be_drawn else None,
        "created_at": returning.came_at(row, since),
        "updated_at": since,
        **reporting.projected(facts),
        **(reporting.outcome(judged, 0, at) if judged else {}),
    }


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


def media_type(data: bytes) -> str:
    """What bytes are, as far as a first look tells."""
    picture = media_type_of(data)
    if picture != "application/octet-stream":
        return picture
    if data.lstrip()[:1] == b"{":
        return "application/json"
    if _COMPACT.match(data):
        return "application/jwt"
    return "text/plain" if data.lstrip()[:8].lower() in (b"https://", b"http://") else picture

"""Keeping order: finding badges, noting, hiding and deleting them, and putting them into collections."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func
from sqlmodel import Session, col, select

from ..errors import Missing
from ..storage.blobs import Blobs
from ..storage.tables import Arrival, Badge, Blob, Collection, CollectionBadge, Earner, Share
from . import finding
from .finding import NEEDS_A_LOOK, folded

SORTS = ("newest", "oldest", "title", "issuer", "awarded")
MAX_NOTE = 20_000
MAX_INTRO = 5_000
_ENDINGS = {
    "image/png": "png",
    "image/svg+xml": "svg",
    "application/json": "json",
    "application/ld+json": "json",
    "application/jwt": "jwt",
}

_Row = TypeVar("_Row", Badge, Collection)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of badges: ``next`` is the cursor of the following one, or None; ``total`` counts them all."""

    badges: list[Badge]
    next: str | None
    total: int


@dataclass(frozen=True, slots=True)
class CollectionView:
    """A collection in a list: how many badges are in it, and the first few."""

    collection: Collection
    count: int
    badges: list[Badge]


@dataclass(frozen=True, slots=True)
class Entry:
    """A badge in a collection."""

    badge: Badge
    remark: str
    position: int


def badges(
    db: Session,
    earner: Earner,
    q: str = "",
    status: str = "",
    issuer: str = "",
    tag: str = "",
    collection: str = "",
    sort: str = "newest",
    limit: int = 60,
    cursor: str | None = None,
) -> Page:
    """The earner's badges, filtered and sorted, one page by key.

    ``status`` is a verdict, "needs_look", "shared", "hidden" or "" (all that is not hidden); ``sort``
    one of SORTS; ``collection`` a collection's public id; ``cursor`` the ``next`` of the page before.
    """
    chosen = [
        *finding.mine(earner, hidden=status == "hidden"),
        *finding.matching(q, issuer, tag),
        *finding.standing(status),
        *finding.inside(earner, collection),
    ]
    total = db.exec(select(func.count()).select_from(Badge).where(*chosen)).one()
    key, falls = finding.order(sort)
    number: Any = col(Badge.id)
    order = (key.desc(), number.desc()) if falls else (key.asc(), number.asc())
    limit = max(1, min(limit, 200))
    rows = (
        select(Badge).where(*chosen, *finding.beyond(earner, sort, cursor)).order_by(*order).limit(limit + 1)
    )
    found = list(db.exec(rows))
    shown = found[:limit]
    return Page(shown, shown[-1].public_id if len(found) > limit else None, total)


def counts(db: Session, earner: Earner) -> dict[str, int]:
    """How many badges stand behind each tab: all, verified, needs_look, shared, hidden."""
    rows = db.exec(
        select(Badge.verdict, func.count()).where(*finding.mine(earner, hidden=False)).group_by(Badge.verdict)
    )
    by_verdict = {str(row[0]): int(row[1]) for row in rows}
    shown = select(func.count()).select_from(Badge)
    return {
        "all": sum(by_verdict.values()),
        "verified": by_verdict.get("verified", 0),
        "needs_look": sum(by_verdict.get(v, 0) for v in NEEDS_A_LOOK),
        "shared": db.exec(
            shown.where(*finding.mine(earner, hidden=False), *finding.standing("shared"))
        ).one(),
        "hidden": db.exec(shown.where(*finding.mine(earner, hidden=True))).one(),
    }


def issuers(db: Session, earner: Earner) -> list[str]:
    """The names of everyone who awarded the earner something, in order."""
    names = db.exec(select(Badge.issuer_name).where(*finding.mine(earner, hidden=False)).distinct())
    return sorted((name for name in names if name), key=folded)


def badge(db: Session, earner: Earner, public_id: str) -> Badge:
    """One of the earner's badges, hidden ones too; raises Missing for absent, deleted and other people's."""
    found = db.exec(select(Badge).where(Badge.earner_id == earner.id, Badge.public_id == public_id)).first()
    if found is None or found.deleted_at is not None:
        raise Missing("There is no such badge in your backpack.")
    return found


def original(db: Session, blobs: Blobs, earner: Earner, public_id: str) -> tuple[bytes, str, str]:
    """The untouched file with its media type and a file name of ours."""
    found = badge(db, earner, public_id)
    blob = db.get_one(Blob, found.original_sha256)
    return blobs.read(blob.sha256), blob.media_type, file_name(found, blob.media_type)


def picture(db: Session, blobs: Blobs, earner: Earner, public_id: str) -> bytes | None:
    """Our own PNG copy of the badge's picture, or None when it has none."""
    found = badge(db, earner, public_id)
    return blobs.read(found.picture_sha256) if found.picture_sha256 else None


def file_name(found: Badge, media_type: str) -> str:
    """A safe file name made of the title: ASCII letters, digits and hyphens."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in folded(found.title))
    stem = "-".join(part for part in kept.split("-") if part)[:60] or "badge"
    return f"{stem}.{_ENDINGS.get(media_type, 'txt')}"


def annotate(
    db: Session, earner: Earner, public_id: str, note: str | None = None, tags: list[str] | None = None
) -> Badge:
    """Change the private note or the earner's own tags; None leaves as it is."""
    found = badge(db, earner, public_id)
    if note is not None:
        found.note = note.replace("\r\n", "\n").strip()[:MAX_NOTE]
    if tags is not None:
        kept = dict.fromkeys(" ".join(t.replace(",", " ").split())[:60] for t in tags)
        found.tags = ",".join(t for t in list(kept)[:30] if t)
    return _saved(db, found)


def hide(db: Session, earner: Earner, public_id: str, at: datetime) -> Badge:
    """Put a badge out of the grid; its shares stay."""
    found = badge(db, earner, public_id)
    found.hidden_at = found.hidden_at or at
    return _saved(db, found)


def show(db: Session, earner: Earner, public_id: str) -> Badge:
    """Put a hidden badge back into the grid."""
    found = badge(db, earner, public_id)
    found.hidden_at = None
    return _saved(db, found)


def delete(db: Session, earner: Earner, public_id: str, at: datetime) -> Badge:
    """Put a badge into the bin: gone from every page and public link at once, for good after 30 days."""
    found = badge(db, earner, public_id)
    found.deleted_at = at
    return _saved(db, found)


def restore(db: Session, earner: Earner, public_id: str) -> Badge:
    """Take a badge out of the bin again, with its note, collections and public links."""
    found = db.exec(select(Badge).where(Badge.earner_id == earner.id, Badge.public_id == public_id)).first()
    if found is None:
        raise Missing("There is no such badge in your backpack.")
    found.deleted_at = None
    return _saved(db, found)


def arrival_of(db: Session, found: Badge) -> Arrival:
    """The delivery that first brought this badge."""
    return db.get_one(Arrival, found.arrival_id)


def collections(db: Session, earner: Earner, preview: int = 4) -> list[CollectionView]:
    """The earner's collections, newest first, each with its first badges."""
    rows = list(
        db.exec(
            select(Collection).where(Collection.earner_id == earner.id).order_by(col(Collection.id).desc())
        )
    )
    inside: dict[int, list[Badge]] = {row.id: [] for row in rows}
    members = (
        select(CollectionBadge.collection_id, Badge)
        .join(Badge, col(Badge.id) == col(CollectionBadge.badge_id))
        .where(Badge.earner_id == earner.id, col(Badge.deleted_at).is_(None))
        .order_by(col(CollectionBadge.position), col(Badge.id))
    )
    for number, found in db.exec(members):
        inside[number].append(found)
    return [CollectionView(row, len(inside[row.id]), inside[row.id][:preview]) for row in rows]


def collection(db: Session, earner: Earner, public_id: str) -> Collection:
    """One of the earner's collections; raises Missing for absent and other people's."""
    found = db.exec(
        select(Collection).where(Collection.earner_id == earner.id, Collection.public_id == public_id)
    ).first()
    if found is None:
        raise Missing("There is no such collection in your backpack.")
    return found


def create_collection(db: Session, earner: Earner, title: str, intro: str, at: datetime) -> Collection:
    """A new, empty collection; a title left out becomes "Untitled"."""
    made = Collection(
        earner_id=earner.id,
        title=_title(title),
        intro=intro.strip()[:MAX_INTRO],
        created_at=at,
        updated_at=at,
    )
    return _saved(db, made)


def edit_collection(
    db: Session, earner: Earner, public_id: str, title: str | None = None, intro: str | None = None
) -> Collection:
    """Change title or introduction; None leaves as it is."""
    found = collection(db, earner, public_id)
    if title is not None:
        found.title = _title(title)
    if intro is not None:
        found.intro = intro.replace("\r\n", "\n").strip()[:MAX_INTRO]
    return _saved(db, found)


def delete_collection(db: Session, earner: Earner, public_id: str) -> None:
    """Delete a collection and its public links; the badges stay."""
    found = collection(db, earner, public_id)
    for link in db.exec(select(Share).where(Share.collection_id == found.id)):
        db.delete(link)
    for place in _places(db, found):
        db.delete(place)
    db.flush()
    db.delete(found)
    db.commit()


def entries(db: Session, found: Collection) -> list[Entry]:
    """The badges of a collection in their order, deleted ones left out."""
    rows = db.exec(
        select(Badge, CollectionBadge)
        .join(CollectionBadge, col(CollectionBadge.badge_id) == col(Badge.id))
        .where(CollectionBadge.collection_id == found.id, col(Badge.deleted_at).is_(None))
        .order_by(col(CollectionBadge.position), col(Badge.id))
    )
    return [Entry(badge, place.remark, place.position) for badge, place in rows]


def arrange(db: Session, earner: Earner, public_id: str, order: list[tuple[str, str]]) -> Collection:
    """Set the whole content of a collection: public ids of badges with their remarks, in order."""
    found = collection(db, earner, public_id)
    wanted = dict(order)
    numbers = {badge.public_id: badge.id for badge in _mine(db, earner, list(wanted))}
    if missing := [badge for badge in wanted if badge not in numbers]:
        raise Missing(f"There is no badge {missing[0]} in your backpack.")
    before = {place.badge_id: place for place in _places(db, found)}
    for position, (badge_id, remark) in enumerate(wanted.items()):
        place = before.pop(numbers[badge_id], None)
        place = place or CollectionBadge(collection_id=found.id, badge_id=numbers[badge_id])
        place.position, place.remark = position, _remark(remark)
        db.add(place)
    for place in before.values():
        db.delete(place)
    return _saved(db, found)


def add_to_collection(db: Session, earner: Earner, public_id: str, badge_ids: list[str]) -> Collection:
    """Put badges at the end of a collection; those already in it stay where they are."""
    found = collection(db, earner, public_id)
    places = _places(db, found)
    inside, last = {p.badge_id for p in places}, max((p.position for p in places), default=-1)
    by_id = {badge.public_id: badge for badge in _mine(db, earner, badge_ids)}
    if len(by_id) < len(set(badge_ids)):
        raise Missing("One of these badges is not in your backpack.")
    new = [by_id[name] for name in dict.fromkeys(badge_ids) if by_id[name].id not in inside]
    for offset, one in enumerate(new, start=1):
        db.add(CollectionBadge(collection_id=found.id, badge_id=one.id, position=last + offset))
    return _saved(db, found)


def take_out(db: Session, earner: Earner, public_id: str, badge_id: str) -> Collection:
    """Take a badge out of a collection; it stays in the backpack."""
    found = collection(db, earner, public_id)
    db.delete(_place(db, earner, found, badge_id))
    return _saved(db, found)


def move(db: Session, earner: Earner, public_id: str, badge_id: str, *, earlier: bool) -> Collection:
    """Let a badge change places with the one before it, or after it."""
    found = collection(db, earner, public_id)
    row = entries(db, found)
    here = next((n for n, entry in enumerate(row) if entry.badge.public_id == badge_id), None)
    if here is None:
        raise Missing("That badge is not in this collection.")
    there = max(0, min(len(row) - 1, here - 1 if earlier else here + 1))
    row[here], row[there] = row[there], row[here]
    return arrange(db, earner, public_id, [(entry.badge.public_id, entry.remark) for entry in row])


def remark(db: Session, earner: Earner, public_id: str, badge_id: str, text: str) -> Collection:
    """Say something about a badge in this collection."""
    found = collection(db, earner, public_id)
    place = _place(db, earner, found, badge_id)
    place.remark = _remark(text)
    db.add(place)
    return _saved(db, found)


def _saved(db: Session, row: _Row) -> _Row:
    db.add(row)
    db.commit()
    return row


def _mine(db: Session, earner: Earner, public_ids: list[str]) -> list[Badge]:
    chosen = select(Badge).where(Badge.earner_id == earner.id, col(Badge.public_id).in_(public_ids))
    return list(db.exec(chosen.where(col(Badge.deleted_at).is_(None))))


def _places(db: Session, found: Collection) -> list[CollectionBadge]:
    return list(db.exec(select(CollectionBadge).where(CollectionBadge.collection_id == found.id)))


def _place(db: Session, earner: Earner, found: Collection, badge_id: str) -> CollectionBadge:
    place = db.exec(
        select(CollectionBadge)
        .join(Badge, col(Badge.id) == col(CollectionBadge.badge_id))
        .where(
            CollectionBadge.collection_id == found.id,
            Badge.public_id == badge_id,
            Badge.earner_id == earner.id,
        )
    ).first()
    if place is None:
        raise Missing("That badge is not in this collection.")
    return place


def _title(text: str) -> str:
    return " ".join(text.split())[:300] or "Untitled"


def _remark(text: str) -> str:
    return text.replace("\r\n", "\n").strip()[:2000]

"""Collections: an ordered set of badges with a remark on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from ..errors import Missing
from ..storage.database import hold
from ..storage.tables import Badge, Collection, CollectionBadge, Earner, Share, now

MAX_INTRO = 5_000
_PRESENT = (col(Badge.deleted_at).is_(None), col(Badge.offered_at).is_(None))


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
        .where(Badge.earner_id == earner.id, *_PRESENT)
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


def shown_with(db: Session, badge: Badge, at: datetime) -> list[Collection]:
    """The collections through which others see this badge: those with a public link that is open."""
    chosen = (
        select(Collection, Share)
        .join(Share, col(Share.collection_id) == col(Collection.id))
        .join(CollectionBadge, col(CollectionBadge.collection_id) == col(Collection.id))
        .where(CollectionBadge.badge_id == badge.id)
        .order_by(col(Collection.id))
    )
    shown = {collection.id: collection for collection, share in db.exec(chosen) if share.is_open(at)}
    return list(shown.values())


def create_collection(
    db: Session, earner: Earner, title: str, intro: str, at: datetime, order: Sequence[tuple[str, str]] = ()
) -> Collection:
    """A new collection, with badges as ``arrange`` takes them; a title left out becomes "Untitled"."""
    made = Collection(
        earner_id=earner.id,
        title=_title(title),
        intro=intro.strip()[:MAX_INTRO],
        created_at=at,
        updated_at=at,
    )
    db.add(made)
    _put(db, earner, made, order)
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
    """The badges of a collection in their order, deleted ones and those that wait left out."""
    rows = db.exec(
        select(Badge, CollectionBadge)
        .join(CollectionBadge, col(CollectionBadge.badge_id) == col(Badge.id))
        .where(CollectionBadge.collection_id == found.id, *_PRESENT)
        .order_by(col(CollectionBadge.position), col(Badge.id))
    )
    return [Entry(badge, place.remark, place.position) for badge, place in rows]


def arrange(db: Session, earner: Earner, public_id: str, order: Sequence[tuple[str, str]]) -> Collection:
    """Set the whole content of a collection: public ids of badges with their remarks, in order."""
    found = collection(db, earner, public_id)
    hold(db, found)
    _put(db, earner, found, order)
    return _saved(db, found)


def add_to_collection(db: Session, earner: Earner, public_id: str, badge_ids: list[str]) -> Collection:
    """Put badges at the end of a collection; those already in it stay where they are."""
    found = collection(db, earner, public_id)
    hold(db, found)
    places = _places(db, found)
    inside, last = {p.badge_id for p in places}, max((p.position for p in places), default=-1)
    by_id = {badge.public_id: badge for badge in _mine(db, earner, badge_ids)}
    if len(by_id) < len(set(badge_ids)):
        raise Missing("One of these badges is not in your backpack.")
    new = [by_id[name] for name in dict.fromkeys(badge_ids) if by_id[name].id not in inside]
    for offset, one in enumerate(new, start=1):
        db.add(CollectionBadge(collection_id=found.id, badge_id=one.id, position=last + offset))
    return _saved(db, found)


def take_out(db: Session, earner: Earner, public_id: str, badge_id: str) -> Entry:
    """Take a badge out of a collection; it stays in the backpack. What it was there is for ``put_back``."""
    found = collection(db, earner, public_id)
    place = _place(db, earner, found, badge_id)
    taken = Entry(db.get_one(Badge, place.badge_id), place.remark, place.position)
    db.delete(place)
    _saved(db, found)
    return taken


def put_back(
    db: Session, earner: Earner, public_id: str, badge_id: str, remark: str, position: int
) -> Collection:
    """Put a badge that was taken out where it was, with its remark; one that is there again stays as it is."""
    found = collection(db, earner, public_id)
    hold(db, found)
    mine = _mine(db, earner, [badge_id])
    if not mine:
        raise Missing("That badge is not in your backpack.")
    if mine[0].id not in {place.badge_id for place in _places(db, found)}:
        place = CollectionBadge(collection_id=found.id, badge_id=mine[0].id, position=position)
        place.remark = _remark(remark)
        db.add(place)
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


def _put(db: Session, earner: Earner, found: Collection, order: Sequence[tuple[str, str]]) -> None:
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
    # What lies in the bin, or came out of it by a mail and waits, keeps its place: it may come back.
    present = set(db.exec(select(Badge.id).where(col(Badge.id).in_(before), *_PRESENT)))
    for number, place in before.items():
        if number in present:
            db.delete(place)


def _saved(db: Session, row: Collection) -> Collection:
    row.updated_at = max(now(), row.updated_at)
    db.add(row)
    db.commit()
    return row


def _mine(db: Session, earner: Earner, public_ids: list[str]) -> list[Badge]:
    chosen = select(Badge).where(Badge.earner_id == earner.id, col(Badge.public_id).in_(public_ids))
    return list(db.exec(chosen.where(*_PRESENT)))


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

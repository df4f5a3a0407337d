"""A backpack that comes back from its own export: notes, tags, what was hidden, collections in their order.

What is here already is never overwritten: a note that was written here stays, tags are joined, a badge in a
collection keeps its place. So the same export twice changes nothing. A collection is known by the moment at
which it was made.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from ..storage.tables import Arrival, Badge, Collection, CollectionBadge
from .collecting import MAX_INTRO
from .organising import MAX_NOTE

Json = Mapping[str, Any]


def collections(db: Session, earner_id: int, told: Sequence[Json], at: datetime) -> list[int]:
    """The earner's collections that an export tells of, made where they are missing; not committed."""
    there = list(
        db.exec(select(Collection).where(Collection.earner_id == earner_id).order_by(col(Collection.id)))
    )
    moments = [moment(one["created_at"], at) for one in told]
    found: dict[int, int] = {}
    # Several may have been made at the same moment; their titles tell them apart, unless they were changed here.
    for by_title in (True, False):
        for number, one in enumerate(told):
            same = (
                row
                for row in there
                if row.created_at == moments[number] and (not by_title or row.title == _title(one))
            )
            if number not in found and (row := next(same, None)):
                there.remove(row)
                found[number] = row.id
    for number, one in enumerate(told):
        if number not in found:
            row = Collection(
                earner_id=earner_id,
                title=_title(one),
                intro=one["intro"].strip()[:MAX_INTRO],
                created_at=moments[number] or at,
                updated_at=at,
            )
            db.add(row)
            db.flush()
            found[number] = row.id
    return [found[number] for number in range(len(told))]


def _title(told: Json) -> str:
    return " ".join(told["title"].split())[:300] or "Untitled"


def placed(brings: Json | None, numbers: Sequence[int]) -> dict[str, Any] | None:
    """What a badge brings, its places by the collections they became here."""
    if brings is None:
        return None
    places = [
        [numbers[number], at, remark] for number, at, remark in brings["places"] if number < len(numbers)
    ]
    return {**brings, "places": places}


def came_at(row: Arrival, at: datetime) -> datetime:
    """When this badge came into the backpack it comes from, else now."""
    return (moment(row.brings["created_at"], at) if row.brings else None) or at


def give_back(db: Session, row: Arrival, badge: Badge, at: datetime, *, is_new: bool) -> None:
    """Note, tags and places of a badge that an arrival brought; in the caller's transaction."""
    brings = row.brings
    if not brings or brings["credential"] not in ("", badge.credential_sha256):
        return
    badge.note = badge.note or brings["note"][:MAX_NOTE]
    badge.tags = ",".join(_tags(badge, brings["tags"]))
    if is_new:
        badge.hidden_at = badge.hidden_at or moment(brings["hidden_at"], at)
        badge.offered_at = badge.offered_at or moment(brings["offered_at"], at)
    db.add(badge)
    for number, position, remark in brings["places"]:
        there = db.get(CollectionBadge, (number, badge.id))
        if there is None and _is_mine(db, number, badge.earner_id):
            db.add(
                CollectionBadge(
                    collection_id=number, badge_id=badge.id, position=position, remark=remark[:2000]
                )
            )


def moment(text: str, latest: datetime) -> datetime | None:
    """A time that an export tells; None when it is none, or has not come yet."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and found <= latest else None


def _tags(badge: Badge, more: Sequence[str]) -> list[str]:
    own = [tag for tag in badge.tags.split(",") if tag]
    cleaned = (" ".join(tag.replace(",", " ").split())[:60] for tag in more)
    return [tag for tag in dict.fromkeys([*own, *cleaned]) if tag][:30]


def _is_mine(db: Session, number: int, earner_id: int) -> bool:
    """Whether the collection is still there, and the earner's."""
    found = select(Collection.id).where(Collection.id == number, col(Collection.earner_id) == earner_id)
    return db.exec(found).first() is not None

"""What became of what was brought in: an earner's arrivals, to look at, to put away, to try again."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from ..errors import Missing
from ..storage.tables import Arrival, ArrivalBadge, Badge, Earner


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
    """How many imports are at work, and how many that were brought by themselves failed and are in view.

    Of a connected mailbox many messages have no badge; its page tells of them.
    """
    mine = select(func.count()).select_from(Arrival).where(Arrival.earner_id == earner.id)
    own = mine.where(
        col(Arrival.dismissed_at).is_(None), col(Arrival.mailbox_id).is_(None), ~_was_in_archive()
    )
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


def dismiss_failed(db: Session, earner: Earner, at: datetime) -> None:
    """Put out of view all that brought no badge, and try it no more."""
    failed = update(Arrival).where(
        col(Arrival.earner_id) == earner.id,
        col(Arrival.state) == "failed",
        col(Arrival.dismissed_at).is_(None),
    )
    db.execute(failed.values(dismissed_at=at, due_at=None).execution_options(synchronize_session=False))
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

"""What an operator's monitoring asks: does it work, and how much is waiting."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select, text

from ..errors import Missing
from ..storage.blobs import Blobs
from ..storage.tables import Arrival, Badge, Earner, Outbox, Share


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, as Prometheus understands a gauge."""

    name: str
    help: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


def working(db: Session, blobs: Blobs, look: Callable[[], object]) -> dict[str, bool]:
    """Whether the database, the files and the queue answer; ``look`` asks the last of them."""
    return {
        "database": _answers(lambda: db.execute(text("SELECT 1"))),
        "files": _answers(lambda: _look(blobs)),
        "queue": _answers(look),
    }


def figures(db: Session, at: datetime) -> Iterator[Figure]:
    """How much there is, and how much is waiting. Numbers only: nothing of them points at a person."""
    yield Figure("backpack_earners", "People with a backpack", _count(db, col(Earner.closed_at).is_(None)))
    yield Figure("backpack_shares_open", "Public links that are open", _count(db, *_are_open(at)))
    kept = col(Badge.deleted_at).is_(None)
    waits = col(Badge.offered_at).is_not(None)
    for verdict, count in _grouped(db, Badge.verdict, kept, ~waits):
        yield Figure("backpack_badges", "Badges by verdict", count, {"verdict": verdict or "none"})
    yield Figure("backpack_badges_offered", "Badges that wait to be accepted", _count(db, kept, waits))
    for state, count in _grouped(db, Arrival.state):
        yield Figure("backpack_imports", "Imports by state", count, {"state": state})
    for state, count in _grouped(db, Outbox.state):
        yield Figure("backpack_mails", "Outgoing mails by state", count, {"state": state})
    yield Figure(
        "backpack_checks_due", "Badges to be checked now", _count(db, kept, col(Badge.next_check_at) <= at)
    )
    yield Figure(
        "backpack_oldest_import_seconds", "For how long the oldest import has waited", _oldest(db, at)
    )


def _answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except Exception:  # noqa: BLE001 - whatever it is, it does not work
        return False
    return True


def _look(blobs: Blobs) -> None:
    # No bytes have this hash: to learn so, the store must have answered.
    with suppress(Missing):
        blobs.read("0" * 64)


def _are_open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """As ``Share.is_open`` says, of earners who are here, and of badges that are."""
    ends, here = col(Share.expires_at), select(Earner.id).where(col(Earner.closed_at).is_(None))
    shown = select(Badge.id).where(col(Badge.deleted_at).is_(None), col(Badge.offered_at).is_(None))
    return (
        col(Share.closed_at).is_(None),
        or_(ends.is_(None), ends > at),
        col(Share.earner_id).in_(here),
        or_(col(Share.badge_id).is_(None), col(Share.badge_id).in_(shown)),
    )


def _count(db: Session, *conditions: ColumnElement[bool]) -> int:
    return db.exec(select(func.count()).where(*conditions)).one()


def _grouped(db: Session, column: Any, *conditions: ColumnElement[bool]) -> list[tuple[str, int]]:
    return list(db.exec(select(column, func.count()).where(*conditions).group_by(column).order_by(column)))


def _oldest(db: Session, at: datetime) -> float:
    unread = col(Arrival.state).in_(("waiting", "reading"))
    since: datetime | None = db.exec(select(func.min(Arrival.created_at)).where(unread)).one()
    return max(0.0, (at - since).total_seconds()) if since is not None else 0.0

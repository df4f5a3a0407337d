"""Work is claimed on its own row, for a while: a killed worker's work is done again, and its effects happen once.

A row that is due is claimed by one UPDATE. The claim counts ``attempts`` up, and this number is the fence:
whoever finishes says which claim they held, and a worker whose lease ran out finishes nothing.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Update, UpdateBase, bindparam, inspect, or_, update
from sqlmodel import Session, col

from ..storage import rows
from ..storage.tables import Arrival, Badge, Mailbox, Outbox

LEASE = timedelta(seconds=120)

Row = Arrival | Badge | Mailbox | Outbox
Claimed = TypeVar("Claimed", Arrival, Badge, Mailbox, Outbox)
_held: dict[tuple[type[Row], int, int], "Lease"] = {}
_DUE: dict[type[Row], str] = {
    Arrival: "due_at",
    Badge: "next_check_at",
    Mailbox: "due_at",
    Outbox: "next_try_at",
}


@dataclass(frozen=True, slots=True)
class Lease:
    """A claimed row. ``since`` is when it was claimed, by the caller's clock."""

    table: type[Row]
    row_id: int
    fence: int
    since: datetime
    _started: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The moment it was claimed and what has passed since."""
        return self.since + timedelta(seconds=time.monotonic() - self._started)


def is_free(table: type[Row], at: datetime) -> list[Any]:
    """The conditions under which a row of this table may be claimed."""
    return _is_free(table, at, at - LEASE)


def claim(
    db: Session, table: type[Claimed], row_id: int, at: datetime, **values: Any
) -> tuple[Lease, Claimed] | None:
    """Claim a row that is due and committed to nobody, and commit; None when there is nothing to claim.

    The row is as it is from then on, and of no session.
    """
    claimed = {"row": row_id, "time": at, "ended": at - LEASE, "claimed_at": at, **values}
    found = rows.run(db, _claiming(table), claimed).one_or_none()
    db.commit()
    if found is None:
        return None
    row = rows.read(table, found._asdict())
    lease = Lease(table, row_id, row.attempts, at)
    _held[lease.table, lease.row_id, lease.fence] = lease
    return lease, row


def extend(db: Session, lease: Lease, **values: Any) -> bool:
    """Keep the row for another while, with what is known so far, and commit; False when it was lost."""
    return _write(db, lease, {"claimed_at": lease.now(), **values}, commit=True)


def keep(db: Session, lease: Lease, **values: Any) -> bool:
    """The same in the caller's transaction: what else it writes happens under the row's lock, or not at all."""
    return _write(db, lease, {"claimed_at": lease.now(), **values}, commit=False)


def finish(db: Session, lease: Lease, **values: Any) -> bool:
    """Give the row back with its outcome, in the caller's transaction; False when it was lost meanwhile.

    Call it first: what else the transaction writes then happens under the row's lock, or not at all.
    """
    return _write(db, lease, {"claimed_at": None, **values}, commit=False)


def give_back(db: Session) -> int:
    """Free what this process has not finished and will not: somebody may claim it at once. Returns how many.

    For a process that ends; whoever still works on one of these finishes nothing.
    """
    given = [lease for lease in list(_held.values()) if _write(db, lease, {"claimed_at": None}, commit=True)]
    return len(given)


def free_all(db: Session) -> None:
    """Free every claimed row, and commit: for when whoever claimed them is known to be gone.

    Should somebody be at work all the same, they finish nothing, and the work is done again.
    """
    for table in _DUE:
        claimed = update(table).where(col(table.claimed_at).is_not(None))
        db.execute(claimed.values(claimed_at=None).execution_options(synchronize_session=False))
    # Of a picture the time when it is due is the lease too: see ``drawing``.
    undrawn = update(Badge).where(col(Badge.picture_due_at).is_not(None))
    at_once = undrawn.values(picture_due_at=col(Badge.created_at))
    db.execute(at_once.execution_options(synchronize_session=False))
    db.commit()


def _write(db: Session, lease: Lease, values: dict[str, Any], *, commit: bool) -> bool:
    written = rows.run(db, _writing(lease.table), {"row": lease.row_id, "fence": lease.fence, **values})
    kept = bool(written.rowcount)
    if not kept or ("claimed_at" in values and values["claimed_at"] is None):
        _held.pop((lease.table, lease.row_id, lease.fence), None)
    if not kept:
        db.rollback()
    elif commit:
        db.commit()
    return kept


@cache
def _claiming(table: type[Row]) -> UpdateBase:
    """One statement a table, made once: to make it anew takes longer than to run it."""
    columns = inspect(table).columns
    free = _is_free(table, bindparam("time"), bindparam("ended"))
    taken = update(inspect(table).local_table).where(columns.id == bindparam("row"), *free)
    return taken.values(attempts=columns.attempts + 1).returning(inspect(table).local_table)


@cache
def _writing(table: type[Row]) -> Update:
    """The same for whoever holds a row. What is written, like what is claimed, is named when it is run."""
    columns = inspect(table).columns
    mine = (columns.id == bindparam("row"), columns.attempts == bindparam("fence"))
    return update(inspect(table).local_table).where(*mine, columns.claimed_at.is_not(None))


def _is_free(table: type[Row], at: Any, ended: Any) -> list[Any]:
    columns = inspect(table).columns
    return [columns[_DUE[table]] <= at, or_(columns.claimed_at.is_(None), columns.claimed_at < ended)]

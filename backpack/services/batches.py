"""What was brought in together: how far it is, what became of it, stopping it and going on.

Everything is counted by the database, along the index of a batch: one of five thousand files is looked at while
it runs as cheaply as one of five. Archives are not counted themselves, but what is in them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, exists, func, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from ..storage.tables import Arrival, ArrivalBadge, Badge, Earner

NOTHING_INSIDE = ("no_badge", "unknown_format")
SHOWN = ("failed", "unverified", "none", "there", "imported")
"""The lists of a batch that can be asked for, what needs a look first."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class Tally:
    """A batch in numbers. ``total`` are files, also those that are still in an archive."""

    total: int = 0
    done: int = 0
    stopped: int = 0
    reading: int = 0
    """Files that wait or are being read, and badges of theirs that are not checked yet."""
    imported: int = 0
    """New badges that are verified."""
    there: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    """New badges that are kept though they are not verified, by verdict."""
    none: int = 0
    failed: int = 0
    archives: int = 0

    @property
    def is_there(self) -> bool:
        """Whether there is such a batch at all: an exported backpack may hold collections and no file."""
        return self.total + self.archives > 0

    @property
    def is_working(self) -> bool:
        """Whether anything is still going to happen by itself."""
        return self.reading > 0

    @property
    def unverified(self) -> int:
        """How many badges are kept though they could not be verified."""
        return sum(self.verdicts.values())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file or of one badge in it, for a table to take away."""

    file: str
    outcome: str  # imported, there, unverified, none, failed, stopped, waiting
    badge: str = ""
    title: str = ""
    issuer: str = ""
    verdict: str = ""
    problem: str = ""
    try_this: str = ""


def tally(db: Session, earner: Earner, batch: str) -> Tally:
    """The numbers of a batch; all zero when there is none."""
    states = db.execute(
        select(Arrival.state, Arrival.source, Arrival.why, func.count())
        .where(Arrival.earner_id == earner.id, Arrival.batch == batch)
        .group_by(Arrival.state, Arrival.source, Arrival.why)
    ).all()
    inside = _inside(db, earner, batch) if any(row.source == "archive" for row in states) else _Inside()
    files = [row for row in states if row.source != "archive"]
    badges = _badges(db, earner, batch)
    unchecked = sum(row.arrivals for row in badges if not row.verdict)
    count = {state: sum(row[3] for row in files if row.state == state) for state in _STATES}
    none = sum(row[3] for row in files if row.state == "failed" and row.why in NOTHING_INSIDE)
    return Tally(
        total=sum(count.values()) + inside.waiting + inside.stopped + inside.failed,
        done=count["done"] + count["failed"] + inside.failed - unchecked,
        stopped=count["stopped"] + inside.stopped,
        reading=count["waiting"] + count["reading"] + inside.waiting + unchecked,
        imported=sum(row.badges for row in badges if row.is_new and row.verdict == "verified"),
        there=sum(row.badges for row in badges if not row.is_new),
        verdicts={
            row.verdict: row.badges
            for row in sorted(badges, key=lambda row: str(row.verdict))
            if row.is_new and row.verdict not in ("verified", "")
        },
        none=none,
        failed=count["failed"] - none + inside.failed,
        archives=inside.archives,
    )


def children(db: Session, archive: Arrival) -> dict[str, int]:
    """What became of the files of one archive, in numbers."""
    states = select(Arrival.state, func.count()).where(Arrival.parent_id == archive.id)
    count = {str(row[0]): int(row[1]) for row in db.execute(states.group_by(col(Arrival.state)))}
    left = max(0, archive.parts - archive.place)
    waiting, stopped = count.get("waiting", 0) + count.get("reading", 0), count.get("stopped", 0)
    return {
        "total": sum(count.values()) + left,
        "waiting": waiting + (0 if archive.state in ("stopped", "failed") else left),
        "stopped": stopped + (left if archive.state == "stopped" else 0),
        "done": count.get("done", 0),
        "failed": count.get("failed", 0),
    }


def latest(db: Session, earner: Earner, batch: str, limit: int = 5) -> list[Arrival]:
    """The files at work, those whose badges are being checked first, then those that came through last."""
    unchecked = exists().where(
        col(ArrivalBadge.arrival_id) == col(Arrival.id),
        col(Badge.id) == col(ArrivalBadge.badge_id),
        col(Badge.verdict) == "",
        col(Badge.deleted_at).is_(None),
    )
    mine = _files(earner, batch).where(col(Arrival.state) == "done")
    first = list(db.exec(mine.where(unchecked).order_by(col(Arrival.id)).limit(limit)))
    rest = mine.where(col(Arrival.id).not_in([row.id for row in first]))
    through = list(db.exec(rest.order_by(col(Arrival.done_at).desc(), col(Arrival.id).desc()).limit(limit)))
    return [*first, *through][:limit]


def files(
    db: Session, earner: Earner, batch: str, shown: str = "", after: str = "", limit: int = PAGE
) -> tuple[list[Arrival], str]:
    """One page of a batch's files, all or one of the lists ``SHOWN``, and the cursor of the next page or ""."""
    chosen = _files(earner, batch).where(*_LISTS.get(shown, ()))
    if after.isascii() and after.isdigit():
        chosen = chosen.where(col(Arrival.id) > min(int(after), 2**31 - 1))
    found = list(db.exec(chosen.order_by(col(Arrival.id)).limit(limit + 1)))
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def outcomes(db: Session, earner: Earner, batch: str) -> Iterator[Outcome]:
    """What became of every file and badge, in the order they came."""
    rows = db.execute(
        columns(
            col(Arrival.origin),
            col(Arrival.state),
            col(Arrival.why),
            col(Arrival.problem),
            col(Arrival.try_this),
            col(ArrivalBadge.is_new),
            col(Badge.public_id),
            col(Badge.title),
            col(Badge.issuer_name),
            col(Badge.verdict),
        )
        .select_from(Arrival)
        .join(ArrivalBadge, col(ArrivalBadge.arrival_id) == col(Arrival.id), isouter=True)
        .join(
            Badge,
            and_(col(Badge.id) == col(ArrivalBadge.badge_id), col(Badge.deleted_at).is_(None)),
            isouter=True,
        )
        .where(*_of(earner, batch), _is_line())
        .order_by(col(Arrival.id), col(Badge.id))
    )
    return (_outcome(row) for row in rows)


def stop(db: Session, earner: Earner, batch: str) -> int:
    """Begin no more of a batch: what nobody has begun waits until it is told to go on. Returns how many.

    What somebody is reading at this moment is finished. Twice, because what is taken out of an archive at this
    moment is made under the archive's lock: the first statement waits for it, the second one sees it.
    """
    unfinished = update(Arrival).where(*_of(earner, batch), col(Arrival.state).in_(("waiting", "reading")))
    halted = unfinished.values(state="stopped", due_at=None).execution_options(**_PLAIN)
    stopped: int = sum(db.execute(halted).rowcount for _ in range(2))  # type: ignore[attr-defined]
    db.commit()
    return stopped


def go_on(db: Session, earner: Earner, batch: str, at: datetime) -> int:
    """Make what was stopped due again. Returns how many."""
    stopped = update(Arrival).where(*_of(earner, batch), col(Arrival.state) == "stopped")
    due = db.execute(stopped.values(state="waiting", due_at=at).execution_options(**_PLAIN))
    count: int = due.rowcount  # type: ignore[attr-defined]
    db.commit()
    return count


def dismiss(db: Session, earner: Earner, batch: str, at: datetime) -> None:
    """Put all of a batch out of view, and try what failed no more. What waits to be looked at goes on waiting."""
    in_view = update(Arrival).where(*_of(earner, batch), col(Arrival.dismissed_at).is_(None))
    for_good = in_view.where(col(Arrival.state) == "failed").values(due_at=None)
    db.execute(for_good.execution_options(**_PLAIN))
    db.execute(in_view.values(dismissed_at=at).execution_options(**_PLAIN))
    db.commit()


_STATES = ("waiting", "reading", "stopped", "done", "failed")
_PLAIN = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class _Inside:
    """What is still in the archives of a batch."""

    archives: int = 0
    waiting: int = 0
    stopped: int = 0
    failed: int = 0


def _inside(db: Session, earner: Earner, batch: str) -> _Inside:
    left = func.sum(
        case((col(Arrival.parts) > col(Arrival.place), col(Arrival.parts) - col(Arrival.place)), else_=0)
    )
    rows = db.execute(
        select(Arrival.state, func.count(), left)
        .where(*_of(earner, batch), Arrival.source == "archive")
        .group_by(Arrival.state)
    ).all()
    by_state = {state: (count, int(remaining or 0)) for state, count, remaining in rows}
    waiting = [by_state.get(state, (0, 0)) for state in ("waiting", "reading")]
    return _Inside(
        archives=sum(count for count, _ in by_state.values()),
        # One that was not looked into yet counts as one file.
        waiting=sum(max(count, remaining) for count, remaining in waiting),
        stopped=by_state.get("stopped", (0, 0))[1],
        failed=by_state.get("failed", (0, 0))[0],
    )


def _badges(db: Session, earner: Earner, batch: str) -> list[Row[Any]]:
    return list(
        db.execute(
            select(
                ArrivalBadge.is_new,
                Badge.verdict,
                func.count().label("badges"),
                func.count(func.distinct(ArrivalBadge.arrival_id)).label("arrivals"),
            )
            .select_from(Arrival)
            .join(ArrivalBadge, col(ArrivalBadge.arrival_id) == col(Arrival.id))
            .join(Badge, col(Badge.id) == col(ArrivalBadge.badge_id))
            .where(*_of(earner, batch), Arrival.state == "done", col(Badge.deleted_at).is_(None))
            .group_by(col(ArrivalBadge.is_new), col(Badge.verdict))
        ).all()
    )


def _of(earner: Earner, batch: str) -> list[Any]:
    return [col(Arrival.earner_id) == earner.id, col(Arrival.batch) == batch]


def _is_line() -> Any:
    """Whether it has a line of its own: an archive has one only when it could not be opened."""
    return or_(col(Arrival.source) != "archive", col(Arrival.state) == "failed")


def _files(earner: Earner, batch: str) -> Any:
    return select(Arrival).where(*_of(earner, batch), _is_line())


def _brought(*conditions: Any) -> Any:
    return exists().where(
        col(ArrivalBadge.arrival_id) == col(Arrival.id),
        col(Badge.id) == col(ArrivalBadge.badge_id),
        col(Badge.deleted_at).is_(None),
        *conditions,
    )


_IS_NEW = col(ArrivalBadge.is_new).is_(True)
_LISTS: dict[str, tuple[Any, ...]] = {
    "failed": (col(Arrival.state) == "failed", col(Arrival.why).not_in(NOTHING_INSIDE)),
    "none": (col(Arrival.state) == "failed", col(Arrival.why).in_(NOTHING_INSIDE)),
    "unverified": (_brought(_IS_NEW, col(Badge.verdict).not_in(("verified", ""))),),
    "there": (_brought(col(ArrivalBadge.is_new).is_(False)),),
    "imported": (_brought(_IS_NEW, col(Badge.verdict) == "verified"),),
}


_KEPT = {"verified": "imported", "": "waiting"}


def _outcome(row: Row[Any]) -> Outcome:
    told = {"file": row.origin, "problem": row.problem or "", "try_this": row.try_this or ""}
    if row.public_id is None:
        words = {"failed": "none" if row.why in NOTHING_INSIDE else "failed", "stopped": "stopped"}
        # What came through without a badge brought one that is in the bin by now, or something else to look at.
        return Outcome(outcome=words.get(row.state, "there" if row.state == "done" else "waiting"), **told)
    return Outcome(
        outcome=_KEPT.get(row.verdict, "unverified") if row.is_new else "there",
        badge=row.public_id,
        title=row.title,
        issuer=row.issuer_name,
        verdict=row.verdict,
        **told,
    )

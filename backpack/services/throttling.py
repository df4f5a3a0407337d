"""How often something may be done: counted in the database, so that all processes count together."""

from datetime import datetime

from sqlalchemy import bindparam, inspect, select
from sqlmodel import Session, col, delete

from ..errors import TooMany
from ..storage.dialects import either
from ..storage.tables import Throttle

_MINUTE = 60
_COLUMNS = inspect(Throttle).columns
_THIS = (_COLUMNS.key == bindparam("key"), _COLUMNS.window == bindparam("window"))
_COUNTED = select(_COLUMNS.count).where(*_THIS)
_ADDING = either(
    lambda insert: (
        insert(inspect(Throttle).local_table)
        .on_conflict_do_update(index_elements=["key", "window"], set_={"count": _COLUMNS.count + 1})
        .returning(_COLUMNS.count)
    )
)


def count(
    db: Session, key: str, most: int, seconds: int, at: datetime, says: str = "", try_this: str = ""
) -> None:
    """Count one more of this key and commit; raises TooMany when it is more than ``most`` in these seconds."""
    counted = add(db, key, seconds, at)
    db.commit()
    refuse_beyond(most, counted, seconds, at, says, try_this)


def counted(db: Session, key: str, seconds: int, at: datetime) -> int:
    """How many of this key were counted in these seconds so far."""
    window = int(at.timestamp()) // seconds
    return db.execute(_COUNTED, {"key": key, "window": window}).scalar() or 0


def add(db: Session, key: str, seconds: int, at: datetime) -> int:
    """Count one more of this key in the caller's transaction; how many there are in these seconds."""
    window = int(at.timestamp()) // seconds
    one = {"key": key, "window": window, "count": 1}
    count: int = db.execute(_ADDING(db), one).scalar_one()
    if count == 1:  # the first of its window sweeps up the windows before it
        db.execute(delete(Throttle).where(col(Throttle.key) == key, col(Throttle.window) < window))
    return count


def refuse_beyond(
    most: int, counted: int, seconds: int, at: datetime, says: str = "", try_this: str = ""
) -> None:
    """Raise TooMany when more were counted than ``most``."""
    if counted > most:
        left = seconds - int(at.timestamp()) % seconds
        raise TooMany(says, try_this or _wait(left), retry_after=left)


def _wait(seconds: int) -> str:
    minutes = -(-seconds // _MINUTE)
    return f"Try again in {minutes} minute{'' if minutes == 1 else 's'}."

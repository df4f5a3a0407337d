"""How often something may be done: counted in the database, so that all processes count together."""

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete

from ..errors import TooMany
from ..storage.tables import Throttle

_MINUTE = 60


def count(
    db: Session, key: str, most: int, seconds: int, at: datetime, says: str = "", try_this: str = ""
) -> None:
    """Count one more of this key and commit; raises TooMany when it is more than ``most`` in these seconds."""
    moment = int(at.timestamp())
    window = moment // seconds
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(Throttle).values(key=key, window=window, count=1)
    added = insert.on_conflict_do_update(
        index_elements=["key", "window"], set_={"count": col(Throttle.count) + 1}
    ).returning(col(Throttle.count))
    counted = db.execute(added).scalar_one()
    if counted == 1:  # the first of its window sweeps up the windows before it
        db.execute(delete(Throttle).where(col(Throttle.key) == key, col(Throttle.window) < window))
    db.commit()
    if counted > most:
        raise TooMany(
            says, try_this or _wait(seconds - moment % seconds), retry_after=seconds - moment % seconds
        )


def _wait(seconds: int) -> str:
    minutes = -(-seconds // _MINUTE)
    return f"Try again in {minutes} minute{'' if minutes == 1 else 's'}."

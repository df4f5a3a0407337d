"""How often a program may do what costs others something: per earner, counted for all processes together.

Generous, because a person who moves house brings hundreds of badges at once; a fault in somebody's script
still ends in 429 before it hurts anyone.
"""

from datetime import datetime

from backpack.services import throttling
from backpack.storage.tables import Earner
from web.deps import Db

HOUR = 3600
IMPORTS, CHECKS, EXPORTS = 1000, 1000, 10
"""How many an hour."""


def count_import(db: Db, earner: Earner, at: datetime) -> None:
    """Raise TooMany after a thousand imports in an hour."""
    throttling.count(
        db, f"api-import:{earner.id}", IMPORTS, HOUR, at, "That is a lot of badges for one hour."
    )


def count_check(db: Db, earner: Earner, at: datetime) -> None:
    """Raise TooMany after a thousand checks in an hour: each asks an issuer."""
    throttling.count(db, f"api-check:{earner.id}", CHECKS, HOUR, at, "That is a lot of checks for one hour.")


def count_export(db: Db, earner: Earner, at: datetime) -> None:
    """Raise TooMany after ten exports in an hour: each reads everything."""
    throttling.count(
        db, f"api-export:{earner.id}", EXPORTS, HOUR, at, "You have just fetched everything, ten times."
    )

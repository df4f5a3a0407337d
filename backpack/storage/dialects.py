"""Inserts that SQLite and PostgreSQL spell each in its own way, made once: to make one takes longer than to run it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session


def either(make: Callable[[Any], Insert]) -> Callable[[Session], Insert]:
    """Of what is made with one dialect's ``insert`` and with the other's, the one for a session's database."""
    made = {"sqlite": make(sqlite.insert), "postgresql": make(postgresql.insert)}
    return lambda db: made[db.get_bind().dialect.name]

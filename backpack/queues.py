"""Where ids wait for a worker: SQLite, PostgreSQL or Redis. One that is elsewhere is reached when it is first asked."""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from psycopg.conninfo import conninfo_to_dict

from .config import Settings, made
from .errors import Misconfigured, reason

REACH_SECONDS = 3  # for one that is elsewhere to answer
_MAKING = 0x7175657565  # any number that nobody else locks


def of(settings: Settings) -> Huey:
    """The queue of an instance. Raises Misconfigured."""
    url = settings.queue_url
    usual: dict[str, Any] = {"name": "backpack", "results": False, "utc": True}
    if not url:
        return _sqlite(made(settings.data_dir) / "queue.db", usual)
    try:
        if url.startswith(("postgresql://", "postgres://")):
            return _postgresql(url, usual)
        if url.startswith(("redis://", "rediss://", "unix://")):
            return _redis(url, usual)
    except (psycopg.ProgrammingError, ValueError):
        pass  # what they say repeats the password
    raise Misconfigured(
        "BACKPACK_QUEUE_URL is not usable.",
        "Use postgresql://user:password@host/name, redis://host:port, or leave it empty.",
    )


def _sqlite(file: Path, usual: dict[str, Any]) -> Huey:
    try:
        # Losing the queue loses nothing, so it need not be synced at every id.
        return SqliteHuey(filename=str(file), fsync=False, **usual)
    except sqlite3.Error as error:
        raise Misconfigured(
            f"{file} cannot be used: {reason(error)}", "Look at BACKPACK_DATA_DIR."
        ) from error


def _postgresql(url: str, usual: dict[str, Any]) -> Huey:
    """huey would connect at once, and a process that begins while the database is away would end."""
    where: dict[str, Any] = {"connect_timeout": REACH_SECONDS, **conninfo_to_dict(url)}
    for port in str(where.get("port") or 0).split(","):
        _ = int(port)  # raises ValueError when it is none

    def connected() -> psycopg.Connection:
        connection = psycopg.connect(**where, autocommit=True)
        try:
            with connection.transaction():
                # Those who begin at the same moment would all make the same tables.
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
                for statement in huey.storage.ddl:
                    connection.execute(statement)
        except psycopg.Error:
            connection.close()
            raise
        return connection

    huey = PostgresHuey(connection=connected, create_tables=False, **usual)
    return huey


def _redis(url: str, usual: dict[str, Any]) -> Huey:
    try:
        from redis import ConnectionPool
    except ImportError:
        raise Misconfigured(
            "BACKPACK_QUEUE_URL asks for Redis, but the library for it is not installed.",
            'Install it into the same environment: pip install "redis>=7,<8"',
        ) from None
    # A worker waits a second at a time for the next id, which is less.
    pool = ConnectionPool.from_url(url, socket_connect_timeout=REACH_SECONDS, socket_timeout=REACH_SECONDS)
    return RedisHuey(connection_pool=pool, **usual)

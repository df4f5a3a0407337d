"""The database: SQLite or PostgreSQL, from the same models and migrations, with the same manners.

On both, a statement that only reads sees what is committed at that moment and holds no lock, and the first
statement that writes opens the transaction; on SQLite with BEGIN IMMEDIATE, so that it waits for its turn
at once instead of failing half-way. What is read before a write may therefore have changed by then: whoever
depends on it says so in the WHERE of the UPDATE, or calls ``hold`` first.
"""

import atexit
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import ORMExecuteState, UOWTransaction
from sqlmodel import Session, SQLModel

from backpack.config import Settings, made
from backpack.errors import Misconfigured, reason

from . import json_columns
from .tables import Badge, Blob, Document, Report, ReportDocument

BUSY_MILLISECONDS = 5000
REACH_SECONDS = 10  # for a database that is elsewhere to take us in
_MIGRATING = 0x6261646765  # any number that nobody else locks
_MOST_ENGINES = 4
_NETWORK_FILE_SYSTEMS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.glusterfs", "ceph")
_JSON: dict[str, Any] = {"json_serializer": json_columns.written, "json_deserializer": json_columns.read}

_engines: OrderedDict[str, Engine] = OrderedDict()
_engines_lock = threading.Lock()


def engine_for(settings: Settings) -> Engine:
    """The engine of this instance's database, one a process. Raises Misconfigured when it would not be durable."""
    url = settings.database
    with _engines_lock:
        if url not in _engines:
            _engines[url] = _engine(url)
            while len(_engines) > _MOST_ENGINES:  # only tests have more than one
                _engines.popitem(last=False)[1].dispose()
        _engines.move_to_end(url)
        return _engines[url]


@contextmanager
def session(where: Engine | Settings) -> Iterator[Session]:
    """A session that forgets what was not committed when it ends; rows stay readable after a commit."""
    engine = engine_for(where) if isinstance(where, Settings) else where
    with Session(engine, expire_on_commit=False) as db:
        yield db


@contextmanager
def hurried(engine: Engine) -> Iterator[Session]:
    """A session for what is done again should a power cut undo it: its one commit does not wait for the disc.

    A power cut undoes it wholly or not at all, and never what another session committed after it.
    """
    with engine.connect() as connection, Session(connection, expire_on_commit=False) as db:
        raw: object = connection.connection.dbapi_connection
        if not isinstance(raw, sqlite3.Connection):
            db.execute(text("SET LOCAL synchronous_commit TO off"))
            yield db
            return
        raw.execute("PRAGMA synchronous=NORMAL")
        try:
            yield db
        finally:
            db.close()  # it is not set inside a transaction
            raw.execute("PRAGMA synchronous=FULL")


def hold(db: Session, row: SQLModel) -> None:
    """From now until the commit nobody else changes this row, nor what is changed only under its hold."""
    lock(db, type(row), row.id)  # type: ignore[attr-defined]
    db.refresh(row)


def lock(db: Session, table: type[SQLModel], row_id: int) -> None:
    """The same for a row that need not be read."""
    if not locks_rows(db):
        _begin(db.connection())
    else:
        key = inspect(table).primary_key[0]
        db.execute(select(key).where(key == row_id).with_for_update())


def locks_rows(db: Session) -> bool:
    """Whether rows are locked one by one; SQLite has one lock for all that write."""
    return db.get_bind().dialect.name != "sqlite"


def migrate(settings: Settings) -> None:
    """Bring the database to this version's schema; safe to repeat, and when several start at once."""
    from alembic import command

    engine = _engine(settings.database)
    try:
        with _usable(engine) as connection:
            _lock_for_migration(connection)
            command.upgrade(_alembic(connection), "head")
            connection.commit()
    finally:
        engine.dispose()


def expect_current(settings: Settings) -> None:
    """For whoever works on the database without migrating it. Raises Misconfigured when it has another schema."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with _usable(engine_for(settings)) as connection:
        there = MigrationContext.configure(connection).get_current_revision()
        known = ScriptDirectory.from_config(_alembic(connection))
        if there:
            known.get_revision(there)  # raises CommandError when only a newer version knows it
        if there != known.get_current_head():
            raise Misconfigured(
                "The database has not been brought to this version of Backpack yet.", "Run: backpack migrate"
            )


@contextmanager
def _usable(engine: Engine) -> Iterator[Connection]:
    """A connection for whoever begins. Raises Misconfigured when there is none, or its schema is not ours."""
    from alembic.util import CommandError

    try:
        with engine.connect() as connection:
            yield connection
    except CommandError as error:
        raise Misconfigured(
            f"The database does not fit this version of Backpack: {reason(error)}",
            "Was a newer version used with it?",
        ) from error
    except DatabaseError as error:
        raise Misconfigured(
            f"The database cannot be used: {reason(error.orig)}", "Look at BACKPACK_DATABASE_URL."
        ) from error


def _alembic(connection: Connection) -> Any:
    from alembic.config import Config

    inside = Path(__file__).parents[1] / "_alembic"  # in the wheel; beside the package in a checkout
    scripts = inside if inside.is_dir() else Path(__file__).parents[2] / "alembic"
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _lock_for_migration(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        _begin(connection)
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})


def _engine(url: str) -> Engine:
    try:
        return _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
    except (ArgumentError, ValueError):  # what they say may repeat the password
        raise Misconfigured(
            "BACKPACK_DATABASE_URL is not usable.",
            "Use postgresql://user:password@host/name, or leave it empty.",
        ) from None


def _sqlite(url: str) -> Engine:
    name = make_url(url).database
    if not name or ":memory:" in name:
        raise Misconfigured("The database must be a file.", "Look at BACKPACK_DATABASE_URL.")
    file = Path(name)
    made(file.parent, "Look at BACKPACK_DATA_DIR and BACKPACK_DATABASE_URL.")
    if kind := _network_file_system(file):
        raise Misconfigured(
            f"The database lies on a network file system ({kind}), where SQLite loses data.",
            "Set BACKPACK_DATA_DIR to a local disk, or BACKPACK_DATABASE_URL to a PostgreSQL database.",
        )
    # The driver begins before the first statement that writes. Without the word IMMEDIATE its transaction would
    # only read so far, and fail where it turns to writing while somebody else does.
    manners = {"timeout": BUSY_MILLISECONDS / 1000, "isolation_level": "IMMEDIATE"}
    engine = create_engine(url, pool_size=8, max_overflow=40, connect_args=manners, **_JSON)
    event.listen(engine, "connect", _settle)
    return engine


def _settle(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "foreign_keys=ON",
        "secure_delete=ON",
        "synchronous=FULL",
        "cache_size=-64000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    journal = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    if journal != "wal" or synchronous != 2:
        raise Misconfigured(
            "The database cannot be made to keep what it acknowledges.", "Put it on a local disk."
        )


def _begin(connection: Connection) -> None:
    raw: object = connection.connection.dbapi_connection
    if isinstance(raw, sqlite3.Connection) and not raw.in_transaction:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError("BEGIN IMMEDIATE", None, error) from error


def _network_file_system(file: Path) -> str:
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    where, kind = file.absolute(), ""
    longest = -1
    for line in mounts.read_text().splitlines():
        _, at, of_kind, *_ = line.split(" ")
        at = at.replace("\\040", " ")
        if where.is_relative_to(at) and len(at) >= longest:
            longest, kind = len(at), of_kind
    return kind if kind in _NETWORK_FILE_SYSTEMS else ""


def _postgresql(url: str) -> Engine:
    for short in ("postgres://", "postgresql://"):
        url = url.replace(short, "postgresql+psycopg://", 1) if url.startswith(short) else url
    if not url.startswith("postgresql+psycopg://"):
        raise Misconfigured("This kind of database is not known.", "Use sqlite:///… or postgresql://…")
    return create_engine(
        url,
        pool_size=5,
        max_overflow=10,
        pool_pre_ping=True,
        **_JSON,
        connect_args={
            "options": "-c synchronous_commit=on -c lock_timeout=5s -c timezone=UTC",
            "connect_timeout": make_url(url).query.get("connect_timeout", REACH_SECONDS),
        },
    )


@event.listens_for(Session, "before_flush")
def _guard_rows(db: Session, _context: UOWTransaction, _instances: object) -> None:
    """History is added to, never edited: a trigger says the same, this says it sooner and clearer."""
    for row in db.dirty:
        if not db.is_modified(row):
            continue
        if isinstance(row, Blob | Document | Report | ReportDocument):
            raise TypeError(f"{type(row).__name__} is written once.")
        if isinstance(row, Badge):
            state = inspect(row)
            changed = [name for name in Badge.WRITTEN_ONCE if state.attrs[name].history.has_changes()]
            if changed:
                raise TypeError(f"Of a badge, {', '.join(changed)} is written once.")


@event.listens_for(Session, "do_orm_execute")
def _guard_statements(state: ORMExecuteState) -> None:
    if state.is_update and state.bind_mapper is not None:
        table = state.bind_mapper.class_
        if table in (Blob, Document, Report, ReportDocument):
            raise TypeError(f"{table.__name__} is written once.")


@atexit.register
def _dispose() -> None:
    for engine in _engines.values():
        engine.dispose()

"""Rows written and read one by one, past the unit of work: of what every import does that takes the most time."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic.fields import FieldInfo
from sqlalchemy import CursorResult, Executable, Insert, insert, inspect
from sqlalchemy.orm import class_mapper, make_transient_to_detached
from sqlmodel import Session, SQLModel

Row = TypeVar("Row", bound=SQLModel)


def add(db: Session, table: type[Row], **values: Any) -> Row:
    """Insert a row at once, in the caller's transaction, and give it as one of its session."""
    given = {name: make() for name, make in _defaults(table).items() if name not in values} | values
    number = run(db, _inserting(table), given).inserted_primary_key[0]  # type: ignore[index]
    row = read(table, {**given, "id": number})
    db.add(row)
    return row


def run(db: Session, statement: Executable, values: Mapping[str, Any]) -> CursorResult[Any]:
    """Run a statement on tables, in the caller's transaction; what a session does for objects takes a third longer."""
    return db.connection().execute(statement, values)


def read(table: type[Row], values: Mapping[str, Any]) -> Row:
    """The row that has these values in the database, all of them; of no session."""
    # Asked in this way the tables are set up, where nothing was read in this process before.
    row: Row = class_mapper(table).class_manager.new_instance()
    row.__dict__.update(values)
    make_transient_to_detached(row)
    return row


@cache
def _inserting(table: type[SQLModel]) -> Insert:
    """One statement a table, made once: to make it anew takes longer than to run it."""
    return insert(inspect(table).local_table)


@cache
def _defaults(table: type[SQLModel]) -> dict[str, Callable[[], Any]]:
    """The columns that need not be given, and what they are then; the id is the database's to give."""
    fields = table.model_fields.items()
    return {name: _default(field) for name, field in fields if not field.is_required() and name != "id"}


def _default(field: FieldInfo) -> Callable[[], Any]:
    # Asked for it, pydantic looks at a factory's signature every time.
    return field.get_default if field.default_factory is None else field.default_factory  # type: ignore[return-value]

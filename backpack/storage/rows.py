"""Rows written and read one by one, past the unit of work: of what every import does that takes the most time."""

from collections.abc import Mapping
from functools import cache
from itertools import repeat
from typing import Any, TypeVar

from sqlalchemy import Insert, insert, inspect
from sqlalchemy.orm import class_mapper, make_transient_to_detached
from sqlmodel import Session, SQLModel

Row = TypeVar("Row", bound=SQLModel)


def add(db: Session, table: type[Row], **values: Any) -> Row:
    """Insert a row at once, in the caller's transaction, and give it as one of its session."""
    defaults = {name: default() for name, default in _defaults(table).items() if name not in values}
    given = defaults | values
    number = db.execute(_inserting(table), given).inserted_primary_key[0]  # type: ignore[attr-defined]
    row = read(table, {**given, "id": number})
    db.add(row)
    return row


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
def _defaults(table: type[SQLModel]) -> dict[str, Any]:
    """What makes the value of each column that need not be given; the database gives the id."""
    fields = {name: field for name, field in table.model_fields.items() if not field.is_required()}
    del fields["id"]
    return {name: field.default_factory or repeat(field.default).__next__ for name, field in fields.items()}

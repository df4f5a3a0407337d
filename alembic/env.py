"""Runs the migrations, on the connection handed in by ``backpack migrate`` or on the one of the settings."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from backpack.config import Settings
from backpack.storage import tables
from backpack.storage.database import engine_for

assert tables  # noqa: S101 - importing it fills SQLModel.metadata


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
    )
    context.run_migrations()


if handed := context.config.attributes.get("connection"):
    _run(handed)
else:
    with engine_for(Settings()).begin() as own:
        _run(own)

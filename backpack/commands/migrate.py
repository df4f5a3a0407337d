"""`backpack migrate`: the database's schema, for many machines."""

import click


@click.command("migrate")
def migrate() -> None:
    """Bring the database to this version's schema; safe to repeat."""
    from backpack.config import Settings
    from backpack.storage import database

    database.migrate(Settings())

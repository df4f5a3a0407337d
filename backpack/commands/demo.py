"""`backpack demo`: a backpack to look at."""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from backpack.config import Settings
    from backpack.demo.filling import Link


@click.command("demo", short_help="Make a demo earner with badges of every generation.")
def demo() -> None:
    """Make a demo earner with badges of every generation, signed by invented issuers; safe to repeat."""
    from datetime import UTC, datetime

    from rich.console import Console

    from backpack.commands.delivering import delivered
    from backpack.commands.import_ import bring
    from backpack.config import Settings
    from backpack.demo import filling
    from backpack.storage.database import migrate, session

    settings = Settings()
    migrate(settings)
    files = filling.files(settings, datetime.now(UTC))
    with session(settings) as db:
        earner = filling.welcome(db, datetime.now(UTC))
        new = filling.missing(db, earner, files)
    # One at a time: the backpack shows the newest first, and the demo has an order.
    parcels = [parcel for file in new for parcel in delivered(file)]
    status = bring(settings, earner.id, parcels, Console(stderr=True), at_once=1) if new else 0
    with session(settings) as db:
        filling.arrange(db, earner, datetime.now(UTC))
        shown = filling.links(db, earner, settings)
        way_in = filling.sign_in_link(db, settings, datetime.now(UTC)) if settings.is_local else ""
    _tell(settings, len(files), earner.name, shown, way_in)
    sys.exit(status)


def _tell(settings: "Settings", count: int, name: str, links: "list[Link]", way_in: str) -> None:
    click.echo(f"{count} badges are in the backpack of {name}, at {settings.base_url} while it is served.")
    if way_in:
        click.echo(f"\nSign in as {name} (once, within 30 minutes):\n  {way_in}")
    click.echo("\nWhat others see:")
    for link in links:
        who = "closed" if link.is_closed else {"world": "public"}.get(link.audience, "by link")
        click.echo(f"  {who:<8} {link.title}\n           {link.url}")

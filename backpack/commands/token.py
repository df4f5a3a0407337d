"""`backpack token`: a personal access token for the API."""

import click

from .addressed import EMAIL


@click.command("token")
@click.argument("email", type=EMAIL, help="The earner's e-mail address.")
@click.option("--create", is_flag=True, help="Make the earner if there is none yet.")
def token(email: str, create: bool) -> None:
    """Print a new personal access token of an earner."""
    from datetime import UTC, datetime

    from backpack.config import Settings
    from backpack.errors import Missing
    from backpack.services import granting, joining
    from backpack.storage.database import migrate, session

    settings = Settings()
    migrate(settings)
    with session(settings) as db:
        earner = joining.earner_by_email(db, email)
        if earner is None and create:
            earner = joining.make_earner(db, email, datetime.now(UTC))
        if earner is None:
            raise Missing(
                f"Nobody here has confirmed {email}.", "Add --create to make a backpack for this address."
            )
        click.echo(granting.create_token(db, earner, "Command line"))

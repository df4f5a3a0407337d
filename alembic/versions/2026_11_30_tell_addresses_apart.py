"""Addresses that share their capitals with others, compared as what they are: straße.example is not strasse.example."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "tell_addresses_apart"
down_revision = "offer_originals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    address = sa.table("address", *map(sa.column, ("id", "email", "email_key")))
    rows = op.get_bind().execute(sa.select(address.c.id, address.c.email, address.c.email_key)).all()
    for row, email, key in rows:
        small = "".join(c.lower() if c.lower().upper() == c else c for c in email)
        if small != key:
            op.execute(sa.update(address).where(address.c.id == row).values(email_key=small))


def downgrade() -> None:
    raise CommandError("Addresses that were told apart may be two people's.")

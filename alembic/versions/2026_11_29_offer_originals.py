"""Whether a public link offers the original file."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "offer_originals"
down_revision = "tell_news"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No link that is out already offers it: it names whom the badge was awarded to.
    op.add_column(
        "share", sa.Column("shows_original", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    raise CommandError("What earners chose to show is not thrown away by a step backwards.")

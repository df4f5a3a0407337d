"""What an earner will be told of, and whether they want to hear it."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "tell_news"
down_revision = "create_badge"
branch_labels = None
depends_on = None

_NOTED = "news IS NOT NULL"


def upgrade() -> None:
    op.add_column("badge", sa.Column("news", sa.JSON(), nullable=True))
    op.create_index(
        "badge_with_news",
        "badge",
        ["earner_id"],
        sqlite_where=sa.text(_NOTED),
        postgresql_where=sa.text(_NOTED),
    )
    # Everybody hears of news until they say otherwise.
    hears = sa.Column("hears_of_news", sa.Boolean(), nullable=False, server_default=sa.true())
    op.add_column("earner", hears)
    op.add_column("earner", sa.Column("told_of_news_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    raise CommandError("What earners chose to hear is not thrown away by a step backwards.")

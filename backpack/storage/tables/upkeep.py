"""What the machinery itself keeps: mail to send, counts of what was done how often, derived pictures."""

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from .defaults import now, public_id


class Outbox(SQLModel, table=True):
    """A mail to send, with its state; the row is the ledger."""

    __table_args__ = (Index("outbox_due", "next_try_at"),)
    id: int = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=public_id, unique=True)
    to: str
    subject: str
    text: str
    html: str = ""
    message_id: str = Field(unique=True)
    state: str = "unsent"  # unsent sending sent failed unknown kept
    attempts: int = 0
    problem: str | None = None
    next_try_at: datetime | None = None
    claimed_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)
    sent_at: datetime | None = None


class Throttle(SQLModel, table=True):
    """How often something was done in a window of time; shared by all processes."""

    key: str = Field(primary_key=True)
    window: int = Field(primary_key=True)
    count: int = 0


class CachedPicture(SQLModel, table=True):
    """A derived picture (card, thumbnail) by what it was made of; may be thrown away at any time."""

    __tablename__ = "cached_picture"
    key: str = Field(primary_key=True)
    media_type: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = Field(default_factory=now)

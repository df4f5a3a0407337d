"""What came in and where from: deliveries, and mailboxes that are looked into."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, text
from sqlmodel import Field, SQLModel

from .defaults import now, public_id


class Mailbox(SQLModel, table=True):
    """A mailbox that an earner has connected by IMAP; read only, never changed."""

    __table_args__ = (Index("mailbox_due", "due_at"),)
    id: int = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=public_id, unique=True)
    earner_id: int = Field(foreign_key="earner.id", index=True)
    host: str
    port: int = 993
    security: str = "tls"  # tls starttls none (none: only on an address of FETCH_ALLOW)
    username: str
    secret: str
    """The password, encrypted with the instance's key."""
    folder: str = "INBOX"
    takes: str = "awards"  # awards all: only what looks like an award, or every message
    state: str = "waiting"  # waiting working idle stopped failed
    problem: str | None = None
    try_this: str | None = None
    uid_validity: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    last_uid: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    """Every message up to this one was looked at, as long as the server's uid_validity is the same."""
    total: int = 0
    seen: int = 0
    taken: int = 0
    """Of the run at work or the last one: messages to look at, looked at, and taken as imports."""
    left_out: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """Of the same run: messages that were not taken though they look like awards, each with its reason."""
    started_at: datetime | None = None
    """When that run began."""
    failures: int = 0
    """How many looks in a row did not work: sets the next delay."""
    due_at: datetime | None = Field(default=None)
    """When to look again; None while it is stopped."""
    claimed_at: datetime | None = None
    attempts: int = 0
    polled_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)


class Arrival(SQLModel, table=True):
    """One delivery of bytes and what became of it."""

    __table_args__ = (
        Index("arrival_due", "due_at"),
        Index("arrival_of_earner", "earner_id", "id"),
        Index("arrival_of_batch", "earner_id", "batch", "state", "source", "why"),
        Index(
            "arrival_offered",
            "earner_id",
            "id",
            sqlite_where=text("offered_at IS NOT NULL"),
            postgresql_where=text("offered_at IS NOT NULL"),
        ),
    )
    id: int = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=public_id, unique=True)
    earner_id: int = Field(foreign_key="earner.id")
    batch: str = ""
    """Arrivals dropped together share it: the drawer shows one batch."""
    parent_id: int | None = Field(
        sa_column=Column(ForeignKey("arrival.id", ondelete="SET NULL"), index=True, nullable=True),
        default=None,
    )
    """The arrival this one was unpacked from: an archive, a mailbox file."""
    mailbox_id: int | None = Field(
        sa_column=Column(ForeignKey("mailbox.id", ondelete="SET NULL"), index=True, nullable=True),
        default=None,
    )
    """The connected mailbox it was fetched from."""
    source: str  # file, link, text, mail, push; archive once it is known to be one
    origin: str = ""
    """File name, address or sender, for people."""
    sha256: str = Field(foreign_key="blob.sha256", max_length=64)
    state: str = "waiting"  # waiting reading stopped done failed
    letter: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """Of a mail: from, subject, date, who sends such mails, and what is known of its sender (spf, dkim, dmarc)."""
    links: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """Addresses in a mail of an unknown sender that may lead to a badge: opened, and gone, when the earner says so."""
    offered_at: datetime | None = None
    """A mail that waits for the earner for what is no badge: such addresses, or a code that they asked for."""
    problem: str | None = None
    try_this: str | None = None
    why: str = ""
    """The problem as a stable word (no_badge, damaged, too_large…): what a summary counts by."""
    parts: int = 0
    place: int = 0
    """Of an archive: how many files are in it, and how many were taken out so far, each an arrival of its own."""
    brings: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """Of a badge out of an exported backpack: its note, its tags, whether hidden, its places in collections."""
    due_at: datetime | None = Field(default_factory=now)
    """When to read it, or to try again after an address did not answer; None once nothing is left to do."""
    attempts: int = 0
    claimed_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)
    done_at: datetime | None = None
    dismissed_at: datetime | None = None
    """Put out of view by the earner; the bytes stay."""


class ArrivalBadge(SQLModel, table=True):
    """Which badges an arrival brought, new or already there."""

    __tablename__ = "arrival_badge"
    arrival_id: int = Field(foreign_key="arrival.id", primary_key=True)
    badge_id: int = Field(foreign_key="badge.id", primary_key=True, index=True)
    is_new: bool = True

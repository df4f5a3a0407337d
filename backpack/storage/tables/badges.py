"""Badges, and what was found out about them."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from .defaults import now, public_id

_SHOWN = "hidden_at IS NULL AND deleted_at IS NULL AND offered_at IS NULL AND folded_under IS NULL"


class Badge(SQLModel, table=True):
    """An earner's own copy of a credential, with note and history."""

    __table_args__ = (
        UniqueConstraint("earner_id", "credential_sha256"),
        Index("badge_due", "next_check_at"),
        Index(
            "badge_to_draw",
            "picture_due_at",
            sqlite_where=text("picture_due_at IS NOT NULL"),
            postgresql_where=text("picture_due_at IS NOT NULL"),
        ),
        Index(
            "badge_with_news",
            "earner_id",
            sqlite_where=text("news IS NOT NULL"),
            postgresql_where=text("news IS NOT NULL"),
        ),
        Index("badge_by_address", "earner_id", "address"),
        Index("badge_by_award", "earner_id", "award_key"),
        Index("badge_by_achievement", "earner_id", "achievement_key"),
        Index("badge_by_achievement_id", "earner_id", "achievement_id"),
        # Partial, and in the order of the page: the newest badges of a backpack are one walk along the index
        # on either database, and what stands behind each tab is counted without touching a row.
        Index(
            "badge_page",
            "earner_id",
            "created_at",
            "id",
            "verdict",
            "hidden_at",
            "deleted_at",
            "offered_at",
            "folded_under",
            sqlite_where=text(_SHOWN),
            postgresql_where=text(_SHOWN),
        ),
        Index(
            "badge_offered",
            "earner_id",
            "id",
            sqlite_where=text("offered_at IS NOT NULL"),
            postgresql_where=text("offered_at IS NOT NULL"),
        ),
    )
    WRITTEN_ONCE: ClassVar[tuple[str, ...]] = (
        "public_id",
        "earner_id",
        "arrival_id",
        "original_sha256",
        "credential_sha256",
        "created_at",
    )
    id: int = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=public_id, unique=True)
    earner_id: int = Field(foreign_key="earner.id")
    arrival_id: int = Field(foreign_key="arrival.id")
    original_sha256: str = Field(foreign_key="blob.sha256", max_length=64)
    """The file as it came (the PNG, the mail's attachment)."""
    credential_sha256: str = Field(max_length=64)
    """Of the text of the credential inside it, which makes two files the same badge; no file of its own."""
    picture_sha256: str | None = Field(default=None, foreign_key="blob.sha256", max_length=64)
    """Our own re-encoded picture (PNG), never the stranger's bytes."""
    picture_due_at: datetime | None = None
    """When to draw that picture, or to try again if whoever is at it was killed; None: never, or it is there."""
    address: str = ""
    """Where it is hosted (OB 0.5 to 2.x), or ""."""
    version: str = ""
    carrier: str = ""
    title: str = ""
    description: str = ""
    issuer_id: str = ""
    issuer_name: str = ""
    issuer_url: str = ""
    recipient_hint: str = ""
    """Masked: "m•••@uc.pt", or "" when the badge shows only a hash."""
    search: str = ""
    """Title, issuer, description and tags, case and accents folded: what the search box looks in."""
    tags: str = ""
    """The earner's own tags, comma-separated, folded."""
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    matched: str = ""
    """Which confirmed address it was awarded to, in small letters, or ""."""
    verdict: str = ""  # "" until the first check has ended
    checked_at: datetime | None = None
    next_check_at: datetime | None = Field(default_factory=now)
    claimed_at: datetime | None = None
    attempts: int = 0
    unknowns: int = 0
    """How many checks in a row ended unconfirmed: sets the next delay."""
    progress: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """The partial report of a check at work, as `verify --json` prints it; None when idle."""
    news: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """Sentences by kind that its earner will be told of; None when there is nothing new."""
    note: str = ""
    offered_at: datetime | None = None
    """New, waiting for the earner: it came by mail and is not accepted yet; shown nowhere else."""
    award_key: str = ""
    """Which award this is, wherever its host has moved to; "" when only its address tells."""
    achievement_id: str = ""
    """What it is for by its own id, wherever its host has moved to; "" when it has none. See services/awards."""
    achievement_key: str = ""
    """What it is for and by whom in words, alike in every version; "" when unknown."""
    folded_under: int | None = Field(
        sa_column=Column(ForeignKey("badge.id", ondelete="SET NULL"), index=True, nullable=True), default=None
    )
    """The badge on whose card this one is shown, as its earlier award or its twin."""
    stands_alone: bool = False
    """Unfolded by the earner, and never folded again by us."""
    hidden_at: datetime | None = None
    deleted_at: datetime | None = None
    """In the bin: gone from every page and share at once, purged later, until then undo."""
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)


class Report(SQLModel, table=True):
    """All answers of one check of a badge; append-only."""

    __table_args__ = (Index("report_of_badge", "badge_id", "at"),)
    id: int = Field(default=None, primary_key=True)
    badge_id: int = Field(foreign_key="badge.id")
    at: datetime
    verdict: str
    content: Any = Field(sa_column=Column(JSON, nullable=False))
    """As `verify --json` prints it."""
    engine: str = ""
    """Version of the verifier that wrote it."""


class ReportDocument(SQLModel, table=True):
    """Which archived copies a report stands on."""

    __tablename__ = "report_document"
    report_id: int = Field(foreign_key="report.id", primary_key=True)
    document_id: int = Field(foreign_key="document.id", primary_key=True, index=True)

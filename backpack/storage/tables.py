"""The tables. Integer keys inside; what stands in an address is a random public id in an indexed column.

Written once (a session guard and a trigger hold it): blob, document, report, report_document, and of
badge the columns in ``Badge.WRITTEN_ONCE``. What a badge is called and by whom it was awarded is a
projection of its latest report, because a hosted badge tells it only once its issuer has answered.

Work is claimed on the row itself: arrival, badge, mailbox and outbox each have a time when they are due (NULL:
never again), ``claimed_at`` (the lease) and ``attempts``, which counts the claims and so fences off a
worker whose lease has run out. Whether a row may be claimed is for ``services/leasing`` to say.
"""

import secrets
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def public_id() -> str:
    """A random id for addresses: 128 bits, 22 characters."""
    return secrets.token_urlsafe(16)


class Earner(SQLModel, table=True):
    """A person with a backpack."""

    id: int = Field(default=None, primary_key=True)
    name: str = ""
    inbox_slug: str = Field(default_factory=lambda: secrets.token_hex(10), unique=True)
    """Local part of the personal import address is ``import+<inbox_slug>``: 80 random bits, replaceable."""
    accepts_forwarded: bool = False
    """Whether what they forward themselves (a confirmed address, with an aligned signature) needs no accepting."""
    follows_links: bool = False
    """Whether links in such a mail are opened at once, from senders we do not know too."""
    hears_of_offers: bool = True
    """Whether they are told by mail that something waits for them, at most once a day."""
    told_of_offers_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)
    closed_at: datetime | None = None


class Address(SQLModel, table=True):
    """An identity an earner has, or has yet to confirm."""

    __table_args__ = (
        Index(
            "address_confirmed_once",
            "email_key",
            unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        UniqueConstraint("earner_id", "email"),
    )
    id: int = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=public_id, unique=True)
    earner_id: int = Field(foreign_key="earner.id", index=True)
    email: str = Field(max_length=254)
    email_key: str = Field(max_length=254)
    """The address with its case folded: what must be unique once confirmed."""
    confirmed_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)


class Challenge(SQLModel, table=True):
    """A link and a code sent to an address; single use, short-lived. Only hashes are kept."""

    __table_args__ = (Index("challenge_by_email", "email", "purpose"),)
    id: int = Field(default=None, primary_key=True)
    purpose: str  # signin, confirm
    email: str
    earner_id: int | None = Field(default=None, foreign_key="earner.id")
    token_hash: str = Field(unique=True)
    code_hash: str
    tries: int = 0
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    """When the link ends; the code ends sooner."""
    used_at: datetime | None = None


class Signin(SQLModel, table=True):
    """A browser that is signed in."""

    id: int = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=public_id, unique=True)
    earner_id: int = Field(foreign_key="earner.id", index=True)
    token_hash: str = Field(unique=True)
    user_agent: str = ""
    created_at: datetime = Field(default_factory=now)
    seen_at: datetime = Field(default_factory=now)
    ended_at: datetime | None = None


class Token(SQLModel, table=True):
    """A personal access token for the JSON API; only its hash is kept."""

    id: int = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=public_id, unique=True)
    earner_id: int = Field(foreign_key="earner.id", index=True)
    token_hash: str = Field(unique=True)
    label: str = ""
    created_at: datetime = Field(default_factory=now)
    seen_at: datetime | None = None
    ended_at: datetime | None = None


class Blob(SQLModel, table=True):
    """Bytes by their own hash; the bytes lie in the blob store."""

    sha256: str = Field(primary_key=True, max_length=64)
    media_type: str = "application/octet-stream"
    size: int
    created_at: datetime = Field(default_factory=now)


class Document(SQLModel, table=True):
    """Archived copy: what one URL answered, once."""

    __table_args__ = (Index("document_by_url", "url", "fetched_at"),)
    id: int = Field(default=None, primary_key=True)
    url: str = Field(max_length=2048)
    sha256: str = Field(foreign_key="blob.sha256", max_length=64)
    status: int
    content_type: str = ""
    final_url: str | None = None
    problem: str | None = None
    fetched_at: datetime


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
    left_out: Any = Field(default=None, sa_column=Column(JSON))
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
    letter: Any = Field(default=None, sa_column=Column(JSON))
    """Of a mail: from, subject, date, who sends such mails, and what is known of its sender (spf, dkim, dmarc)."""
    links: Any = Field(default=None, sa_column=Column(JSON))
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
    brings: Any = Field(default=None, sa_column=Column(JSON))
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


_SHOWN = "hidden_at IS NULL AND deleted_at IS NULL AND offered_at IS NULL AND folded_under IS NULL"


class Badge(SQLModel, table=True):
    """An earner's own copy of a credential, with note and history."""

    __table_args__ = (
        UniqueConstraint("earner_id", "credential_sha256"),
        Index("badge_due", "next_check_at"),
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
    credential_sha256: str = Field(foreign_key="blob.sha256", max_length=64)
    """The text of the credential inside it: what makes two files the same badge."""
    picture_sha256: str | None = Field(default=None, foreign_key="blob.sha256", max_length=64)
    """Our own re-encoded picture (PNG), never the stranger's bytes."""
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
    progress: Any = Field(default=None, sa_column=Column(JSON))
    """The partial report of a check at work, as `verify --json` prints it; None when idle."""
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


class Collection(SQLModel, table=True):
    """An ordered set of badges with remarks."""

    id: int = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=public_id, unique=True)
    earner_id: int = Field(foreign_key="earner.id", index=True)
    title: str = Field(max_length=300)
    intro: str = ""
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)


class CollectionBadge(SQLModel, table=True):
    """A badge's place and remark in a collection."""

    __tablename__ = "collection_badge"
    collection_id: int = Field(
        sa_column=Column(ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True)
    )
    badge_id: int = Field(foreign_key="badge.id", primary_key=True, index=True)
    position: int = 0
    remark: str = ""


class Share(SQLModel, table=True):
    """A public link: an address that can be closed."""

    __table_args__ = (
        CheckConstraint("(badge_id IS NULL) <> (collection_id IS NULL)", name="share_of_exactly_one"),
    )
    id: int = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=public_id, unique=True)
    slug: str = Field(default_factory=lambda: secrets.token_urlsafe(18), unique=True)
    earner_id: int = Field(foreign_key="earner.id", index=True)
    badge_id: int | None = Field(default=None, foreign_key="badge.id", index=True)
    collection_id: int | None = Field(default=None, foreign_key="collection.id", index=True)
    audience: str = "link"  # link world
    label: str = ""
    shows_name: bool = True
    shows_evidence: bool = True
    expires_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)
    closed_at: datetime | None = None


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

"""Who has a backpack: earners, their addresses, and how they come in."""

import secrets
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from .defaults import now, public_id


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
    hears_of_news: bool = True
    """Whether they are told by mail what changed, ends soon or stays silent, at most once a day."""
    told_of_news_at: datetime | None = None
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

"""What an earner puts together and shows to others."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey
from sqlmodel import Field, SQLModel

from .defaults import now, public_id, slug


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
    slug: str = Field(default_factory=slug, unique=True)
    earner_id: int = Field(foreign_key="earner.id", index=True)
    badge_id: int | None = Field(default=None, foreign_key="badge.id", index=True)
    collection_id: int | None = Field(default=None, foreign_key="collection.id", index=True)
    audience: str = "link"  # link world
    label: str = ""
    shows_name: bool = True
    shows_evidence: bool = True
    shows_original: bool = False
    expires_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)
    closed_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether it was neither closed nor has ended."""
        return self.closed_at is None and (self.expires_at is None or self.expires_at > at)

"""What was kept of files and of the web: bytes by their hash, and what addresses answered."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from .defaults import now


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

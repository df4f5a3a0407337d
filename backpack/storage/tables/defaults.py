"""What a new row is given: this moment, and a name of its own for addresses."""

import secrets
from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def public_id() -> str:
    """A random id for addresses: 128 bits, 22 characters."""
    return secrets.token_urlsafe(16)

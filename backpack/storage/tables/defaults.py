"""What a new row is given: this moment, and a name of its own for addresses."""

import secrets
from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def slug() -> str:
    """A random name that nobody can guess: 144 bits, 24 characters, for an address that people paste anywhere.

    Many programs take a mark at the end of an address for the end of a sentence, and leave it out of the link.
    """
    while not (name := secrets.token_urlsafe(18))[-1].isalnum():
        pass
    return name


def public_id() -> str:
    """A random id for addresses: 128 bits, 22 characters."""
    return secrets.token_urlsafe(16)

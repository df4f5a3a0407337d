"""What a share target is told: never more than the public page shows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Shareable:
    """A public link with the facts that targets fill in. ``kind`` is badge or collection; times are aware."""

    kind: str
    url: str
    title: str
    text: str
    picture_url: str
    issuer_name: str = ""
    issuer_linkedin_id: str = ""
    """The number of the issuer's LinkedIn page, when it is known."""
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    credential_id: str = ""


def link(address: str, **values: object) -> str:
    """The address with these values as its query, each percent-encoded; empty ones are left out."""
    kept = {name: str(value) for name, value in values.items() if value not in ("", None)}
    return f"{address}?{urlencode(kept, quote_via=quote, safe='')}"


def month_of(when: datetime | None) -> tuple[int, int] | tuple[None, None]:
    """Year and month in UTC, whatever the zone it was written in: near midnight they differ."""
    if when is None:
        return None, None
    there = when.astimezone(UTC)
    return there.year, there.month

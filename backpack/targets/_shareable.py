"""What a share target may know about a share, and how an address is put together."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Shareable:
    """A public link and what its page says; never more than that page shows.

    ``text`` is a sentence to start from, without the link. ``issuer_linkedin_id`` is the number of the
    issuer's LinkedIn page, when it is known. ``kind`` is badge or collection.
    """

    url: str
    title: str
    text: str = ""
    issuer_name: str = ""
    issuer_linkedin_id: str = ""
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    credential_id: str = ""
    picture_url: str = ""
    kind: str = "badge"

    def words(self, most: int) -> str:
        """The text and the link, as one, in at most so many characters; the link is never cut."""
        room = most - len(self.url) - 1
        text = self.text or self.title
        if len(text) > room:
            text = text[: max(room - 1, 0)].rstrip() + "…"
        return f"{text} {self.url}"


def link(base: str, **values: str) -> str:
    """This base with every value percent-encoded, spaces as %20; empty values are left out."""
    return f"{base}?{urlencode({k: v for k, v in values.items() if v}, quote_via=quote, safe='')}"

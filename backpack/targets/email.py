"""E-mail, in the reader's own program."""

from urllib.parse import quote

from ._shareable import Shareable

LABEL = "E-mail"


def address(share: Shareable) -> str:
    """A letter to be addressed and sent by the earner (RFC 6068: lines end in CRLF)."""
    body = f"{share.text}\r\n\r\n{share.url}\r\n"
    return f"mailto:?subject={quote(share.title, safe='')}&body={quote(body, safe='')}"

"""E-mail, in whatever program the reader uses."""

from urllib.parse import quote, urlencode

from ._shareable import Shareable

LABEL = "E-mail"
ICON = "mail"


def address(share: Shareable) -> str:
    """A new message with subject and body. RFC 6068: lines end with CR LF, spaces are %20."""
    body = f"{share.text or share.title}\r\n\r\n{share.url}\r\n"
    return "mailto:?" + urlencode({"subject": share.title, "body": body}, quote_via=quote, safe="")

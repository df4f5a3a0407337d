"""X, once Twitter."""

from ._shareable import Shareable, link

LABEL = "X"
ICON = "out"


def address(share: Shareable) -> str:
    """The form for a new post with text and link."""
    return link("https://twitter.com/intent/tweet", text=share.text or share.title, url=share.url)

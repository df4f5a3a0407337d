"""X, once Twitter."""

from ._shareable import Shareable, link

LABEL = "X"


def address(share: Shareable) -> str:
    """A post with text and link."""
    return link("https://twitter.com/intent/tweet", text=share.text, url=share.url)

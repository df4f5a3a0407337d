"""Threads."""

from ._shareable import Shareable, link

LABEL = "Threads"


def address(share: Shareable) -> str:
    """A post with text and link."""
    return link("https://www.threads.net/intent/post", text=share.text, url=share.url)

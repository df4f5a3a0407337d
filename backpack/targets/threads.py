"""Threads."""

from ._shareable import Shareable, link

LABEL = "Threads"
ICON = "out"


def address(share: Shareable) -> str:
    """The form for a new post with text and link."""
    return link("https://www.threads.net/intent/post", text=share.text or share.title, url=share.url)

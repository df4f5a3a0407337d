"""Bluesky. A post holds 300 characters."""

from ._shareable import Shareable, link

LABEL = "Bluesky"
ICON = "out"


def address(share: Shareable) -> str:
    """The form for a new post with text and link."""
    return link("https://bsky.app/intent/compose", text=share.words(most=300))

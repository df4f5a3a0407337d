"""Bluesky. A post holds 300 characters."""

from . import shareable
from ._shareable import Shareable

LABEL = "Bluesky"
ICON = "out"


def address(share: Shareable) -> str:
    """The form for a new post with text and link."""
    return shareable.address("https://bsky.app/intent/compose", text=share.words(most=300))

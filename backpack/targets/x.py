"""X, once Twitter."""

from . import shareable
from ._shareable import Shareable

LABEL = "X"
ICON = "out"


def address(share: Shareable) -> str:
    """The form for a new post with text and link."""
    return shareable.address("https://x.com/intent/post", text=share.text or share.title, url=share.url)

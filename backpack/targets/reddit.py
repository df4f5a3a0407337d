"""Reddit."""

from . import shareable
from ._shareable import Shareable

LABEL = "Reddit"
ICON = "out"


def address(share: Shareable) -> str:
    """The form for a new link with its title."""
    return shareable.address("https://www.reddit.com/submit", url=share.url, title=share.title)

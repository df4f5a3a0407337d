"""LinkedIn, a new post. It takes only the link and draws the page's preview card."""

from . import shareable
from ._shareable import Shareable

LABEL = "Post on LinkedIn"
ICON = "out"


def address(share: Shareable) -> str:
    """The form for a new post with the link."""
    return shareable.address("https://www.linkedin.com/sharing/share-offsite/", url=share.url)

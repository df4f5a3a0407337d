"""Facebook. It takes only the link."""

from . import shareable
from ._shareable import Shareable

LABEL = "Facebook"
ICON = "out"


def address(share: Shareable) -> str:
    """The form for a new post with the link."""
    return shareable.address("https://www.facebook.com/sharer/sharer.php", u=share.url)

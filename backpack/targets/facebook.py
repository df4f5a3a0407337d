"""Facebook. It takes only the link."""

from ._shareable import Shareable, link

LABEL = "Facebook"
ICON = "out"


def address(share: Shareable) -> str:
    """The form for a new post with the link."""
    return link("https://www.facebook.com/sharer/sharer.php", u=share.url)

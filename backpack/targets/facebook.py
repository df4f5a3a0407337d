"""Facebook."""

from ._shareable import Shareable, link

LABEL = "Facebook"


def address(share: Shareable) -> str:
    """The sharer with the page's preview."""
    return link("https://www.facebook.com/sharer/sharer.php", u=share.url)

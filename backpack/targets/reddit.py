"""Reddit."""

from ._shareable import Shareable, link

LABEL = "Reddit"
ICON = "out"


def address(share: Shareable) -> str:
    """The form for a new link with its title."""
    return link("https://www.reddit.com/submit", url=share.url, title=share.title)

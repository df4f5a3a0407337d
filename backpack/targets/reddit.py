"""Reddit."""

from ._shareable import Shareable, link

LABEL = "Reddit"


def address(share: Shareable) -> str:
    """A link post."""
    return link("https://www.reddit.com/submit", url=share.url, title=share.title)

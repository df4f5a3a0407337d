"""LinkedIn, a new post. It takes only the link and draws the page's preview card."""

from ._shareable import Shareable, link

LABEL = "Post on LinkedIn"
ICON = "out"


def address(share: Shareable) -> str:
    """The form for a new post with the link."""
    return link("https://www.linkedin.com/sharing/share-offsite/", url=share.url)

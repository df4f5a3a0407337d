"""LinkedIn, a post in the feed."""

from ._shareable import Shareable, link

LABEL = "LinkedIn post"


def address(share: Shareable) -> str:
    """A post with the page's preview; LinkedIn takes title and picture from the page itself."""
    return link("https://www.linkedin.com/sharing/share-offsite/", url=share.url)

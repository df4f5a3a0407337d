"""Pinterest."""

from ._shareable import Shareable, link

LABEL = "Pinterest"


def address(share: Shareable) -> str:
    """A pin of the preview card."""
    return link(
        "https://www.pinterest.com/pin/create/button/",
        url=share.url,
        media=share.picture_url,
        description=share.title,
    )

"""Pinterest. A pin needs a picture: the preview card."""

from ._shareable import Shareable, link

LABEL = "Pinterest"
ICON = "out"


def address(share: Shareable) -> str:
    """The form for a new pin with link, picture and words."""
    return link(
        "https://www.pinterest.com/pin/create/button/",
        url=share.url,
        media=share.picture_url,
        description=share.text or share.title,
    )

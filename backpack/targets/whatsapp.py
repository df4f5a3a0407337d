"""WhatsApp, on the phone or in the browser."""

from ._shareable import Shareable, link

LABEL = "WhatsApp"
ICON = "out"


def address(share: Shareable) -> str:
    """The choice of a chat, with text and link."""
    return link("https://wa.me/", text=share.words(most=2000))

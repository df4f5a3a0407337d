"""WhatsApp, on the phone or in the browser."""

from . import shareable
from ._shareable import Shareable

LABEL = "WhatsApp"
ICON = "out"


def address(share: Shareable) -> str:
    """The choice of a chat, with text and link."""
    return shareable.address("https://wa.me/", text=share.words(most=2000))

"""Telegram."""

from . import shareable
from ._shareable import Shareable

LABEL = "Telegram"
ICON = "out"


def address(share: Shareable) -> str:
    """The choice of a chat, with text and link."""
    return shareable.address("https://t.me/share/url", url=share.url, text=share.text or share.title)

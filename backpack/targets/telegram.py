"""Telegram."""

from ._shareable import Shareable, link

LABEL = "Telegram"
ICON = "out"


def address(share: Shareable) -> str:
    """The choice of a chat, with text and link."""
    return link("https://t.me/share/url", url=share.url, text=share.text or share.title)

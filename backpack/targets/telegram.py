"""Telegram."""

from ._shareable import Shareable, link

LABEL = "Telegram"


def address(share: Shareable) -> str:
    """A message; whom to, is asked there."""
    return link("https://t.me/share/url", url=share.url, text=share.text)

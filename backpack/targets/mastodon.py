"""Mastodon and its relatives."""

from ._shareable import Shareable, link

LABEL = "Mastodon"


def address(share: Shareable) -> str:
    """A page that asks for the reader\'s own server, since there are thousands."""
    return link("https://shareopenly.org/share/", url=share.url, text=share.text)

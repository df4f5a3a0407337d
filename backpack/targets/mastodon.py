"""Mastodon, and what speaks its language. Everyone has a server of their own; the largest forwards to none."""

from ._shareable import Shareable, link

LABEL = "Mastodon"
ICON = "out"

SERVER = "mastodon.social"


def address(share: Shareable) -> str:
    """The form for a new post on the largest server; ``on`` is for those who are elsewhere."""
    return on(SERVER, share)


def on(server: str, share: Shareable) -> str:
    """The form for a new post on this server, a plain host name."""
    return link(f"https://{server}/share", text=share.words(most=500))

"""Bluesky."""

from ._shareable import Shareable, link

LABEL = "Bluesky"


def address(share: Shareable) -> str:
    """A post; its text holds the link."""
    return link("https://bsky.app/intent/compose", text=f"{share.text} {share.url}")

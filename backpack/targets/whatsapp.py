"""WhatsApp."""

from ._shareable import Shareable, link

LABEL = "WhatsApp"


def address(share: Shareable) -> str:
    """A message; whom to, is asked there."""
    return link("https://wa.me/", text=f"{share.text} {share.url}")

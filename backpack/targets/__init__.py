"""Where badges are shown. A target is a module with a label, an icon and an address, and a line here.

An address is a plain link with everything filled in: no script of theirs is ever loaded, and no site
learns anything until somebody opens it.
"""

from typing import Protocol

from . import (
    bluesky,
    email,
    facebook,
    linkedin_post,
    linkedin_profile,
    mastodon,
    pinterest,
    reddit,
    telegram,
    threads,
    whatsapp,
    x,
)
from ._shareable import Shareable

__all__ = ["TARGETS", "Shareable", "Target"]


class Target(Protocol):
    """What a module in this folder offers: the words on its button, an icon's name, and the address."""

    LABEL: str
    ICON: str

    def address(self, share: Shareable) -> str:
        """The address that opens there with this share filled in."""


TARGETS: dict[str, Target] = {
    "linkedin_profile": linkedin_profile,
    "linkedin_post": linkedin_post,
    "bluesky": bluesky,
    "mastodon": mastodon,
    "facebook": facebook,
    "x": x,
    "threads": threads,
    "reddit": reddit,
    "whatsapp": whatsapp,
    "telegram": telegram,
    "pinterest": pinterest,
    "email": email,
}

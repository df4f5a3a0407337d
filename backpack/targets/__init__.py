"""Where badges are shown: one module a target, one line each here. A target is a prefilled link, never a script."""

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
    """A place to share to."""

    LABEL: str
    """What people call it."""

    def address(self, share: Shareable) -> str:
        """The link that opens it with everything filled in."""


TARGETS: dict[str, Target] = {
    "linkedin_profile": linkedin_profile,
    "linkedin_post": linkedin_post,
    "facebook": facebook,
    "x": x,
    "bluesky": bluesky,
    "mastodon": mastodon,
    "threads": threads,
    "reddit": reddit,
    "whatsapp": whatsapp,
    "telegram": telegram,
    "pinterest": pinterest,
    "email": email,
}

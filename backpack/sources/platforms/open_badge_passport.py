"""Open Badge Passport: a backpack; its pages of badges are public when the earner says so."""

import re

from .._parcel import Letter
from ._addresses import is_at, is_from, parts_of

LABEL = "Open Badge Passport"
HOSTS: tuple[str, ...] = ("openbadgepassport.com",)

_BADGE = re.compile(r"/app/badge/info/(\d{1,12})(?:/|$)")


def data_address(url: str) -> str | None:
    """The badge's page: it may show where the data is."""
    badge = _badge(url)
    return f"https://openbadgepassport.com/app/badge/info/{badge}" if badge else None


def award_in(_url: str) -> str:
    """None: the number is that of a copy, not of the award."""
    return ""


def sends(letter: Letter) -> bool:
    """From their hosts."""
    return is_from(letter, HOSTS)


def next_step(url: str) -> str:
    """Save the badge's picture there."""
    if not is_at(url, HOSTS):
        return ""
    return (
        "Sign in at openbadgepassport.com, receive the badge if you have not yet, open it, save its picture "
        "(PNG or SVG), and add that file here."
    )


def _badge(url: str) -> str:
    found = _BADGE.match(parts_of(url).path) if is_at(url, HOSTS) else None
    return found[1] if found else ""

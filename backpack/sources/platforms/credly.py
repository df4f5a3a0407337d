"""Credly, once Acclaim (acclaim.com, youracclaim.com): an award is not public before the earner accepts it."""

import re

from .._parcel import Letter
from ._addresses import is_at, is_from, parts_of

LABEL = "Credly"
HOSTS: tuple[str, ...] = ("credly.com", "youracclaim.com", "acclaim.com")

_AWARD = re.compile(
    r"/(?:earner/earned/badge|badges|obi/v\d/(?:badge_assertions|open_badge_credentials)|obi/badge_assertions)"
    r"/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[./]|$)",
    re.IGNORECASE,
)


def data_address(url: str) -> str | None:
    """Their address of the award as an Open Badge 2."""
    award = award_in(url)
    return f"https://www.credly.com/api/v1/obi/v2/badge_assertions/{award}" if award else None


def award_in(url: str) -> str:
    """The award's UUID, which outlived two names of the platform."""
    found = _AWARD.search(parts_of(url).path) if is_at(url, HOSTS) else None
    return found[1].lower() if found else ""


def sends(letter: Letter) -> bool:
    """From their hosts."""
    return is_from(letter, HOSTS)


def next_step(url: str) -> str:
    """Accept first, make public, and copy the public link."""
    if not is_at(url, HOSTS):
        return ""
    return (
        "Sign in at credly.com, accept the badge and set it to public. Then open it, choose Share, copy the "
        "link that begins with https://www.credly.com/badges/ and paste it here."
    )

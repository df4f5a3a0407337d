"""Accredible: credential.net, and pages of its customers below accredible.com."""

import re

from .._parcel import Letter
from ._addresses import is_at, is_from, parts_of

LABEL = "Accredible"
HOSTS: tuple[str, ...] = ("credential.net", "accredible.com")

_AWARD = re.compile(
    r"/(?:(?:embed|badges?|certificates?|credentials?|v1/obi/badge_assertions)/)?"
    r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[./]|$)",
    re.IGNORECASE,
)


def data_address(url: str) -> str | None:
    """Their address of the award as an Open Badge."""
    award = award_in(url)
    return f"https://api.accredible.com/v1/obi/badge_assertions/{award}" if award else None


def award_in(url: str) -> str:
    """The award's UUID, the same on each of their hosts."""
    found = _AWARD.match(parts_of(url).path) if is_at(url, HOSTS) else None
    return found[1].lower() if found else ""


def sends(letter: Letter) -> bool:
    """From their hosts; issuers may send from their own, and then link to theirs."""
    return is_from(letter, HOSTS) or any(award_in(link) for link in letter.links)


def next_step(url: str) -> str:
    """Save the badge from the award's page."""
    if not is_at(url, HOSTS):
        return ""
    return (
        "Open the link, sign in if it asks you to, choose Download and then the badge as a picture (PNG), "
        "and add that file here."
    )

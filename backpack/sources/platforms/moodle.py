"""Moodle: every school runs its own, so it is known by the shape of its addresses."""

import re

from .._parcel import Letter
from ._addresses import on_same_host, parts_of, query_of

LABEL = "Moodle"
HOSTS: tuple[str, ...] = ("moodlecloud.com",)

_PAGE = re.compile(r"(.*/badges)/(?:badge|assertion|badge_json)\.php$")
_THEIRS = re.compile(r"/badges/(?:badge|assertion|badge_json|mybadges|external)\.php$")
_HASH = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)


def data_address(url: str) -> str | None:
    """The assertion behind the badge's page."""
    page, award = _PAGE.match(parts_of(url).path), award_in(url)
    if not page or not award:
        return None
    if parts_of(url).path.endswith("/assertion.php"):
        return on_same_host(
            url, parts_of(url).path, parts_of(url).query
        )  # its version is part of the badge's id
    return on_same_host(url, f"{page[1]}/assertion.php", f"b={award}")


def award_in(url: str) -> str:
    """The hash in the address."""
    found = query_of(url, "hash") or query_of(url, "b")
    return found.lower() if _PAGE.match(parts_of(url).path) and _HASH.fullmatch(found) else ""


def sends(letter: Letter) -> bool:
    """With a link to a badge's page, or to the page of one's own badges."""
    return any(_THEIRS.search(parts_of(link).path) for link in letter.links)


def next_step(url: str) -> str:
    """Download it from one's own badges."""
    if not _THEIRS.search(parts_of(url).path):
        return ""
    return (
        "Sign in to that Moodle, open your profile and there Badges (or Manage badges), download the badge, "
        "and add that picture here."
    )

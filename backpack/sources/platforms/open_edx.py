"""Open edX: edx.org and many hosts of its own. Its certificates are pages; its badges come from other platforms."""

import re

from .._parcel import Letter
from ._addresses import is_at, is_from, parts_of

LABEL = "Open edX"
HOSTS: tuple[str, ...] = ("edx.org",)

_THEIRS = re.compile(
    r"/certificates/(?:[0-9a-f]{32}|user/\d+/course/[^/]+)/?$|/credentials/(?:[0-9a-f]{32}|[0-9a-f-]{36})/?$"
    r"|/courses/course-v1:[^/]+(?:/|$)",
    re.IGNORECASE,
)


def data_address(_url: str) -> str | None:
    """None: no page of theirs has an Open Badge behind it."""
    return None


def award_in(_url: str) -> str:
    """None: their certificates are no badges."""
    return ""


def sends(letter: Letter) -> bool:
    """From edx.org, or with a link to a certificate or a course of this kind of server."""
    return is_from(letter, HOSTS) or any(_THEIRS.search(parts_of(link).path) for link in letter.links)


def next_step(url: str) -> str:
    """Where the badge of a course is, when it has one."""
    if not is_at(url, HOSTS) and not _THEIRS.search(parts_of(url).path):
        return ""
    return (
        "A certificate of Open edX is a page without a badge in it. If the course awards one, sign in there, "
        "open your profile, find the badge under Accomplishments, choose Share, download it, and add that "
        "picture here."
    )

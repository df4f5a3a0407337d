"""Open Badge Factory: every award has a public address with its data behind it, on their host or a customer's."""

import re

from .._parcel import Letter
from ._addresses import is_at, is_from, on_same_host, parts_of

LABEL = "Open Badge Factory"
HOSTS: tuple[str, ...] = ("openbadgefactory.com",)

_AWARD = re.compile(r"/v1/assertion/([0-9a-f]{40})(?:\.(?:html|json|png|svg))?/?$", re.IGNORECASE)


def data_address(url: str) -> str | None:
    """The award's address without the ending that makes it a page."""
    award = award_in(url)
    return on_same_host(url, f"/v1/assertion/{award}") if award else None


def award_in(url: str) -> str:
    """The hash in the address."""
    found = _AWARD.search(parts_of(url).path)
    return found[1].lower() if found else ""


def sends(letter: Letter) -> bool:
    """From their hosts, or with a link to an award of theirs."""
    return is_from(letter, HOSTS) or any(award_in(link) for link in letter.links)


def next_step(url: str) -> str:
    """Receive it in the passport, and save its picture."""
    if not is_at(url, HOSTS):
        return ""
    return (
        "Open the link, choose to receive or download the badge, save its picture, and add that file here. "
        "From Open Badge Passport: sign in, open the badge, save its picture, and add it here."
    )

"""edubadges, of SURF in the Netherlands: an award is private until the earner makes it public."""

import re

from .._parcel import Letter
from ._addresses import is_at, is_from, parts_of
from .badgr import assertion_in

LABEL = "edubadges"
HOSTS: tuple[str, ...] = ("edubadges.nl",)

_DETAILS = re.compile(r"/details/([A-Za-z0-9_-]{22})/?$")
_SUBJECT = re.compile(r"\bedubadge", re.IGNORECASE)
_SENDERS = ("surf.nl", *HOSTS)


def data_address(url: str) -> str | None:
    """Their API's address of the award; it answers once the award is public."""
    award = award_in(url)
    return f"https://api.edubadges.nl/public/assertions/{award}" if award else None


def award_in(url: str) -> str:
    """The award's random id."""
    found = _DETAILS.search(parts_of(url).path) if is_at(url, HOSTS) else None
    return found[1] if found else assertion_in(url) if is_at(url, HOSTS) else ""


def sends(letter: Letter) -> bool:
    """From their hosts or SURF's, with the name in the subject."""
    return bool(_SUBJECT.search(letter.subject)) and is_from(letter, _SENDERS)


def next_step(url: str) -> str:
    """Claim it, make it public, and bring its public link."""
    if not is_at(url, HOSTS):
        return ""
    if award_in(url):
        return (
            "An edubadge is private until you make it public. Sign in at edubadges.nl, open the badge, set it to "
            "public, and then press Try again here or paste its public link."
        )
    return (
        "Sign in at edubadges.nl, claim the badge, open it and set it to public. Then copy its public link and "
        "paste it here."
    )

"""The platforms that award badges: their hosts, where they have a badge's data, and how their mails look.

A platform is a module with what ``Platform`` says, and a line here. Nothing else knows a host. Many platforms
run on hosts of their customers too; there they are known by the shape of their addresses. They are pure:
an address or a letter in, words out.
"""

from typing import Protocol

from .._parcel import Letter
from . import (
    accredible,
    badgr,
    credly,
    edubadges,
    moodle,
    open_badge_factory,
    open_badge_passport,
    open_edx,
    openbadges_education,
)
from ._addresses import host_of, is_at

__all__ = [
    "PLATFORMS",
    "Platform",
    "award_key",
    "data_address",
    "family",
    "imitates_known",
    "is_known",
    "next_step",
    "of_sender",
]


class Platform(Protocol):
    """What a module in this folder offers. Each function is asked only about addresses on the platform's own
    hosts, and on hosts that belong to no platform.
    """

    LABEL: str
    HOSTS: tuple[str, ...]
    """Its own hosts, with everything below them."""

    def data_address(self, url: str, /) -> str | None:
        """Where the data of the badge is that this address shows; None when it shows none that we know of."""

    def award_in(self, url: str, /) -> str:
        """The award's own id in this address, the same on each host of theirs that it was ever on; "" for none."""

    def sends(self, letter: Letter, /) -> bool:
        """Whether a mail looks like theirs. That proves nothing: anyone can write such a mail."""

    def next_step(self, url: str, /) -> str:
        """What the earner can do when this address gives no badge to those who have not signed in; "" when it is
        none of theirs.
        """


PLATFORMS: dict[str, Platform] = {
    "badgr": badgr,
    "credly": credly,
    "accredible": accredible,
    "open_badge_factory": open_badge_factory,
    "open_badge_passport": open_badge_passport,
    "openbadges_education": openbadges_education,
    "edubadges": edubadges,
    "moodle": moodle,
    "open_edx": open_edx,
}


def is_known(url: str) -> bool:
    """Whether this is on a host of a platform itself."""
    return _owner(url) is not None


def family(url: str) -> str:
    """The platform whose own host this is, by whatever name it has gone; "" for hosts that are nobody's."""
    owner = _owner(url)
    return owner.LABEL if owner else ""


def imitates_known(url: str) -> bool:
    """Whether a host only dresses up as a known one: badgr.com.evil.test."""
    host = host_of(url)
    names = (name for platform in PLATFORMS.values() for name in platform.HOSTS)
    return not is_known(url) and any(f".{name}." in f".{host}." for name in names)


def data_address(url: str) -> str | None:
    """Where the data of the badge is that this address shows; None when no platform knows."""
    return next((found for one in _asked(url) if (found := one.data_address(url))), None)


def award_key(url: str) -> str:
    """One name for the award at this address, the same under every host the platform ever had; "" for none.

    On hosts of their own only: elsewhere somebody could give another badge the same name.
    """
    name = next((name for name, one in PLATFORMS.items() if is_at(url, one.HOSTS)), "")
    award = PLATFORMS[name].award_in(url) if name else ""
    return f"{name}:{award}" if award else ""


def next_step(url: str) -> str:
    """What the earner can do about an address that gives its badge only to those who sign in; "" for none."""
    return next((step for one in _asked(url) if (step := one.next_step(url))), "")


def of_sender(letter: Letter) -> Platform | None:
    """The platform whose mails look like this one."""
    return next((one for one in PLATFORMS.values() if one.sends(letter)), None)


def _asked(url: str) -> list[Platform]:
    """The one whose host it is; on a host that is nobody's, all."""
    if not host_of(url) or imitates_known(url):
        return []
    owner = _owner(url)
    return [owner] if owner else list(PLATFORMS.values())


def _owner(url: str) -> Platform | None:
    return next((one for one in PLATFORMS.values() if is_at(url, one.HOSTS)), None)

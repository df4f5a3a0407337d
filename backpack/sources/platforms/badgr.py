"""Badgr, since called Canvas Badges, Canvas Credentials and Parchment Digital Badges; and its forks.

Every public address of an award ends in the same random id, under each host it ever had: badgr.io, badgr.com,
its regions, badges.parchment.com. Institutions run forks of it on hosts of their own.
"""

import re

from .._parcel import Letter
from ._addresses import host_of, is_at, is_from, on_same_host, parts_of

LABEL = "Badgr"
HOSTS: tuple[str, ...] = ("badgr.com", "badgr.io", "badges.parchment.com")

_REGIONS = ("eu", "ca", "au", "us", "uk", "sg")
_ASSERTION = re.compile(r"/public/assertions/([^/?#.]+)(?:\.json|/image|/baked)?/?$")
_STORED_PICTURE = re.compile(r"/uploads/badges/assertion-([A-Za-z0-9_-]{22})\.(?:png|svg)$")
_COLLECTION = re.compile(r"/public/collections/([\w-]{16,40})(?:\.json)?/?$")
# A random UUID in base64url has fixed bits: no other number of 22 characters looks like one for long.
_RANDOM_ID = re.compile(
    r"[\w-]{8}[QRST][\w-][CGKOSWaeimquy26-][\w-]{10}[AQgw]|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_SUBJECT = re.compile(r"you(?:'ve| have)? earned a badge", re.IGNORECASE)


def data_address(url: str) -> str | None:
    """Its API's address for the award, or on another host the same address without what follows the id."""
    award = assertion_in(url)
    if not award:
        return _collection_address(url)
    if is_at(url, HOSTS):
        return f"https://{_api_host(host_of(url))}/public/assertions/{award}"
    return on_same_host(url, f"/public/assertions/{award}") if _RANDOM_ID.fullmatch(award) else None


def award_in(url: str) -> str:
    """The random id, which moved with the platform from host to host."""
    award = assertion_in(url)
    return award if _RANDOM_ID.fullmatch(award) else ""


def sends(letter: Letter) -> bool:
    """From their hosts, or with their subject and a link to an award."""
    if is_from(letter, HOSTS):
        return True
    return bool(_SUBJECT.search(letter.subject)) and any(assertion_in(link) for link in letter.links)


def next_step(url: str) -> str:
    """Their pages need a browser; their public link does not."""
    if not is_at(url, HOSTS):
        return ""
    if assertion_in(url):
        return (
            "Open the link in a browser. If the badge is there, download it from that page and add the file; "
            "if it is not, sign in at badges.parchment.com, where Badgr has moved, and look for it there."
        )
    return (
        "Sign in at badges.parchment.com, where Badgr has moved, open the badge, choose Share, and copy the "
        "link with /public/assertions/ in it."
    )


def assertion_in(url: str) -> str:
    """The id of the award in an address of this kind of server; "" when there is none."""
    path = parts_of(url).path
    found = _ASSERTION.search(path) or _STORED_PICTURE.search(path)
    return found[1] if found else ""


def _collection_address(url: str) -> str | None:
    """Where the list of a public collection's awards is; on their own hosts only."""
    found = _COLLECTION.search(parts_of(url).path) if is_at(url, HOSTS) else None
    return f"https://{_api_host(host_of(url))}/public/collections/{found[1]}" if found else None


def _api_host(host: str) -> str:
    if host.startswith("api."):
        return host
    if host.endswith("parchment.com"):
        return "api.badges.parchment.com"
    domain = "badgr.com" if host.endswith("badgr.com") else "badgr.io"
    region = host.removesuffix(domain).rstrip(".").rpartition(".")[2]
    return f"api.{region}.badgr.io" if region in _REGIONS else "api.badgr.io"

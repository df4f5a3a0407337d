"""Addresses that people copy, and where the badge's data is.

A known host shows people one address and programs another. What an address says about a person
(``identity__email``) or asks the page to do (``action=download``) is taken off before it goes anywhere.
"""

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

_ASSERTION = re.compile(r"/public/assertions/([^/?#.]+)(?:\.json|/image|/baked)?/?$")
_STORED_PICTURE = re.compile(r"/uploads/badges/assertion-([A-Za-z0-9_-]{22})\.(?:png|svg)$")
_EDUBADGE = re.compile(r"/details/([A-Za-z0-9_-]{22})/?$")
_CREDLY = re.compile(
    r"/(?:earner/earned/badge|badges)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|$)", re.IGNORECASE
)
_MOODLE = re.compile(r"(.*/badges)/badge\.php$")

_KNOWN = (
    "badgr.com",
    "badgr.io",
    "badges.parchment.com",
    "openbadges.education",
    "edubadges.nl",
    "credly.com",
    "youracclaim.com",
    "acclaim.com",
)
_REGIONS = ("eu", "ca", "au", "us", "uk", "sg")
_DROPPED = re.compile(
    r"identity__\w+|action|utm_\w+|embed(?:Version|Width|Height)|mc_[ce]id|fbclid|gclid", re.IGNORECASE
)


def is_known(url: str) -> bool:
    """Whether the host is one whose addresses we understand."""
    return _domain(_host(url)) is not None


def imitates_known(url: str) -> bool:
    """Whether a host only dresses up as a known one: badgr.com.evil.test."""
    host = _host(url)
    return _domain(host) is None and any(f".{known}." in f".{host}." for known in _KNOWN)


def cleaned(url: str) -> str:
    """Without fragment, and without what an address says about a person or asks the page to do."""
    parts = urlsplit(url.strip())
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _DROPPED.fullmatch(k)]
    if len(kept) == len(parse_qsl(parts.query, keep_blank_values=True)):
        return urlunsplit(parts._replace(fragment=""))  # as it was written: some ids depend on it
    return urlunsplit(parts._replace(query=urlencode(kept, quote_via=quote), fragment=""))


def data_address(url: str) -> str | None:
    """Where a known host has the data of the badge that this address shows; None when we do not know."""
    host = _host(url)
    if not host:
        return None
    parts, domain = urlsplit(url.strip()), _domain(host)
    if domain in ("credly.com", "youracclaim.com", "acclaim.com"):
        found = _CREDLY.search(parts.path)
        return f"https://www.credly.com/api/v1/obi/v2/badge_assertions/{found[1].lower()}" if found else None
    if domain:
        found = _ASSERTION.search(parts.path) or _STORED_PICTURE.search(parts.path)
        if not found and domain == "edubadges.nl":
            found = _EDUBADGE.search(parts.path)
        return f"https://{_api_host(host, domain)}/public/assertions/{found[1]}" if found else None
    moodle = _MOODLE.match(parts.path)
    key = dict(parse_qsl(parts.query)).get("hash", "")
    if moodle and re.fullmatch(r"[0-9a-f]{40}", key):
        return urlunsplit((parts.scheme, parts.netloc, f"{moodle[1]}/assertion.php", f"b={key}", ""))
    return None


def _api_host(host: str, domain: str) -> str:
    if host.startswith("api."):
        return host
    if domain in ("badgr.com", "badgr.io"):
        region = host.removesuffix(domain).rstrip(".").rpartition(".")[2]
        return f"api.{region}.badgr.io" if region in _REGIONS else "api.badgr.io"
    return f"api.{domain}"


def _domain(host: str) -> str | None:
    return next((known for known in _KNOWN if host == known or host.endswith(f".{known}")), None)


def _host(url: str) -> str:
    try:
        return (urlsplit(url.strip()).hostname or "").rstrip(".")
    except ValueError:
        return ""

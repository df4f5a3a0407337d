"""Addresses in what people write: found in text and HTML, and sorted into those that may lead to a badge."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser

from . import _hosts as hosts

MOST_LINKS = 20

_IN_TEXT = re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]]+", re.IGNORECASE)
# Something with a number in it, behind a word that issuers use; or a file of a badge's kind.
_MAY_BE_BADGE = re.compile(
    r"/(?:assertions?|credentials?|awards?|badges?|achievements?)/(?:[^/]+/)*[^/]*\d[^/]*/?$"
    r"|/assertion\.php$|\.(?:json|jsonld|jwt|jws|svg)$|badge[^/]*\.png$",
    re.IGNORECASE,
)
# Opening one of these does something: it counts, ends a subscription, signs in, accepts.
_DOES_SOMETHING = re.compile(
    r"unsub|opt-?out|/share(?:/|$)|/embed(?:/|$)|log-?(?:in|out)|sign-?(?:in|up|out)|register|/auth|oauth|password"
    r"|delete|confirm|accept|decline|reject|claim|collect-|preferences|/settings|/help|/support|privacy|terms",
    re.IGNORECASE,
)
_ODD_NUMBER = re.compile(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+))*\.?", re.IGNORECASE)


def in_text(text: str) -> Iterator[str]:
    """Every web address in a text, without the punctuation that only ends a sentence."""
    for found in _IN_TEXT.finditer(text):
        url = found.group().rstrip(".,;:!?*_~…»”’")
        while url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1].rstrip(".,;:!?")
        yield url


def in_html(html: str) -> Iterator[str]:
    """Every address that an HTML text links to, then the pictures of known hosts."""
    page = LexborHTMLParser(html)
    for node in page.css("a[href], area[href]"):
        yield (node.attributes.get("href") or "").strip()
    for node in page.css("img[src]"):
        source = (node.attributes.get("src") or "").strip()
        if hosts.data_address(source):
            yield source


def to_badges(urls: Iterable[str]) -> list[str]:
    """Those that may lead to a badge, as the address of its data where we know it; each once, at most 20.

    Left out: whatever is hostile (a disguised number for a host, a user name in front of it, a host that
    imitates a known one) and whatever does something when it is opened.
    """
    found: dict[str, None] = {}
    for url in urls:
        address = _unwrapped(url) or _badge_address(url)
        if address:
            found.setdefault(address)
        if len(found) == MOST_LINKS:
            break
    return list(found)


def is_plain(url: str) -> bool:
    """Whether this is an ordinary web address: no user name in it, no number in disguise for a host."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc or "\\" in url:
        return False
    return bool(host) and not _is_disguised(host) and url.isprintable()


def _badge_address(url: str) -> str | None:
    if not is_plain(url) or hosts.imitates_known(url):
        return None
    path = urlsplit(url).path
    if _DOES_SOMETHING.search(path):
        return None
    if known := hosts.data_address(url):
        return known
    if hosts.is_known(url):  # a page of theirs that is no badge's
        return None
    return hosts.cleaned(url) if _MAY_BE_BADGE.search(path) else None


def _unwrapped(url: str) -> str | None:
    """The known address that a click counter wraps; the counter itself is never opened."""
    if not is_plain(url):
        return None
    for _, value in parse_qsl(urlsplit(url).query):
        if value.startswith(("http://", "https://")) and is_plain(value) and hosts.is_known(value):
            return _badge_address(value)
    return None


def _is_disguised(host: str) -> bool:
    """0x7f.1, 2130706433 and the like: nobody writes these who means well."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _ODD_NUMBER.fullmatch(host) is not None
    return False

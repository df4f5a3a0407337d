"""Addresses in what people write: found in text and HTML, and sorted into those that may lead to a badge."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from . import _wrappers as wrappers
from . import platforms

MOST_LINKS = 20
MOST_OTHERS = 6
LONGEST = 2048

_IN_TEXT = re.compile(rf"https?://[^\s\x00-\x1f\x7f<>\"'`{{}}|\\^\[\]]{{1,{LONGEST}}}", re.IGNORECASE)
# Something with a number in it, behind a word that issuers use; or a file of a badge's kind.
_WORDS = re.compile(r"assertions?|credentials?|awards?|badges?|achievements?", re.IGNORECASE)
_FILE = re.compile(r"/assertion\.php$|\.(?:json|jsonld|jwt|jws|svg)$|badge[^/]*\.png$", re.IGNORECASE)
# Opening one of these does something: it counts, ends a subscription.
_ASIDE = re.compile(
    r"unsub|opt-?out|/share(?:/|$)|/embed(?:/|$)|preferences|/settings|/help|/support|privacy|terms",
    re.IGNORECASE,
)
# And these sign in or accept, or let a mail provider forward.
_GUARDED = re.compile(
    r"log-?(?:in|out)|sign-?(?:in|up|out)|register|/auth|oauth|password|delete|confirm|accept|decline|reject|claim"
    r"|collect-|/mail/[uv]f-",
    re.IGNORECASE,
)
# What a page is made of is no page.
_NO_PAGE = re.compile(r"\.(?:gif|jpe?g|ico|css|js|woff2?)$", re.IGNORECASE)
_ENDS = ".,;:!?*_~…»”’"
_ODD_NUMBER = re.compile(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+))*\.?", re.IGNORECASE)
_DROPPED = re.compile(
    r"identity__\w+|action|utm_\w+|embed(?:Version|Width|Height)|mc_[ce]id|fbclid|gclid", re.IGNORECASE
)


def in_text(text: str) -> Iterator[str]:
    """Every web address in a text, without the punctuation that only ends a sentence."""
    for found in _IN_TEXT.finditer(text):
        url = found.group().rstrip(_ENDS)
        while url.endswith(")") and (spare := url.count(")") - url.count("(")) > 0:
            closing = len(url) - len(url.rstrip(")"))
            url = url[: -min(spare, closing)].rstrip(_ENDS)
        yield url


def in_html(page: LexborHTMLParser) -> Iterator[str]:
    """Every address that a page links to, then the pictures that a platform knows."""
    for node in page.css("a[href], area[href]"):
        yield (node.attributes.get("href") or "").strip()
    for node in page.css("img[src]"):
        source = (node.attributes.get("src") or "").strip()
        if len(source) <= LONGEST and platforms.data_address(source):
            yield source


def to_badges(urls: Iterable[str]) -> list[str]:
    """Those that may lead to a badge, as the address of its data where we know it; each once, at most 20.

    Left out: whatever is hostile (a disguised number for a host, a user name in front of it, a host that
    imitates a known one) and whatever does something when it is opened.
    """
    found: dict[str, None] = {}
    for url in urls:
        address = badge_address(url)
        if address:
            found.setdefault(address)
        if len(found) == MOST_LINKS:
            break
    return list(found)


def badge_address(url: str) -> str | None:
    """Where this link may lead to a badge: the address of its data, or the link itself, cleaned; or nowhere."""
    url = wrappers.peeled(url) if len(url) <= LONGEST else ""
    if not is_plain(url) or platforms.imitates_known(url):
        return None
    if known := platforms.data_address(url):
        return known
    for inner in wrappers.inside(url):
        if is_plain(inner) and platforms.is_known(inner) and (known := platforms.data_address(inner)):
            return known
    path = urlsplit(url).path
    if platforms.is_known(url) or _ASIDE.search(path) or _GUARDED.search(path):
        return None
    return cleaned(url) if _may_be_badge(path) else None


def others(urls: Iterable[str]) -> list[str]:
    """Pages of unknown hosts whose addresses say nothing of a badge, for a mail that has no better; at most six."""
    peeled = (wrappers.peeled(url) for url in urls if len(url) <= LONGEST)
    found = dict.fromkeys(cleaned(url) for url in peeled if _is_some_page(url))
    return list(islice(found, MOST_OTHERS))


def _is_some_page(url: str) -> bool:
    if not is_plain(url) or platforms.is_known(url) or platforms.imitates_known(url):
        return False
    path = urlsplit(url).path
    return bool(path.strip("/")) and not any(rule.search(path) for rule in (_ASIDE, _GUARDED, _NO_PAGE))


def next_step(url: str) -> str:
    """What the earner can do about a link of a platform that we do not open; "" when there is nothing to do."""
    url = wrappers.peeled(url) if len(url) <= LONGEST else ""
    if not is_plain(url) or _ASIDE.search(url) or not urlsplit(url).path.strip("/"):
        return ""
    return platforms.next_step(url)


def cleaned(url: str) -> str:
    """Without fragment, and without what an address says about a person or asks the page to do."""
    parts = urlsplit(url.strip())
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _DROPPED.fullmatch(k)]
    if len(kept) == len(parse_qsl(parts.query, keep_blank_values=True)):
        return urlunsplit(parts._replace(fragment=""))  # as it was written: some ids depend on it
    return urlunsplit(parts._replace(query=urlencode(kept, quote_via=quote), fragment=""))


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


def _may_be_badge(path: str) -> bool:
    names = path.strip("/").split("/")
    is_numbered = any(c.isdigit() for c in names[-1]) and any(_WORDS.fullmatch(name) for name in names[:-1])
    return is_numbered or _FILE.search(path) is not None


def _is_disguised(host: str) -> bool:
    """0x7f.1, 2130706433 and the like: nobody writes these who means well."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _ODD_NUMBER.fullmatch(host) is not None
    return False

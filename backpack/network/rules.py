"""What may be asked for: kinds of documents with their limits, and which URLs are acceptable at all."""

from dataclasses import dataclass
from typing import Literal

import httpx

from .problems import NoAnswer

KindName = Literal["json", "key", "status", "picture", "badge"]

KIB = 1024
MIB = 1024 * KIB
LONGEST_URL = 2048
LONGEST_HOST = 253


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of document is asked for and how much of it is taken.

    ``cap`` counts bytes after decoding; ``inside_cap`` adds what one embedded picture or list may weigh.
    Plain http is for what badges of the years before https still name; never for what proves something.
    """

    what: str
    accept: str
    cap: int
    inside_cap: int = 0
    plain_http: bool = False
    may_be_page: bool = False


_JSON = "application/ld+json, application/json;q=0.9, */*;q=0.1"
_PICTURE = "image/png, image/svg+xml, image/*;q=0.8, */*;q=0.1"

KINDS: dict[KindName, Kind] = {
    "json": Kind("a badge", _JSON, 512 * KIB, inside_cap=7 * MIB, plain_http=True),
    "key": Kind("a key", "application/did+ld+json, application/did+json, " + _JSON, 128 * KIB),
    "status": Kind("a list", "application/vc+ld+json, application/vc+jwt, " + _JSON, 4 * MIB),
    "picture": Kind("a picture", _PICTURE, 5 * MIB, plain_http=True),
    "badge": Kind(
        "a badge",
        "application/ld+json, application/json;q=0.9, image/png;q=0.8, image/svg+xml;q=0.8, text/html;q=0.5, */*;q=0.1",
        8 * MIB,
        plain_http=True,
        may_be_page=True,
    ),
}


def acceptable(text: str, kind: Kind) -> httpx.URL:
    """Parse a URL once, for checking and for using; raises NoAnswer with the reason when we do not ask it."""
    if len(text) > LONGEST_URL:
        raise NoAnswer("the address is longer than 2,048 characters")
    if "\\" in text or not text.isprintable():
        raise NoAnswer("this is not a web address")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise NoAnswer("this is not a web address") from error
    if url.scheme not in ("http", "https") or not url.host or not 0 < port_of(url) < 65536:
        raise NoAnswer("this is not a web address")
    if url.userinfo or len(url.host) > LONGEST_HOST:
        raise NoAnswer("we do not fetch from that address")
    if url.scheme == "http" and not kind.plain_http:
        raise NoAnswer(f"{host_of(url)} offers {kind.what} without encryption, which proves nothing")
    return url.copy_with(fragment=None)


def redirected(url: httpx.URL, location: str, kind: Kind) -> httpx.URL:
    """Where an answer sends us on to, held to the same rules; never from https back to http."""
    try:
        target = str(url.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise NoAnswer(f"{host_of(url)} sent us on to nowhere") from error
    onward = acceptable(target, kind)
    if url.scheme == "https" and onward.scheme == "http":
        raise NoAnswer(f"{host_of(url)} sent us on to an address without encryption")
    return onward


def host_of(url: httpx.URL) -> str:
    """The host as it goes over the wire: lower case, international names in their ASCII form."""
    return url.raw_host.decode("ascii").lower().rstrip(".")


def port_of(url: httpx.URL) -> int:
    """The port it will be asked at."""
    usual = 443 if url.scheme == "https" else 80
    return usual if url.port is None else url.port

"""Web addresses compared by their parsed parts, never by their letters."""

import re
from functools import lru_cache
from itertools import product
from typing import TypeGuard
from urllib.parse import SplitResult, quote, unquote, urlsplit

from .credential import Json

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")
_ODD_SIGNS = re.compile(r"[\s<>\"{}|\\^`]+")  # that no address has
# Some servers undo escapes twice, or end a step at “;”.
_UPWARD = re.compile(r"(?:\A|[/\\])\.\.(?:[/\\;]|\Z)")
_BEGINNINGS = frozenset(map("".join, product("Hh", "Tt", "Tt", "Pp")))  # of a web address
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_web_address(text: object) -> TypeGuard[str]:
    """Whether this is one http or https address with a host, with nothing around it."""
    return isinstance(text, str) and _parts(text) is not None


def is_secure_address(text: object) -> TypeGuard[str]:
    """Whether this is one https address."""
    return is_web_address(text) and text.lower().startswith("https:")


def is_uri(text: object) -> TypeGuard[str]:
    """Whether this is an absolute address of any scheme (https:, did:, urn:…), without blanks."""
    if not isinstance(text, str):
        return False
    if _parts(text) is not None:
        return True
    return bool(_SCHEME.match(text)) and text.partition(":")[0].lower() not in _DEFAULT_PORTS


def authority(url: str) -> str | None:
    """Host and port of a web address, lower case, the scheme's own port left out."""
    parts = _parts(url)
    if parts is None:
        return None
    host = as_asked(parts.hostname or "")
    return host if parts.port in (None, _DEFAULT_PORTS[parts.scheme.lower()]) else f"{host}:{parts.port}"


def origin(url: str) -> str | None:
    """Scheme, host and port of a web address."""
    parts = _parts(url)
    return f"{parts.scheme.lower()}://{authority(url)}" if parts else None


def host(url: str) -> str | None:
    """The host of a web address, as it is asked for."""
    parts = _parts(url)
    return as_asked(parts.hostname or "") if parts else None


def as_asked(host: str) -> str:
    """A host in the letters in which names are looked up: none of them can be taken for another.

    Not by Python's own codec, which is of 2003: it reads ß as ss, which today is somebody else's name.
    """
    if host.isascii():
        return host.lower()
    labels = _DOTS.split(host.lower())
    return ".".join(one if one.isascii() else f"xn--{one.encode('punycode').decode()}" for one in labels)


def same_host(one: str, other: str) -> bool:
    """Whether both are web addresses on one authority (OB 1 and 2 are often fetched as http and named as https)."""
    return authority(one) is not None and authority(one) == authority(other)


def same_but_for_scheme(one: Json, other: Json) -> bool:
    """Whether two texts are the same but for http and https: sites went on to the latter, and left what they said."""
    secure = [re.sub("^http:", "https:", text) for text in (one, other) if isinstance(text, str)]
    return len(secure) == 2 and secure[0] == secure[1]


def folded(name: str) -> str:
    """A name for comparing: a UUID is the same in small and capital letters (RFC 4122 §3), a web address by its parts.

    With or without encryption makes no difference: sites went on to that, and left what they had written. Nor do blanks
    around it, which no name has.
    """
    name = name.strip()
    if parts := _parts(name):
        return parts._replace(scheme="https", netloc=authority(name) or "").geturl()
    return name.lower() if name[:9].lower() == "urn:uuid:" else name


def moved(old: str, new: str) -> bool:
    """Whether a site moved to a new host under the same paths, which an open redirect cannot look like."""
    before, after = _parts(old), _parts(new)
    return before is not None and after is not None and not before.query and before.path == after.path


def led_away(asked: str, final: str | None) -> str | None:
    """The host that an address led on to, unless its own site moved there, as any open redirect could not tell.

    What stands below ``/.well-known/`` is the site's own word (RFC 8615), wherever it is kept. An answer came from
    somewhere, also where a server wrote its address with signs that no address has.
    """
    if final is None:
        return None
    final = _ODD_SIGNS.sub(lambda odd: quote(odd[0]), final)
    if same_host(asked, final) or moved(asked, final) or _is_well_known(asked):
        return None
    return host(final) or final


def _is_well_known(url: str) -> bool:
    parts = _parts(url)
    return parts is not None and parts.path.startswith("/.well-known/") and not _goes_up(parts)


def _goes_up(parts: SplitResult) -> bool:
    """Whether whoever fetches or serves this address takes another path than is written."""
    return bool(_UPWARD.search(unquote(unquote(parts.path))))


def begins_with(url: str, prefix: str) -> bool:
    """Whether an address lies under a prefix, the prefix's host taken whole (good.org is not good.org.evil)."""
    inner, outer = _parts(url), _parts(prefix)
    if inner is None or outer is None or origin(url) != origin(prefix):
        return False
    if _goes_up(inner):
        return False
    wanted = outer.path or "/"
    rest = (inner.path or "/") + (f"?{inner.query}" if inner.query else "")
    return rest.startswith(wanted + (f"?{outer.query}" if outer.query else ""))


def _parts(url: str) -> SplitResult | None:
    return _parted(url) if len(url) <= 2048 and url[:4] in _BEGINNINGS else None


@lru_cache(maxsize=512)  # a badge names the same few addresses many times; none is longer than 2048
def _parted(url: str) -> SplitResult | None:
    if not _SCHEME.match(url):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme.lower() in _DEFAULT_PORTS and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if usable and "@" not in parts.netloc else None

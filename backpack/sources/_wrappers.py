"""Addresses inside addresses: what mail protection and click counters make of a link, undone without a request.

A receiver's mail protection rewrites every link in a mail, so its wrapping is always taken off. A sender's
click counter could name any address; what it wraps is of use only where a platform knows it.
"""

import base64
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

MOST_LAYERS = 4

_PROTECTION = re.compile(
    r"(?:^|\.)(?:safelinks\.protection\.outlook\.com|urldefense(?:\.proofpoint)?\.com|linkprotect\.cudasvc\.com"
    r"|secure-web\.cisco\.com|google\.[a-z.]{2,6}|googleusercontent\.com|deref-\w+\.[a-z]{2,3}|l\.facebook\.com)$"
)
_PROOFPOINT_3 = re.compile(r"/v3/__(https?:/+.+?)__;([\w-]*)")
_IN_PATH = re.compile(r"https?(?::|%3a)(?:/|%2f){1,2}[^/]+.*", re.IGNORECASE)
_BARE_IN_PATH = re.compile(r"/((?:[a-z0-9-]+\.)+[a-z]{2,}%2f[^/?]+)", re.IGNORECASE)
_IN_JSON = re.compile(r"https?:(?:\\*/){2}[^\"\s]+?(?=\\*\"|\s|$)")


def peeled(url: str) -> str:
    """The address without what mail protection and search engines wrapped around it."""
    for _ in range(MOST_LAYERS):
        inner = _protected(url) if _PROTECTION.search(_host(url)) else ""
        if not inner:
            break
        url = inner
    return url


def inside(url: str) -> Iterator[str]:
    """Every address that this one carries: in its query, in its path, in base64 in its query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    for _, value in parse_qsl(parts.query):
        if value.startswith(("http://", "https://")):
            yield peeled(value)
        else:
            yield from map(peeled, _in_base64(value))
    if found := _IN_PATH.search(parts.path):
        yield peeled(_restored(found[0]))
    elif found := _BARE_IN_PATH.search(parts.path):
        yield peeled(f"https://{unquote(found[1])}")


def _protected(url: str) -> str:
    """What is inside a link of mail protection; "" when it cannot be told."""
    parts = urlsplit(url)
    if found := _PROOFPOINT_3.search(unquote(parts.path) + (f"?{parts.query}" if parts.query else "")):
        return _restored(found[1])
    query = dict(parse_qsl(parts.query))
    if "urldefense" in parts.netloc.lower():
        return unquote(query.get("u", "").translate(str.maketrans("-_", "%/")))
    named = (query.get(name, "") for name in ("url", "q", "u", "a"))
    wrapped = next((value for value in named if value.startswith(("http://", "https://"))), "")
    if not wrapped and (found := _IN_PATH.search(parts.path)):
        return _restored(found[0])
    return wrapped


def _restored(address: str) -> str:
    """An address as it stood before it became part of a path, which folds its slashes."""
    address = unquote(address) if "%2f" in address.lower() or "%3a" in address.lower() else address
    return re.sub(r"^(https?):/+", r"\1://", address)


def _in_base64(value: str) -> list[str]:
    """Addresses in a value that is JSON in base64, as some counters write them."""
    if not 24 <= len(value) <= 2048:
        return []
    try:
        text = base64.b64decode(value.translate(str.maketrans("-_", "+/")) + "==").decode()
    except ValueError:
        return []
    return [found.replace("\\", "") for found in _IN_JSON.findall(text)]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""

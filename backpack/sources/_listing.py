"""Lists of badges: as platforms publish a collection, as wallets write down what they hold, as an issuer's API answers.

JSON that names or holds each, or a page that links to each.
"""

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from . import _kinds as kinds
from . import _links as links
from ._parcel import Finds, Piece

MOST_LISTED = 200
GIVES_NO_FILE = (
    "This page shows a signed badge without giving its file away. Whoever it belongs to finds the file on "
    "their own page of the badge, under “Original”: add that."
)
MORE = (
    f"It lists more than {MOST_LISTED}, of which the first were taken. Add the others as files of their own."
)
_MEMBERS = (
    "badges", "assertions", "credentials", "items", "results", "data", "@graph",
    "contents",  # Universal Wallet 2020
    "credential", "compactJwsString", "compactJwsStrings",  # Open Badges API 3.0, § 6.2.2, and its example
)  # fmt: skip
_CREDENTIALS = ("VerifiableCredential", "OpenBadgeCredential", "AchievementCredential")
_ENVELOPE = "EnvelopedVerifiableCredential"
_COLLECTION = re.compile(
    r"/(?:collections?|c|backpacks?|portfolios?|profiles?|users?|earner|gallery|wallet)(?:/|$)", re.IGNORECASE
)


def in_json(data: bytes, url: str) -> Finds:
    """What JSON that is no badge lists: addresses of badges, and signed badges themselves; nothing for no list."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return Finds()
    if isinstance(value, dict) and {"kind", "shown_by"} <= value.keys():
        return _shared(value)
    pieces: list[Piece] = []
    found: dict[str, None] = {}
    for one in _members(value):  # beside badges a wallet holds keys and documents, which are left alone
        if isinstance(one, dict) and _is_signed(one):
            pieces.append(Piece(json.dumps(one, ensure_ascii=False).encode(errors="replace"), url))
        elif isinstance(one, str) and kinds.is_compact(one.encode(errors="replace")):
            pieces.append(Piece(one.encode(), url))
        elif address := _address(one):
            found.setdefault(links.cleaned(address))
    steps = (MORE,) if len(pieces) > MOST_LISTED or len(found) > MOST_LISTED else ()
    return Finds(pieces=tuple(pieces[:MOST_LISTED]), links=tuple(found)[:MOST_LISTED], steps=steps)


def is_collection(url: str) -> bool:
    """Whether an address looks like that of a whole collection: then every badge on its page is meant."""
    return _COLLECTION.search(urlsplit(url).path) is not None


def _shared(value: dict[str, Any]) -> Finds:
    """What a Backpack tells programs of a public link: a hosted badge by its address, and no signed one's file."""
    badges = [one for one in (value.get("badges") or [value]) if isinstance(one, dict)][:MOST_LISTED]
    sources = [_source(one) for one in badges]
    steps = () if all(sources) else (GIVES_NO_FILE,)
    return Finds(links=tuple(dict.fromkeys(filter(None, sources))), steps=steps)


def _source(badge: dict[str, Any]) -> str:
    """Where a hosted badge is published, by the signature that decides in its report."""
    report = badge.get("report")
    signatures = report.get("signatures") if isinstance(report, dict) else None
    first = signatures[0] if isinstance(signatures, list) and signatures else None
    source = first.get("method") if isinstance(first, dict) and first.get("suite") == "hosted" else None
    return source if isinstance(source, str) and links.is_plain(source) else ""


def _members(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        listed = (value[name] for name in _MEMBERS if isinstance(value.get(name), list))
        return chain.from_iterable(listed)
    return iter(value if isinstance(value, list) else ())


def _is_signed(value: dict[str, Any]) -> bool:
    said = value.get("type")
    named = said if isinstance(said, list) else [said]
    return _ENVELOPE in named or ("proof" in value and any(one in _CREDENTIALS for one in named))


def _address(value: Any) -> str:
    """The address of one of the list: it itself, or what its object calls its own."""
    if isinstance(value, dict):
        named = (value.get(name) for name in ("id", "@id", "assertion", "openBadgeId", "json_url", "url"))
        value = next((one for one in named if isinstance(one, str) and links.is_plain(one)), "")
    return value if isinstance(value, str) and links.is_plain(value) else ""

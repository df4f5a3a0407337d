"""Lists of badges, as platforms publish a collection: JSON that names each, or a page that links to each."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from . import _links as links
from ._parcel import Finds, Piece

MOST_LISTED = 200
GIVES_NO_FILE = (
    "This page shows a signed badge without giving its file away. Whoever it belongs to finds the file on "
    "their own page of the badge, under “Original”: add that."
)
_MEMBERS = ("badges", "assertions", "credentials", "items", "results", "data", "@graph")
_CREDENTIALS = ("VerifiableCredential", "OpenBadgeCredential", "AchievementCredential")
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
    for one in _members(value):
        if isinstance(one, dict) and _is_signed(one):
            pieces.append(Piece(json.dumps(one).encode(), url))
        elif address := _address(one):
            found.setdefault(links.cleaned(address))
    return Finds(pieces=tuple(pieces[:MOST_LISTED]), links=tuple(found)[:MOST_LISTED])


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
        value = next((value[name] for name in _MEMBERS if isinstance(value.get(name), list)), ())
    yield from _some(value) if isinstance(value, list) else ()


def _some(values: Iterable[Any]) -> list[Any]:
    return list(values)[:MOST_LISTED]


def _is_signed(value: dict[str, Any]) -> bool:
    said = value.get("type")
    return "proof" in value and any(
        one in _CREDENTIALS for one in (said if isinstance(said, list) else [said])
    )


def _address(value: Any) -> str:
    """The address of one of the list: it itself, or what its object calls its own."""
    if isinstance(value, dict):
        named = (value.get(name) for name in ("id", "@id", "assertion", "openBadgeId", "json_url", "url"))
        value = next((one for one in named if isinstance(one, str) and links.is_plain(one)), "")
    return value if isinstance(value, str) and links.is_plain(value) else ""

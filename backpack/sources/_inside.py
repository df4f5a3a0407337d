"""Data inside words: JSON-LD and pictures that an HTML text carries in itself, attachments of a calendar entry."""

import base64
import json
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from selectolax.lexbor import LexborHTMLParser

from . import _kinds as kinds
from ._parcel import Piece

MOST_FROM_PAGE = 10
_CREDENTIAL_TYPES = ("Assertion", "VerifiableCredential", "OpenBadgeCredential", "AchievementCredential")
_INLINE = re.compile(r"</?(?:b|i|u|em|strong|span|font|small|o:p|code|tt)\b[^<>]*>?", re.IGNORECASE)
_OTHER = re.compile(r"</?(?!(?:a|area|img|script)\b)[a-z][^<>]*>?", re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]")


def page_of(html: str) -> LexborHTMLParser:
    """What matters of a page, parsed: links, pictures, scripts, and its words, block by block.

    All other tags are taken away first: a parser of HTML 5 takes the square of their depth in time.
    """
    return LexborHTMLParser(_OTHER.sub("\n", _INLINE.sub("", html)))


def json_ld(page: LexborHTMLParser, name: str) -> list[Piece]:
    """JSON-LD in a page that speaks of a badge; most pages carry some that speaks of breadcrumbs."""
    found = []
    for node in page.css('script[type="application/ld+json"]'):
        data = node.text().encode(errors="replace")
        if kinds.may_hold_badge(data) and _is_credential(data):
            found.append(Piece(data, name))
    return found[:MOST_FROM_PAGE]


def pictures(page: LexborHTMLParser, name: str) -> list[Piece]:
    """Pictures written into a page as data: addresses, when they are baked."""
    addresses = (node.attributes.get("src") or "" for node in page.css("img[src]"))
    found = (Piece(data, name) for address in addresses if (data := of_data_address(address)))
    return [piece for piece in found if kinds.may_hold_badge(piece.data)][:MOST_FROM_PAGE]


def of_data_address(address: str) -> bytes:
    """The bytes of a data: address (RFC 2397); nothing when it is none or broken."""
    head, comma, body = address.strip().partition(",")
    if not comma or head[:5].lower() != "data:":
        return b""
    if not head.lower().endswith(";base64"):
        return unquote_to_bytes(body)
    return _of_base64(unquote_to_bytes(body))


def in_calendar(text: str) -> Iterator[Piece]:
    """What is attached to the entries of a calendar (RFC 5545, 3.8.1.1), unfolded."""
    for line in text.splitlines():
        said, _, value = line.partition(":")
        if said[:7].upper() == "ATTACH;" and "BASE64" in said.upper():
            data = _of_base64(value.encode())
            if kinds.may_hold_badge(data):
                yield Piece(data)


def unfolded(calendar: str) -> str:
    """A calendar's lines as they were before they were broken to fit."""
    return _FOLD.sub("", calendar)


def _is_credential(data: bytes) -> bool:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return False
    said = value.get("type", value.get("@type", ())) if isinstance(value, dict) else ()
    types = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    return any(one in _CREDENTIAL_TYPES for one in types)


def _of_base64(data: bytes) -> bytes:
    try:
        return base64.b64decode(data)
    except ValueError:
        return b""

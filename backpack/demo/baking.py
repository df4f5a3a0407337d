"""Putting a statement into a file: a picture, or a file of its own."""

import zlib
from dataclasses import replace

from backpack.verifier.carriers import png, svg

from . import art
from .shapes import Issued, Statement

TYPES = {"png": "image/png", "svg": "image/svg+xml"}
OB3 = "openbadgecredential"


def bake(statement: Statement, drawing: str, carrier: str) -> bytes:
    """The bytes of a file: carrier png, svg, or bare (the statement itself)."""
    if carrier == "svg":
        return svg.bake(art.svg(drawing).encode(), statement.text, credential=statement.keyword == OB3)
    if carrier == "bare":
        return statement.text.encode()
    if statement.text.startswith("http"):
        return _with_address(art.png(drawing), statement.text)
    return png.bake(art.png(drawing), statement.text, statement.keyword)


def with_text(badge: Issued, text: str) -> Issued:
    """The same file with another text inside: what a forger makes of it."""
    statement = Statement(text, badge.keyword, badge.documents, badge.address)
    return replace(badge, text=text, data=bake(statement, badge.art, badge.carrier))


def _with_address(picture: bytes, address: str) -> bytes:
    """The picture as OB 0.5 baked it: the assertion's address in a tEXt chunk after the header."""
    body = b"tEXt" + b"openbadges\0" + address.encode()
    chunk = (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    header_end = 8 + 25  # the signature, then IHDR, which is always this long
    return picture[:header_end] + chunk + picture[header_end:]

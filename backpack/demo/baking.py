"""Putting a statement into a file: a picture, or a file of its own."""

import zlib

from . import art
from .shapes import Statement

TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def bake(statement: Statement, drawing: str, carrier: str) -> bytes:
    """The bytes of a file: carrier png, svg, or bare (the statement itself)."""
    if carrier == "png":
        return into_png(art.png(drawing), statement.text, statement.keyword)
    if carrier == "svg":
        return into_svg(art.svg(drawing), statement)
    return statement.text.encode()


def into_png(png: bytes, text: str, keyword: str) -> bytes:
    """The picture with an uncompressed iTXt chunk after its header."""
    return _insert(png, b"iTXt", keyword.encode() + bytes(5) + text.encode())


def into_old_png(png: bytes, address: str) -> bytes:
    """The picture as OB 0.5 baked it: the assertion's address in a tEXt chunk."""
    return _insert(png, b"tEXt", b"openbadges\0" + address.encode())


def _insert(png: bytes, kind: bytes, data: bytes) -> bytes:
    chunk = len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    header_end = 8 + 25  # the signature, then IHDR, which is always this long
    return png[:header_end] + chunk + png[header_end:]


def into_svg(svg: str, statement: Statement) -> bytes:
    """The drawing with the element of its generation as first child."""
    modern = statement.keyword == "openbadgecredential"
    name, space = (
        ("credential", "https://purl.imsglobal.org/ob/v3p0")
        if modern
        else ("assertion", "http://openbadges.org")
    )
    compact = not statement.text.startswith("{")
    verify = statement.text if compact else statement.address
    attribute = f' verify="{verify}"' if verify else ""
    body = "" if compact else "<![CDATA[" + statement.text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    element = f'<openbadges:{name} xmlns:openbadges="{space}"{attribute}>{body}</openbadges:{name}>'
    root_end = svg.index(">", svg.index("<svg")) + 1
    return (svg[:root_end] + element + svg[root_end:]).encode()

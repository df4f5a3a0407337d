"""Names of mail folders as they go over the wire: the UTF-7 of RFC 3501, 5.1.3."""

import base64
import re

_PLAIN = re.compile(r"[\x20-\x25\x27-\x7e]+|[^\x20-\x7e]+|&")
_SHIFTED = re.compile(r"&([^-]*)-")


def encoded(name: str) -> str:
    """``Größe & mehr`` as ``Gr&APYA3w-e &- mehr``."""
    return "".join(_piece(piece) for piece in _PLAIN.findall(name))


def decoded(name: str) -> str:
    """The name for people; what is not well-formed stays as it is."""
    try:
        return _SHIFTED.sub(_letters, name)
    except ValueError:
        return name


def _piece(piece: str) -> str:
    if piece == "&":
        return "&-"
    if piece[0].isascii() and piece[0].isprintable():
        return piece
    packed = base64.b64encode(piece.encode("utf-16-be")).decode().rstrip("=")
    return f"&{packed.replace('/', ',')}-"


def _letters(found: re.Match[str]) -> str:
    if not found[1]:
        return "&"
    packed = found[1].replace(",", "/")
    return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode("utf-16-be")

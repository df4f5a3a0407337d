"""Digests that an issuer gave of what its badge refers to: whether that is still what it was (VC 2.0 §5.3)."""

import base64
import hashlib

from .credential import JsonObject
from .encodings import Misspelt, multibase

_STRONGEST_FIRST = ("sha512", "sha384", "sha256")
_MULTIHASH = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}


def agrees(said: JsonObject, body: bytes) -> bool:
    """Whether these bytes are what the digests beside an address were made of; also when there is none that we know."""
    return _agrees_with_sri(said.get("digestSRI"), body) and _agrees_with_multihash(
        said.get("digestMultibase"), body
    )


def _agrees_with_sri(text: object, body: bytes) -> bool:
    """Subresource Integrity: of several digests those of the strongest kind count, and any of them is enough."""
    given = [one.partition("?")[0].partition("-") for one in text.split()] if isinstance(text, str) else []
    for name in _STRONGEST_FIRST:
        values = {value for kind, _, value in given if kind == name}
        if values:
            return base64.b64encode(hashlib.new(name, body).digest()).decode() in values
    return True


def _agrees_with_multihash(text: object, body: bytes) -> bool:
    try:
        found = multibase(text) if isinstance(text, str) else b""
    except Misspelt:
        return False
    name = _MULTIHASH.get(found[:2])
    return name is None or hashlib.new(name, body).digest() == found[2:]

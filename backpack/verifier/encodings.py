"""Base58, base64url and multibase, decoded strictly: one value has one spelling."""

import base64

from pybase64 import b64decode

_BASE58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NO_DIGIT = 255
_TO_DIGITS = bytes(_BASE58.index(letter) if letter in _BASE58 else _NO_DIGIT for letter in range(256))
LONGEST_BASE58 = 1024  # a 4096-bit RSA key has 720
_LAST = {2: "AQgw", 3: "AEIMQUYcgkosw048"}
"""The letters that a text in base64url may end with, by how many there are beside its fours: no bit is spare."""
# Lanes of 8, 16, 32… bits in a row, every second of them open.
_LANES = [
    (
        8 * size,
        58**size,
        int.from_bytes((bytes(size) + b"\xff" * size) * (LONGEST_BASE58 // (2 * size)), "big"),
    )
    for size in (1 << step for step in range(10))
]


class Misspelt(ValueError):
    """The text is not in the encoding it claims; the message finishes "it …"."""


def base58(text: str) -> bytes:
    """Decode base58btc.

    Digits that stand side by side are put together all at once, then these pairs, and so on: a loop over
    the letters takes three times as long for a signature, and ten times for a long key.
    """
    if len(text) > LONGEST_BASE58:
        raise Misspelt("is too long for base58")
    digits = text.encode("ascii", "replace").translate(_TO_DIGITS)
    if _NO_DIGIT in digits:
        raise Misspelt("has a letter that base58 has not")
    number = int.from_bytes(digits, "big")
    for width, base, lanes in _LANES:
        if width >= 8 * len(digits):
            break
        number = (number & lanes) + (number >> width & lanes) * base
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url(text: str) -> bytes:
    """Decode base64url without padding; spare bits at the end must be zero."""
    if "+" in text or "/" in text or "=" in text:
        raise Misspelt("is not base64url")
    try:
        found = b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    except ValueError:
        raise Misspelt("is not base64url") from None
    if (extra := len(text) % 4) and text[-1] not in _LAST[extra]:
        raise Misspelt("has spare bits at its end")
    return found


def to_base64url(data: bytes) -> str:
    """Encode base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def multibase(text: str) -> bytes:
    """Decode multibase: ``z`` base58btc or ``u`` base64url, the two that verifiable credentials use."""
    if text[:1] == "z":
        return base58(text[1:])
    if text[:1] == "u":
        return base64url(text[1:])
    raise Misspelt("does not begin with z or u")

"""Base58, base64url and multibase, decoded strictly: one value has one spelling."""

import base64
import binascii

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = {letter: value for value, letter in enumerate(_BASE58)}
# What base64 alone has is sent where decoding refuses it.
_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")
LONGEST_BASE58 = 1024  # its cost grows with the square of the length; a 4096-bit RSA key has 720


class Misspelt(ValueError):
    """The text is not in the encoding it claims; the message finishes "it …"."""


def base58(text: str) -> bytes:
    """Decode base58btc."""
    if len(text) > LONGEST_BASE58:
        raise Misspelt("is too long for base58")
    number = 0
    try:
        for letter in text:
            number = number * 58 + _DIGITS[letter]
    except KeyError:
        raise Misspelt("has a letter that base58 has not") from None
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url(text: str) -> bytes:
    """Decode base64url without padding; spare bits at the end must be zero."""
    try:
        standard = text.encode("ascii").translate(_TO_STANDARD) + b"=" * (-len(text) % 4)
        found = binascii.a2b_base64(standard, strict_mode=True)
    except (binascii.Error, ValueError):
        raise Misspelt("is not base64url") from None
    if (extra := len(text) % 4) and to_base64url(found[1 - extra :]) != text[-extra:]:
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

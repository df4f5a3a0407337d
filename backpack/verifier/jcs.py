"""JSON Canonicalization Scheme (RFC 8785): one JSON value, one sequence of bytes."""

import json
import math

from .credential import Json

_quoted = json.encoder.encode_basestring  # leaves all but ", \\ and control characters as they are


def jcs(value: Json) -> bytes:
    """The canonical bytes of what ``strict_json`` gave; raises ValueError on what JSON cannot say."""
    return _text(value).encode()


def _text(value: Json) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dict):
        # Names are sorted by UTF-16 code units: an emoji comes before U+FB00.
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_quoted(name)}:{_text(value[name])}" for name in names) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, value)) + "]"
    raise ValueError(f"{type(value).__name__} is no JSON")


def _number(value: float) -> str:
    """A number as JavaScript writes it (ECMAScript Number::toString), from Python's shortest digits."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no JSON")
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = f"{abs(number)!r}".partition("e")
    whole, _, part = mantissa.partition(".")
    point = len(whole) + int(exponent or 0)  # where the point stands, counted from the first digit
    digits = (whole + part).lstrip("0")
    point -= len(whole + part) - len(digits)
    digits = digits.rstrip("0")
    return sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{rest}e{'+' if point > 0 else '-'}{abs(point - 1)}"

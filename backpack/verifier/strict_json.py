"""JSON as strangers send it, read so that no two programs can read it differently.

What RFC 8259 leaves open is refused: twice the same name, NaN and Infinity, lone surrogates, numbers
that others would round. Limits hold before any work is done, so nothing hostile costs much.
"""

import json
import math
import re
from itertools import chain, pairwise
from typing import Any, NoReturn

import orjson

from ..errors import Damaged, TooComplex, TooLarge
from .credential import Json
from .legible import quoted

DEPTH = 64
VALUES = 20_000
STRING = 64 * 1024
DOCUMENT = 512 * 1024  # pictures inside do not count
WHOLE = 8 * 1024 * 1024
INTEGER = 2**53  # beyond it JavaScript rounds, and signers are often JavaScript

# One that never ends goes to the end of the text, or each quotation mark in it would be tried as a beginning.
_STRING = re.compile(r'"(?:[^"\\]++|\\(?:.|\Z))*+(?:"|\Z)', re.DOTALL)
_PICTURE = re.compile(r'"data:image\\?/[^"\\]*+(?:\\(?:.|\Z)[^"\\]*+)*+(?:"|\Z)', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")  # half a character, perhaps beside its other half


def loads(data: str | bytes, *, limit: int = DOCUMENT, longest: int = STRING) -> Json:
    """Read one JSON text, or raise an Unreadable that says in a sentence what is wrong with it.

    ``limit`` bounds the text without the pictures in it (characters), ``longest`` each string but a
    ``data:image``; a status list needs more than a badge does.
    """
    found = _as_written(data, min(limit, longest, VALUES))
    if found is not None:
        return found
    text = _text(data)
    if len(text) > WHOLE:
        raise TooLarge("This JSON is larger than 8 MB.")
    _bound_size(text, limit, longest)
    _bound_shape(text)
    try:
        found = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _broken(f"line {error.lineno}: {error.msg.lower()}") from error
    # Whether there is any escape is told much faster than which.
    if ("\\u" in text and _HALF.search(text)) or not _is_unicode(text):
        _refuse_surrogates(found)
    return found


def load_object(data: str | bytes, *, limit: int = DOCUMENT, longest: int = STRING) -> dict[str, Any]:
    """The same, where nothing but an object will do."""
    found = loads(data, limit=limit, longest=longest)
    if not isinstance(found, dict):
        raise _broken("it is not an object")
    return found


def _as_written(data: str | bytes, most: int) -> Json:
    """What a short text says that spells it without a choice, as programs write what they sign; None for any other.

    What reads a text and writes the same again has lost nothing: no name stood twice, no number was rounded,
    no half of a character was there. It is four times as fast as to look for each.
    """
    if len(data) > most:
        return None
    try:
        written = data.encode() if isinstance(data, str) else data
        if b'": ' in written[:64] or written.count(b"{") + written.count(b"[") > DEPTH:
            return None
        found = orjson.loads(written)
        return found if orjson.dumps(found, option=orjson.OPT_STRICT_INTEGER) == written else None
    except (ValueError, TypeError):  # it is none, or holds what nobody can write
        return None


def _text(data: str | bytes) -> str:
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        raise _broken("it is not UTF-8 text") from error


def _bound_size(text: str, limit: int, longest: int) -> None:
    if len(text) <= min(limit, longest):
        return
    rest = _PICTURE.sub('""', text)
    if len(rest) > limit:
        raise TooLarge(f"This JSON is larger than {limit // 1024} KB without its pictures.")
    if any(len(found.group()) > longest + 2 for found in _STRING.finditer(rest)):
        raise TooLarge(f"One text in this JSON is longer than {longest // 1024} KB.")


def _bound_shape(text: str) -> None:
    # Counting characters overestimates, because some stand inside strings: then it is counted exactly.
    is_flat = text.count("{") + text.count("[") <= DEPTH
    if is_flat and (len(text) < VALUES or text.count(",") + text.count(":") < VALUES):
        return
    bare = _STRING.sub("", text)
    if sum(map(bare.count, ",:[{")) >= VALUES:
        raise TooComplex(f"This JSON holds more than {VALUES:,} values.")
    depth = 0
    for bracket in _BRACKETS.finditer(bare):
        depth += 1 if bracket.group() in "[{" else -1
        if depth > DEPTH:
            raise TooComplex(f"This JSON is nested more than {DEPTH} levels deep.")


def _distinct(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        # What sorting brings side by side: counting each name would be slow on many.
        twice = next(one for one, other in pairwise(sorted(name for name, _ in pairs)) if one == other)
        raise _broken(f"the name {quoted(twice, 40)} stands twice in one object")
    return found


def _exact(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > INTEGER:
        raise _broken(f"the number {digits[:20]} is larger than programs agree on")
    return int(digits)


def _finite(digits: str) -> float:
    if not math.isfinite(found := float(digits)):
        raise _broken(f"the number {digits[:20]} is larger than programs agree on")
    return found


def _no_constant(name: str) -> NoReturn:
    raise _broken(f"{name} is no JSON")


def _refuse_surrogates(found: Json) -> None:
    waiting = [found]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += chain(value.keys(), value.values())
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and not _is_unicode(value):
            raise _broken("a text in it holds half a character")


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_DECODER = json.JSONDecoder(
    object_pairs_hook=_distinct, parse_int=_exact, parse_float=_finite, parse_constant=_no_constant
)


def _broken(why: str) -> Damaged:
    return Damaged(
        f"This is not readable as JSON ({why}).", "Ask the issuer for the original file.", code="bad_json"
    )

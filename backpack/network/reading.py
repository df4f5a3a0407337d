"""Taking an answer's body, never more than the kind allows, however it is packed."""

import re
import zlib
from collections.abc import Iterable

from .problems import NoAnswer
from .rules import KIB, MIB, Kind

# What may be large inside a small document: a picture, or a status list (gzip in base64).
_LARGE_INSIDE = re.compile(rb'"(?:data:image/|u?H4sI)[^"]*"')
_COMPACT = re.compile(rb"\s*ey[\w-]+\.[\w-]+\.[\w-]*\s*")
_ENCODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 47}


def body_of(chunks: Iterable[bytes], encoding: str, kind: Kind, host: str) -> bytes:
    """The decoded body. Raises NoAnswer as soon as it is larger than ``kind`` allows, or packed unreadably.

    We ask for no compression; who compresses all the same is unpacked piece by piece under the same cap,
    because a small packed piece may stand for gigabytes.
    """
    cap = kind.cap + kind.inside_cap
    body = bytearray()
    for piece in _unpacked(chunks, encoding.strip().lower(), cap, host):
        body += piece
        if len(body) > cap:
            raise too_large(host, kind)
    if len(body) > kind.cap and len(body) - _large_inside(body) > kind.cap:
        raise too_large(host, kind)
    return bytes(body)


def too_large(host: str, kind: Kind) -> NoAnswer:
    """The reason when an answer outgrows its kind."""
    size = f"{kind.cap // MIB} MB" if kind.cap >= MIB else f"{kind.cap // KIB} KB"
    return NoAnswer(f"{host} answered with more than {size}")


def _large_inside(body: bytearray) -> int:
    """The length of the one part that may be large; all of a signed text, whose picture cannot be seen yet."""
    if _COMPACT.fullmatch(body):
        return len(body)
    return max((len(found.group()) for found in _LARGE_INSIDE.finditer(body)), default=0)


def _unpacked(chunks: Iterable[bytes], encoding: str, cap: int, host: str) -> Iterable[bytes]:
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in _ENCODINGS:
        raise NoAnswer(f"{host} answered in a compression we do not read")
    unpacker = zlib.decompressobj(_ENCODINGS[encoding])
    try:
        for chunk in chunks:
            yield unpacker.decompress(chunk, cap + 1)
    except zlib.error as error:
        raise NoAnswer(f"{host} answered with data that cannot be unpacked") from error
    if not unpacker.eof:
        raise NoAnswer(f"{host} broke off its answer")

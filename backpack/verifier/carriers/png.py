"""PNG pictures with a badge baked into a text chunk (open-badges.md §1.1).

The chunks are walked here, byte by byte: picture libraries show only the last of two equal chunks and
drop what they do not know.
"""

import zlib
from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from ...errors import Damaged, NothingInside, TooComplex, TooLarge
from ..encodings import Misspelt, base64url
from ..frozen import frozen
from . import Unbaked
from .compact_jwt import looks_compact, without_envelope

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 20_000  # libpng writes 8 KiB of image data a chunk; an honest 8 MiB picture has a thousand
MAX_TEXT_CHUNKS = 200
MAX_TEXT = 8 * 1024 * 1024
MAX_INFLATED = 1024 * 1024

OB3, CLR, OLD = "openbadgecredential", "clrcredential", "openbadges"
_KEYWORDS = (OB3, CLR, OLD)
_KINDS = (b"iTXt", b"zTXt", b"tEXt")
_HEAD = Struct(">I4s")  # how long the content of a chunk is, and its kind


class _Chunk(NamedTuple):
    """One part of the picture; ``data`` is what stands in it, of the kinds that hold text."""

    kind: bytes
    start: int
    end: int
    data: bytes
    crc_holds: bool


@frozen
class _Baked:
    keyword: str
    kind: bytes
    text: str
    compressed: bool
    crc_holds: bool


def recognises(data: bytes) -> bool:
    """Whether these bytes are a PNG picture."""
    return data.startswith(SIGNATURE)


def unbake(data: bytes) -> tuple[Unbaked, ...]:
    """Every badge text in the chunks, best first: newest keyword, then iTXt, then the first to stand there."""
    chunks, ends_early = _all_chunks(data)
    texts = [c for c in chunks if c.kind in _KINDS]
    if len(texts) > MAX_TEXT_CHUNKS or sum(len(c.data) for c in texts) > MAX_TEXT:
        raise TooComplex("This picture carries more text than a badge ever needs.")
    found = list(_all_baked(texts))
    found.sort(key=lambda b: (_KEYWORDS.index(b.keyword), _KINDS.index(b.kind)))
    filled = [b for b in found if b.text.strip()]
    if not filled:
        raise _nothing(ends_early=ends_early, had_empty_chunk=bool(found))
    notes = []
    if any(chunk.kind == b"IEND" for chunk in chunks[:-1]):
        notes.append("There is more behind the end of the picture.")
    if ends_early:
        notes.append("The picture is cut off; the badge in it is complete.")
    if len(filled) > 1:
        notes.append("This picture holds two badges; the first one counts.")
    return tuple(_unbaked(b, notes) for b in filled)


def bake(png: bytes, text: str, keyword: str) -> bytes:
    """The picture with this badge in one uncompressed iTXt chunk after IHDR, every other chunk untouched.

    An earlier badge in it is replaced. ``keyword`` is ``openbadges`` or ``openbadgecredential``.
    """
    chunks, ends_early = _all_chunks(png)
    if ends_early or not chunks or chunks[0].kind != b"IHDR":
        raise Damaged(
            "This picture is damaged: it has no proper beginning or end.",
            "Ask the issuer for the original file.",
        )
    body = keyword.encode("latin-1") + b"\x00\x00\x00\x00\x00" + text.encode()
    parts = [SIGNATURE, png[chunks[0].start : chunks[0].end], _chunk_bytes(b"iTXt", body)]
    picture = chunks[1 : [chunk.kind for chunk in chunks].index(b"IEND") + 1]
    parts += [png[c.start : c.end] for c in picture if c.kind not in _KINDS or _keyword(c) not in _KEYWORDS]
    return b"".join(parts)


def _all_chunks(data: bytes) -> tuple[list[_Chunk], bool]:
    """The chunks that are there whole, some behind the end too, and whether the file ends before its IEND chunk."""
    chunks: list[_Chunk] = []
    ended = False
    for chunk in _walk(data):
        if ended and not chunk.kind.isalpha():
            break  # padding
        chunks.append(chunk)
        ended = ended or chunk.kind == b"IEND"
        if len(chunks) > MAX_CHUNKS:
            raise TooComplex("This picture has more parts than we read.")
    return chunks, not ended


def _walk(data: bytes) -> Iterator[_Chunk]:
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        length, kind = _HEAD.unpack_from(data, at)
        end = at + 12 + length
        if end > len(data):
            return
        is_text = kind in _KINDS
        body = data[at + 8 : end - 4] if is_text else b""  # pixels are not even copied
        crc_holds = not is_text or zlib.crc32(kind + body) == int.from_bytes(data[end - 4 : end])
        yield _Chunk(kind, at, end, body, crc_holds)
        at = end


def _keyword(chunk: _Chunk) -> str:
    return chunk.data.partition(b"\x00")[0].decode("latin-1").rstrip()


def _all_baked(chunks: list[_Chunk]) -> Iterator[_Baked]:
    left = MAX_INFLATED  # for all together, or a small picture could hold hundreds of large badges
    for chunk in chunks:
        keyword = _keyword(chunk)
        if keyword in _KEYWORDS:
            text, compressed = _text_of(chunk.kind, chunk.data.partition(b"\x00")[2], left)
            left -= len(text) if compressed else 0
            yield _Baked(keyword, chunk.kind, text, compressed, chunk.crc_holds)


def _text_of(kind: bytes, rest: bytes, most: int) -> tuple[str, bool]:
    if kind == b"tEXt":
        return _decode(rest), False
    if kind == b"zTXt":
        return _decode(_inflate(rest[1:], most)), True
    # iTXt: flag, method, language tag, 00, translated keyword, 00, text
    compressed = rest[:1] == b"\x01"
    body = rest[2:].partition(b"\x00")[2].partition(b"\x00")[2]
    return _decode(_inflate(body, most) if compressed else body), compressed


def _inflate(data: bytes, most: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(data, max(most, 1))  # none at all would mean any number
    except zlib.error as error:
        raise Damaged(
            "The badge in this picture is compressed and cannot be unpacked.",
            "Ask the issuer for the original file.",
        ) from error
    if inflater.unconsumed_tail:
        raise TooLarge("What is packed in this picture unpacks to more than 1 MiB.")
    return text


def _decode(data: bytes) -> str:
    # PNG says Latin-1 for tEXt and zTXt, but bakers wrote UTF-8; for iTXt the standard says UTF-8.
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _unbaked(baked: _Baked, notes: list[str]) -> Unbaked:
    own_notes, problems = list(notes), []
    if not baked.crc_holds:
        own_notes.append("The checksum of the badge's chunk is wrong, though its text can be read.")
    modern = baked.keyword in (OB3, CLR) or 'VerifiableCredential"' in _told(baked.text)
    if modern and baked.kind != b"iTXt":
        problems.append(
            "The badge is baked into a chunk that Open Badges 3.0 does not allow; it asks for iTXt."
        )
    elif modern and baked.compressed:
        problems.append("The baked badge is compressed, which Open Badges 3.0 forbids.")
    elif modern and baked.keyword == OLD:
        own_notes.append("It is baked under the keyword of older badges.")
    elif baked.compressed:
        own_notes.append("The baked badge is compressed, which the standard does not allow.")
    return Unbaked(
        text=baked.text, carrier="png", notes=tuple(own_notes), problems=tuple(problems), picture="image/png"
    )


def _told(text: str) -> str:
    """What a text says, or where it is a token, what was signed in it."""
    if not looks_compact(text):
        return text
    try:
        return base64url(without_envelope(text).split(".")[1]).decode("utf-8", "replace")
    except Misspelt:  # which whoever reads it will say
        return text


def _nothing(*, ends_early: bool, had_empty_chunk: bool) -> Damaged | NothingInside:
    ask = "Ask the issuer for the original file."
    if ends_early:
        return Damaged("This picture is cut off: the file ends too early.", ask)
    if had_empty_chunk:
        return NothingInside("There is a place for a badge in this picture, but it is empty.", ask)
    return NothingInside(
        "We found no badge in this picture.",
        "Social sites often remove it; ask the issuer for the original file.",
    )


def _chunk_bytes(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)

"""A raw mail taken apart: who wrote it, and its parts that have no parts.

Mails come from anyone, so everything is counted before Python's parser sees it: two megabytes with
200,000 parts would keep it busy for half a minute. It takes a lone CR for the end of a line, so does the
count. And it was never meant for enemies: whatever it trips over is our Damaged.
"""

import codecs
import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice

from backpack.errors import Damaged, TooComplex, TooLarge

from ._parcel import Letter

LARGEST = 15 * 1024 * 1024
LARGEST_HEAD = 64 * 1024
LARGEST_HEADS = 8 * LARGEST_HEAD
LARGEST_FIELD = 4 * 1024
MOST_PARTS = 50
MOST_LINES = 500_000
MOST_ADDRESSES = 50
DEEPEST = 8
_MOST_MARKS = 5_000
_MOST_WORK = 4_000_000
_MOST_BLOCKS = 1_000

# All for small letters, so that what they begin with is found fast.
_BOUNDARY = re.compile(rb"boundary(?:\*\d*\*?)?[ \t\n]*=[ \t\n]*(?:\"([^\"\n]{1,200})\"|([^\s;\"]{1,200}))")
_MESSAGE = re.compile(rb"\ncontent-type:\s*message/")
_DIGEST = re.compile(rb"\ncontent-type:\s*multipart/digest")
_DELIVERY = re.compile(rb"\ncontent-type:\s*message/delivery-status")
_FIELD = re.compile(rb"\ncontent-(?:type|disposition):")
_END_OF_FIELD = re.compile(rb"\n(?![ \t])")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_TEXT_CODEC = re.compile(
    r"ascii|utf-(?:7|8(?:-sig)?|(?:16|32)(?:-[bl]e)?)|iso8859-\d+|cp\d+|koi8-\w|mac-\w+|big5\w*|gb\w+|hz|johab"
    r"|euc_\w+|shift_jis\w*|iso2022_\w+|tis-620|ptcp154|hp-roman8"
)
_TRIPS = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    MessageError,
    OverflowError,
    RecursionError,
)
_RECIPIENTS = ("to", "delivered-to", "x-original-to", "x-forwarded-to", "cc")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part without parts: its bytes, decoded, and what it says it is."""

    kind: str
    data: bytes
    name: str = ""
    charset: str = "utf-8"

    @property
    def words(self) -> str:
        """The bytes as text, whatever encoding they claim."""
        return self.data.decode(_codec(self.charset), errors="replace")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail taken apart: its own letter, then those of the mails inside it; and all leaves, in order."""

    letters: tuple[Letter, ...]
    leaves: tuple[Leaf, ...]


def read(data: bytes) -> Mail:
    """Take a raw mail apart. Raises TooLarge, TooComplex or Damaged."""
    if data.startswith(b"From "):  # as mailbox files separate mails
        data = data.partition(b"\n")[2]
    _count(data)
    try:
        parts = list(_parts(message_from_bytes(data, policy=policy.compat32), DEEPEST + 1))
        simple = [part for part in parts if not part.is_multipart()]
        if len(simple) > MOST_PARTS:
            raise _too_complex()
        leaves = [_leaf(part) for part in simple]
        letters = [_letter(part) for part in parts if part is parts[0] or part["from"]]
    except _TRIPS as error:
        raise Damaged(
            "This e-mail is damaged.",
            "Open it in your mail program, save the badge from it, and add that file.",
        ) from error
    return Mail(tuple(letters), tuple(leaves))


def _count(data: bytes) -> None:
    """Size, lines, heads and parts, by looking for their marks only."""
    if len(data) > LARGEST:
        raise TooLarge("This e-mail is larger than 15 MB.", "Save the badge from it and add that file.")
    lines = b"\n" + data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").lower()
    said = list(islice(_BOUNDARY.finditer(lines), _MOST_MARKS))
    boundaries = {(found[1] or found[2]).rstrip() for found in said}
    inner = [found.end() for found in islice(_MESSAGE.finditer(lines), MOST_PARTS + 1)]
    count = lines.count(b"\n")
    if (
        len(boundaries) > MOST_PARTS
        or len(said) == _MOST_MARKS
        or len(inner) > MOST_PARTS
        or lines.count(b"\n--") > _MOST_MARKS
        or count > MOST_LINES
        or count * (1 + len(boundaries)) > _MOST_WORK
        or (_DELIVERY.search(lines) and lines.count(b"\n\n") > _MOST_BLOCKS)
    ):
        raise _too_complex()
    marks = [b"\n--" + boundary for boundary in boundaries]
    starts = [1, *(found.end() for mark in marks for found in re.finditer(re.escape(mark), lines))]
    if len(starts) > 3 * MOST_PARTS:
        raise _too_complex()
    mails = starts if _DIGEST.search(lines) else inner
    starts += [end for end in [lines.find(b"\n\n", start) + 2 for start in mails] if end > 1]
    heads = [_head_length(lines, start) for start in starts]
    if max(heads) > LARGEST_HEAD or sum(heads) > LARGEST_HEADS:
        raise _too_complex()
    if any(_field_length(lines, found.end()) > LARGEST_FIELD for found in _FIELD.finditer(lines)):
        raise _too_complex()


def _head_length(lines: bytes, start: int) -> int:
    end = lines.find(b"\n\n", start, start + LARGEST_HEAD + 2)
    return (end if end >= 0 else min(len(lines), start + LARGEST_HEAD + 1)) - start


def _field_length(lines: bytes, start: int) -> int:
    end = _END_OF_FIELD.search(lines, start, start + LARGEST_FIELD + 2)
    return (end.start() if end else min(len(lines), start + LARGEST_FIELD + 1)) - start


def _too_complex() -> TooComplex:
    return TooComplex(
        "This e-mail has too many parts to read safely.", "Save the badge from it and add that file."
    )


def _parts(message: Message, depth: int) -> Iterator[Message]:
    """Every part, the whole first. A mail inside the mail does not count as depth: people forward forwards."""
    waiting = [(message, depth)]
    seen = 0
    while waiting:
        part, left = waiting.pop()
        seen += 1
        if seen > 3 * MOST_PARTS or not left:
            raise _too_complex()
        yield part
        if part.is_multipart():
            left -= part.get_content_maintype() == "multipart"
            waiting += [(one, left) for one in reversed(list(part.get_payload())) if isinstance(one, Message)]


def _leaf(part: Message) -> Leaf:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    return Leaf(part.get_content_type(), data, _name(part), _quietly(part.get_content_charset) or "utf-8")


def _name(part: Message) -> str:
    """The attachment's name for people: its last part, nothing that could steer a terminal or a page."""
    name = decoded(_quietly(part.get_filename)).replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[:120]


def _quietly(ask: Callable[[], object]) -> str:
    """What the part says, or nothing where the parser trips over its parameters."""
    try:
        said = ask()
    except _TRIPS:
        return ""
    return said if isinstance(said, str) else ""


def _letter(head: Message) -> Letter:
    fields = [(name.lower(), str(value)) for name, value in head.raw_items()]

    def first(name: str) -> str:
        return next((decoded(value) for field, value in fields if field == name), "")

    sender, name = _sender(first("from"))
    to = (
        address
        for field, value in fields
        if field in _RECIPIENTS
        for address in _ADDRESS.findall(value[:4000])
    )
    return Letter(
        sender=sender,
        name=name,
        subject=first("subject")[:300],
        date=_date(first("date")[:100]),
        to=tuple(dict.fromkeys(islice(to, MOST_ADDRESSES))),
    )


def _sender(value: str) -> tuple[str, str]:
    """Address and name. Python's own parser of addresses calls itself for each bracket, and never for long."""
    found = _ADDRESS.search(value.rpartition("<")[2]) or _ADDRESS.search(value)
    name = value.rpartition("<")[0].strip(" \"'")
    return (found[0] if found else ""), name[:200]


def decoded(value: str) -> str:
    """A header field in plain words, on one line, whatever tricks its encoding plays (RFC 2047)."""
    raw = value[:4000].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    with contextlib.suppress(*_TRIPS):
        raw = str(make_header(decode_header(raw)))
    return " ".join("".join(c for c in raw if c.isprintable() or c.isspace()).split())


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except _TRIPS:
        return None


def _codec(charset: str) -> str:
    """The codec of this name when it is one for text; some others run programs or never end."""
    try:
        name = codecs.lookup(charset[:40]).name
    except (LookupError, ValueError):
        return "utf-8"
    return name if _TEXT_CODEC.fullmatch(name) else "utf-8"

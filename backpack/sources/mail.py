"""A mail, as raw bytes: badges attached to it, and addresses of badges in its words.

Mails come from anyone, so everything is counted before Python's parser sees it: two megabytes with
200,000 parts would keep it busy for half a minute. Nothing here trusts a sender, and nothing is opened:
least of all an unsubscribe link or a counter.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message

from backpack.errors import NothingInside, TooComplex, TooLarge

from . import _kinds as kinds
from . import _links as links
from ._parcel import Finds, Parcel, Piece

LABEL = "E-mail"

LARGEST = 15 * 1024 * 1024
LARGEST_HEAD = 64 * 1024
MOST_PARTS = 50
DEEPEST = 8
_MOST_MARKS = 5_000

_BOUNDARY = re.compile(rb"boundary\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_MESSAGE = re.compile(rb"^content-type:\s*message/", re.IGNORECASE | re.MULTILINE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


def finds(parcel: Parcel) -> Finds:
    """Attachments of every form a badge has, also in mails inside the mail, and links that may lead to one.

    Raises TooLarge or TooComplex when the mail is beyond what any award needs, and NothingInside.
    """
    data = parcel.data
    if data.startswith(b"From "):  # as mailbox files separate mails
        data = data.partition(b"\n")[2]
    _count(data)
    parts = list(_leaves(message_from_bytes(data, policy=policy.compat32), DEEPEST))
    if len(parts) > MOST_PARTS:
        raise _too_complex()
    found = Finds(
        pieces=tuple(dict.fromkeys(piece for part in parts if (piece := _piece(part)))),
        links=tuple(links.to_badges(url for part in parts for url in _urls(part))),
    )
    if not found.pieces and not found.links:
        pictures = any(part.get_content_maintype() == "image" for part in parts)
        raise NothingInside(
            f"There is no badge in this e-mail{', nor in its pictures,' if pictures else ','} and no link to one.",
            "Download the badge at its issuer and add the file, or paste its address.",
        )
    return found


def _count(data: bytes) -> None:
    """Size, heads and parts, by looking for their marks only."""
    if len(data) > LARGEST:
        raise TooLarge("This e-mail is larger than 15 MB.", "Save the badge from it and add that file.")
    boundaries = {quoted or bare for quoted, bare in _BOUNDARY.findall(data)}
    inner = sum(1 for _ in _MESSAGE.finditer(data))
    if len(boundaries) > MOST_PARTS or inner > MOST_PARTS or data.count(b"\n--") > _MOST_MARKS:
        raise _too_complex()
    marks = [b"\n--" + boundary.rstrip() for boundary in boundaries]
    starts = [0, *(found.end() for mark in marks for found in re.finditer(re.escape(mark), data))]
    if len(starts) > 3 * MOST_PARTS or any(_head_length(data, start) > LARGEST_HEAD for start in starts):
        raise _too_complex()


def _head_length(data: bytes, start: int) -> int:
    end = _END_OF_HEAD.search(data, start, start + LARGEST_HEAD + 4)
    return (end.start() if end else min(len(data), start + LARGEST_HEAD + 1)) - start


def _too_complex() -> TooComplex:
    return TooComplex(
        "This e-mail has too many parts to read safely.", "Save the badge from it and add that file."
    )


def _leaves(message: Message, depth: int) -> Iterator[Message]:
    """The parts that have no parts. A mail inside the mail does not count as depth: people forward forwards."""
    if not message.is_multipart():
        yield message
        return
    if not depth:
        raise _too_complex()
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _leaves(part, depth - (message.get_content_maintype() == "multipart"))


def _piece(part: Message) -> Piece | None:
    """A part that may hold a badge, whatever it is called; the words of the mail are not an attachment."""
    if _is_words(part):
        return None
    data = _bytes(part)
    return Piece(data, _name(part)) if kinds.may_hold_badge(data) else None


def _is_words(part: Message) -> bool:
    return part.get_content_type() in ("text/plain", "text/html") and not part.get_filename()


def _urls(part: Message) -> Iterator[str]:
    if not _is_words(part):
        return
    words = _bytes(part).decode(_charset(part), errors="replace")
    if part.get_content_type() == "text/html":
        yield from links.in_html(words)
    else:
        yield from links.in_text(words)


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _charset(part: Message) -> str:
    name = part.get_content_charset() or "utf-8"
    try:
        "".encode(name)
    except LookupError:
        return "utf-8"
    return name


def _name(part: Message) -> str:
    """The attachment's name for people: its last part, nothing that could steer a terminal or a page."""
    name = (part.get_filename() or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[:120]

"""Whether a message looks like an award, by its head alone: who sent it, and what it is called."""

import email
import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from typing import NamedTuple

_NAMES = r"badge|credential|award|micro-?credential|certificat|congratulations|open ?badge"
_WORDS = re.compile(
    rf"{_NAMES}|abzeichen|zertifikat|urkunde|insignia|insigne|emblema|edubadge|diploma|attestation|attestat"
    r"|gefeliciteerd|uitgereikt|félicitations|felicidades|enhorabuena|parabéns|congratulazioni|glückwunsch"
    r"|attribu|otorgad|conferid|rilasciat|verliehen",
    re.IGNORECASE,
)
_SENDERS = re.compile(
    r"badg|credly|accredible|certif|credential|parchment|canvas|instructure|moodle|edubadges|openedx|edx\.org"
    r"|openbadge|milestone|sertifier|badgecraft|youracclaim",
    re.IGNORECASE,
)


class Letter(NamedTuple):
    """A message's sender and subject, as people read them."""

    sender: str
    subject: str


def letter(lines: bytes) -> Letter:
    """Read header lines; whatever is wrong with them, something can be shown."""
    head = email.message_from_bytes(lines, policy=compat32)
    return Letter(_shown(head, "From") or _shown(head, "Sender"), _shown(head, "Subject"))


def looks_like_one(lines: bytes) -> bool:
    """Whether the sender or the subject speaks of badges, in any of the languages that awards are sent in."""
    head = email.message_from_bytes(lines, policy=compat32)
    senders = " ".join(_shown(head, name) for name in ("From", "Sender", "Reply-To"))
    return bool(_SENDERS.search(senders) or _WORDS.search(_shown(head, "Subject")))


def _shown(head: Message, name: str) -> str:
    try:
        pieces = decode_header(str(head.get(name, "")))
    except (HeaderParseError, ValueError):
        pieces = [(str(head.get(name, "")), None)]
    words = "".join(
        piece if isinstance(piece, str) else _decoded(piece, charset) for piece, charset in pieces
    )
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:300]


def _decoded(piece: bytes, charset: str | None) -> str:
    try:
        return piece.decode(charset or "utf-8", errors="replace")
    except LookupError:
        return piece.decode("utf-8", errors="replace")

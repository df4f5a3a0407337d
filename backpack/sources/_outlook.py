"""A mail as Outlook saves it (.msg): a compound file whose streams are the mail's properties (MS-OXMSG).

Read with olefile, which is pure Python and knows nothing of mails; the few properties that matter are here.
"""

import io
import re
import struct

import olefile

from backpack.errors import Damaged, TooComplex, TooLarge, UnknownFormat

from . import _mime as mime
from ._mime import Leaf, Mail
from ._parcel import Letter

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_STREAMS = 5_000
DEEPEST = 4

_SUBJECT, _SENDER, _SENDER_NAME, _SENDER_SMTP, _TO = "0037", "0c1f", "0c1a", "5d01", "0e04"
_HEAD, _BODY, _HTML = "007d", "1000", "1013"
_FILE, _LONG_NAME, _SHORT_NAME = "3701", "3707", "3704"
_ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9a-f]{8}", re.IGNORECASE)
_PROPERTY = re.compile(r"__substg1\.0_([0-9a-f]{4})(001e|001f|0102|000d)", re.IGNORECASE)
_TRIPS = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    struct.error,
)
_SAVE_AS = "Open it in Outlook, save it as .eml or forward it to your import address."

Path = tuple[str, ...]


def read(data: bytes) -> Mail:
    """Take it apart like any mail. Raises TooLarge, TooComplex, Damaged, and UnknownFormat for other documents."""
    if len(data) > mime.LARGEST:
        raise TooLarge("This e-mail is larger than 15 MB.", "Save the badge from it and add that file.")
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return _Reader(ole, sorted(tuple(path) for path in ole.listdir())).mail()
    except _TRIPS as error:
        raise Damaged("This e-mail of Outlook is damaged.", _SAVE_AS) from error


class _Reader:
    """The streams of one file, by the storage that they are in."""

    def __init__(self, ole: "olefile.OleFileIO[str]", paths: list[Path]) -> None:
        if len(paths) > MOST_STREAMS:
            raise TooComplex("This e-mail has too many parts to read safely.", _SAVE_AS)
        self._ole = ole
        self._paths = paths
        self._left = mime.LARGEST

    def mail(self) -> Mail:
        """The whole."""
        if not any(path[0].lower() == "__properties_version1.0" for path in self._paths):
            raise UnknownFormat(
                "This is a document of Microsoft Office, not an e-mail.", "Add the badge itself."
            )
        letters: list[Letter] = []
        leaves: list[Leaf] = []
        self._message((), letters, leaves, DEEPEST)
        return Mail(tuple(letters), tuple(leaves))

    def _message(self, at: Path, letters: list[Letter], leaves: list[Leaf], depth: int) -> None:
        said = self._properties(at)
        letters.append(_letter(said))
        for name, kind in ((_BODY, "text/plain"), (_HTML, "text/html")):
            if name in said:
                leaves.append(Leaf(kind, said[name]))
        inside = {path[len(at)] for path in self._paths if len(path) > len(at) and path[: len(at)] == at}
        for storage in sorted(name for name in inside if _ATTACHMENT.fullmatch(name)):
            if len(leaves) > mime.MOST_PARTS:
                raise TooComplex("This e-mail has too many parts to read safely.", _SAVE_AS)
            attached = self._properties((*at, storage))
            if _FILE in attached:
                leaves.append(Leaf("application/octet-stream", attached[_FILE], _file_name(attached)))
            embedded = (*at, storage, f"__substg1.0_{_FILE}000D")
            if depth and any(path[: len(embedded)] == embedded for path in self._paths):
                self._message(embedded, letters, leaves, depth - 1)

    def _properties(self, at: Path) -> dict[str, bytes]:
        """The properties of one storage that are text or bytes, text as UTF-8."""
        found = {}
        for path in self._paths:
            if len(path) == len(at) + 1 and path[:-1] == at and (named := _PROPERTY.fullmatch(path[-1])):
                name, kind = named[1].lower(), named[2].lower()
                if kind != "000d":
                    found[name] = _as_utf8(self._bytes(path), kind)
        return found

    def _bytes(self, path: Path) -> bytes:
        """One stream. Streams may share their sectors, so what is read is counted, not what there is."""
        self._left -= self._ole.get_size(list(path))
        if self._left < 0:
            raise TooComplex("This e-mail says that it is larger than it is.", _SAVE_AS)
        data: bytes = self._ole.openstream(list(path)).read()
        return data


def _as_utf8(data: bytes, kind: str) -> bytes:
    if kind == "001f":
        return data.decode("utf-16-le", "replace").rstrip("\0").encode()
    return data.rstrip(b"\0").decode("cp1252", "replace").encode() if kind == "001e" else data


def _letter(said: dict[str, bytes]) -> Letter:
    head = mime.read(said[_HEAD] + b"\n\n").letters[0] if _HEAD in said else Letter()
    sender = _text(said, _SENDER_SMTP) or _text(said, _SENDER)
    return Letter(
        sender=head.sender or (sender if "@" in sender else ""),
        name=head.name or _text(said, _SENDER_NAME),
        subject=head.subject or _text(said, _SUBJECT),
        date=head.date,
        to=head.to,
    )


def _file_name(said: dict[str, bytes]) -> str:
    return (_text(said, _LONG_NAME) or _text(said, _SHORT_NAME)).replace("\\", "/").rpartition("/")[2][:120]


def _text(said: dict[str, bytes], name: str) -> str:
    return mime.decoded(said.get(name, b"").decode(errors="replace"))

"""A mailbox file (mbox): many mails one after another, each behind a line that begins with "From "."""

import io
import mmap
import re
from typing import BinaryIO

MOST_MAILS = 5_000

# A mail may say "From " at the start of a line without quoting it; what separates has a date, and fields follow.
_SEPARATOR = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]*\d{4}[^\r\n]*\r?\n(?=>?[!-9;-~]+:)")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def holds_several(data: bytes) -> bool:
    """Whether these bytes are a mailbox file with more than one mail."""
    if not data.startswith(b"From "):
        return False
    found = _SEPARATOR.finditer(data)
    return next(found, None) is not None and next(found, None) is not None


def places(file: BinaryIO) -> list[tuple[int, int]]:
    """Where each mail begins and ends, without the line before it."""
    with _mapped(file) as data:
        found = [(one.start(), one.end()) for one in _SEPARATOR.finditer(data)]
        ends = [*(start for start, _ in found[1:]), len(data)]
    return [(begin, end) for (_, begin), end in zip(found, ends, strict=True)]


def _mapped(file: BinaryIO) -> mmap.mmap | memoryview:
    """The bytes of a file without reading them all: a mailbox may be larger than memory."""
    if isinstance(file, io.BytesIO):
        return file.getbuffer()
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def mail(file: BinaryIO, begin: int, end: int) -> bytes:
    """One mail as it was sent, the mailbox file's quoting taken off."""
    file.seek(begin)
    return _QUOTED.sub(rb"\1", file.read(end - begin))

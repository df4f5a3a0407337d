"""What bytes are, by what they begin with; names and content types lie."""

import re

_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
)
_SVG = re.compile(rb"<([\w-]+:)?svg[\s>/]")
_HEAD = 64 * 1024


def media_type_of(data: bytes) -> str:
    """The media type of a picture, or application/octet-stream when it is none that we show."""
    for signature, media_type in _SIGNATURES:
        if signature.match(data):
            return media_type
    return "image/svg+xml" if is_svg(data) else "application/octet-stream"


def is_svg(data: bytes) -> bool:
    """Whether the root element is svg, after whatever an editor wrote before it."""
    head = data[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", errors="ignore").encode()
    return _SVG.match(head, _root(head)) is not None


def _root(head: bytes) -> int:
    """Where the root element begins. Only looks forward: a pattern could be made to look back for ever."""
    at = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    while True:
        while head[at : at + 1].isspace():
            at += 1
        end = _prologue_end(head, at)
        if end is None:
            return at
        at = end


def _prologue_end(head: bytes, at: int) -> int | None:
    """Where the instruction, comment or document type that begins here ends; None when none begins."""
    if head.startswith(b"<?", at):
        return _after(head, b"?>", at)
    if head.startswith(b"<!--", at):
        return _after(head, b"-->", at)
    if head.startswith(b"<!DOCTYPE", at):
        if b"[" in head[at : _after(head, b">", at)]:
            at = _after(head, b"]", at)
        return _after(head, b">", at)
    return None


def _after(head: bytes, mark: bytes, at: int) -> int:
    found = head.find(mark, at)
    return len(head) if found < 0 else found + len(mark)

"""A first look at bytes: could a badge be in there at all?"""

import re

_PNG = b"\x89PNG\r\n\x1a\n"
# The first part is a JSON object in base64url, so it begins with an encoded brace.
_COMPACT = re.compile(rb"e[wy][A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_ABOUT_BADGES = re.compile(rb"badge|credential|assertion|@context|\"verify\"", re.IGNORECASE)
# A mailbox file has a line before the fields.
_MAIL_BEGINS = re.compile(rb"(?:From [^\r\n]*(?:\r\n?|\n))?[!-9;-~]+:")
_MAIL_FIELDS = re.compile(
    rb"^(?:from|received|return-path|delivered-to|mime-version|message-id|subject|date):",
    re.IGNORECASE | re.MULTILINE,
)


def may_hold_badge(data: bytes) -> bool:
    """Whether these bytes are a picture with a badge's mark on it, JSON about badges, a signed text, or a ZIP."""
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if data.startswith(_PNG):
        return b"openbadge" in data  # the chunk's keyword, never compressed
    if data.startswith(b"PK\3\4"):
        return True
    if head.startswith(b"<"):
        return b"<svg" in data[: 64 * 1024] and b"openbadges" in data
    if head.startswith((b"{", b"[")):
        return _ABOUT_BADGES.search(data) is not None
    return is_compact(data)


def is_compact(data: bytes) -> bool:
    """Whether this is a JWS or JWT in compact form and nothing else."""
    return _COMPACT.fullmatch(data.strip()) is not None


def is_paper(data: bytes) -> bool:
    """Whether this is a PDF or a ZIP, in which a badge may lie deeper than a first look goes."""
    return data.startswith((b"PK\x03\x04", b"%PDF-"))


def is_outlook(data: bytes) -> bool:
    """Whether this is a compound file, as Outlook saves mails (and Office once saved everything)."""
    return data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def is_mail(data: bytes) -> bool:
    """Whether this is a raw mail message: it begins with header fields, at least two of those every mail has."""
    if _MAIL_BEGINS.match(data, 0, 64 * 1024) is None:
        return False
    head = data[: 64 * 1024].replace(b"\r\n", b"\n").replace(b"\r", b"\n").partition(b"\n\n")[0]
    return len(set(_MAIL_FIELDS.findall(head.lower()))) >= 2

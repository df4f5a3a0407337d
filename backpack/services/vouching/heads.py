"""The head of a mail: who is said to have written it, and what our own mail server found out. Runs in a worker."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message

from .shapes import FAIL, NONE, NOTHING, PASS, UNKNOWN, Said

LARGEST = 64 * 1024
_LONGEST_FROM = 2000
_LONGEST_RESULTS = 8000
_OUTCOMES = {"pass": PASS, "none": NONE, "neutral": NONE, "policy": NONE, "fail": FAIL, "softfail": FAIL}
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+", re.ASCII)
_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Results:
    """What an Authentication-Results field says."""

    spf: Said = NOTHING
    dkim: tuple[Said, ...] = ()
    dmarc: Said = NOTHING


@dataclass(frozen=True, slots=True)
class Head:
    """What we read in a head."""

    author: str = ""
    is_signed: bool = False
    results: Results | None = None
    """From our own mail server; None when it says nothing here."""


def start_of(data: bytes) -> bytes:
    """The head of a mail; nothing of one that is larger than any honest one."""
    end = _END.search(data, 0, LARGEST)
    return data[: end.end()] if end else b""


def read(head: bytes, authserv_id: str) -> Head:
    """Read a head; ``authserv_id`` is the name our mail server goes by, "" for none."""
    message = message_from_bytes(head, policy=policy.compat32)
    ours = (
        results
        for told in message.get_all("Authentication-Results", [])
        if (results := _ours(told, authserv_id))
    )
    return Head(_author(message), "DKIM-Signature" in message, next(ours, None))


def domain_of(address: str) -> str:
    """The domain of an address, in small letters."""
    return address.rpartition("@")[2].lower().rstrip(".")


def _author(message: Message) -> str:
    """The one address in the one From field: with two, each program would show another one."""
    fields = message.get_all("From", [])
    if len(fields) != 1 or len(str(fields[0])) > _LONGEST_FROM:
        return ""
    try:
        field = policy.default.header_factory("From", " ".join(str(fields[0]).split()))
    except (MessageError, ValueError, IndexError):
        return ""
    if len(field.addresses) != 1 or field.defects:
        return ""
    address: str = field.addresses[0].addr_spec.lower()
    return address if _DOMAIN.fullmatch(domain_of(address)) else ""


def _ours(field: object, authserv_id: str) -> Results | None:
    """What this field says (RFC 8601), when it is our own mail server that says it."""
    text = re.sub(r"\s*=\s*", "=", _without_comments(" ".join(str(field)[:_LONGEST_RESULTS].split())))
    name, *parts = text.split(";")
    if not authserv_id or name.lower().split()[:1] != [authserv_id.lower()]:
        return None
    told = list(_told(parts))
    return Results(
        spf=next((said for method, said in told if method == "spf"), NOTHING),
        dkim=tuple(said for method, said in told if method == "dkim"),
        dmarc=next((said for method, said in told if method == "dmarc"), NOTHING),
    )


def _told(parts: list[str]) -> Iterator[tuple[str, Said]]:
    for part in parts:
        words = part.split()
        if not words:
            continue
        method, _, result = words[0].lower().partition("=")
        about = dict(word.lower().partition("=")[::2] for word in words[1:])
        names = ("header.d", "header.i", "smtp.mailfrom", "smtp.helo", "header.from")
        domain = domain_of(next((about[name] for name in names if about.get(name)), "").strip('"'))
        yield method.partition("/")[0], Said(_OUTCOMES.get(result, UNKNOWN), domain)


def _without_comments(text: str) -> str:
    """Comments nest; what stands in one was perhaps written by the sender."""
    kept, depth, quoted, escaped = [], 0, False, False
    for letter in text:
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
            continue
        elif letter == '"' and not depth:
            quoted = not quoted
        elif letter == "(" and not quoted:
            depth += 1
        if depth:
            depth -= letter == ")" and not escaped
            continue
        kept.append(" " if quoted and letter in ";= " else letter)
    return "".join(kept)

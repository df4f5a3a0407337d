"""BitstringStatusList and its forerunner StatusList2021: one bit a badge in a signed, packed list (§3.10)."""

import zlib
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from ...errors import BackpackError, Unreadable
from ..addresses import is_secure_address
from ..budget import Budget
from ..carriers import Unbaked
from ..carriers.compact_jwt import looks_compact, without_envelope
from ..case import Case
from ..compact import credential_in, payload
from ..credential import Credential, Issuer, Json, JsonObject
from ..documents import Document, Documents
from ..encodings import Misspelt, base64url
from ..fields import an_object, many, objects, sole, text, types
from ..frozen import frozen
from ..remembering import Remembered
from ..report import Outcome, Verdict
from ..rules import Findings
from ..rules.data_model import check_envelope
from ..strict_json import load_object
from . import Standing

MAX_LIST = 4 * 1024 * 1024
MAX_INFLATED = 16 * 1024 * 1024
AT_ONCE = 2 * 1024 * 1024
MAX_HELD = 32 * 1024 * 1024  # of all the lists that one badge names
BYTES_A_STEP = 3072
MAX_KEPT = 256 * 1024
MAX_KEPT_BITS = 1024 * 1024
MAX_DEPTH = 2
MINIMUM_ENTRIES = 131_072
LEAST_ENTRIES = 100_000  # as long as the first software made its lists; in shorter ones earners stand out
_LAST = "the last large list"
"""What was unpacked on the budget of a file: the badges in a record mostly name the same one."""
_LIST_TYPES = {
    "BitstringStatusList": "BitstringStatusListCredential",
    "StatusList2021": "StatusList2021Credential",
}
_MEANINGS = {
    "revocation": (Verdict.revoked, "The issuer has taken it back."),
    "suspension": (Verdict.suspended, "The issuer has suspended it for now."),
}
_NOT_KNOWN = "Whether it was taken back is not known"


class _Unusable(Exception):
    """The list cannot be used; the message says why, as a clause."""


@frozen
class _Place:
    index: int
    size: int


class _List(NamedTuple):
    """A list that was verified and unpacked."""

    purposes: tuple[Json, ...]
    bits: bytes
    issuer: Issuer
    id: str | None


def needs(entry: JsonObject, case: Case) -> set[str]:
    """The list, then whatever verifying the list needs."""
    address = _address(entry)
    if address is None or case.depth >= MAX_DEPTH or address in case.lists:
        return set()
    case.lists[address] = None
    document = case.documents.get(address)
    if document is None:
        return {address.partition("#")[0]}
    if not document.ok:
        return set()
    from ..verifying import wanted_at_depth  # the list is a credential of its own

    def wanted(documents: Documents, budget: Budget) -> set[str]:
        return wanted_at_depth(_list_credential(document), documents, case.depth + 1, budget)

    try:
        return _wants.ask(document, case.depth, case.documents, case.at, case.budget, wanted)
    except (Unreadable, _Unusable):
        return set()


def read(entry: JsonObject, case: Case) -> Standing:
    """What the badge's bits in the list say, when the list is in hand, genuine and current."""
    purpose = sole(entry.get("statusPurpose"))
    place = _place(entry)
    if place is None:
        return Standing(
            Outcome.failed, "Its place in the issuer's status list is not a number.", Verdict.invalid
        )
    try:
        if not isinstance(purpose, str) or not purpose:
            raise _Unusable("the badge does not say which of its statuses is listed")
        listed = _list(entry, case)
        if purpose not in listed.purposes:
            raise _Unusable("the issuer's status list is for another purpose")
    except _Unusable as why:
        return Standing(Outcome.unknown, f"{_NOT_KNOWN}: {why}.")
    bits, detail = listed.bits, _detail(listed, entry, case)
    if (place.index + 1) * place.size > len(bits) * 8:
        return Standing(
            Outcome.failed, "Its place lies outside the issuer's status list.", Verdict.invalid, detail
        )
    entries, value = len(bits) * 8 // place.size, _value(bits, place)
    if entries < LEAST_ENTRIES and not value:
        return Standing(
            Outcome.unknown, f"{_NOT_KNOWN}: the issuer's status list is too short.", detail=detail
        )
    if entries < MINIMUM_ENTRIES:
        detail["Note"] = "The list is shorter than the standard asks for the earners' privacy."
    is_bad = bool(value) and purpose in _MEANINGS
    if not is_bad and not _says_what_values_mean(entry, place):
        if place.size > 1:
            return Standing(
                Outcome.failed, "It does not say what each of its statuses means.", Verdict.invalid, detail
            )
        # A plain yes or no needs no words.
        detail["Messages"] = "What its statuses mean is not said as the standard asks."
    return _meaning(purpose, value, entry, detail)


def _says_what_values_mean(entry: JsonObject, place: _Place) -> bool:
    """Whether there is a message for every value, as there must be for more than two (Bitstring Status List §2.1)."""
    if "statusMessage" not in entry:
        return place.size == 1
    said = entry["statusMessage"]
    return (
        isinstance(said, list)
        and len(said) == 2**place.size
        and all(isinstance(an_object(m).get(name), str) for m in said for name in ("status", "message"))
    )


def _detail(listed: _List, entry: JsonObject, case: Case) -> dict[str, str]:
    address = str(entry["statusListCredential"])
    detail = {"Source": address}
    if listed.id not in (None, address, address.partition("#")[0]):
        detail["List's own address"] = str(listed.id)
    if listed.issuer.id != case.credential.issuer.id:
        detail["List issued by"] = listed.issuer.name or listed.issuer.id or "nobody"
    return detail


def _meaning(purpose: str, value: int, entry: JsonObject, detail: dict[str, str]) -> Standing:
    if value and purpose in _MEANINGS:
        verdict, says = _MEANINGS[purpose]
        return Standing(Outcome.failed, says, verdict, detail)
    if purpose == "message":
        said = {_digits(m.get("status")): text(m.get("message")) for m in objects(entry.get("statusMessage"))}
        message = said.get(_digits(hex(value))) or "without a message"
        return Standing(Outcome.passed, f"The issuer's status of it: {message}.", detail=detail)
    if purpose == "refresh":
        says = "The issuer has a newer version of it." if value else "The issuer has no newer version of it."
        return Standing(Outcome.passed, says, detail=detail)
    if purpose not in _MEANINGS:
        says = f"It has a status of a kind that we do not know ({purpose[:40]})."
        return Standing(Outcome.unknown, says, detail=detail)
    return Standing(Outcome.passed, "The issuer has not taken it back.", detail=detail)


def _digits(status: Json) -> str:
    """A status in one spelling: issuers write “0xA”, “0x0a” and “a”."""
    return str(status).lower().removeprefix("0x").lstrip("0")


def _address(entry: JsonObject) -> str | None:
    address = entry.get("statusListCredential")
    return address if is_secure_address(address) else None


def _place(entry: JsonObject) -> _Place | None:
    index, size = entry.get("statusListIndex"), entry.get("statusSize", 1)
    if isinstance(index, str) and index.isascii() and index.isdigit() and len(index) < 16:
        index = int(index)
    if isinstance(index, bool) or not isinstance(index, int) or index < 0:
        return None
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= 64:
        return None
    return _Place(index, size)


def _list(entry: JsonObject, case: Case) -> _List:
    """The list that an entry names; verified once, however many entries name it."""
    address = _address(entry)
    if address is None:
        raise _Unusable("the issuer's status list has no secure address")
    if address not in case.lists:
        try:
            case.lists[address] = _held(_trusted_list(address, case), case)
        except _Unusable as why:
            case.lists[address] = why
    found = case.lists[address]
    if isinstance(found, _Unusable):
        raise found
    return found  # type: ignore[no-any-return]


def _held(found: _List, case: Case) -> _List:
    """The list, when there is room for it beside the other ones that the badge names."""
    others = sum(len(one.bits) for one in case.lists.values() if isinstance(one, _List))
    if others + len(found.bits) > MAX_HELD:
        raise _Unusable("the issuer's status lists are larger than we read")
    return found


def _trusted_list(address: str, case: Case) -> _List:
    if case.depth >= MAX_DEPTH:
        raise _Unusable("status lists refer to further status lists")
    document = case.documents.get(address)
    if document is None or not document.ok:
        raise _Unusable(
            document.problem if document and document.problem else "the status list was not fetched"
        )
    try:
        credential = _list_credential(document)
    except BackpackError as error:
        raise _Unusable("the issuer's status list is not readable") from error

    def verified(documents: Documents, budget: Budget) -> _List:
        return _verified_list(credential, documents, case.at, case.depth + 1, budget)

    if credential.contained:  # whose own times may be hidden in tokens
        return verified(case.documents, case.budget)
    return _lists.ask(document, case.depth, case.documents, case.at, case.budget, verified)


def _verified_list(
    credential: Credential, documents: Documents, at: datetime, depth: int, budget: Budget
) -> _List:
    from ..verifying import verify_at_depth

    report = verify_at_depth(credential, documents, at, depth, budget)
    if not report.valid:
        raise _Unusable(f"the issuer's status list does not hold ({report.reason.rstrip('.')})")
    subjects = objects(credential.raw.get("credentialSubject"))
    if not any(kind in types(one) for one in subjects for kind in _LIST_TYPES):
        raise _Unusable("what is served there is not a status list")
    if len(subjects) > 1:  # they have no order, and nothing says which is meant
        raise _Unusable("what is served there is more than one status list")
    subject = subjects[0]
    return _List(many(subject.get("statusPurpose")), _bits(subject, budget), credential.issuer, credential.id)


def _list_credential(document: Document) -> Credential:
    """The list as a credential; many badges name the same one, so that the last few are kept as they were read."""
    read = _last_read if len(document.body) <= MAX_KEPT else _read_list
    return read(document.body)


def _read_list(body: bytes) -> Credential:
    from ..reading import of_object

    body = body.strip().removeprefix(b"\xef\xbb\xbf")
    compact = body.decode("ascii") if body.isascii() and looks_compact(body.decode("ascii")) else None
    found = Findings()
    raw: JsonObject = {} if compact else load_object(body, limit=MAX_LIST, longest=MAX_LIST)
    if "EnvelopedVerifiableCredential" in types(raw):
        check_envelope(raw, found)
        compact = without_envelope(text(raw.get("id")) or "")
        if not looks_compact(compact):
            raise _Unusable("what is served there is not a status list")
    if compact:
        raw = credential_in(payload(compact, limit=MAX_LIST, longest=MAX_LIST))
    if not any(kind in types(raw) for kind in _LIST_TYPES.values()):
        raise _Unusable("what is served there is not a status list")
    carried = Unbaked("", "jwt" if compact else "json", problems=tuple(found.problems))
    return replace(of_object(raw, carried, None)[0], compact=compact)


_last_read = lru_cache(maxsize=8)(_read_list)
_wants: Remembered[set[str]] = Remembered(8)
_lists: Remembered[_List] = Remembered(8, lambda listed: len(listed.bits) <= MAX_KEPT_BITS)


def _bits(listed: JsonObject, budget: Budget) -> bytes:
    packed = listed.get("encodedList")
    if not isinstance(packed, str):
        raise _Unusable("the issuer's status list is empty")
    kept = budget.made.get(_LAST)
    if kept is not None and kept[0] == packed:
        return kept[1]  # type: ignore[no-any-return]
    # BitstringStatusList writes multibase "u…", StatusList2021 plain base64url or base64; a gzip begins "H4sI".
    bare = packed.removeprefix("u") if packed.startswith("uH4s") else packed
    try:
        bits = _unpacked(base64url(bare.rstrip("=").replace("+", "-").replace("/", "_")), budget)
    except (Misspelt, zlib.error) as error:
        raise _Unusable("the issuer's status list cannot be unpacked") from error
    if len(bits) > MAX_KEPT_BITS:  # a smaller one is remembered longer
        budget.made[_LAST] = packed, bits
    return bits


def _unpacked(data: bytes, budget: Budget) -> bytes:
    """A gzip's content, which may lie in several members (RFC 1952 §2.2); little more is unpacked than can be paid."""
    inflater = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    left = MAX_INFLATED
    while not inflater.eof or inflater.unused_data:
        if inflater.eof:
            data, inflater = inflater.unused_data, zlib.decompressobj(wbits=31)
            budget.spend(1 + len(data) // BYTES_A_STEP)  # which was copied
        parts.append(inflater.decompress(data, AT_ONCE))
        data = inflater.unconsumed_tail
        if not (parts[-1] or data or inflater.eof):
            raise _Unusable("the issuer's status list is cut off")
        budget.spend(len(parts[-1]) // BYTES_A_STEP)
        left -= len(parts[-1])
        if left < 0:
            raise _Unusable("the issuer's status list is larger than we read")
    return b"".join(parts)


def _value(bits: bytes, place: _Place) -> int:
    """The entry's bits, the most significant first."""
    value = 0
    for position in range(place.index * place.size, (place.index + 1) * place.size):
        value = value << 1 | bits[position // 8] >> (7 - position % 8) & 1
    return value

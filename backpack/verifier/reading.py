"""From bytes to a credential: recognise what carries it, unbake it, parse it. Nothing is fetched or judged here."""

import re
from dataclasses import replace
from itertools import chain

from ..errors import Damaged, NothingInside, TooComplex, TooLarge, UnknownFormat, Unreadable
from . import strict_json
from .addresses import is_web_address
from .carriers import CARRIERS, Unbaked
from .carriers.compact_jwt import looks_compact, without_envelope
from .compact import Token
from .credential import Credential, Json, JsonObject
from .fields import text, types
from .linked import plain_types
from .rules import Findings
from .rules.data_model import check_envelope
from .vc import contained_in
from .versions import VERSIONS

MAX_BYTES = 8 * 1024 * 1024
MAX_NESTING = 7  # a badge in a record in a record in a presentation, each of them in an envelope
MAX_CONTAINED = 200
ENVELOPE = "EnvelopedVerifiableCredential"
_ENVELOPES = frozenset({ENVELOPE, "EnvelopedVerifiablePresentation"})
_PICTURES = (b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
_BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")
_MARK = b"\xef\xbb\xbf"  # how some editors begin a text in UTF-8
_ENCODING = re.compile(r"^(<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']")
_ASK = "Social sites often remove it; ask the issuer for the original file."


def read(data: bytes) -> Credential:
    """The badge in these bytes: of several the one that counts. Raises Unreadable when there is none."""
    return read_all(data)[0]


def read_all(data: bytes) -> tuple[Credential, ...]:
    """Every different badge in these bytes, the one that counts first; never empty, raises Unreadable instead."""
    return tuple(chain.from_iterable(_read(data)))


def read_shown(data: bytes) -> tuple[Credential, ...]:
    """The badge in these bytes that counts, or where a presentation shows several, each of them."""
    return _read(data)[0]


def _read(data: bytes) -> list[tuple[Credential, ...]]:
    """For each text in these bytes the badges in it that none before it held."""
    found: list[tuple[Credential, ...]] = []
    trouble: Unreadable | None = None
    carried = _unbaked(data)
    if len(carried) > MAX_CONTAINED:  # each is compared with those before it
        raise TooComplex(f"This picture carries more than {MAX_CONTAINED} badges.")
    for unbaked in carried:
        try:
            if new := tuple([c for c in of_text(unbaked) if not _is_known(c, found)]):
                found.append(new)
        except Unreadable as error:
            trouble = trouble or error
    if not found:
        raise trouble or NothingInside()
    if trouble is not None:
        first, *rest = found[0]
        says = f"Something before it could not be read: {trouble.says}"
        found[0] = (replace(first, notes=(*first.notes, says)), *rest)
    return found


def of_text(unbaked: Unbaked, depth: int = 0) -> tuple[Credential, ...]:
    """The credentials in what a carrier held: JSON, a compact form, or an address."""
    if isinstance(unbaked.text, Token):
        return of_object(unbaked.text.credential, unbaked, unbaked.text, depth)
    written = unbaked.text.strip().removeprefix("\ufeff").rstrip("\0")  # old bakers ended a text as C does
    if is_web_address(written):
        return (
            Credential("", unbaked.carrier, address=written, notes=unbaked.notes, problems=unbaked.problems),
        )
    if written.startswith("{"):
        return of_object(strict_json.load_object(written), unbaked, None, depth)
    if looks_compact(written):
        compact = Token(without_envelope(written))
        return of_object(compact.credential, unbaked, compact, depth)
    raise NothingInside("What is written here is not a badge.", "Ask the issuer for the original file.")


def of_object(
    raw: JsonObject, unbaked: Unbaked, compact: Token | None, depth: int = 0
) -> tuple[Credential, ...]:
    """The credentials in a JSON object, which a token may hold; presentations and envelopes are opened."""
    if depth > MAX_NESTING:
        raise TooComplex("Credentials are nested too deeply in this file.")
    kinds = types(raw)
    if "VerifiablePresentation" in kinds:
        return _presented(raw, unbaked, depth)
    if not _ENVELOPES.isdisjoint(kinds):
        return _unwrapped(raw, unbaked, depth)
    _refuse_what_is_no_award(raw)
    for version in VERSIONS.values():
        if version.recognises(raw):
            credential = _with_carrier_address(version.parse(raw, unbaked, compact), unbaked)
            return (_with_contained(credential, unbaked, depth),)
    raise NothingInside(
        "There is no badge in this file.", "Ask the issuer for the badge as a file or a link."
    )


def _unbaked(data: bytes) -> tuple[Unbaked, ...]:
    if len(data) > MAX_BYTES:
        raise TooLarge("This file is larger than 8 MB.")
    if data.startswith(_BYTE_ORDER):
        return _of_utf_16(data)
    data = data.removeprefix(_MARK)
    for carrier in CARRIERS.values():
        if carrier.recognises(data):
            return carrier.unbake(data)
    if not data.strip():
        raise NothingInside("This file is empty.", "Ask the issuer for the badge as a file or a link.")
    if data.startswith(_PICTURES) or data[4:8] == b"ftyp":
        raise UnknownFormat("A picture of this kind cannot carry a badge.", _ASK)
    raise UnknownFormat(try_this="A badge is a PNG or SVG picture, a JSON or JWT file, or a link.")


def _of_utf_16(data: bytes) -> tuple[Unbaked, ...]:
    """What is in a text that some editors of Windows wrote; an SVG picture must no longer say that it is in UTF-16."""
    try:
        written = _ENCODING.sub(r"\1", data.decode("utf-16"), count=1).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UnknownFormat(
            try_this="A badge is a PNG or SVG picture, a JSON or JWT file, or a link."
        ) from error
    note = "It is written in UTF-16, where the standards ask for UTF-8."
    return tuple(replace(found, notes=(*found.notes, note)) for found in _unbaked(written.encode()))


def _is_known(candidate: Credential, found: list[tuple[Credential, ...]]) -> bool:
    """Whether a candidate says nothing new: the same object, or only the address of one that is there."""
    before = chain.from_iterable(found)
    if not candidate.version:
        return any(candidate.address in (c.address, c.id) or c.version for c in before)
    return any(c.raw == candidate.raw and c.compact == candidate.compact for c in before)


def _unwrapped(raw: JsonObject, unbaked: Unbaked, depth: int) -> tuple[Credential, ...]:
    """What an envelope holds in its ``id`` (VC 2.0 §4.12): nothing that stands elsewhere, where it may change."""
    inside = raw.get("id")
    if not isinstance(inside, str) or not looks_compact(inside):
        raise NothingInside("There is no signed badge in this envelope.")
    found = Findings(list(unbaked.problems))
    if ENVELOPE in types(raw):  # what is wrong round a presentation says nothing against what it shows
        check_envelope(raw, found)
    return of_text(replace(unbaked, text=inside, problems=tuple(found.problems)), depth + 1)


def _presented(raw: JsonObject, unbaked: Unbaked, depth: int) -> tuple[Credential, ...]:
    note = "It was taken out of a presentation, whose own signature was not checked."
    opened = replace(unbaked, notes=(*unbaked.notes, note))
    found = tuple(c for inner in _inside(raw) for c in _inner(inner, opened, depth))
    if not found:
        raise NothingInside("There is no badge in this presentation.")
    return found


def contained(raw: JsonObject, unbaked: Unbaked, depth: int = 0) -> tuple[Credential, ...]:
    """Every credential inside a record or a presentation; raises Unreadable when one of them is none."""
    bare = Unbaked("", unbaked.carrier)
    return tuple(c for inner in _inside(raw) for c in _inner(inner, bare, depth))


def _with_contained(credential: Credential, unbaked: Unbaked, depth: int) -> Credential:
    """A record with what it holds. What cannot be read of that spoils the record, and takes nothing else with it."""
    if credential.is_ordinary:  # which holds none
        return credential
    bare = Unbaked("", unbaked.carrier)
    found: list[Credential] = []
    problems: list[str] = []
    for inner in _inside(credential.raw):
        try:
            found += _inner(inner, bare, depth)
        except TooComplex:
            raise
        except Unreadable as error:
            problems.append(f"Something in this record cannot be read: {error.says}")
    if not found and not problems:
        return credential
    told = (*credential.problems, *dict.fromkeys(problems))
    return replace(credential, contained=tuple(found), problems=told)


def _inside(raw: JsonObject) -> tuple[Json, ...]:
    inside = contained_in(raw)
    if len(inside) > MAX_CONTAINED:
        raise TooComplex(f"This file contains more than {MAX_CONTAINED} credentials.")
    return inside


def _inner(inner: Json, unbaked: Unbaked, depth: int) -> tuple[Credential, ...]:
    if isinstance(inner, dict):
        return of_object(inner, unbaked, None, depth + 1)
    if isinstance(inner, str) and looks_compact(inner):
        return of_text(replace(unbaked, text=inner), depth + 1)
    raise Damaged("One of the credentials inside is neither an object nor a signed text.")


def _with_carrier_address(credential: Credential, unbaked: Unbaked) -> Credential:
    named = unbaked.address
    if named is None or not is_web_address(named) or named in (credential.address, credential.id):
        return credential
    if credential.version == "0.5" and credential.address is None:
        return replace(credential, address=named)
    says = f"The picture says the badge is at {named}, the badge itself says otherwise."
    if credential.address is None:  # whose signature holds wherever it is
        return replace(credential, notes=(*credential.notes, says))
    # Without an address: the issuer's copy would be taken instead, whatever the picture says.
    return replace(credential, address=None, problems=(*credential.problems, says))


def _refuse_what_is_no_award(raw: JsonObject) -> None:
    kinds = plain_types(raw)
    if "BadgeClass" in kinds or "Achievement" in kinds:
        raise NothingInside(
            "This describes a badge that can be earned; it is not an award to anyone.",
            "Ask the issuer for the badge that was awarded to you.",
        )
    if "Issuer" in kinds or "Profile" in kinds:
        raise NothingInside("This describes an issuer; there is no badge in it.")
    if raw.get("revoked") is True and not raw.keys() & {"badge", "recipient", "credentialSubject"}:
        # All that OB 2.0 (§ Revoked Assertions) wants at the address of a badge that was taken back.
        why = (text(raw.get("revocationReason")) or "")[:200].rstrip(".")
        raise NothingInside(
            f"The issuer has taken this badge back{f': {why}' if why else ''}.",
            "If you still have its file, add that: it is kept, and says so. Or ask the issuer.",
        )

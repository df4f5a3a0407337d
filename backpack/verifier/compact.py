"""The compact form of a signed badge (JWS, JWT), opened; nothing is verified here."""

from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType

from ..errors import Damaged, NothingInside
from . import strict_json
from .credential import Json, JsonObject
from .encodings import Misspelt, base64url
from .fields import an_object, many, sole
from .jcs import jcs
from .once import once
from .rules.data_model import BASE_V2

_REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf"})
LONGEST_USUAL = 1024  # a header with the certificates of its key is longer
_YEAR_1, _YEAR_10000 = -62_135_596_800, 253_402_300_800


class Token(str):
    """A compact form that keeps what it says, once that was read: it is asked for to show it and to judge it."""

    @once
    def header(self) -> JsonObject:
        """How it says it is signed."""
        return header(str(self))

    @once
    def payload(self) -> JsonObject:
        """What was signed."""
        return payload(str(self))

    @once
    def credential(self) -> JsonObject:
        """The credential in it."""
        return credential_in(self.payload)

    @once
    def term(self) -> tuple[datetime | None, datetime | None]:
        """From when and until when its claims (``nbf``, ``exp``) say that it holds."""
        return claimed_time(self.payload, "nbf"), claimed_time(self.payload, "exp")


def payload(
    compact: str, *, limit: int = strict_json.DOCUMENT, longest: int = strict_json.STRING
) -> JsonObject:
    """What was signed, as an object; raises Unreadable when it is cut off, nothing of the kind, or hidden."""
    parts = compact.partition("~")[0].split(".")
    if len(parts) != 3 or (not parts[2] and header(compact).get("alg") != "none"):
        raise Damaged(
            "This signed badge is cut off: its signature is missing.", "Ask the issuer for the original file."
        )
    return _decoded(parts[1], "content", limit=limit, longest=longest)


def is_selective(compact: str | None) -> bool:
    """Whether it is a selective-disclosure token (SD-JWT), whose holder shows or hides parts of it."""
    return "~" in (compact or "")


def is_plain(compact: str | None) -> bool:
    """Whether it is a compact form that is signed as a whole."""
    return compact is not None and not is_selective(compact)


def header(compact: str) -> JsonObject:
    """How it says it is signed."""
    part = compact.partition(".")[0]
    return _usual_header(part) if len(part) <= LONGEST_USUAL else _header(part)


@lru_cache(maxsize=64)  # all that an issuer signs begins alike
def _usual_header(part: str) -> JsonObject:
    return _header(part)


def _header(part: str) -> JsonObject:
    return MappingProxyType(_decoded(part, "header", limit=8192, longest=8192))


def credential_in(payload: JsonObject) -> JsonObject:
    """The credential in a payload: in ``vc`` completed by the claims (1.1), else the payload itself (2.0, OB 2).

    Some software writes one of 1.1 out beside ``vc``, which then repeats a part of it. An SD-JWT that names its
    type as ``vct`` says who made it in its claims alone.
    """
    inner = payload.get("vc", payload.get("vp"))
    if isinstance(inner, dict) and "type" not in payload:
        return _completed(inner, payload)
    if "recipient" in payload or "badge" in payload:
        return payload
    said = {name: value for name, value in payload.items() if name not in _REGISTERED}
    if names_status_list(payload):
        del said["status"]
    if inner and inner is said.get("vc") and _is_part(inner, said):
        del said["vc"]
    return {**_from_claims(payload), **said} if "vct" in payload else said


def _is_part(inner: Json, whole: JsonObject) -> bool:
    """Whether a credential of the first data model repeats a part of another, and nothing else."""
    return (
        isinstance(inner, dict)
        and not is_of_second_model(whole)
        and all(name in whole and jcs(whole[name]) == jcs(said) for name, said in inner.items())
    )


def is_of_second_model(credential: JsonObject) -> bool:
    """Whether it is written in the second data model, whose credentials are the whole of what a token says."""
    return many(credential.get("@context"))[:1] == (BASE_V2,)


def names_status_list(payload: JsonObject) -> bool:
    """Whether a token says by a claim, not in the credential, where its status is (IETF Token Status List)."""
    return "status_list" in an_object(payload.get("status"))


def presentation_in(payload: JsonObject) -> JsonObject:
    """The presentation in a payload: in ``vp``, held by ``iss`` (1.1), else the payload itself (2.0)."""
    inner = payload.get("vp")
    if isinstance(inner, dict) and "type" not in payload:
        holder = {"holder": payload["iss"]} if "iss" in payload else {}
        return {**holder, **inner}
    said = {name: value for name, value in payload.items() if name not in _REGISTERED | {"nonce"}}
    if inner and _is_part(inner, said):
        del said["vp"]
    return said


def claimed_time(payload: JsonObject, claim: str) -> datetime | None:
    """A ``nbf``, ``exp`` or ``iat`` claim, when it is a number of seconds since 1970."""
    seconds = payload.get(claim)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < _YEAR_1:
        return None
    return _moment(min(seconds, _YEAR_10000 - 1))


@lru_cache(maxsize=256)  # each is asked for as a claim, as a time of the badge, and to compare the two
def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _decoded(part: str, what: str, *, limit: int, longest: int) -> JsonObject:
    try:
        found = strict_json.loads(base64url(part), limit=limit, longest=longest)
    except (Misspelt, Damaged) as error:
        raise NothingInside(
            f"This looks like a signed badge, but its {what} cannot be read.",
            "Ask the issuer for the original file.",
        ) from error
    if not isinstance(found, dict):
        raise NothingInside("This is a signed text, but not a badge.")
    return found


def _completed(inner: JsonObject, payload: JsonObject) -> dict[str, Json]:
    """A credential of the first data model with what it leaves to the claims (VC 1.1 §6.3.1)."""
    if is_of_second_model(inner):
        return dict(inner)
    found = {**_from_claims(payload), **inner}
    for claim, member in (("iss", "issuer"), ("sub", "credentialSubject")):
        whole = sole(found.get(member))
        if isinstance(whole, dict) and "id" not in whole and isinstance(payload.get(claim), str):
            found[member] = {"id": payload[claim], **whole}
    return found


def _from_claims(payload: JsonObject) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for claim, member in (("iss", "issuer"), ("jti", "id")):
        if isinstance(payload.get(claim), str):
            found[member] = payload[claim]
    for claim, member in (("nbf", "issuanceDate"), ("exp", "expirationDate")):
        if (at := claimed_time(payload, claim)) is not None:
            found[member] = at.isoformat(timespec="seconds").replace("+00:00", "Z")
    return found

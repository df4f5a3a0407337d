"""The W3C data model of verifiable credentials, 1.1 and 2.0 (open-badges.md §3.5)."""

from ..addresses import is_uri
from ..credential import Json, JsonObject
from ..fields import contexts, many, objects, types
from ..times import date_time_stamp, has_zone
from . import Findings

BASE_V1 = "https://www.w3.org/2018/credentials/v1"
BASE_V2 = "https://www.w3.org/ns/credentials/v2"
_NEEDS_TYPE = {
    "credentialStatus": "The status entry",
    "credentialSchema": "The schema entry",
    "refreshService": "The refresh service",
    "termsOfUse": "The terms of use",
    "evidence": "The evidence",
}
_CLAIMS = frozenset({"issuer", "credentialSubject", "holder", "verifiableCredential", "proof"})
_TIMES = {"validFrom": BASE_V2, "validUntil": BASE_V2, "issuanceDate": BASE_V1, "expirationDate": BASE_V1}


def is_v1(raw: JsonObject) -> bool:
    """Whether it is written in data model 1.1."""
    return BASE_V1 in contexts(raw) and BASE_V2 not in contexts(raw)


def check_data_model(raw: JsonObject, found: Findings) -> None:
    """Everything that the data model asks of any verifiable credential."""
    _check_contexts(raw, found)
    _check_types(raw, found)
    _check_id(raw.get("id"), "The credential's id", found, required=False)
    _check_issuer(raw, found)
    _check_subjects(raw, found)
    _check_times(raw, found)
    _check_services(raw, found)
    _check_related(raw, found)
    found.expect(
        "vc" not in raw and "vp" not in raw, "It carries a vc or vp claim beside the credential itself."
    )
    for member in ("name", "description"):
        _check_text(raw.get(member), f"The {member}", found)


def check_presentation(raw: JsonObject, found: Findings) -> None:
    """Everything that the data model asks of any verifiable presentation (VC 2.0 §4.13)."""
    _check_contexts(raw, found)
    _check_id(raw.get("id"), "The presentation's id", found, required=False)
    kinds = many(raw.get("type", raw.get("@type")))
    found.expect(all(isinstance(t, str) and t for t in kinds), "One of its types is not a word.")
    found.expect("VerifiablePresentation" in types(raw), "It is not of type VerifiablePresentation.")
    holder = raw.get("holder")
    named = holder.get("id") if isinstance(holder, dict) else holder
    _check_id(named, "The holder", found, required="holder" in raw)
    _check_services(raw, found)
    for shown in many(raw.get("verifiableCredential")):
        if isinstance(shown, dict):
            found.expect("VerifiablePresentation" not in types(shown), "It holds a presentation in itself.")
        else:
            # Data model 1.1 let a presentation that is a JWT list credentials that are JWTs.
            is_token = is_v1(raw) and isinstance(shown, str)
            found.expect(is_token, "One of its credentials is not an object.")


def check_envelope(raw: JsonObject, found: Findings) -> None:
    """Everything that the data model asks of an object that only holds a token (VC 2.0 §4.13)."""
    found.expect(BASE_V2 in contexts(raw), "The envelope around it has no @context that says what it is.")
    inside = raw.get("id")
    is_inside = isinstance(inside, str) and inside.strip()[:5].lower() == "data:"
    found.expect(is_inside, "The envelope around it does not hold it in a data: address.")
    # Who asks about such an object, and reads on in it, would take them for what was verified.
    found.expect(
        _CLAIMS.isdisjoint(raw), "The envelope around it makes claims of its own, which nobody signed."
    )


def _check_contexts(raw: JsonObject, found: Findings) -> None:
    listed = raw.get("@context")
    given = many(listed)
    if not given or given[0] is None:
        found.expect(False, "It has no @context, so nothing says what its words mean.")
        return
    found.expect(
        given[0] in (BASE_V1, BASE_V2), "Its first @context is not the one of verifiable credentials."
    )
    found.expect(isinstance(listed, list), "Its @context is not a list.")
    for one in given:
        fine = is_uri(one) if isinstance(one, str) else isinstance(one, dict)
        found.expect(fine, "One of its @context entries is neither an address nor an object.")


def _check_types(raw: JsonObject, found: Findings) -> None:
    listed = many(raw.get("type", raw.get("@type")))
    if not listed:
        found.expect(False, "It does not say what type it is of.")
        return
    found.expect(all(isinstance(t, str) and t for t in listed), "One of its types is not a word.")
    found.expect("VerifiableCredential" in types(raw), "It is not of type VerifiableCredential.")


def _check_id(value: Json, what: str, found: Findings, *, required: bool) -> None:
    if (required or value is not None) and not is_uri(value):
        found.expect(False, f"{what} is not one address or URN.")


def _check_issuer(raw: JsonObject, found: Findings) -> None:
    issuer = raw.get("issuer")
    if isinstance(issuer, dict):
        _check_id(issuer.get("id"), "The issuer's id", found, required=True)
        for member in ("name", "description"):
            _check_text(issuer.get(member), f"The issuer's {member}", found)
        return
    found.expect(issuer is not None, "It does not say who issued it.")
    if issuer is not None:
        found.expect(is_uri(issuer), "The issuer is not one address or object.")


def _check_subjects(raw: JsonObject, found: Findings) -> None:
    subjects = many(raw.get("credentialSubject"))
    found.expect(bool(subjects), "It says nothing about anyone: there is no credentialSubject.")
    for subject in subjects:
        if not isinstance(subject, dict):
            found.expect(False, "Its credentialSubject is not an object.")
            continue
        found.expect(bool(subject), "One of its credentialSubjects is empty.")
        _check_id(subject.get("id"), "The credentialSubject's id", found, required=False)


def _check_times(raw: JsonObject, found: Findings) -> None:
    base = BASE_V1 if is_v1(raw) else BASE_V2
    if base == BASE_V1:
        found.expect("issuanceDate" in raw or "validFrom" in raw, "It does not say when it was issued.")
    for member in (*_TIMES, "awardedDate"):
        if member in raw:
            at = date_time_stamp(raw[member])
            found.expect(at is not None, f"Its {member} is not a date with a time.")
            found.prefer(
                at is None or has_zone(raw[member]), f"Its {member} names no time zone; it was read as UTC."
            )


def _check_services(raw: JsonObject, found: Findings) -> None:
    for member, what in _NEEDS_TYPE.items():
        if member not in raw:
            continue
        found.expect(raw[member] is not None, f"{what} is empty.")
        for one in many(raw[member]):
            if not isinstance(one, dict):
                found.expect(False, f"{what} is not an object.")
                continue
            found.expect(bool(types(one)), f"{what} does not say what type it is of.")
            _check_id(one.get("id"), f"{what}'s id", found, required=member == "credentialSchema")
            if member == "credentialStatus" and is_v1(raw):
                found.prefer("id" in one, "Its status entry has no id, which data model 1.1 asks for.")


def _check_related(raw: JsonObject, found: Findings) -> None:
    """Related resources: each named once, with a digest (VC 2.0 §5.3)."""
    related = many(raw.get("relatedResource"))
    found.expect(bool(related) or "relatedResource" not in raw, "Its relatedResource names none.")
    names = [one.get("id") for one in related if isinstance(one, dict)]
    found.expect(all(is_uri(name) for name in names), "A related resource has no address.")
    found.expect(
        len({str(n) for n in names}) == len(related), "A related resource is named twice, or not at all."
    )
    for one in objects(related):
        digests = [one[name] for name in ("digestSRI", "digestMultibase") if name in one]
        fine = bool(digests) and all(isinstance(digest, str) and digest for digest in digests)
        found.expect(fine, "A related resource has no digest.")


def _check_text(value: Json, what: str, found: Findings) -> None:
    """Text, or objects of ``@value``, ``@language`` and ``@direction`` alone (VC 2.0 §11.1)."""
    if value is None or isinstance(value, str):
        return
    for one in many(value):
        if isinstance(one, dict):
            proper = isinstance(one.get("@value"), str) and set(one) <= {"@value", "@language", "@direction"}
            found.expect(proper, f"{what} is neither text nor text with a language.")
        else:
            found.expect(isinstance(one, str), f"{what} is not text.")

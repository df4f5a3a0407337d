"""Open Badges 0.5, 1.0 and 1.1: Mozilla's formats, hosted at an address or signed with a key that is."""

from dataclasses import replace

from ..addresses import origin
from ..before import Before
from ..carriers import Unbaked
from ..credential import Achievement, Credential, Issuer, Json, JsonObject, Recipient
from ..documents import Documents
from ..fields import an_object, contexts, evidence, picture, text, web_address
from ..legacy import assertion_of, completed, looks_hashed, trail_of
from ..linked import Part, plain
from ..rules import Findings, open_badges_1
from ..rules.open_badges_1 import check_assertion, check_assertion_05, is_context_1, site_of
from ..rules.open_badges_2 import is_signed
from ..times import loose_time

NAMES = ("0.5", "1.0", "1.1")


def recognises(raw: JsonObject) -> bool:
    """Whether it is an assertion of 1.1 (by its context), of 1.0 (by its parts) or of 0.5 (class inside it)."""
    if any(map(is_context_1, contexts(raw))):
        return "recipient" in raw or "badge" in raw
    return sum(member in raw for member in ("recipient", "badge", "verify")) >= 2


def parse(raw: JsonObject, unbaked: Unbaked, compact: str | None) -> Credential:
    """The assertion as the object itself says."""
    found = Findings()
    if is_05(raw):
        check_assertion_05(raw, found)
        credential = _assertion_05(raw, unbaked, compact)
    else:
        check_assertion(raw, found)
        version = "1.1" if contexts(raw) else "1.0"
        credential = assertion_of(raw, unbaked, compact, version)
        verification = an_object(plain(raw).get("verification"))
        hosted = compact is None and not is_signed(verification)
        credential = replace(credential, address=web_address(verification.get("url")) if hosted else None)
    return replace(
        credential,
        notes=(*credential.notes, *found.notes),
        problems=(*credential.problems, *found.problems),
    )


def is_05(raw: JsonObject) -> bool:
    """Whether it is of 0.5: the class stands inside, and nothing says how to verify it."""
    is_whole = isinstance(raw.get("badge"), dict) and "verify" not in raw and not contexts(raw)
    return is_whole and ("uid" not in raw or isinstance(raw.get("recipient"), str))


def needs(credential: Credential, documents: Documents) -> set[str]:
    """The hosted assertion; from 1.0 on the badge class and the issuer too."""
    trail = trail_of(credential, documents)
    if not _is_of_first_days(credential, trail.assertion):
        return trail.wants
    return {trail.assertion.wants} if trail.assertion.wants else set()


def complete(credential: Credential, documents: Documents) -> Credential:
    """The hosted copy with its class and issuer."""
    hosted = trail_of(credential, documents).assertion
    if not hosted.stands:
        hosted = trail_of(credential, Before(documents)).assertion
    if not _is_of_first_days(credential, hosted):
        return completed(credential, documents, parse, open_badges_1)
    if not hosted.stands:
        return credential
    copy = parse(hosted.raw, Unbaked("", credential.carrier), None)
    return replace(copy, address=hosted.address, id=hosted.address, notes=credential.notes)


def _is_of_first_days(credential: Credential, copy: Part) -> bool:
    """Whether it is of 0.5, and its issuer has not written it anew in a later version since."""
    return credential.version == "0.5" and (not copy.stands or is_05(copy.raw))


def _assertion_05(raw: JsonObject, unbaked: Unbaked, compact: str | None) -> Credential:
    badge = an_object(raw.get("badge"))
    issuer = an_object(badge.get("issuer"))
    site = site_of(issuer.get("origin"))
    identity, salt = text(raw.get("recipient")), text(raw.get("salt"))
    hashed = bool(identity and looks_hashed(identity))
    name = ": ".join(filter(None, (text(issuer.get("name")), text(issuer.get("org"))))) or None
    recipient = Recipient("emailAddress", identity or "", hashed, salt)
    image = picture(_whole(badge.get("image"), site))
    return Credential(
        version="0.5",
        carrier=unbaked.carrier,
        raw=raw,
        compact=compact,
        title=text(badge.get("name")),
        achievement=Achievement(
            name=text(badge.get("name")),
            description=text(badge.get("description")),
            criteria_url=web_address(_whole(badge.get("criteria"), site)),
            picture=image,
        ),
        issuer=Issuer(
            id=site,
            name=name,
            url=site,
            email=text(issuer.get("contact")),
        ),
        recipients=(recipient,) if identity else (),
        issued_at=loose_time(raw.get("issued_on")),
        expires_at=loose_time(raw.get("expires")),
        evidence=evidence(_whole(raw.get("evidence"), site)),
        picture=image,
        notes=unbaked.notes,
        problems=unbaked.problems,
    )


def _whole(link: Json, site: str | None) -> Json:
    """A link of 0.5, which may leave out that it is on its issuer's site."""
    if site is None or not isinstance(link, str) or not link.startswith("/"):
        return link
    return f"{origin(site)}{link}"

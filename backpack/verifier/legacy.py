"""What Open Badges 0.5 to 2.x have in common, read into our one shape (open-badges.md §2.2)."""

from collections.abc import Callable
from dataclasses import replace

from .before import Before
from .carriers import Unbaked
from .credential import Achievement, Alignment, Credential, Issuer, Json, JsonObject, Recipient
from .documents import Documents
from .fields import (
    an_object,
    contexts,
    evidence,
    facts,
    identifier,
    language,
    objects,
    picture,
    related,
    text,
    texts,
    translations,
    web_address,
)
from .identities import is_digest
from .linked import Part, Trail, follow, identity_kinds, plain
from .rules import Findings, Rules, open_badges_1, open_badges_2
from .times import loose_time

KINDS = {"email": "emailAddress", "url": "url", "id": "url", "telephone": "phone"}
Rule = Callable[[JsonObject, Findings], None]


def assertion_of(raw: JsonObject, unbaked: Unbaked, compact: str | None, version: str) -> Credential:
    """The assertion alone, with its class and issuer as far as they are embedded."""
    said = plain(raw)
    embedded = an_object(said.get("badge"))
    found = Credential(
        version=version,
        carrier=unbaked.carrier,
        raw=raw,
        compact=compact,
        id=identifier(said) or text(said.get("uid")),
        recipients=_recipients(said.get("recipient")),
        issued_at=loose_time(said.get("issuedOn")),
        expires_at=loose_time(said.get("expires")),
        narrative=text(said.get("narrative")),
        evidence=evidence(said.get("evidence")),
        picture=picture(said.get("image")),
        language=language(said),
        facts=facts(said, "uid"),
        notes=unbaked.notes,
        problems=unbaked.problems,
    )
    return with_class(found, embedded, an_object(plain(embedded).get("issuer")))


def with_class(credential: Credential, badge: JsonObject, issuer: JsonObject) -> Credential:
    """The same credential with what a badge class and an issuer's profile add."""
    achievement = _achievement(badge, plain(credential.raw).get("badge"))
    profile = profile_of(issuer, plain(badge).get("issuer"))
    shown = picture(plain(credential.raw).get("image"), plain(badge).get("image"))
    return replace(
        credential,
        achievement=achievement,
        issuer=profile,
        title=achievement.name,
        picture=shown,
        language=credential.language or achievement.extra.get("language"),
    )


def profile_of(raw: JsonObject, reference: Json) -> Issuer:
    """An issuer's profile; ``reference`` is how the badge class names it."""
    said = plain(raw)
    return Issuer(
        id=identifier(said) or identifier(reference),
        name=text(said.get("name")),
        url=web_address(said.get("url")),
        email=text(said.get("email")),
        description=text(said.get("description")),
        picture=picture(said.get("image")),
        phone=text(said.get("telephone")),
    )


def wanted(credential: Credential, documents: Documents) -> set[str]:
    """The addresses still wanted: the hosted assertion, the class, the issuer."""
    return trail_of(credential, documents).wants


def trail_of(credential: Credential, documents: Documents) -> Trail:
    """Assertion, class and issuer of a credential, as far as the documents go."""
    return follow(credential.raw, credential.address, documents)


def last_trail_of(credential: Credential, documents: Documents) -> Trail:
    """The same; where not all of that can be read now, as it could be when it was last found genuine."""
    trail = trail_of(credential, documents)
    before = trail if trail.is_whole else trail_of(credential, Before(documents))
    return before if before.is_whole else trail


def completed(
    credential: Credential,
    documents: Documents,
    parse: Callable[[JsonObject, Unbaked, str | None], Credential],
    rules: Rules,
) -> Credential:
    """The credential with its hosted copy taken instead, and with class and issuer; their faults become its own."""
    trail = last_trail_of(credential, documents)
    if trail.assertion.fetched and trail.assertion.stands:
        hosted = parse(trail.assertion.raw, Unbaked("", credential.carrier), None)
        # A hosted copy counts whole: what was wrong with the file alone is no longer of interest.
        credential = replace(hosted, address=credential.address, notes=(*credential.notes, *hosted.notes))
    found = Findings(list(credential.problems), list(credential.notes))
    _judge(trail.badge, [r.check_class for r in _rules_for(trail.badge, rules)], found)
    _judge(trail.issuer, [r.check_issuer for r in _rules_for(trail.issuer, rules)], found)
    credential = replace(credential, problems=tuple(found.problems), notes=tuple(dict.fromkeys(found.notes)))
    if not trail.badge.known:
        return credential
    return with_class(credential, trail.badge.raw, trail.issuer.raw if trail.issuer.known else {})


def _rules_for(part: Part, usual: Rules) -> tuple[Rules, ...]:
    """The rules of the assertion's generation, or of the one that the linked object says it is written in.

    Issuers that went on to a newer one did not write everything anew at once: either will do.
    """
    named = contexts(part.raw)
    if usual is not open_badges_2 and any(map(open_badges_2.is_context_2, named)):
        return open_badges_2, usual
    if usual is not open_badges_1 and any(map(open_badges_1.is_context_1, named)):
        return open_badges_1, usual
    return (usual,)


def _judge(part: Part, rules: list[Rule], found: Findings) -> None:
    if part.note:
        found.prefer(False, part.note)
    if part.mismatch:
        found.expect(False, part.mismatch)
    if part.known:
        each = [Findings() for _ in rules]
        for rule, one in zip(rules, each, strict=True):
            rule(part.raw, one)
        best = min(each, key=lambda one: bool(one.problems))
        found.problems += (p for p in best.problems if p not in found.problems)
        found.notes += best.notes


def _recipients(value: Json) -> tuple[Recipient, ...]:
    return tuple(r for one in objects(value) if (r := _recipient(plain(one))) is not None)


def _recipient(said: JsonObject) -> Recipient | None:
    identity = said.get("identity")
    if not isinstance(identity, str) or not identity:
        return None
    hashed = said["hashed"] if isinstance(said.get("hashed"), bool) else looks_hashed(identity)
    named = identity_kinds(said) or ("email",)
    kind = next((KINDS[one] for one in named if one in KINDS), named[0])
    # Some wrote a salt of digits as a number; it was hashed as it is written.
    return Recipient(kind, identity, hashed, text(said.get("salt")) if hashed else None)


def looks_hashed(identity: str) -> bool:
    """Whether an identity is written as ``algorithm$digest``, or as a digest alone, as some left the rest out."""
    algorithm, dollar, digest = identity.partition("$")
    if not dollar:
        return is_digest(identity)
    return algorithm.isalnum() and digest.isalnum()


def _achievement(raw: JsonObject, reference: Json) -> Achievement:
    said = plain(raw)
    criteria = said.get("criteria")
    extra = facts(said, "version")
    if said_language := language(said):
        extra["language"] = said_language
    return Achievement(
        id=identifier(said) or identifier(reference),
        name=text(said.get("name")),
        description=text(said.get("description")),
        criteria_url=web_address(criteria),
        criteria_narrative=text(an_object(criteria).get("narrative")),
        picture=picture(said.get("image")),
        tags=texts(said.get("tags")),
        alignments=tuple(_alignment(plain(a)) for a in objects(said.get("alignment"))),
        related=related(said.get("related")),
        names=translations(said.get("name")),
        descriptions=translations(said.get("description")),
        extra=extra,
    )


def _alignment(said: JsonObject) -> Alignment:
    return Alignment(
        name=text(said.get("targetName")) or text(said.get("name")) or "",
        url=web_address(said.get("targetUrl")) or web_address(said.get("url")),
        description=text(said.get("targetDescription")) or text(said.get("description")),
        framework=text(said.get("targetFramework")),
        code=text(said.get("targetCode")),
    )

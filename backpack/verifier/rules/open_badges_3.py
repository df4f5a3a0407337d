"""What Open Badges 3.0 and CLR 2.0 ask beyond the data model (open-badges.md §3.5, rows 3 to 9)."""

import re
from collections.abc import Callable
from typing import TypeAlias

from ..credential import JsonObject
from ..fields import an_object, contexts, identifier, is_text, many, objects, sole, text, types
from . import Findings
from .data_model import is_v1
from .members import astray
from .words import check_word

BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
OB3_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
CLR_CONTEXT = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
SCHEMAS = ("https://purl.imsglobal.org/spec/ob/", "https://purl.imsglobal.org/spec/clr/")
"""Where the published schemas are, whose demands stand here and in ``members``."""

_OB3_CONTEXTS = re.compile(
    r"https://purl\.imsglobal\.org/spec/ob/v3p0/(?:context(?:-3\.\d+\.\d+)?\.json|context/ob_v3p0\.jsonld)\Z"
)
# Badges of the pilots named the candidate's address, the last here, wherever it came in their list.
_BETA_CONTEXTS = re.compile(
    r"https://(?:imsglobal\.github\.io/openbadges-specification/|w3c-ccg\.github\.io/vc-ed/plugfest-|w3id\.org/vc-ed/"
    r"|purl\.imsglobal\.org/spec/ob/v3p0/context\.json\Z)"
)
_CLR_CONTEXTS = re.compile(r"https://purl\.imsglobal\.org/spec/clr/v2p0/context(?:-2\.\d+\.\d+)?\.json\Z")
_PROFILE = "Profile"
_SELECTIVE = "ecdsa-sd-2023"
Demand: TypeAlias = Callable[[bool, str], None]


def bare(raw: JsonObject, compact: str | None) -> JsonObject:
    """What there is to be checked: a token is signed as a whole, so that a proof inside it hides nothing."""
    if compact is None or "proof" not in raw:
        return raw
    return {name: value for name, value in raw.items() if name != "proof"}


def check_badge(raw: JsonObject, found: Findings) -> None:
    """A single badge: contexts, subject, achievement, results, profiles."""
    listed = contexts(raw)
    second = listed[1] if len(listed) > 1 and isinstance(listed[1], str) else ""
    published = bool(_OB3_CONTEXTS.match(second))
    beta = is_v1(raw) and any(isinstance(c, str) and _BETA_CONTEXTS.match(c) for c in listed)
    found.expect(published or beta, "Its second @context is not the one of Open Badges 3.0.")
    if beta and not published:
        found.notes.append("It is written in a draft of Open Badges 3.0.")
    elif published and second != OB3_CONTEXT:
        found.notes.append("It names an older address of the Open Badges 3.0 context.")
    demand = _demand(raw, found)
    _check_whole(raw, found, demand if published else found.prefer)
    if published or not _is_untyped(raw.get("issuer")):
        _check_issuer(raw, found)
    else:
        found.notes.append("Its issuer is not said to be a profile.")
    # Whoever is named second would be shown with what the first one achieved.
    found.expect(len(many(raw.get("credentialSubject"))) < 2, "It is about more than one person.")
    is_promised = _promises_members(raw)
    must = found.expect if is_promised else found.prefer
    for subject in objects(raw.get("credentialSubject")):
        found.typed(subject, "AchievementSubject", "The credentialSubject")
        must(bool(many(subject.get("achievement"))), "It does not say which achievement it was awarded for.")
        _check_recipient(subject, found, demand if published else found.prefer)
        _check_subject_parts(subject, found, demand)
    _check_evidence(raw, found)
    if published and is_promised:
        _check_members(raw, found)


def check_record(raw: JsonObject, found: Findings) -> None:
    """A CLR 2.0 record: its contexts, subject and associations; what it contains is judged on its own."""
    listed = contexts(raw)
    clr = len(listed) > 1 and isinstance(listed[1], str) and bool(_CLR_CONTEXTS.match(listed[1]))
    found.expect(clr, "Its second @context is not the one of CLR 2.0.")
    ob3 = any(isinstance(c, str) and _OB3_CONTEXTS.match(c) for c in listed[2:])
    found.expect(ob3, "The @context of Open Badges 3.0 is missing.")
    found.prefer(raw.get("partial") is not True, "Its issuer knows of more than this record holds.")
    demand = _demand(raw, found)
    _check_whole(raw, found, demand)
    _check_issuer(raw, found)
    for subject in objects(raw.get("credentialSubject")):
        found.typed(subject, "ClrSubject", "The credentialSubject")
        found.expect(bool(many(subject.get("verifiableCredential"))), "The record contains no credential.")
        _check_identifiers(subject.get("identifier"), "The subject's identifier", found, demand)
        found.typed(subject.get("achievement"), "Achievement", "An achievement")
        for achievement in objects(subject.get("achievement")):
            _check_profile(achievement.get("creator"), "An achievement's creator", found)
        links = many(subject.get("association"))
        found.expect(all(isinstance(link, dict) for link in links), "An association is not an object.")
        found.typed(links, "Association", "An association", required=False)
    _check_evidence(raw, found)
    if _promises_members(raw):
        _check_members(raw, found)


def _demand(raw: JsonObject, found: Findings) -> Demand:
    """How to ask for what must be there: of a part that its holder shows nobody knows what is hidden."""
    return found.prefer if _is_part(raw) else found.expect


def _is_part(raw: JsonObject) -> bool:
    # Any other proof that holds is over the whole; and nobody signs which proofs stand there.
    proofs = many(raw.get("proof"))
    return bool(proofs) and all(an_object(proof).get("cryptosuite") == _SELECTIVE for proof in proofs)


def _check_members(raw: JsonObject, found: Findings) -> None:
    if wrong := astray(raw):
        found.expect(False, wrong)


def _promises_members(raw: JsonObject) -> bool:
    """Who names the published schema promises to keep it; of a shown part nobody knows what is hidden."""
    named = [identifier(one) or "" for one in objects(raw.get("credentialSchema"))]
    return any(address.startswith(SCHEMAS) for address in named) and not _is_part(raw)


def _check_whole(raw: JsonObject, found: Findings, demand: Demand) -> None:
    """What the drafts did not ask for."""
    demand("id" in raw, "It has no id.")
    demand("validFrom" in raw or is_v1(raw), "It does not say from when it is valid.")
    for subject in objects(raw.get("credentialSubject")):
        for achievement in objects(subject.get("achievement")):
            described = achievement.get("description")
            ask = found.prefer if described == "" else demand
            ask(is_text(described), "The achievement has no description.")
            demand(bool(identifier(achievement)), "The achievement has no id.")


def _check_issuer(raw: JsonObject, found: Findings) -> None:
    _check_profile(raw.get("issuer"), "The issuer", found)


def _is_untyped(issuer: object) -> bool:
    return isinstance(issuer, dict) and not {"type", "@type", "parentOrg", "otherIdentifier"} & issuer.keys()


def _check_profile(value: object, what: str, found: Findings) -> None:
    for profile in objects(value):
        # An id alone says the same as the address written as text, of which nobody asks what it is.
        if profile.keys() != {"id"}:
            found.typed(profile, _PROFILE, what)
        _check_other_identifiers(profile.get("otherIdentifier"), f"{what}'s other identifier", found)
        if "parentOrg" in profile:
            _check_profile(profile["parentOrg"], f"{what}'s parent organisation", found)


def _check_recipient(subject: JsonObject, found: Findings, demand: Demand) -> None:
    _check_identifiers(subject.get("identifier"), "The recipient's identifier", found, demand)
    if subject.get("id") or many(subject.get("identifier")):
        return
    # The standard asks for one of the two; real badges of universities carry only the earner's name.
    found.expect(
        bool(text(subject.get("name"))), "It names nobody: the subject has neither an id nor an identifier."
    )
    found.notes.append("It names its earner only by name, not by an address or id.")


def _check_identifiers(value: object, what: str, found: Findings, demand: Demand) -> None:
    for one in many(value):
        if not isinstance(one, dict):
            found.expect(False, f"{what} is not an object.")
            continue
        found.typed(one, "IdentityObject", what)
        found.expect(isinstance(one.get("hashed"), bool), f"{what} does not say whether it is hashed.")
        identity, salt = one.get("identityHash"), one.get("salt")
        found.expect(isinstance(identity, str) and bool(identity), f"{what} holds no identity.")
        demand(bool(text(one.get("identityType"))), f"{what} does not say what kind of identity it is.")
        check_word(one, "identityType", found)
        found.expect(salt is None or isinstance(salt, str), f"{what} has a salt that is no text.")


def _check_other_identifiers(value: object, what: str, found: Findings) -> None:
    for one in many(value):
        found.expect(isinstance(one, dict), f"{what} is not an object.")
        found.typed(one, "IdentifierEntry", what)
    for one in objects(value):
        check_word(one, "identifierType", found)


def _check_subject_parts(subject: JsonObject, found: Findings, demand: Demand) -> None:
    achievements = many(subject.get("achievement"))
    # Both were awarded, and where statements are signed a holder may turn their order.
    found.prefer(
        len(achievements) < 2, "It was awarded for more than one achievement, of which one is shown."
    )
    found.typed(subject.get("result"), "Result", "A result")
    _check_profile(subject.get("source"), "The source", found)
    for achievement in achievements:
        if isinstance(achievement, dict):
            _check_achievement(achievement, found, demand)
        else:
            found.expect(False, "The achievement is not an object.")


def _check_achievement(achievement: JsonObject, found: Findings, demand: Demand) -> None:
    found.typed(achievement, "Achievement", "The achievement")
    demand(is_text(achievement.get("name")), "The achievement has no name.")
    criteria = sole(achievement.get("criteria"))
    named = {"id": criteria} if isinstance(criteria, str) else an_object(criteria)
    said = (named.get("narrative"), named.get("id"))
    # Real ones hold an empty text, which is one by the standard.
    ask = found.prefer if "" in said else demand
    ask(any(map(is_text, said)), "The achievement does not say what it takes to earn it.")
    found.expect(
        all(isinstance(tag, str) for tag in many(achievement.get("tag"))),
        "One of the achievement's tags is not text.",
    )
    _check_profile(achievement.get("creator"), "The achievement's creator", found)
    found.typed(achievement.get("resultDescription"), "ResultDescription", "A result description")
    check_word(achievement, "achievementType", found)
    found.typed(achievement.get("alignment"), "Alignment", "An alignment", required=False)
    for alignment in objects(achievement.get("alignment")):
        check_word(alignment, "targetType", found)
    found.typed(achievement.get("related"), "Related", "A related achievement", required=False)
    _check_other_identifiers(achievement.get("otherIdentifier"), "The achievement's other identifier", found)


def _check_evidence(raw: JsonObject, found: Findings) -> None:
    for one in objects(raw.get("evidence")):
        found.expect("Evidence" in types(one), "A piece of evidence is not of type Evidence.")

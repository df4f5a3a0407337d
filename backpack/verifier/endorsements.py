"""Who speaks for a badge, for what it is for, or for its issuer: each endorsement is verified on its own.

An endorsement is somebody else's word, so a bad one says nothing against the badge: it is told, never
counted. (OB 3.0 §9 verifies it as a credential of its own; 1EdTech's validator calls the whole badge
invalid, which would let anyone whose key has gone spoil badges that are not theirs; open-badges.md §3.5.)
What an endorsement is about, it says itself: one that stands on a badge and names another thing is not
genuine there, however well it is signed.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from ..errors import TooComplex, Unreadable
from .addresses import is_web_address
from .carriers import Unbaked
from .carriers.compact_jwt import looks_compact
from .case import Case
from .checks import dates, revocation
from .credential import LEGACY, Credential, Endorsement, Issuer, Json, JsonObject
from .fields import an_object, identifier, many, objects, text, types
from .frozen import frozen
from .legacy import profile_of, trail_of
from .legible import quoted
from .linked import Part, Trail, at_address, plain, plain_types, resolve
from .methods import site_of
from .proofs.hosted import scope
from .report import Check, Endorsed, Outcome, Report, Verdict, is_by_key_alone
from .times import loose_time

ID = "endorsements"
MOST = 12
Verify = Callable[[Credential], Report]
_GENUINE = "It is genuine."
_BY_KEY = "It is genuine; its endorser is known by a key alone, and nothing tells who holds it."
_BY_ANY_ID = "The id by which it names this could stand in anybody's badge."


class _Word(NamedTuple):
    verdict: Verdict
    says: str
    by_key_alone: bool = False


@frozen
class _Found:
    """An endorsement as it stands on a badge; ``credential`` when it can be verified as one."""

    said: Endorsement
    credential: Credential | None = None
    trail: Trail | None = None
    fault: str | None = None
    comes_to: Verdict = Verdict.invalid
    """What it comes to for its fault."""


def wanted(case: Case, needs: Callable[[Credential], set[str]]) -> set[str]:
    """What the endorsements still need; ``needs`` says it of one that is a credential."""
    if case.depth:
        return set()  # endorsements of endorsements are nobody's question
    wants: set[str] = set()
    for found in _found(case):
        if found.credential is not None:
            wants |= needs(found.credential)
        elif found.trail is not None:
            wants |= found.trail.wants or revocation.wanted_lists(found.trail.issuer, case.documents)
    return wants


def endorsed(case: Case, verify: Verify) -> tuple[Endorsed, ...]:
    """Every endorsement with its own verdict; ``verify`` gives the report on one that is a credential."""
    if case.depth:
        return ()
    return tuple(_judged(found, case, verify) for found in _found(case))


def check(found: tuple[Endorsed, ...]) -> tuple[Check, ...]:
    """One row about all of them, none where there are none. It never decides about the badge."""
    if not found:
        return ()
    detail = {_label(n, one): one.message for n, one in enumerate(found, 1)}
    count, genuine = len(found), sum(one.verdict is Verdict.verified for one in found)
    if genuine == count:
        more = "; we look at no more" if count == MOST else ""
        says = "Its endorsement is genuine." if count == 1 else f"All {count} endorsements are genuine{more}."
        return (Check(ID, Outcome.passed, says, detail=detail),)
    is_open = all(one.verdict in (Verdict.verified, Verdict.unconfirmed) for one in found)
    if genuine:
        says = f"{genuine} of {count} endorsements {'is' if genuine == 1 else 'are'} confirmed; the rest is not shown."
    else:
        says = f"Its endorsement{'s are' if count > 1 else ' is'} not confirmed, and not shown."
    says = f"{says} This says nothing against the badge itself."
    return (Check(ID, Outcome.unknown if is_open else Outcome.failed, says, detail=detail),)


def _label(number: int, one: Endorsed) -> str:
    return f"Endorsement {number}" + (f" ({quoted(one.said.by.name, 80)})" if one.said.by.name else "")


def _found(case: Case) -> list[_Found]:
    finder = _hosted_ones if case.credential.version in LEGACY else _credentials
    found: list[_Found] = []
    for one in finder(case):
        if len(found) == MOST:
            break
        found.append(one)
    return found


def _credentials(case: Case) -> Iterator[_Found]:
    for place in _places(case.credential.raw):
        if not ("endorsement" in place or "endorsementJwt" in place):
            continue
        for one in objects(place.get("endorsement")):
            yield _read(partial(_of_object, one), one)
        # Where statements are signed, a text that stands there twice is one, and null is nothing.
        written = {str(one): one for one in many(place.get("endorsementJwt")) if one is not None}
        for one in written.values():
            yield _read(partial(_of_jwt, one), {})


def _places(raw: JsonObject) -> list[JsonObject]:
    """The badge, its issuer, what it is for and who made that: all that may be endorsed."""
    found = [raw, an_object(raw.get("issuer"))]
    for subject in objects(raw.get("credentialSubject")):
        for achievement in objects(subject.get("achievement")):
            found += (achievement, an_object(achievement.get("creator")))
    return found


def _of_object(raw: JsonObject) -> Credential:
    from .reading import of_object  # reading knows every version, and is known by all of them

    return of_object(raw, Unbaked("", "json"), None, 1)[0]


def _of_jwt(compact: Json) -> Credential:
    from .reading import of_text

    if not isinstance(compact, str) or not looks_compact(compact):
        raise Unreadable("It is not a signed text.")
    return of_text(Unbaked(compact, "jwt"), 1)[0]


def _read(parse: Callable[[], Credential], raw: JsonObject) -> _Found:
    try:
        credential = parse()
    except TooComplex as error:
        return _Found(_said(raw, Issuer()), fault=error.says, comes_to=Verdict.unconfirmed)
    except Unreadable as error:
        return _Found(_said(raw, Issuer()), fault=error.says)
    subjects = objects(credential.raw.get("credentialSubject"))
    is_one = len(subjects) == 1 and "EndorsementSubject" in types(subjects[0])
    if "EndorsementCredential" not in types(credential.raw) or not is_one:
        return _Found(_said(raw, credential.issuer), fault="It does not say that it is an endorsement.")
    said = _said(credential.raw, credential.issuer)
    return _Found(said, replace(credential, contained=()))


def _said(raw: JsonObject, by: Issuer) -> Endorsement:
    subject = an_object(raw.get("credentialSubject"))
    return Endorsement(
        by=by,
        name=text(raw.get("name")),
        comment=text(subject.get("endorsementComment")),
        subject=identifier(subject.get("id")),
    )


def _hosted_ones(case: Case) -> Iterator[_Found]:
    trail = trail_of(case.credential, case.documents)
    for part in (trail.assertion, trail.badge, trail.issuer):
        for one in many(plain(part.raw).get("endorsement")) if part.known else ():
            yield _hosted(one, case)


def _hosted(value: Json, case: Case) -> _Found:
    address = identifier(value)
    if not is_web_address(address):
        embedded = value if isinstance(value, dict) else {}
        return _Found(
            _claimed(embedded, Part()), fault="It is not hosted anywhere, so nobody vouches for it."
        )
    part = at_address(str(address), case.documents, "The endorsement")
    named = plain(part.raw).get("issuer") if part.known else None
    by = resolve(named, case.documents, "The endorser's profile", trust_embedded=False)
    return _Found(_claimed(part.raw, by), trail=Trail(part, Part(), by))


def _claimed(raw: JsonObject, by: Part) -> Endorsement:
    claim = plain(an_object(plain(raw).get("claim")))
    issuer = profile_of(by.raw if by.known else {}, plain(raw).get("issuer"))
    return Endorsement(issuer, None, text(claim.get("endorsementComment")), identifier(claim.get("id")))


def _judged(found: _Found, case: Case, verify: Verify) -> Endorsed:
    about = _about(found.said.subject, case.credential)
    word = _word(found, case, verify)
    is_own = _is_own(about, found.said.subject or "", case)
    if word.verdict is Verdict.verified:
        if about is None:
            word = _Word(Verdict.invalid, "It is about something else, and does not belong here.")
        elif not is_own:
            word = word._replace(says=f"{word.says} {_BY_ANY_ID}")
    return Endorsed(found.said, about, word.verdict, word.says, word.by_key_alone, is_own)


def _is_own(about: str | None, subject: str, case: Case) -> bool:
    """Whether what it names is provably the issuer's: an id that stands in a genuine badge can be put into another."""
    issuer, signature = case.credential.issuer.id or "", case.signature
    if about in (None, "creator") or signature is None or signature.bound is not Outcome.passed:
        return False
    return about == "issuer" or site_of(subject) == site_of(issuer) is not None


def _word(found: _Found, case: Case, verify: Verify) -> _Word:
    if found.credential is not None:
        try:
            return _of_report(verify(found.credential))
        except Unreadable as error:
            return _Word(Verdict.unconfirmed, error.says)
    if found.trail is not None and found.fault is None:
        return _of_trail(found.trail, case)
    return _Word(found.comes_to, found.fault or "It cannot be read.")


def _of_report(report: Report) -> _Word:
    if report.valid:
        by_key = is_by_key_alone(report.issuer_evidence)
        return _Word(report.verdict, _BY_KEY if by_key else _GENUINE, by_key)
    bad = [c for c in report.checks if c.outcome in (Outcome.failed, Outcome.unknown)]
    worst = next((c for c in bad if c.outcome is Outcome.failed), next(iter(bad), None))
    return _Word(report.verdict, worst.message if worst else "It could not be confirmed.")


def _of_trail(trail: Trail, case: Case) -> _Word:
    """An endorsement of Open Badges 2.0 holds when its address serves it and speaks for who endorses, until it ends."""
    part = trail.assertion
    if part.revoked:
        return _Word(Verdict.revoked, "Whoever gave it has taken it back.")
    if part.wants or part.problem:
        return _Word(Verdict.unconfirmed, part.problem or "It has not been fetched.")
    if part.mismatch:
        return _Word(Verdict.invalid, part.mismatch)
    if "Endorsement" not in plain_types(part.raw):
        return _Word(Verdict.invalid, "What is served at its address is not an endorsement.")
    outcome, says = scope(Credential("2.0", "json"), trail)
    if outcome is Outcome.passed:
        return _at_the_time(trail, case)
    return _Word(Verdict.invalid if outcome is Outcome.failed else Verdict.unconfirmed, says)


def _at_the_time(trail: Trail, case: Case) -> _Word:
    said = plain(trail.assertion.raw)
    own = Credential(
        "2.0",
        "json",
        raw=trail.assertion.raw,
        id=identifier(said),
        issuer=profile_of(trail.issuer.raw, said.get("issuer")),
        issued_at=loose_time(said.get("issuedOn")),
        expires_at=loose_time(said.get("expires")),
    )
    dated = dates.answer(replace(case, credential=own))
    if dated.outcome is Outcome.failed:
        return _Word(dated.verdict or Verdict.invalid, dated.message)
    for one in revocation.listed(own, trail.issuer, case.documents):
        if one.outcome is not Outcome.passed:
            return _Word(one.verdict or Verdict.unconfirmed, one.says)
    return _Word(Verdict.verified, _GENUINE)


def _about(subject: str | None, credential: Credential) -> str | None:
    """What in this badge an endorsement is about, or None when it is about none of it."""
    creator = credential.achievement.creator
    things = {
        "badge": (credential.id, credential.address),
        "achievement": (credential.achievement.id,),
        "issuer": (credential.issuer.id,),
        "creator": (creator.id if creator else None,),
    }
    return next((kind for kind, ids in things.items() if subject and subject in ids), None)

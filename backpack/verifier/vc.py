"""What every verifiable credential has in common, read into our one shape (open-badges.md §2.2)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, TypeAlias, TypeVar
from urllib.parse import unquote

import orjson

from .carriers import Unbaked
from .compact import Token
from .credential import (
    Achievement,
    Alignment,
    Association,
    Credential,
    Issuer,
    Json,
    JsonObject,
    Recipient,
    Result,
)
from .fields import (
    an_object,
    evidence,
    facts,
    identifier,
    identifiers,
    is_text,
    language,
    many,
    objects,
    picture,
    related,
    sole,
    text,
    texts,
    translations,
    truth,
    web_address,
)
from .held import told_by_others
from .rules import Findings
from .times import date_time_stamp, earlier, later

_KIND_OF_SCHEME = {"did": "did", "mailto": "emailAddress", "tel": "phone", "http": "url", "https": "url"}
_FACTS = ("licenseNumber", "role", "term", "activityStartDate", "activityEndDate", "creditsEarned")
_ADDRESS = (
    "streetAddress", "postOfficeBoxNumber", "postalCode", "addressLocality", "addressRegion",
    "addressCountryCode", "addressCountry",
)  # fmt: skip

_PROFILES = frozenset({"issuer", "creator", "source", "parentOrg"})
_A_PROFILE = re.compile(rb'"(?:%s)":(\[?)' % "|".join(sorted(_PROFILES)).encode())
"""One where it is written, with what begins a list of them."""
_Told: TypeAlias = Mapping[str | None, JsonObject]
"""What a badge tells of whoever has an id, in all its places together."""
_NOTHING: _Told = MappingProxyType({})
T = TypeVar("T")


def credential_of(
    raw: JsonObject,
    unbaked: Unbaked,
    compact: str | None,
    version: str,
    found: Findings,
    *,
    is_ordinary: bool = False,
) -> Credential:
    """The credential as the object says it, of any version of the data model."""
    subject = _only_subject(raw)
    told = _NOTHING if is_ordinary else _profiles(raw)
    made = an_object(subject.get("achievement"))
    achievement = described(achievement_of(made, told), raw)
    title = text(raw.get("name")) or achievement.name or text(subject.get("name"))
    begins, issued = date_time_stamp(raw.get("validFrom")), date_time_stamp(raw.get("issuanceDate"))
    # A token holds no longer than it says there, whatever the credential in it says.
    from_claim, until_claim = compact.term if isinstance(compact, Token) else (None, None)
    return Credential(
        version=version,
        carrier=unbaked.carrier,
        raw=raw,
        compact=compact,
        id=identifier(raw.get("id")),
        title=title,
        titles=translations(raw.get("name")),
        achievement=achievement,
        issuer=profile_of(raw.get("issuer"), told),
        recipients=recipients_of(raw),
        recipient_name=name_of(subject),
        issued_at=date_time_stamp(raw.get("awardedDate")) or begins or issued,
        begins_at=later(later(begins, issued), from_claim),
        expires_at=earlier(_end(raw), until_claim),
        narrative=text(subject.get("narrative")),
        evidence=evidence(raw.get("evidence")),
        results=_results(subject),
        picture=achievement.picture or picture(subject.get("image"), raw.get("image")),
        language=language(raw) or text(made.get("inLanguage")),
        source=profile_of(subject["source"], told) if subject.get("source") else None,
        facts=facts(subject, *_FACTS),
        associations=tuple(dict.fromkeys(_associations(subject))),
        notes=(*unbaked.notes, *found.notes),
        problems=(*unbaked.problems, *found.problems),
        is_ordinary=is_ordinary,
    )


def _only_subject(raw: JsonObject) -> JsonObject:
    """Whom it is about, and nobody where there are several: they have no order, and only one could be told of."""
    subjects = objects(raw.get("credentialSubject"))
    return subjects[0] if len(subjects) == 1 else {}


def achievement_of(raw: JsonObject, told: _Told = _NOTHING) -> Achievement:
    """An OB 3.0 achievement."""
    criteria = raw.get("criteria")
    return Achievement(
        id=identifier(raw.get("id")),
        name=text(raw.get("name")),
        description=text(raw.get("description")),
        criteria_url=web_address(criteria),
        criteria_narrative=_narrative(criteria),
        picture=picture(raw.get("image")),
        kind=text(raw.get("achievementType")),
        tags=texts(raw.get("tag")) + texts(raw.get("tags")),  # as a draft had it
        alignments=_once(objects(raw.get("alignment")), _alignment),
        creator=profile_of(raw["creator"], told) if raw.get("creator") else None,
        identifiers=identifiers(raw.get("otherIdentifier")),
        related=related(raw.get("related")),
        names=translations(raw.get("name")),
        descriptions=translations(raw.get("description")),
        extra=facts(raw, "humanCode", "fieldOfStudy", "specialization", "version", "creditsAvailable"),
    )


def _narrative(criteria: Json) -> str | None:
    """What is to be done, in words: the first that any of the criteria have."""
    if isinstance(criteria, dict):
        return text(criteria.get("narrative"))
    return next((said for one in objects(criteria) if (said := text(one.get("narrative")))), None)


def described(achievement: Achievement, raw: JsonObject) -> Achievement:
    """The same with what the credential says of itself, where nothing else says what it is for."""
    said = raw.get("description")
    if achievement.description or not said:
        return achievement
    return replace(achievement, description=text(said), descriptions=translations(said))


def _profiles(raw: JsonObject) -> _Told:
    """All that a badge tells of whoever has an id: what it says of an issuer may stand wherever it names that again.

    What others say, whose endorsements and badges it holds, is theirs. What stands in a proof nobody may have signed:
    anybody can put one more beside it.
    """
    # Most badges tell of one, and that is told sooner from how they are written than by looking through them.
    if _A_PROFILE.findall(orjson.dumps(raw)) in ([], [b""]):
        return _NOTHING
    profiles: list[JsonObject] = []
    of_others = told_by_others(raw)
    waiting: list[JsonObject] = [raw]
    for place in waiting:
        for name in sorted(place):  # in whatever order they are written
            value = place[name]
            if name == "proof" or not isinstance(value, dict | list):
                continue
            waiting += [one for one in objects(value) if id(one) not in of_others]
            if name in _PROFILES:
                profiles += objects(value)
    found: dict[str | None, dict[str, Json]] = {}
    for one in profiles:
        if named := identifier(one):
            told = found.setdefault(named, {})
            for name, said in one.items():
                is_told = any(value is not None for value in many(said))
                if is_told and (name not in told or _is_named_of(told[name], said)):
                    told[name] = said
    return found


def _is_named_of(known: Json, said: Json) -> bool:
    """Whether what is known is no more than the name of what is told of here."""
    known, said = sole(known), sole(said)
    is_name = isinstance(known, str) or (isinstance(known, dict) and len(known) == 1)
    return is_name and isinstance(said, dict) and identifier(known) == identifier(said) is not None


def profile_of(value: Json, told: _Told = _NOTHING) -> Issuer:
    """An issuer or other profile, given as an address or as an object; ``told`` is what is told of it elsewhere."""
    raw = told.get(identifier(value)) or an_object(value)
    return Issuer(
        id=identifier(value),
        name=text(raw.get("name")),
        url=web_address(raw.get("url")) or web_address(value),
        email=text(raw.get("email")),
        description=text(raw.get("description")),
        picture=picture(raw.get("image"), raw.get("logo")),
        phone=text(raw.get("phone")),
        address=_place(an_object(raw.get("address"))),
        identifiers=identifiers(raw.get("otherIdentifier")),
    )


def _place(address: JsonObject) -> str | None:
    """A postal address on one line."""
    if not address:
        return None
    return ", ".join(said for member in _ADDRESS if (said := text(address.get(member)))) or None


def _associations(subject: JsonObject) -> Iterator[Association]:
    for one in objects(subject.get("association")):
        if kind := text(one.get("associationType")):
            yield Association(kind, identifier(one.get("sourceId")), identifier(one.get("targetId")))


def recipients_of(raw: JsonObject) -> tuple[Recipient, ...]:
    """Everyone that any subject names: its ``id`` and its identity objects."""
    found: list[Recipient] = []
    for subject in objects(raw.get("credentialSubject")):
        if named := identifier(subject.get("id")):
            scheme, _, rest = named.partition(":")
            kind = _KIND_OF_SCHEME.get(scheme.lower(), "id")
            if kind in ("emailAddress", "phone"):  # a mailto: may tell a subject, and write signs as it must
                named = unquote(rest.partition("?")[0])
            found.append(Recipient(kind, named))
        found += [r for one in objects(subject.get("identifier")) if (r := _identity(one)) is not None]
    return tuple(found)


def _identity(raw: JsonObject) -> Recipient | None:
    identity = text(raw.get("identityHash"))
    if identity is None or not is_text(raw["identityHash"]):
        return None
    hashed = truth(raw.get("hashed")) is True
    return Recipient(
        kind=text(raw.get("identityType")) or "emailAddress",
        identity=identity,
        hashed=hashed,
        salt=text(raw.get("salt")) if hashed else None,
    )


def name_of(subject: JsonObject) -> str | None:
    """What whom it is about is called."""
    if said := text(subject.get("name")):
        return said
    for one in objects(subject.get("identifier")):
        if text(one.get("identityType")) == "name" and truth(one.get("hashed")) is False:
            return text(one.get("identityHash"))
    return " ".join(filter(None, (text(subject.get("givenName")), text(subject.get("familyName"))))) or None


def _alignment(raw: JsonObject) -> Alignment:
    code = text(raw.get("targetCode"))
    return Alignment(  # by their places, as evidence is
        text(raw.get("targetName")) or code or "",
        web_address(raw.get("targetUrl")),
        text(raw.get("targetDescription")),
        text(raw.get("targetFramework")),
        code,
        text(raw.get("targetType")),
    )


def _once(told: Iterable[JsonObject], shape: Callable[[JsonObject], T]) -> tuple[T, ...]:
    """Each of these in our shape, and once where one that has an id stands there twice."""
    found: list[T] = []
    known: set[tuple[str, T]] = set()
    for raw in told:
        thing = shape(raw)
        if named := identifier(raw):
            if (named, thing) in known:
                continue
            known.add((named, thing))
        found.append(thing)
    return tuple(found)


def _results(subject: JsonObject) -> tuple[Result, ...]:
    results = objects(subject.get("result"))
    if not results:
        return ()
    descriptions: dict[str, _Described] = {
        key: _Described(one, _levels(one))
        for achievement in objects(subject.get("achievement"))
        for one in objects(achievement.get("resultDescription"))
        if (key := identifier(one))
    }
    return _once(results, lambda one: _result(one, descriptions))


class _Described(NamedTuple):
    """What a kind of result is, and the names of its levels."""

    raw: JsonObject
    levels: Mapping[str, str | None]


_UNDESCRIBED = _Described({}, {})


def _levels(described: JsonObject) -> dict[str, str | None]:
    levels = objects(described.get("rubricCriterionLevel"))
    return {key: text(one.get("name")) for one in levels if (key := identifier(one))}


def _result(raw: JsonObject, descriptions: Mapping[str, _Described]) -> Result:
    described, levels = descriptions.get(identifier(raw.get("resultDescription")) or "", _UNDESCRIBED)
    level = levels.get(identifier(raw.get("achievedLevel")) or "")
    needed = levels.get(identifier(described.get("requiredLevel")) or "")
    return Result(
        name=text(described.get("name")),
        value=text(raw.get("value")) or level,
        status=text(raw.get("status")),
        kind=text(described.get("resultType")),
        level=level,
        required=text(described.get("requiredValue")) or needed,
        scale=texts(described.get("allowedValue")),
        lowest=text(described.get("valueMin")),
        highest=text(described.get("valueMax")),
        alignments=_aligned(raw) + _aligned(described),
    )


def _aligned(raw: JsonObject) -> tuple[Alignment, ...]:
    return tuple(map(_alignment, objects(raw["alignment"]))) if "alignment" in raw else ()


def _end(raw: JsonObject) -> datetime | None:
    return earlier(date_time_stamp(raw.get("validUntil")), date_time_stamp(raw.get("expirationDate")))


def contained_in(raw: JsonObject) -> tuple[Json, ...]:
    """The credentials inside a CLR's subject or a presentation, as objects or compact texts."""
    inside = many(raw.get("verifiableCredential"))
    return inside + tuple(
        [v for s in objects(raw.get("credentialSubject")) for v in many(s.get("verifiableCredential"))]
    )

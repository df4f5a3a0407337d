"""One thing told of in several places of a badge: whoever reads one of them must not miss what another says.

Statements know no places. What a badge says of a thing may be moved to any other object with the thing's id,
and be signed as before: its status, or its end, from the badge itself to the subject of an endorsement of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import product
from typing import NamedTuple, TypeAlias

from ..contexts import PUBLISHED, shipped
from ..credential import Json, JsonObject
from ..fields import identifier, objects, types
from ..held import told_by_others
from ..jcs import jcs
from .standards import WORDS_OF_RECORDS, standard_names
from .unsound import Unsupported
from .words import Members

MOST_PLACES = 64
MOST_KINDS = 8
FEW_PLACES = 4
_SEVERAL = "The badge says one thing in several places, and what belongs where is not signed."
_ATTRIBUTED = frozenset({"Evidence", "Profile"})
"""What is told of with all that is said of it, wherever that stands."""
_OF_ENDORSED = frozenset({"endorsementComment"})
"""What is said of somebody as one who is endorsed, and read nowhere else."""
_NAMES = frozenset({"id", "type", "@id", "@type"})
# What these are read from is either all shown in one list, or read together, or signed by whoever says it.
_MAY_DIFFER = frozenset({"Alignment", "EndorsementSubject", "Evidence", "Image", "Profile", "Related"})
# Of which things each word would be read that has an id in common with others: of one kind, or of another.
_READ_OF: Mapping[str, Sequence[frozenset[str]]] = {
    "description": (frozenset({"Evidence"}), frozenset({"Profile"})),
    "name": (frozenset({"Evidence"}), frozenset({"AchievementSubject", "Profile"})),
    "narrative": (frozenset({"AchievementSubject"}), frozenset({"Criteria"}), frozenset({"Evidence"})),
}
_HOLD_CREDENTIALS = frozenset({"", "endorsement", "verifiableCredential"})
_CREDENTIALS = frozenset(
    {"AchievementCredential", "ClrCredential", "EndorsementCredential", "OpenBadgeCredential",
     "VerifiableCredential"}
)  # fmt: skip
# Words of which one is read: of several, it is who holds the badge that would choose.
_READ_ONCE = frozenset(
    {
        "achievedLevel", "associationType", "description", "identifierType", "identityType", "name", "narrative",
        "requiredLevel", "requiredValue", "resultDescription", "resultType", "sourceId", "status", "targetCode",
        "targetDescription", "targetFramework", "targetId", "targetName", "targetType", "targetUrl", "value",
        "valueMax", "valueMin",
    }
)  # fmt: skip
# Which members hold things of each type, as whoever reads a badge looks for them.
_WHERE: Mapping[str, frozenset[str]] = {
    "Achievement": frozenset({"achievement"}),
    "AchievementSubject": frozenset({"credentialSubject"}),
    "Address": frozenset({"address"}),
    "Alignment": frozenset({"alignment"}),
    "Criteria": frozenset({"criteria"}),
    "EndorsementSubject": frozenset({"credentialSubject"}),
    "Evidence": frozenset({"evidence"}),
    "IdentifierEntry": frozenset({"identifier", "otherIdentifier"}),
    "IdentityObject": frozenset({"identifier"}),
    "Image": frozenset({"image", "logo"}),
    "Profile": frozenset({"creator", "issuer", "parentOrg", "source"}),
    "Related": frozenset({"related"}),
    "Result": frozenset({"result"}),
    "ResultDescription": frozenset({"resultDescription"}),
    "RubricCriterionLevel": frozenset({"rubricCriterionLevel"}),
}
_UNTYPED = frozenset({"narrative"})
"""The words of what need not say of which type it is (criteria)."""
# Words of the standards that published contexts know everywhere, and none of them for these alone.
_ANYWHERE: Mapping[str, frozenset[str]] = {
    "Achievement": frozenset({"name", "description", "endorsement", "endorsementJwt"}),
    "AchievementSubject": frozenset({"narrative"}),
    "Criteria": frozenset({"narrative"}),
    "Evidence": frozenset({"name", "description", "narrative"}),
    "Profile": frozenset({"name", "description", "url", "endorsement", "endorsementJwt"}),
    "Result": frozenset({"alignment"}),
    "ResultDescription": frozenset({"name", "alignment"}),
    "RubricCriterionLevel": frozenset({"name", "description", "alignment"}),
    "VerifiableCredential": frozenset({"image", "awardedDate", "endorsement", "endorsementJwt"}),
}


Thing: TypeAlias = tuple[str, tuple[str, ...], Members, JsonObject, str, str]
"""Its node, its types, what its keys stand for, itself, the graph that it stands in, and the member that holds it."""


Values: TypeAlias = tuple[str, str, list[str], list[Json]]
"""A member, its predicate, and the several values that it has: as statements, and as they are written."""


_Told: TypeAlias = Sequence[Mapping[str, Json]]


class _Place(NamedTuple):
    """What an object is, and what it says."""

    types: frozenset[str]
    says: Mapping[str, Json]
    member: str


def check_places(
    things: Sequence[Thing], lists: Iterable[Values] = (), named: Set[tuple[str, str]] = frozenset()
) -> None:
    """Raise Unsupported where statements could stand in another place than whoever reads them looks in.

    ``named`` are the things that also stand somewhere by their address alone, each with the member that it is in.
    """
    for member, predicate, nodes, values in lists:
        if len(set(nodes)) < len(nodes):
            _check_double(nodes, values)
        if member in _READ_ONCE and predicate[1:-1] in standard_names():
            _check_texts(member, nodes)
    nodes_of_things = [thing[0] for thing in things]
    once = set(nodes_of_things)
    by_name = {node for node, _ in named}
    if len(once) == len(things) and once.isdisjoint(by_name):  # most badges tell of each thing once
        return
    several = {node for node, count in Counter(nodes_of_things).items() if count > 1} | by_name
    members: dict[str, set[str]] = defaultdict(set)
    for node, member in (*named, *((thing[0], thing[5]) for thing in things)):
        members[node].add(member)
    told: dict[tuple[str, str], list[tuple[Members, JsonObject, str]]] = defaultdict(list)
    for node, kinds, terms, raw, graph, member in things:
        if node in several and (terms or kinds or member == "alignment"):
            told[node, graph].append((terms, raw, member))
    document = things[0][3]
    judged = _judged_here(document) if told else {}
    of_others = told_by_others(document) if told else {}
    for (node, _), found in told.items():
        _check_others(found, document, judged.keys(), of_others)
        _check_lists(found, judged)
        here = [_said(*one) for one in found if id(one[1]) in judged]
        if len(here) > FEW_PLACES:  # each is compared with each other
            here = list({jcs(one): one for one in here}.values())
        _check(
            [_Place(frozenset(one["type"]), one["says"], one["member"]) for one in here], node, members[node]
        )


def _check_texts(member: str, nodes: Sequence[str]) -> None:
    """Raise where there are two texts in one language of which one is read."""
    languages = [one[one.rindex('"') :] for one in set(nodes) if one[0] == '"']
    if len(set(languages)) < len(languages):
        raise Unsupported(
            f"The badge says several things as “{member}”, and which comes first is not signed."
        )


def _check_double(nodes: list[str], values: list[Json]) -> None:
    """A thing that stands beside itself as no more than its name would be read in its stead; one without is two."""
    known: dict[str, bool] = {}
    for node, value in zip(nodes, values, strict=True):
        if node[0] == '"':
            continue
        is_told = isinstance(value, dict) and any(
            name not in _NAMES and said is not None and said != [] for name, said in value.items()
        )
        if node in known and (node[0] == "_" or known[node] != is_told):
            raise Unsupported(_SEVERAL)
        known[node] = is_told


def _said(members: Members, raw: JsonObject, member: str) -> JsonObject:
    return {"type": sorted(types(raw)), "says": {name: raw[name] for name, _ in members}, "member": member}


def _judged_here(document: JsonObject) -> dict[int, int]:
    """The objects in a document, and in which other one each stands (both by ``id``).

    Not those in credentials of a record: each of these must hold by its own signature. What the holder of a
    presentation states of themselves has none, and holds by that of the presentation.
    """
    found: dict[int, int] = {}
    waiting: list[tuple[Json, int]] = [(document, 0)]
    while waiting:
        one, holder = waiting.pop()
        if isinstance(one, dict):
            found[id(one)] = holder
            for name, value in one.items():
                is_inside = name == "verifiableCredential"
                here = [each for each in objects(value) if "proof" not in each] if is_inside else [value]
                waiting += [(each, id(one)) for each in here]
        elif isinstance(one, list):
            waiting += [(each, holder) for each in one]
    return found


def _check_lists(found: Sequence[tuple[Members, JsonObject, str]], judged: Mapping[int, int]) -> None:
    """Raise where an alignment is told of otherwise in the list of one thing than in that of another."""
    listed = [(members, raw) for members, raw, member in found if member == "alignment" and id(raw) in judged]
    if len({judged[id(raw)] for _, raw in listed}) < 2:
        return
    if len({jcs({name: raw[name] for name, _ in members}) for members, raw in listed}) > 1:
        raise Unsupported(_SEVERAL)


def _check_others(
    found: Sequence[tuple[Members, JsonObject, str]],
    document: JsonObject,
    judged: Set[int],
    of_others: Mapping[int, str | None],
) -> None:
    """Raise where what others say of somebody in a badge, or of a record itself, could be made its issuer's word."""
    if any(raw is document for _, raw, _ in found) and any(id(raw) not in judged for _, raw, _ in found):
        raise Unsupported(_SEVERAL)
    own = [raw for _, raw, _ in found if id(raw) not in of_others]
    is_told = not all(_ATTRIBUTED.isdisjoint(types(raw)) for raw in own)
    for members, raw, _ in found:
        named = identifier(raw)
        if id(raw) not in of_others or of_others[id(raw)] == named:  # who may speak of themselves
            continue
        says = any(
            name not in _OF_ENDORSED and (len(own) > FEW_PLACES or not _is_said(name, raw[name], own))
            for name, _ in members
        )
        if says and (is_told or named == identifier(document.get("issuer"))):
            raise Unsupported(_SEVERAL)


def _is_said(name: str, value: Json, own: Sequence[JsonObject]) -> bool:
    """Whether these say the very same and nothing else, so that nothing is gained by moving what another says."""
    said = [one[name] for one in own if name in one]
    return bool(said) and isinstance(value, str) and all(one == value for one in said)


def _check(places: list[_Place], node: str, members: Set[str]) -> None:
    if len(places) > MOST_PLACES or any(map(_says_what_is_not_its_own, places)):
        raise Unsupported(_SEVERAL)
    if _says_what_is_read_of_either(places, members) or _is_a_credential_elsewhere(places):
        raise Unsupported(_SEVERAL)
    if any(_says_what_is_read_elsewhere(one, places, members) for one in places):
        raise Unsupported(_SEVERAL)
    if len(places) == 1:
        return
    if node.startswith("_:") and any(one[:2] != places[0][:2] for one in places):
        raise Unsupported(_SEVERAL)
    by_types: dict[frozenset[str], list[Mapping[str, Json]]] = defaultdict(list)
    for place in places:
        by_types[place.types].append(place.says)
    if len(by_types) > MOST_KINDS:
        raise Unsupported(_SEVERAL)
    for (kinds, said), (others, elsewhere) in product(by_types.items(), repeat=2):
        if not _may_differ(kinds, others) and any(one != said[0] for one in (*said, *elsewhere)):
            raise Unsupported(_SEVERAL)
        if not kinds & others & _words().keys() and _could_be_exchanged(kinds, said, others, elsewhere):
            raise Unsupported(_SEVERAL)
        # The name of a piece of evidence must not become that of what it is evidence for.
        is_evidence_for = "Evidence" in kinds and "Evidence" not in others
        words = _words_of(others) - (frozenset() if is_evidence_for else _words_of(kinds))
        for one in said if words else ():
            for name in one.keys() & words:
                if any(name not in other or other[name] != one[name] for other in elsewhere):
                    raise Unsupported(_SEVERAL)


def _says_what_is_not_its_own(place: _Place) -> bool:
    """Whether a thing of a known type says what must belong to the same thing where it says no type."""
    said = place.says.keys() & _UNTYPED
    return bool(said) and not _words().keys().isdisjoint(place.types) and not said <= _words_of(place.types)


def _says_what_is_read_of_either(places: Sequence[_Place], members: Set[str]) -> bool:
    """Whether something is said of a thing that is of two kinds, and would be read of either: evidence, criteria…"""
    kinds = set[str]().union(*[place.types for place in places])
    if "criteria" in members:  # which need not say what they are
        kinds.add("Criteria")
    words = {word for word, read in _READ_OF.items() if sum(not kinds.isdisjoint(one) for one in read) > 1}
    return any(not words.isdisjoint(place.says) for place in places)


def _is_a_credential_elsewhere(places: Sequence[_Place]) -> bool:
    """Whether a credential says what it is where no credential stands, so that it could do without that itself."""
    elsewhere = [place for place in places if place.member not in _HOLD_CREDENTIALS]
    return len(elsewhere) < len(places) and any(not _CREDENTIALS.isdisjoint(one.types) for one in elsewhere)


def _says_what_is_read_elsewhere(place: _Place, places: Sequence[_Place], members: Set[str]) -> bool:
    """Whether a thing says what is only read of it in another of the members that it stands in, and is not said there.

    What says no type may be criteria.
    """
    for kind in place.types & _WHERE.keys() or {"Criteria"}:
        if place.member in _WHERE[kind] or members.isdisjoint(_WHERE[kind]):
            continue
        read = [one.says for one in places if one.member in _WHERE[kind]]
        if any(
            all(one.get(name) != place.says[name] for one in read)
            for name in place.says.keys() & _words_of({kind})
        ):
            return True
    return False


def _could_be_exchanged(kinds: frozenset[str], said: _Told, others: frozenset[str], elsewhere: _Told) -> bool:
    """Whether things of these types say in one word, which both of them have, two things."""
    words = _words_of(kinds) & _words_of(others)
    return bool(words) and any(
        one[name] != other[name]
        for one, other in product(said, elsewhere)
        for name in words & one.keys() & other.keys()
    )


def _may_differ(kinds: frozenset[str], others: frozenset[str]) -> bool:
    """Whether things of these types may be told of otherwise: of other types, or all of them and it does no harm."""
    known = _words().keys()
    return not kinds & others & known or kinds & known == others & known <= _MAY_DIFFER


def _words_of(kinds: Iterable[str]) -> frozenset[str]:
    known = _words()
    return frozenset().union(*[known[kind] for kind in kinds if kind in known])


@cache
def _words() -> Mapping[str, frozenset[str]]:
    """The words that published contexts give to things of each type."""
    found: dict[str, set[str]] = defaultdict(set)
    for url in PUBLISHED:
        if vocabulary := shipped(url):
            for kind, words in _scoped(vocabulary.context):
                found[kind].update(words)
    for kind, words in (*_ANYWHERE.items(), *WORDS_OF_RECORDS.items()):
        found[kind].update(words)
    return {kind: frozenset(words) for kind, words in found.items()}


def _scoped(context: Json) -> Iterator[tuple[str, Iterable[str]]]:
    for one in context if isinstance(context, list) else [context]:
        if isinstance(one, dict):
            for kind, meaning in one.items():
                if (
                    kind[:1].isupper()
                    and isinstance(meaning, dict)
                    and isinstance(meaning.get("@context"), dict)
                ):
                    yield kind, (word for word in meaning["@context"] if word[:1] != "@")

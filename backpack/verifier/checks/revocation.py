"""Has the issuer taken it back, for good or for now?"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from ...errors import Unreadable
from ..addresses import folded, is_web_address, same_but_for_scheme
from ..before import TAKEN_BACK
from ..case import Case
from ..compact import names_status_list
from ..credential import LEGACY, Credential, Json, JsonObject
from ..documents import Document, Documents
from ..fields import an_object, identifier, many, objects, text, truth, types
from ..legacy import trail_of
from ..legible import quoted
from ..linked import Part, is_withdrawn, plain, told_back
from ..report import Check, Outcome, Verdict
from ..status import STATUSES, Standing
from ..strict_json import loads

ID = "revocation"
MAX_ENTRIES = 32
_WORST_FIRST = (Verdict.revoked, Verdict.suspended, Verdict.invalid)


def needs(case: Case) -> set[str]:
    """The lists that its status entries, or its issuer, name."""
    if case.credential.version in LEGACY:
        return wanted_lists(trail_of(case.credential, case.documents).issuer, case.documents)
    return set().union(*(STATUSES[k].needs(e, case) for e in _entries(case) if (k := _kind(e))))


def answer(case: Case) -> Check:
    """The worst of all that its status entries say; skipped when there are none."""
    standings = list(_legacy(case) if case.credential.version in LEGACY else _modern(case))
    if not standings and case.may_be_a_part:
        says = "It shows no way to see whether it was taken back; its holder may have left one out."
        return Check(ID, Outcome.skipped, says)
    if not standings:
        return Check(ID, Outcome.skipped, "The issuer offers no way to see whether it was taken back.")
    worst = min(standings, key=_rank)
    if worst.outcome is Outcome.unknown:
        worst = _last_word(case) or worst
    return Check(ID, worst.outcome, worst.says, worst.verdict, worst.detail)


def _last_word(case: Case) -> Standing | None:
    """That the issuer took it back, and did not answer since: its silence does not give it back.

    That is said of what is in the file, not of what is inside that or endorses it.
    """
    is_of_file = case.original is not None and case.budget.is_for(case.original.raw)
    document = case.documents.get(TAKEN_BACK) if is_of_file else None
    said = an_object(loads(document.body)) if document is not None else {}
    verdict = next((each for each in _WORST_FIRST if each == said.get("verdict")), None)
    return Standing(Outcome.failed, str(said.get("says")), verdict) if verdict else None


def _rank(standing: Standing) -> tuple[int, int]:
    if standing.outcome is Outcome.failed and standing.verdict in _WORST_FIRST:
        return (0, _WORST_FIRST.index(standing.verdict))
    return ([Outcome.failed, Outcome.unknown, Outcome.passed, Outcome.skipped].index(standing.outcome) + 1, 0)


def _modern(case: Case) -> Iterator[Standing]:
    if len(objects(case.credential.raw.get("credentialStatus"))) > MAX_ENTRIES:
        yield Standing(
            Outcome.unknown, f"It has more than {MAX_ENTRIES} statuses, not all of which we look at."
        )
    if case.credential.compact is not None:
        yield from _beside(case.credential.raw, case.claims)
    for entry in _entries(case):
        kind = _kind(entry)
        if kind is None:
            named = quoted(", ".join(types(entry))) if types(entry) else "none"
            yield Standing(Outcome.unknown, f"It has a status of a kind that we do not know ({named}).")
        else:
            yield STATUSES[kind].read(entry, case)


def _beside(badge: JsonObject, token: JsonObject) -> Iterator[Standing]:
    """The ways that a token names outside the badge, where they are not read, to see whether it was taken back."""
    if names_status_list(token):
        says = "Its token has a status of a kind that we do not know (Token Status List)."
        yield Standing(Outcome.unknown, says)
    if "credentialStatus" in token and "credentialStatus" not in badge:
        yield Standing(Outcome.unknown, "Its token has a status beside the badge, not in it.")


def _entries(case: Case) -> tuple[JsonObject, ...]:
    return objects(case.credential.raw.get("credentialStatus"))[:MAX_ENTRIES]


def _kind(entry: JsonObject) -> str | None:
    return next((t for t in types(entry) if t in STATUSES), None)


def _legacy(case: Case) -> Iterator[Standing]:
    """Hosted: the answer at its address itself; signed, or both: the issuer's list."""
    hosted = trail_of(case.credential, case.documents).assertion
    if case.credential.address is not None:
        if hosted.revoked:
            yield _revoked(text(plain(hosted.raw).get("revocationReason")), hosted.address)
        elif hosted.known:
            yield Standing(
                Outcome.passed, "The issuer still serves it.", detail={"Source": hosted.address or ""}
            )
        else:
            yield Standing(Outcome.unknown, hosted.problem or "The issuer's copy has not been fetched.")
    elif is_withdrawn(case.credential.raw):
        yield _revoked(text(plain(case.credential.raw).get("revocationReason")), None)
    yield from listed(case.credential, trail_of(case.credential, case.documents).issuer, case.documents)


def wanted_lists(issuer: Part, documents: Documents) -> set[str]:
    """The lists of what an issuer of Open Badges 1 or 2 took back, not yet in hand."""
    named = (identifier(one) for one in _lists(issuer)[:MAX_ENTRIES])
    return {url.partition("#")[0] for url in named if is_web_address(url) and url not in documents}


def listed(credential: Credential, issuer: Part, documents: Documents) -> Iterator[Standing]:
    """What each of these lists says of a badge, or of an endorsement."""
    lists = _lists(issuer)
    for one in lists[:MAX_ENTRIES]:
        yield _listed(credential, identifier(one), documents)
    if len(lists) > MAX_ENTRIES:
        yield Standing(Outcome.unknown, f"Its issuer has more than {MAX_ENTRIES} lists of withdrawn badges.")


def _lists(issuer: Part) -> tuple[Json, ...]:
    """The issuer's list of withdrawn badges; there should be one, but whatever is there counts."""
    return tuple(one for one in many(plain(issuer.raw).get("revocationList")) if one) if issuer.known else ()


def _listed(credential: Credential, address: str | None, documents: Documents) -> Standing:
    if not is_web_address(address):
        return Standing(Outcome.unknown, "The issuer's list of withdrawn badges is at no web address.")
    document = documents.get(address)
    if document is None or not document.ok:
        why = document.problem if document else "it has not been fetched"
        return Standing(Outcome.unknown, f"The issuer's list of withdrawn badges could not be read: {why}.")
    found = documents.once("taken back", document, _read)
    if found is None:
        return Standing(Outcome.unknown, "The issuer's list of withdrawn badges is not readable.")
    for name in (credential.id, text(plain(credential.raw).get("uid")), credential.address):
        if name and folded(name) in found.reasons:
            return _revoked(found.reasons[folded(name)], address)
    if found.by and not same_but_for_scheme(found.by, credential.issuer.id):
        return Standing(Outcome.unknown, "The issuer's list of withdrawn badges is another issuer's.")
    if not found.is_whole:
        return Standing(Outcome.unknown, "Not all of the issuer's list of withdrawn badges is readable.")
    return Standing(
        Outcome.passed, "It is not in the issuer's list of withdrawn badges.", detail={"Source": address}
    )


class _List(NamedTuple):
    """What a list says: by whom it is, where it tells, and why each thing on it was taken back.

    ``is_whole``: whether there is nothing on it that we cannot read the name of.
    """

    by: str | None
    reasons: Mapping[str, str | None]
    is_whole: bool


def _read(document: Document) -> _List | None:
    try:
        raw = loads(document.body)
    except Unreadable:
        return None
    if not isinstance(raw, dict):
        return None
    said = plain(raw)
    unread: list[Json] = []
    is_of_2 = "revokedAssertions" in said
    listed = _of_entries(many(said.get("revokedAssertions")), unread)
    # Reasons by id may stand in the place of the list; the list itself was read.
    others = {
        name: value
        for name, value in raw.items()
        if name != "revokedAssertions" or not isinstance(value, list)
    }
    reasons: dict[str, str | None] = {}
    for name, reason in chain(listed, _of_reasons(others, [] if is_of_2 else unread)):
        reasons.setdefault(folded(name), reason)
    return _List(identifier(said.get("issuer")) if is_of_2 else None, reasons, not unread)


def _of_entries(entries: Iterable[Json], unread: list[Json]) -> Iterator[tuple[str, str | None]]:
    """OB 2: names, or objects with one; what has none that we can read goes to ``unread``."""
    for one in entries:
        said = plain(one) if isinstance(one, dict) else {"id": one}
        names = [name for member in ("id", "uid") if (name := _name(said.get(member)))]
        if one and not names:
            unread.append(one)
        if truth(said.get("revoked")) is not False:
            for name in names:
                yield name, text(said.get("revocationReason"))


def _name(value: Json) -> str | None:
    return None if isinstance(value, dict | list) else text(value)


def _of_reasons(raw: JsonObject, unread: list[Json]) -> Iterator[tuple[str, str | None]]:
    """OB 1: an object of reasons by uid; some put it, or a list of uids, a step deeper."""
    for name, reason in raw.items():
        yield name, text(reason)
        if isinstance(reason, dict):
            yield from _of_reasons(reason, unread)
        elif isinstance(reason, list) and name != "@context":
            yield from _of_entries(reason, unread)


def _revoked(reason: str | None, address: str | None) -> Standing:
    says = told_back(reason)
    return Standing(Outcome.failed, says, Verdict.revoked, {"Source": address} if address else {})

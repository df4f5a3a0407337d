"""Is it written as its standard demands, and is every document there that belongs to it?"""

from collections.abc import Iterator
from typing import NamedTuple

from ...errors import TooComplex
from ..addresses import is_web_address
from ..canonical import Unavailable, Unsound, Unsupported, Vocabularies
from ..case import Case
from ..compact import is_selective
from ..credential import LEGACY
from ..digests import agrees
from ..documents import Document
from ..fields import contexts, identifier, objects, types
from ..legacy import trail_of
from ..legible import quoted
from ..linked import Part
from ..report import Check, Outcome, Verdict
from ..rules import Findings, extensions
from ..rules.open_badges_3 import SCHEMAS
from ..schemas import fault

ID = "structure"
MAX_SCHEMAS = 8
_MAY_HAVE_DIGESTS = ("relatedResource", "credentialSchema")
_SCHEMA_TYPES = ("JsonSchema", "1EdTechJsonSchemaValidator2019", "JsonSchemaValidator2018")


class _Gap(NamedTuple):
    """Something that keeps the structure from being known."""

    says: str


def needs(case: Case) -> set[str]:
    """Linked objects, contexts, extensions and schemas not in hand."""
    if case.credential.version in LEGACY:
        return set().union(*(extensions.wanted(part.raw, case.documents) for part in _parts(case)))
    schemas = {address for address, _ in _own_schemas(case) if address not in case.documents}
    return schemas | _missing_words(case)


def answer(case: Case) -> Check:
    """Failed with the first thing that is wrong; unknown where a part could not be read."""
    if is_selective(case.credential.compact):
        return Check(
            ID, Outcome.unknown, "Parts of it are shown or hidden by its holder, and cannot be read yet."
        )
    found = Findings(list(case.credential.problems))
    gaps = list(_legacy_gaps(case, found) if case.credential.version in LEGACY else _modern_gaps(case, found))
    detail = {f"Note {n}": note for n, note in enumerate(found.notes, 1)}
    if found.problems:
        more = {f"Problem {n}": p for n, p in enumerate(found.problems, 1)} if len(found.problems) > 1 else {}
        return Check(ID, Outcome.failed, found.problems[0], Verdict.invalid, {**more, **detail})
    if gaps:
        return Check(ID, Outcome.unknown, gaps[0].says, detail=detail)
    return Check(
        ID, Outcome.passed, "It is written as its standard demands.", detail=detail | _vocabularies(case)
    )


def _parts(case: Case) -> tuple[Part, ...]:
    trail = trail_of(case.credential, case.documents)
    return (trail.assertion, trail.badge, trail.issuer)


def _legacy_gaps(case: Case, found: Findings) -> Iterator[_Gap]:
    for part in _parts(case)[1:]:
        if part.problem or part.wants:
            yield _Gap(part.problem or "A part of the badge has not been fetched.")
    for part in _parts(case):
        extensions.check(part.raw, case.documents, case.budget.beside(), found)


def _modern_gaps(case: Case, found: Findings) -> Iterator[_Gap]:
    if contexts(case.credential.raw):
        yield from _words(case, found)
    if case.credential.is_ordinary:  # which refers to nothing, and names no schema but the published ones
        return
    if len(objects(case.credential.raw.get("credentialSchema"))) > MAX_SCHEMAS:
        yield _Gap(f"It names more than {MAX_SCHEMAS} schemas, not all of which we look at.")
    yield from _changed(case)
    for kinds in _foreign_schemas(case):
        found.prefer(False, f"It names a schema of a kind that we do not look at ({quoted(kinds, 60)}).")
    for address, kind in _own_schemas(case):
        document = case.documents.get(address)
        if document is None or not document.ok:
            yield _Gap("The schema that it names could not be fetched.")
            continue
        try:
            wrong = _fault(document, case)
        except TooComplex:
            yield _Gap(f"The schema that it names ({kind}) would take too much work to apply.")
            continue
        except ValueError:
            yield _Gap(f"The schema that it names ({kind}) cannot be read.")
            continue
        found.expect(wrong is None, f"It is not as the schema that it names asks: {wrong}")


def _fault(schema: Document, case: Case) -> str | None:
    """What the schema has against the badge; the published ones ask for a list even where there is one proof."""
    raw = case.credential.raw
    wrong, proof = fault(schema, raw, case.budget.beside()), raw.get("proof")
    if wrong is None or not isinstance(proof, dict):
        return wrong
    return wrong if fault(schema, {**raw, "proof": [proof]}, case.budget.beside()) else None


def _changed(case: Case) -> Iterator[_Gap]:
    """What it refers to with a digest, was looked at, and is not what the issuer saw."""
    raw = case.credential.raw
    named = [one for member in _MAY_HAVE_DIGESTS if member in raw for one in objects(raw[member])]
    # Each document is hashed for one of those that name it: thousands would be work without end.
    for address, one in {identifier(one): one for one in named}.items():
        document = case.documents.get(address) if address else None
        if document is not None and document.ok and not agrees(one, document.body):
            yield _Gap(f"What is at {address} is not what it was when the badge was issued.")


def _words(case: Case, found: Findings) -> Iterator[_Gap]:
    """Whether every word in it is defined: what no vocabulary defines would be shown, but signed by nobody."""
    try:
        _ = case.said
    except Unavailable as error:
        yield _Gap(f"What its words mean could not be looked up: {error}")
    except Unsupported as error:
        yield _Gap(str(error))
    except Unsound as error:
        found.expect(False, str(error))


def _missing_words(case: Case) -> set[str]:
    """The address of a vocabulary that nobody has asked yet."""
    try:
        _ = case.said
    except Unavailable as error:
        return {error.url} if error.problem is None else set()
    except Unsound:
        return set()
    return set()


def _vocabularies(case: Case) -> dict[str, str]:
    """Which vocabularies gave its words their meaning, with their hashes: a report must stay explicable."""
    if case.credential.version in LEGACY:
        return {}
    shelf = Vocabularies(case.documents)
    used = [shelf.find(url) for url in contexts(case.credential.raw) if isinstance(url, str)]
    return {f"Vocabulary {n}": one.told for n, one in enumerate(used, 1)}


def _foreign_schemas(case: Case) -> list[str]:
    named = [types(one) for one in objects(case.credential.raw.get("credentialSchema"))[:MAX_SCHEMAS]]
    return [", ".join(kinds) for kinds in named if kinds and not set(kinds) & set(_SCHEMA_TYPES)]


def _own_schemas(case: Case) -> Iterator[tuple[str, str]]:
    for one in objects(case.credential.raw.get("credentialSchema"))[:MAX_SCHEMAS]:
        address, kinds = identifier(one), types(one)
        kind = next((k for k in kinds if k in _SCHEMA_TYPES), None)
        if kind and address and is_web_address(address) and not address.startswith(SCHEMAS):
            yield address, kind

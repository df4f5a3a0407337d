"""Open Badges 1.1 and 2.0 extensions: objects with a @context of their own that may name JSON Schemas (§3.2, 8)."""

from collections.abc import Iterator

from ...errors import TooComplex, Unreadable
from ..addresses import is_web_address
from ..budget import Budget
from ..credential import Json, JsonObject
from ..documents import Document, Documents
from ..fields import an_object, contexts, identifier, many, objects
from ..linked import plain, plain_types
from ..schemas import fault
from ..strict_json import loads
from . import Findings
from .open_badges_2 import is_context_2


def wanted(raw: JsonObject, documents: Documents) -> set[str]:
    """The extensions' contexts, then their schemas, that are not in hand."""
    found = set()
    for extension in _extensions(raw):
        for context in _own_contexts(extension):
            found |= _schemas(context, extension, documents) if context in documents else {context}
    return {address for address in found if address not in documents}


def check(raw: JsonObject, documents: Documents, budget: Budget, found: Findings) -> None:
    """Every extension against the schemas that its context names for its types."""
    for extension in _extensions(raw):
        for context in _own_contexts(extension):
            document = documents.get(context)
            if document is None or not document.ok:
                found.prefer(False, "The description of an extension of this badge could not be fetched.")
            for address in _schemas(context, extension, documents):
                _apply(address, extension, documents, budget, found)


def _apply(
    address: str, extension: JsonObject, documents: Documents, budget: Budget, found: Findings
) -> None:
    document = documents.get(address)
    if document is None or not document.ok:
        found.prefer(False, "The schema of an extension of this badge could not be fetched.")
        return
    try:
        wrong = fault(document, extension, budget, draft_4=True)
    except TooComplex:
        found.prefer(False, "The schema of an extension of this badge would take too much work to apply.")
        return
    except ValueError:
        found.prefer(False, "The schema of an extension of this badge cannot be read.")
        return
    found.expect(wrong is None, f"An extension of this badge is not as its own schema asks: {wrong}")


def _extensions(raw: JsonObject) -> Iterator[JsonObject]:
    for value in raw.values():
        for one in objects(value):
            if "@context" in one and "Extension" in plain_types(one):
                yield one


def _own_contexts(extension: JsonObject) -> list[str]:
    return [c for c in contexts(extension) if is_web_address(c) and not is_context_2(c)]


def _schemas(context: str, extension: JsonObject, documents: Documents) -> set[str]:
    document = documents.get(context)
    if document is None or not document.ok:
        return set()
    rules = documents.once("validation", document, _rules)
    kinds = {_local(t) for t in plain_types(extension)}
    return {
        address
        for rule in rules
        if any(_local(t) in kinds for t in many(rule.get("validatesType")))
        and is_web_address(address := identifier(rule.get("validationSchema")) or "")
    }


def _rules(document: Document) -> list[JsonObject]:
    """Which schemas an extension's context names, for which types."""
    try:
        described = an_object(loads(document.body))
    except Unreadable:
        return []
    return [plain(rule) for rule in objects(plain(described).get("validation"))]


def _local(name: Json) -> str:
    """``extensions:ApplyLink`` and the full address of the same type, by their last word."""
    return str(name).rpartition("#")[2].rpartition(":")[2]

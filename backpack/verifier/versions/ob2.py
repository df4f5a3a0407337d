"""Open Badges 2.0 and 2.1: an assertion, hosted at its id or signed, with class and issuer linked."""

from dataclasses import replace

from ..addresses import is_web_address
from ..carriers import Unbaked
from ..credential import Credential, JsonObject
from ..documents import Documents
from ..fields import contexts
from ..legacy import assertion_of, completed, wanted
from ..linked import plain, plain_types
from ..rules import Findings, open_badges_2
from ..rules.open_badges_1 import is_context_1
from ..rules.open_badges_2 import check_assertion, is_anchored, is_context_2

NAMES = ("2.0",)


def recognises(raw: JsonObject) -> bool:
    """Whether it is an assertion in the context of 2.x, or one that names no older context."""
    if any(is_context_2(c) for c in contexts(raw)):
        return "Assertion" in plain_types(raw) or "recipient" in raw or "badge" in raw
    return "Assertion" in plain_types(raw) and not any(map(is_context_1, contexts(raw)))


def parse(raw: JsonObject, unbaked: Unbaked, compact: str | None) -> Credential:
    """The assertion as the object itself says."""
    found = Findings()
    check_assertion(raw, found)
    said = plain(raw)
    credential = assertion_of(raw, unbaked, compact, "2.0")
    where = said.get("id")
    hosted = compact is None and not is_anchored(said.get("verification"))
    return replace(
        credential,
        address=where if hosted and is_web_address(where) else None,
        notes=(*credential.notes, *found.notes),
        problems=(*credential.problems, *found.problems),
    )


def needs(credential: Credential, documents: Documents) -> set[str]:
    """The hosted assertion, the badge class and the issuer's profile."""
    return wanted(credential, documents)


def complete(credential: Credential, documents: Documents) -> Credential:
    """The hosted copy with its class and issuer."""
    return completed(credential, documents, parse, open_badges_2)

"""The words of others in a credential: endorsements of it, and what a record holds, each by whoever issued it."""

from .credential import Json, JsonObject
from .fields import identifier

_HOLDS = frozenset({"endorsement", "verifiableCredential"})


def told_by_others(document: JsonObject) -> dict[int, str | None]:
    """The objects (by ``id``) in credentials that another issuer than the document's signed, and who that is."""
    own = identifier(document.get("issuer"))
    found: dict[int, str | None] = {}
    waiting: list[tuple[str, Json, bool, str | None]] = [("", document, False, None)]
    while waiting:
        name, one, is_of_another, by = waiting.pop()
        if isinstance(one, list):
            waiting += [(name, each, is_of_another, by) for each in one]
        elif isinstance(one, dict):
            if name in _HOLDS and not is_of_another:
                by = identifier(one.get("issuer"))
                is_of_another = by != own
            if is_of_another:
                found[id(one)] = by
            waiting += [(member, value, is_of_another, by) for member, value in one.items()]
    return found

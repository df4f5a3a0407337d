"""JSON Schemas that badges name, applied without fetching anything, and not before they were weighed."""

from collections.abc import Mapping

from ..errors import Unreadable
from . import strict_json
from .budget import Budget
from .credential import Json
from .documents import Document
from .legible import legible
from .weighing import BYTES_A_STEP, weigh

_DRAFT_4 = "http://json-schema.org/draft-04/schema#"
_MACHINE = 1024 * 1024  # bytes that a pattern may grow to when it is compiled
_MOST_TOLD = 500_000
_LETTERS_A_STEP = 125


def fault(schema: Document, instance: Json, budget: Budget, *, draft_4: bool = False) -> str | None:
    """What the schema has against the instance, in a few words; None when it agrees.

    Raises ValueError when the document is no schema that can be applied, TooComplex when that would take
    more than the budget.
    """
    # imported here: the public face of the verifier stays cheap to import
    from jsonschema_rs import RegexOptions, ValidationError, validator_for

    budget.spend(len(schema.body) // BYTES_A_STEP)
    try:
        rules = strict_json.loads(schema.body)
    except Unreadable as error:
        raise ValueError(error.says) from error
    if not isinstance(rules, Mapping):
        raise ValueError("It is not an object.")
    weight = weigh(rules, instance, budget)
    if draft_4 and "$schema" not in rules:
        rules = {"$schema": _DRAFT_4, **rules}
    # Patterns without look-around alone: those are matched in a time that grows with the text, and no faster.
    patterns = RegexOptions(size_limit=_MACHINE, dfa_size_limit=_MACHINE)
    validator = validator_for(rules, offline=True, validate_formats=True, pattern_options=patterns)
    if weight.told > _MOST_TOLD:
        return None if validator.is_valid(instance) else "what exactly would take too long to tell"
    budget.spend(weight.told // _LETTERS_A_STEP)
    try:
        validator.validate(instance)
    except ValidationError as error:
        return legible(str(error.message), 200)
    return None

"""JSON Schemas that badges name, applied without fetching anything."""

from collections.abc import Mapping

from ..errors import Unreadable
from . import strict_json
from .credential import Json
from .documents import Document

_DRAFT_4 = "http://json-schema.org/draft-04/schema#"


def fault(schema: Document, instance: Json, *, draft_4: bool = False) -> str | None:
    """What the schema has against the instance, in a few words; None when it agrees.

    Raises ValueError when the document is no schema that can be applied.
    """
    # imported here: the public face of the verifier stays cheap to import
    from jsonschema_rs import ValidationError, validator_for

    try:
        rules = strict_json.loads(schema.body)
    except Unreadable as error:
        raise ValueError(error.says) from error
    if not isinstance(rules, Mapping):
        raise ValueError("It is not an object.")
    if draft_4 and "$schema" not in rules:
        rules = {"$schema": _DRAFT_4, **rules}
    validator = validator_for(rules, offline=True, validate_formats=True)
    try:
        validator.validate(instance)
    except ValidationError as error:
        return str(error.message)[:200]
    return None

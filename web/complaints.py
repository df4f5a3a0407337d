"""What is wrong with the shape of a request, in a sentence: the validator's finding in our words.

What was sent is never repeated, because it may be private; only the place in it is named.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_SAYS = {
    "missing": "{place} is missing.",
    "extra_forbidden": "There is no field {place} here.",
    "json_invalid": "The body is not JSON.",
    "not_json": "The body must be JSON, sent with the header Content-Type: application/json.",
    "string_too_short": "{place} is too short: at least {min_length} characters.",
    "string_too_long": "{place} is too long: at most {max_length} characters.",
    "string_pattern_mismatch": "{place} must not be blank.",
    "too_long": "{place} is too long: at most {max_length}.",
    "literal_error": "{place} must be {expected}.",
    "enum": "{place} must be {expected}.",
    "greater_than_equal": "{place} must be at least {ge:g}.",
    "less_than_equal": "{place} must be at most {le:g}.",
    "timezone_aware": "{place} needs a time zone: end it in Z, or in +01:00 and the like.",
    "value_error": "{place}: {error}.",
}
_KINDS = {
    "string": "text",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "list": "a list",
    "dict": "an object",
    "model": "an object",
    "datetime": "a date with a time and a time zone, like 2026-12-31T00:00:00Z",
}


def complaint(found: Mapping[str, Any]) -> str:
    """One sentence about one finding of pydantic, as ``RequestValidationError.errors()`` lists them."""
    kind = str(found["type"])
    if kind.endswith("_type") and isinstance(found.get("input"), bytes):
        kind = "not_json"  # what is not announced as JSON is not even read
    says = _SAYS.get(kind) or _must_be(kind.partition("_")[0])
    sentence = says.format(place=_place(found["loc"]), **found.get("ctx", {}))
    return sentence[0].upper() + sentence[1:]


def _must_be(kind: str) -> str:
    return f"{{place}} must be {_KINDS[kind]}." if kind in _KINDS else "{place} cannot be used as it is."


def _place(where: Sequence[str | int]) -> str:
    """The path to the finding, without its first step, which only tells body from query."""
    steps = [f"item {step + 1}" if isinstance(step, int) else f"“{step}”" for step in where[1:]]
    return ", ".join(steps) or "the body"

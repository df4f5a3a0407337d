"""How the documentation tells what can go wrong with a call: each example is what web/errors.py really sends."""

import json
from typing import Any

from backpack.errors import AddressTaken, BackpackError, Missing, NotSignedIn, TooLarge, TooMany
from web import errors

_EXAMPLES: dict[int, BackpackError] = {
    401: NotSignedIn("This call needs a token.", "Send it in the header: Authorization: Bearer TOKEN"),
    404: Missing("There is no such badge here."),
    409: AddressTaken("You have this address already."),
    413: TooLarge(
        "The file is larger than 8 MB.", "A badge is a small file: ask the issuer for the original one."
    ),
    422: errors.Unfit("There is no field “expire_at” here.", "Correct it and send it again."),
    429: TooMany(),
}
_MEANS = {
    401: "No token, or one that does not work (any more)",
    404: "Not there, or someone else's: the answer is the same",
    409: "It conflicts with what is already there",
    413: "More bytes than we take",
    422: "The call is not as it should be; the sentence says where",
    429: "Too often; the header Retry-After says how many seconds to wait",
}
_HEADERS = {
    401: {"WWW-Authenticate": {"description": "Always `Bearer`", "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}},
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Entries for a route's ``responses``: each status with its meaning and an example."""
    return {status: _entry(status) for status in statuses}


def _entry(status: int) -> dict[str, Any]:
    example = json.loads(bytes(errors.problem(_EXAMPLES[status]).body))
    content = {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    }
    entry: dict[str, Any] = {"description": _MEANS[status], "content": content}
    return entry | ({"headers": _HEADERS[status]} if status in _HEADERS else {})

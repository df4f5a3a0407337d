"""Ed25519Signature2018: a detached JWS over the statements of the badge, as the first OB 3.0 pilots signed."""

from ._data_integrity import Suite
from ._detached import holds_detached
from ._signed import Attempt


def _holds(attempt: Attempt) -> bool:
    return holds_detached(attempt, {"Ed25519": "EdDSA"})


SUITE = Suite(
    name="Ed25519Signature2018",
    spec="https://w3c-ccg.github.io/lds-ed25519-2018/",
    type="Ed25519Signature2018",
    keys=frozenset({"Ed25519"}),
    try_it=_holds,
)
recognises, needs, holds = SUITE.recognises, SUITE.needs, SUITE.holds

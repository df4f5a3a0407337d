"""EcdsaSecp256r1Signature2019: a detached JWS with a P-256 key, as DIDKit signs when nothing else is asked for."""

from ._data_integrity import Suite
from ._detached import holds_detached
from ._signed import Attempt


def _holds(attempt: Attempt) -> bool:
    return holds_detached(attempt, {"P-256": "ES256"})


SUITE = Suite(
    name="EcdsaSecp256r1Signature2019",
    spec="https://w3id.org/security#EcdsaSecp256r1Signature2019",
    type="EcdsaSecp256r1Signature2019",
    keys=frozenset({"P-256"}),
    try_it=_holds,
)
recognises, needs, holds = SUITE.recognises, SUITE.needs, SUITE.holds

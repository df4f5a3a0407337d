"""Ed25519Signature2020, the forerunner of eddsa-rdfc-2022, in which most early OB 3.0 badges are signed."""

from ..algorithms import verifies
from ._data_integrity import Suite
from ._signed import Attempt, by_statements, in_usual_contexts, signature


def _holds(attempt: Attempt) -> bool:
    signed = signature(attempt, 64)
    return in_usual_contexts(
        attempt, lambda contexts: verifies("EdDSA", attempt.key, signed, by_statements(attempt, contexts))
    )


SUITE = Suite(
    name="Ed25519Signature2020",
    spec="https://www.w3.org/TR/vc-di-eddsa/#ed25519signature2020",
    type="Ed25519Signature2020",
    keys=frozenset({"Ed25519"}),
    try_it=_holds,
)
recognises, needs, holds = SUITE.recognises, SUITE.needs, SUITE.holds

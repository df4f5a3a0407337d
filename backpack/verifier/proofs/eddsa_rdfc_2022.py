"""eddsa-rdfc-2022: an Ed25519 signature over the statements of the badge (vc-di-eddsa §3.2)."""

from ..algorithms import verifies
from ._data_integrity import Suite
from ._signed import Attempt, by_statements, in_usual_contexts, signature


def _holds(attempt: Attempt) -> bool:
    signed = signature(attempt, 64)
    return in_usual_contexts(
        attempt, lambda contexts: verifies("EdDSA", attempt.key, signed, by_statements(attempt, contexts))
    )


SUITE = Suite(
    name="eddsa-rdfc-2022",
    spec="https://www.w3.org/TR/vc-di-eddsa/#eddsa-rdfc-2022",
    cryptosuites=frozenset({"eddsa-rdfc-2022", "eddsa-2022"}),
    keys=frozenset({"Ed25519"}),
    try_it=_holds,
)
recognises, needs, holds = SUITE.recognises, SUITE.needs, SUITE.holds

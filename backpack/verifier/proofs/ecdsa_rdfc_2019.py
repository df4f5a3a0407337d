"""ecdsa-rdfc-2019: a P-256 or P-384 signature over the statements of the badge (vc-di-ecdsa §3.2)."""

from ..algorithms import verifies
from ._data_integrity import Suite
from ._signed import ECDSA, Attempt, by_statements, in_usual_contexts, signature


def _holds(attempt: Attempt) -> bool:
    algorithm, size = ECDSA[attempt.key.kind]
    signed = signature(attempt, size)
    return in_usual_contexts(
        attempt, lambda contexts: verifies(algorithm, attempt.key, signed, by_statements(attempt, contexts))
    )


SUITE = Suite(
    name="ecdsa-rdfc-2019",
    spec="https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-rdfc-2019",
    cryptosuites=frozenset({"ecdsa-rdfc-2019", "ecdsa-2019"}),
    keys=frozenset(ECDSA),
    long_hash=frozenset({"P-384"}),
    try_it=_holds,
)
recognises, needs, holds = SUITE.recognises, SUITE.needs, SUITE.holds

"""ecdsa-jcs-2019: a P-256 or P-384 signature over the JSON of the badge (vc-di-ecdsa §3.3)."""

from ..algorithms import verifies
from ._data_integrity import Suite
from ._signed import ECDSA, Attempt, in_usual_text, signature


def _holds(attempt: Attempt) -> bool:
    algorithm, size = ECDSA[attempt.key.kind]
    signed = signature(attempt, size)
    return in_usual_text(attempt, lambda data: verifies(algorithm, attempt.key, signed, data))


SUITE = Suite(
    name="ecdsa-jcs-2019",
    spec="https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-jcs-2019",
    cryptosuites=frozenset({"ecdsa-jcs-2019"}),
    keys=frozenset(ECDSA),
    long_hash=frozenset({"P-384"}),
    try_it=_holds,
    by_statements=False,
)
recognises, needs, holds = SUITE.recognises, SUITE.needs, SUITE.holds

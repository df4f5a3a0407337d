"""eddsa-jcs-2022: an Ed25519 signature over the JSON of the badge (vc-di-eddsa §3.3)."""

from ..algorithms import verifies
from ._data_integrity import Suite
from ._signed import Attempt, in_usual_text, signature


def _holds(attempt: Attempt) -> bool:
    signed = signature(attempt, 64)
    return in_usual_text(attempt, lambda data: verifies("EdDSA", attempt.key, signed, data))


SUITE = Suite(
    name="eddsa-jcs-2022",
    spec="https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022",
    cryptosuites=frozenset({"eddsa-jcs-2022"}),
    keys=frozenset({"Ed25519"}),
    try_it=_holds,
    by_statements=False,
)
recognises, needs, holds = SUITE.recognises, SUITE.needs, SUITE.holds

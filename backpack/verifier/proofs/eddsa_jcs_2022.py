"""eddsa-jcs-2022: an Ed25519 signature over the JSON of the badge (vc-di-eddsa §3.3)."""

from ..algorithms import verifies
from ._data_integrity import Suite
from ._signed import Attempt, by_text, signature


def _holds(attempt: Attempt) -> bool:
    return verifies("EdDSA", attempt.key, signature(attempt, 64), by_text(attempt))


SUITE = Suite(
    name="eddsa-jcs-2022",
    spec="https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022",
    cryptosuites=frozenset({"eddsa-jcs-2022"}),
    keys=frozenset({"Ed25519"}),
    try_it=_holds,
    by_statements=False,
)
recognises, needs, holds = SUITE.recognises, SUITE.needs, SUITE.holds

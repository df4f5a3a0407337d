"""JsonWebSignature2020: the same detached JWS with whatever key a JWK can hold, as several wallets' issuers sign."""

from ._data_integrity import Suite
from ._detached import holds_detached
from ._signed import Attempt

_ALGORITHMS = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384", "RSA": "PS256"}


def _holds(attempt: Attempt) -> bool:
    return holds_detached(attempt, _ALGORITHMS)


SUITE = Suite(
    name="JsonWebSignature2020",
    spec="https://w3c-ccg.github.io/lds-jws2020/",
    type="JsonWebSignature2020",
    keys=frozenset(_ALGORITHMS),
    try_it=_holds,
)
recognises, needs, holds = SUITE.recognises, SUITE.needs, SUITE.holds

"""Every kind of badge that a demo issuer signs gets from our verifier the verdict it deserves."""

from itertools import product

import pytest

from backpack.demo.shapes import Award, Issued
from backpack.demo.signing import JOSE_KEYS, SUITES
from backpack.verifier import read, verify
from backpack.verifier.report import Verdict
from tests.issuing import AT, MARIA, award, documents, issuer

OLD = list(
    product(["ob05", "ob10", "ob11", "ob1_signed", "ob2_hosted", "ob2_signed"], ["png", "svg", "bare"])
)
EMBEDDED = list(product(SUITES, ["did:key", "did:web", "https"], ["1.1", "2.0"]))
# An RSA key is too long for a did:key.
JWTS = [
    kind
    for kind in product(JOSE_KEYS, ["did:key", "did:web", "https", "jwks"], ["1.1", "2.0"])
    if kind[:2] != ("RS256", "did:key")
]
STANDINGS = [("good", Verdict.verified), ("revoked", Verdict.revoked), ("silent", Verdict.unconfirmed)]


def verdict(badge: Issued) -> Verdict:
    """What our verifier says to Maria with everything in hand that the issuer's addresses answer."""
    return verify(read(badge.data), documents(badge), (MARIA,), AT).verdict


def with_standing(standing: str) -> Award:
    return award(standing=standing, number=7, reason="Issued twice.")


@pytest.mark.parametrize(("standing", "deserved"), STANDINGS)
@pytest.mark.parametrize(("generation", "carrier"), OLD)
def test_older_generations(generation, carrier, standing, deserved):
    assert verdict(getattr(issuer(), generation)(with_standing(standing), carrier=carrier)) is deserved


@pytest.mark.parametrize(("standing", "deserved"), [*STANDINGS, ("suspended", Verdict.suspended)])
@pytest.mark.parametrize(("suite", "speaks", "vc"), EMBEDDED)
def test_embedded_proofs(suite, speaks, vc, standing, deserved):
    assert verdict(issuer().ob3(with_standing(standing), suite, speaks, vc, "bare")) is deserved


@pytest.mark.parametrize(("standing", "deserved"), [*STANDINGS, ("suspended", Verdict.suspended)])
@pytest.mark.parametrize(("algorithm", "speaks", "vc"), JWTS)
def test_jwts(algorithm, speaks, vc, standing, deserved):
    assert verdict(issuer().ob3_jwt(with_standing(standing), algorithm, speaks, vc)) is deserved


@pytest.mark.parametrize("standing", ["good", "revoked"])
def test_a_plain_revocation_list(standing):
    badge = issuer().ob3(award(standing=standing, listed="1edtech"))
    assert verdict(badge) is badge.expect

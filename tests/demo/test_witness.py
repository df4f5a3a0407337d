"""Another implementation, openbadgeslib, reads and verifies what the demo issuers bake and sign."""

import json

import pytest
from openbadgeslib.ob2.verifier import OB2VerificationError, OB2Verifier
from openbadgeslib.ob3.ldp import OB3LdpVerifier, verify_data_integrity_proof
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from backpack.demo.shapes import Issued
from tests.issuing import (
    award,
    by_stranger,
    issuer,
    jws_by_stranger,
    keyed_with_public_key,
    payload_changed,
    renamed,
    unsigned,
    with_proof_of,
)

EXTRACT = {
    ("openbadgecredential", "png"): OB3Verifier.extract_token_from_png,
    ("openbadgecredential", "svg"): OB3Verifier.extract_token_from_svg,
    ("openbadges", "png"): OB2Verifier.extract_token_from_png,
    ("openbadges", "svg"): OB2Verifier.extract_token_from_svg,
}


def asked_from(badge: Issued):
    """A fetcher for the witness that knows the badge's documents and nothing else."""
    return lambda url: badge.documents[url].body


@pytest.mark.parametrize("carrier", ["png", "svg"])
@pytest.mark.parametrize(
    "issued",
    [
        lambda carrier: issuer().ob3(award(), carrier=carrier),
        lambda carrier: issuer().ob3_jwt(award(), carrier=carrier),
        lambda carrier: issuer().ob2_signed(award(), carrier=carrier),
    ],
    ids=["ob3", "ob3-jwt", "ob2-signed"],
)
def test_the_witness_finds_what_was_baked(issued, carrier):
    badge = issued(carrier)
    assert EXTRACT[badge.keyword, carrier](badge.data) == badge.text


def verify_embedded(badge: Issued) -> None:
    """Ask the witness, status included; it knows no embedded proofs on status lists, so it takes those as they are."""
    OB3LdpVerifier().verify(
        badge.text, download=asked_from(badge), check_status=True, verify_status_list=False
    )


@pytest.mark.parametrize("speaks", ["did:key", "did:web"])
@pytest.mark.parametrize("standing", ["none", "good"])
def test_the_witness_verifies_an_embedded_proof(speaks, standing):
    badge = issuer().ob3(award(standing=standing, language="pt"), speaks=speaks)
    verify_embedded(badge)


def test_the_witness_verifies_an_embedded_proof_under_the_first_vc_contexts():
    badge = issuer().ob3(award(), vc="1.1")
    status_terms = {"https://www.w3.org/2018/credentials/v1": _vc1_context()}
    verify_data_integrity_proof(
        json.loads(badge.text), issuer().identity.keys["ed25519"].pem, extra_contexts=status_terms
    )


def _vc1_context():
    from pyld.documentloader.frozen import BUNDLED_CONTEXTS

    return json.loads(BUNDLED_CONTEXTS["https://www.w3.org/2018/credentials/v1"].read_text())


@pytest.mark.parametrize("standing", ["revoked", "suspended"])
def test_the_witness_sees_a_badge_taken_back(standing):
    badge = issuer().ob3(award(standing=standing))
    with pytest.raises(OB3VerificationError, match="is set at index"):
        verify_embedded(badge)


@pytest.mark.parametrize(("algorithm", "key"), [("RS256", "rsa"), ("ES256", "p256"), ("EdDSA", "ed25519")])
def test_the_witness_verifies_a_jwt(algorithm, key):
    badge = issuer().ob3_jwt(award(standing="good"), algorithm)
    verifier = OB3Verifier(issuer().identity.keys[key].pem)
    verifier.verify(badge.text, check_status=True, download=asked_from(badge))


def test_the_witness_finds_the_key_of_a_jwt_in_the_issuers_did_document():
    badge = issuer().ob3_jwt(award(), "ES256", speaks="did:web")
    OB3Verifier.for_issuer_did("did:web:montalvo.example", asked_from(badge)).verify(badge.text)


def test_the_witness_verifies_a_signed_badge_of_version_2():
    badge = issuer().ob2_signed(award())
    OB2Verifier(download=asked_from(badge)).verify(badge.text, badge.recipient, check_revocation=True)


def test_the_witness_verifies_a_hosted_badge_of_version_2():
    badge = issuer().ob2_hosted(award())
    OB2Verifier(download=asked_from(badge)).verify_hosted(badge.text, expected_recipient=badge.recipient)


def test_the_witness_sees_a_signed_badge_of_version_2_revoked():
    badge = issuer().ob2_signed(award(standing="revoked"))
    with pytest.raises(OB2VerificationError, match="revoked"):
        OB2Verifier(download=asked_from(badge)).verify(badge.text, check_revocation=True)


@pytest.mark.parametrize(
    ("forgery", "says"),
    [
        (lambda: renamed(issuer().ob3(award())), "signature mismatch"),
        (
            lambda: with_proof_of(issuer().ob3(award()), issuer().ob3(award(name="Another"))),
            "signature mismatch",
        ),
        (lambda: unsigned(issuer().ob3(award())), "found: none"),
        (lambda: by_stranger(award()), "signature mismatch"),
    ],
    ids=["renamed", "another proof", "unsigned", "by a stranger"],
)
def test_the_witness_refuses_a_forged_document(forgery, says):
    badge = forgery()
    with pytest.raises(OB3VerificationError, match=says):
        OB3LdpVerifier().verify(badge.text, download=asked_from(badge))


@pytest.mark.parametrize(
    ("forgery", "says"),
    [
        (lambda: payload_changed(issuer().ob3_jwt(award()), name="Doctor of Everything"), "signature"),
        (
            lambda: with_proof_of(issuer().ob3_jwt(award()), issuer().ob3_jwt(award(name="Another"))),
            "signature",
        ),
        (lambda: unsigned(issuer().ob3_jwt(award())), "is not allowed"),
        (lambda: keyed_with_public_key(issuer().ob3_jwt(award())), "is not allowed"),
        (lambda: jws_by_stranger(award()), "signature"),
    ],
    ids=["renamed", "another signature", "alg none", "public key as secret", "by a stranger"],
)
def test_the_witness_refuses_a_forged_jwt(forgery, says):
    with pytest.raises(OB3VerificationError, match=says):
        OB3Verifier(issuer().identity.keys["rsa"].pem).verify(forgery().text)

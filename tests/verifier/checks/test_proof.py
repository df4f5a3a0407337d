"""“Not altered”: what the deciding signature came to, and why."""

import json

import pytest

from backpack.verifier import Outcome, Verdict
from backpack.verifier.checks import proof
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
from tests.verifier.asking import case, check, report
from tests.verifier.signing import badge, secured, signer, tried
from tests.verifier.signing import case as case_of

ISSUED = {
    "eddsa-rdfc-2022": lambda: issuer().ob3(award()),
    "eddsa-jcs-2022": lambda: issuer().ob3(award(), "eddsa-jcs-2022"),
    "ecdsa-rdfc-2019": lambda: issuer().ob3(award(), "ecdsa-rdfc-2019", "https"),
    "ecdsa-jcs-2019": lambda: issuer().ob3(award(), "ecdsa-jcs-2019", "did:web"),
    "Ed25519Signature2020": lambda: issuer().ob3(award(), "Ed25519Signature2020", vc="1.1"),
    "JWT with RS256": lambda: issuer().ob3_jwt(award()),
    "JWT with ES256": lambda: issuer().ob3_jwt(award(), "ES256", "did:web", "1.1"),
    "JWT with EdDSA": lambda: issuer().ob3_jwt(award(), "EdDSA", "did:key"),
    "JWS with RS256": lambda: issuer().ob2_signed(award()),
    "Hosted by the issuer": lambda: issuer().ob2_hosted(award()),
}
FORGED = {
    "renamed": lambda: renamed(issuer().ob3(award())),
    "proof of another": lambda: with_proof_of(issuer().ob3(award()), issuer().ob3(award(name="Another"))),
    "by a stranger": lambda: by_stranger(award()),
    "JWT renamed": lambda: payload_changed(issuer().ob3_jwt(award()), name="Doctor of Everything"),
    "JWT signature of another": lambda: with_proof_of(issuer().ob3_jwt(award()), issuer().ob3_jwt(award())),
    "JWT unsigned": lambda: unsigned(issuer().ob3_jwt(award())),
    "JWT keyed with the public key": lambda: keyed_with_public_key(issuer().ob3_jwt(award())),
    "JWT by a stranger": lambda: jws_by_stranger(award()),
}


def test_where_there_are_more_signatures_than_are_looked_at_the_others_are_not_called_broken():
    document = secured(badge())
    broken = {**document["proof"], "created": "2025-03-15T09:00:00Z"}
    for number, outcome in ((20, Outcome.failed), (21, Outcome.unknown)):
        spoilt = case_of({**document, "proof": [broken] * number})
        assert proof.answer(spoilt).outcome is outcome
    sound = case_of({**document, "proof": [document["proof"], *[broken] * 30]})
    assert proof.answer(sound).outcome is Outcome.passed


@pytest.mark.parametrize("method", ISSUED)
def test_what_was_not_altered_passes_and_says_how_it_was_signed(method):
    found = check("proof", ISSUED[method]())
    assert (found.outcome, found.detail["Method"]) == (Outcome.passed, method)


@pytest.mark.parametrize("how", FORGED)
def test_what_was_forged_fails(how):
    badge = FORGED[how]()
    assert check("proof", badge).outcome is Outcome.failed
    assert report(badge).verdict is Verdict.invalid


def test_what_nobody_signed_fails():
    found = check("proof", unsigned(issuer().ob3(award())))
    assert (found.outcome, found.message) == (
        Outcome.failed,
        "There is no signature on it, so anyone could have written it.",
    )


def test_a_key_that_cannot_be_had_leaves_it_open():
    found = case(issuer().ob3(award(), speaks="did:web"), held=case_of(badge()).documents)
    assert proof.answer(found).outcome is Outcome.unknown
    assert proof.needs(found) == {"https://montalvo.example/.well-known/did.json"}


def test_a_signature_of_a_kind_that_we_do_not_know_leaves_it_open():
    found = proof.answer(
        case_of({**badge(), "proof": {"type": "DataIntegrityProof", "cryptosuite": "bbs-2023"}})
    )
    assert found.outcome is Outcome.unknown
    assert "that we do not know (“bbs-2023”)" in found.message


@pytest.mark.parametrize("nothing", ["x", 7, {}, {"type": "DataIntegrityProof"}, {"proofValue": "z1"}])
def test_what_is_no_signature_at_all_is_none(nothing):
    found = proof.answer(case_of({**badge(), "proof": nothing}))
    assert (found.outcome, found.message) == (
        Outcome.failed,
        "What stands in the place of its signature is none.",
    )


def test_of_several_signatures_the_one_that_decides_speaks_and_the_others_are_told():
    mine, other = secured(badge()), secured(badge(), by=signer("ed25519", "other"))
    broken = {**mine["proof"], "created": "2020-01-01T00:00:00Z"}
    found = proof.answer(case_of({**mine, "proof": [other["proof"], broken, mine["proof"]]}))
    assert found.outcome is Outcome.passed
    assert "changed after it was signed" in found.detail["Further signatures"]


@pytest.mark.parametrize(
    ("others", "outcome"),
    [
        ([{"type": "SomeProof"}], Outcome.failed),
        (
            [
                {
                    "type": "DataIntegrityProof",
                    "cryptosuite": "eddsa-rdfc-2022",
                    "proofPurpose": "assertionMethod",
                    "proofValue": "z1",
                    "verificationMethod": "did:web:gone.example#k",
                }
            ],
            Outcome.unknown,
        ),
    ],
)
def test_beside_a_broken_signature_only_one_that_may_still_hold_keeps_it_open(others, outcome):
    broken = {**secured(badge())["proof"], "created": "2020-01-01T00:00:00Z"}
    assert proof.answer(case_of({**badge(), "proof": [*others, broken]})).outcome is outcome


def test_a_knot_of_evidence_is_refused_and_not_untied():
    knot = [
        {
            "id": f"_:{a}",
            "type": "VerifiableCredential",
            "evidence": [{"id": f"_:{b}"} for b in range(9) if b != a],
        }
        for a in range(9)
    ]
    found = proof.answer(case_of({**secured(badge()), "evidence": knot}))
    assert found.outcome is Outcome.failed
    assert "too much work" in found.message


def test_every_sentence_ends_as_one():
    texts = [check("proof", made()).message for made in (*ISSUED.values(), *FORGED.values())]
    texts.append(tried(secured(badge("did:web:a.example"), verificationMethod="did:web:a.example#k")).because)
    assert [text for text in texts if not text.endswith(".")] == []


def test_the_badge_s_own_json_is_what_was_verified():
    issued = issuer().ob3(award())
    assert report(issued).credential.raw == json.loads(issued.text)

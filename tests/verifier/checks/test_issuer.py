"""“Signed by the issuer”: a signature proves somebody; the issuer must vouch for the key."""

import pytest

from backpack.verifier import Documents, Outcome, Verdict
from backpack.verifier.checks import issuer as question
from backpack.verifier.proofs import PROOFS
from tests.issuing import (
    answer_of,
    answering,
    award,
    by_stranger,
    issuer,
    resigned,
    stranger,
    unsigned,
    without,
)
from tests.verifier.asking import case, check, report
from tests.verifier.signing import badge, controller, secured, served, signer
from tests.verifier.signing import case as case_of

DID_DOCUMENT = "https://montalvo.example/.well-known/did.json"
PAGE = "https://montalvo.example/issuer"


@pytest.mark.parametrize(
    ("speaks", "evidence"),
    [
        ("did:web", {"Web domain": "The key is published at montalvo.example."}),
        ("https", {"Web domain": "The key is published at montalvo.example."}),
        ("did:key", {"Key": "The issuer is known by this key alone; nothing tells who holds it."}),
    ],
)
def test_however_it_speaks_the_issuer_is_known_by_what_it_publishes(speaks, evidence):
    found = report(issuer().ob3(award(), speaks=speaks))
    assert found.verdict is Verdict.verified
    assert found.issuer_evidence == evidence


def test_the_check_names_the_issuer_and_the_key():
    found = check("issuer", issuer().ob3(award(), speaks="did:web"))
    assert (found.outcome, found.detail["Issuer"]) == (Outcome.passed, "did:web:montalvo.example")
    assert found.detail["Key"] == "did:web:montalvo.example#ed25519"
    assert found.message == "It was signed with a key that montalvo.example publishes."


def test_a_key_that_the_issuer_does_not_list_is_told_as_such():
    found = question.answer(case_of(secured(badge(PAGE)), served(PAGE, controller(PAGE))))
    assert found.outcome is Outcome.failed
    assert (
        found.message
        == "It was not signed by the issuer: montalvo.example does not list the key that signed it."
    )


def test_an_issuer_that_is_silent_leaves_it_open():
    found = report(without(issuer().ob3(award(), speaks="did:web"), DID_DOCUMENT))
    assert found.verdict is Verdict.unconfirmed
    assert next(c for c in found.checks if c.id == "issuer").outcome is Outcome.unknown


def test_a_key_that_only_the_badge_brings_leaves_it_open():
    document = secured(badge(PAGE), verificationMethod=f"{PAGE}#{signer().multikey}")
    found = question.answer(case_of(document))
    assert found.outcome is Outcome.unknown
    assert found.message.startswith("Signed, but we cannot tell by whom")


@pytest.mark.parametrize("forge", [unsigned, lambda badge: by_stranger(award())])
def test_a_signature_that_does_not_hold_says_nothing_about_the_issuer(forge):
    found = check("issuer", forge(issuer().ob3(award())))
    assert found.outcome is Outcome.skipped


def test_a_stranger_s_key_in_the_header_is_not_the_issuer_s():
    mine = issuer().ob3_jwt(award(), "ES256", speaks="jwks")
    forged = resigned(mine, stranger(), "ES256", kid=None, jwk=stranger().identity.keys["p256"].jwk)
    assert check("issuer", forged).outcome is Outcome.failed
    assert report(forged).verdict is Verdict.invalid


def test_it_needs_nothing_that_the_proof_does_not():
    assert question.needs(case_of(badge())) == set()


@pytest.mark.parametrize("name", PROOFS)
def test_nothing_is_wanted_twice(name):
    badge = issuer().ob3(award(), speaks="did:web")
    assert PROOFS[name].needs(case(badge)) == set()
    assert all(url in Documents(*case(badge).documents) for url in badge.documents)


@pytest.mark.parametrize(
    ("kept", "says"),
    [
        (True, "Without the same badge at its issuer's address, nobody can say who made it."),
        (False, "Who made it can be said only from the copy that its issuer hosts."),
    ],
)
def test_of_a_hosted_badge_it_is_the_issuers_copy_that_shows_who_made_it(kept, says):
    hosted = issuer().ob2_hosted(award())
    nobodys = {name: said for name, said in answer_of(hosted, hosted.address).items() if name != "recipient"}
    there = answering(hosted, hosted.address, nobodys) if kept else without(hosted, hosted.address)
    assert check("issuer", there).message == says

"""What the demo issuers may be asked for, and what they refuse to sign."""

import json
from datetime import timedelta

import pytest

from backpack.demo import graph
from backpack.demo.issuing import DemoIssuer
from backpack.verifier.report import Verdict
from tests.issuing import AT, award, issuer


def test_no_issuer_can_be_made_in_a_real_name():
    with pytest.raises(ValueError, match=r"\.example"):
        DemoIssuer("Somebody real", "university.edu", AT)


def test_nothing_is_signed_that_would_be_dropped():
    document = {"@context": ["https://www.w3.org/ns/credentials/v2"], "id": "urn:x", "madeUp": "dropped"}
    with pytest.raises(ValueError, match="madeUp"):
        graph.rdfc(document)


def test_only_the_newest_generation_can_suspend():
    with pytest.raises(ValueError, match="suspend"):
        issuer().ob2_hosted(award(standing="suspended"))


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, Verdict.verified),
        ({"standing": "good", "expires_at": AT + timedelta(days=1)}, Verdict.verified),
        ({"expires_at": AT}, Verdict.expired),
        ({"issued_at": AT + timedelta(days=1)}, Verdict.not_yet_valid),
        ({"standing": "revoked", "expires_at": AT}, Verdict.revoked),
        ({"standing": "suspended"}, Verdict.suspended),
        ({"standing": "silent"}, Verdict.unconfirmed),
    ],
)
def test_a_badge_knows_the_verdict_it_deserves(facts, verdict):
    assert issuer().ob3(award(**facts)).expect is verdict


@pytest.mark.parametrize("picture", ["png", "svg", "jpeg", "webp"])
def test_the_address_of_a_picture_answers_with_it(picture):
    badge = issuer().ob3(award(picture=picture), carrier="bare")
    address = json.loads(badge.text)["credentialSubject"]["achievement"]["image"]["id"]
    assert badge.documents[address].content_type.startswith("image/")


def test_a_badge_may_have_no_picture_or_carry_it_inside():
    achievements = [
        json.loads(issuer().ob3(award(picture=p), carrier="bare").text)["credentialSubject"]["achievement"]
        for p in ("none", "data")
    ]
    assert "image" not in achievements[0]
    assert achievements[1]["image"]["id"].startswith("data:image/png;base64,iVBOR")


def test_the_revocation_list_of_version_2_grows_and_never_shrinks():
    office = DemoIssuer("Office", "office.example", AT)
    for number in (1, 2):
        office.ob2_signed(award(number=number, standing="revoked", reason=f"Reason {number}"))
    last = office.ob2_signed(award(number=3))
    listed = json.loads(last.documents["https://office.example/ob2/revoked"].body)["revokedAssertions"]
    assert [entry["revocationReason"] for entry in listed] == ["Reason 1", "Reason 2"]

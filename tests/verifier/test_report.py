"""The report as programs read it."""

import json
from dataclasses import replace

from backpack.demo.shapes import Issued
from backpack.errors import NothingInside
from backpack.verifier import as_json, no_badge_as_json
from backpack.verifier.report import is_by_key_alone
from tests.issuing import AT, MARIA, award, issuer, renamed
from tests.verifier.asking import report


def test_the_json_of_a_report_keeps_to_the_contract():
    found = as_json(report(issuer().ob2_hosted(award(naming="plain")), (MARIA,)))
    assert found["valid"] is True
    assert (found["verdict"], found["version"], found["carrier"]) == ("verified", "2.0", "png")
    assert found["at"] == "2026-03-14T09:00:00Z"
    assert set(found["checks"][0]) >= {"id", "outcome", "message"}
    assert {c["outcome"] for c in found["checks"]} == {"passed"}
    assert set(found["documents"][0]) == {"url", "sha256", "fetched_at"}


def test_the_badge_in_it_is_told_in_plain_facts():
    found = as_json(report(issuer().ob2_hosted(award(naming="plain"))))["badge"]
    assert (found["name"], found["issuer"]["name"]) == (
        "Open Science Foundations",
        "Universidade de Montalvo",
    )
    assert (found["recipient"], found["issued_at"], found["expires_at"]) == (
        MARIA,
        "2025-03-14T09:00:00Z",
        None,
    )


def test_it_is_json_for_every_generation():
    for generation in ("ob05", "ob10", "ob1_signed", "ob2_signed", "ob3", "ob3_jwt"):
        assert (
            json.loads(json.dumps(as_json(report(getattr(issuer(), generation)(award())))))["valid"] is True
        )


def test_valid_is_said_of_verified_alone():
    found = as_json(report(issuer().ob3(award(standing="silent", number=71))))
    assert (found["verdict"], found["valid"]) == ("unconfirmed", False)


def test_that_it_was_changed_is_told_apart_from_another_fault_of_its_signature():
    def changed(badge: Issued) -> bool:
        (signature,) = as_json(report(badge))["signatures"]
        assert signature["outcome"] == "failed"
        return signature["changed"]

    whole, legacy = (make(award(), carrier="bare") for make in (issuer().ob3_jwt, issuer().ob1_signed))
    assert changed(renamed(issuer().ob3(award())))
    assert changed(with_signature_of(legacy, issuer().ob1_signed(award(number=2), carrier="bare")))
    assert changed(with_signature_of(whole, issuer().ob3_jwt(award(number=2), carrier="bare")))
    assert not changed(for_another_purpose(issuer().ob3(award(), carrier="bare")))


def for_another_purpose(badge: Issued) -> Issued:
    said = json.loads(badge.text)
    said["proof"]["proofPurpose"] = "authentication"
    return replace(badge, data=json.dumps(said).encode())


def with_signature_of(badge: Issued, other: Issued) -> Issued:
    """A token under the signature of another one by the same key."""
    text = f"{badge.text.rpartition('.')[0]}.{other.text.rpartition('.')[2]}"
    return replace(badge, data=text.encode(), text=text)


def test_the_signature_that_decides_stands_first():
    badge = issuer().ob3(award(), carrier="bare")
    said = json.loads(badge.text)
    said["proof"] = [{"type": "DataIntegrityProof", "cryptosuite": "of-tomorrow"}, said["proof"]]
    found = as_json(report(replace(badge, data=json.dumps(said).encode(), text=json.dumps(said))))
    assert [one["outcome"] for one in found["signatures"]] == ["passed", "skipped"]


def test_it_says_from_when_and_until_when_the_badge_holds():
    found = as_json(report(issuer().ob3(award(expires_at=AT.replace(year=2027)))))
    assert (found["begins_at"], found["ends_at"]) == ("2025-03-14T09:00:00Z", "2027-03-14T09:00:00Z")
    assert as_json(report(issuer().ob3(award())))["ends_at"] is None


def test_an_issuer_that_nothing_else_vouches_for_is_known_by_its_key_alone():
    kinds = {"did:key": True, "did:web": False, "https": False}
    for speaks, is_alone in kinds.items():
        evidence = report(issuer().ob3(award(), speaks=speaks)).issuer_evidence
        assert is_by_key_alone(evidence) is is_alone
    assert not is_by_key_alone({})


def test_no_badge_has_the_same_shape():
    found = no_badge_as_json(NothingInside("Nothing.", "Look elsewhere."), AT)
    assert (found["valid"], found["verdict"], found["badge"]) == (False, "not_a_badge", None)
    assert found["checks"][0]["message"] == "Nothing."
    assert found["problem"] == {"code": "no_badge", "says": "Nothing.", "try_this": "Look elsewhere."}

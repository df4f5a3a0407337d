"""The report as programs read it."""

import json

from backpack.errors import NothingInside
from backpack.verifier import as_json, no_badge_as_json
from tests.issuing import AT, MARIA, award, issuer
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


def test_no_badge_has_the_same_shape():
    found = no_badge_as_json(NothingInside("Nothing.", "Look elsewhere."), AT)
    assert (found["valid"], found["verdict"], found["badge"]) == (False, "not_a_badge", None)
    assert found["checks"][0]["message"] == "Nothing."
    assert found["problem"] == {"code": "no_badge", "says": "Nothing.", "try_this": "Look elsewhere."}

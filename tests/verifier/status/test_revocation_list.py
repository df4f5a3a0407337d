"""1EdTech's plain list of withdrawn credentials."""

from dataclasses import replace
from typing import Any

import pytest

from backpack.demo.shapes import Issued
from backpack.verifier import Check, Outcome, Verdict, read, wanted
from tests.issuing import answer_of, answering, award, changed, documents, issuer, without
from tests.verifier.asking import check, raw

GOOD: Issued = issuer().ob3(award(standing="good", listed="1edtech", number=91), carrier="bare")
LIST = raw(GOOD)["credentialStatus"]["id"]


def listing(*entries: Any, **members: Any) -> Check:
    said = {**answer_of(GOOD, LIST), "revokedCredential": list(entries), **members}
    return check("revocation", answering(GOOD, LIST, said))


def test_who_is_not_in_the_list_stands():
    assert listing({"id": "urn:x"}, {}).outcome is Outcome.passed


def test_a_list_with_an_entry_that_nobody_can_read_leaves_open_who_is_meant():
    assert listing({"id": "urn:x"}, 7).outcome is Outcome.unknown
    assert listing(["urn:x", raw(GOOD)["id"]]).outcome is Outcome.unknown
    assert listing(7, raw(GOOD)["id"]).verdict is Verdict.revoked


def test_who_is_in_the_list_is_revoked_with_the_reason():
    found = listing({"id": raw(GOOD)["id"], "revocationReason": "Cheated"})
    assert (found.verdict, found.message) == (Verdict.revoked, "The issuer has taken it back: “Cheated”")


def test_a_list_of_bare_ids_is_understood():
    found = listing("urn:x", raw(GOOD)["id"])
    assert (found.verdict, found.message) == (Verdict.revoked, "The issuer has taken it back.")


def test_blanks_around_a_name_are_no_part_of_it():
    assert listing({"id": f" {raw(GOOD)['id']}\n"}).verdict is Verdict.revoked


def test_a_uuid_is_the_same_in_capitals():
    assert listing("URN:UUID:" + raw(GOOD)["id"][9:].upper()).verdict is Verdict.revoked


def test_an_entry_may_say_that_it_no_longer_holds():
    assert listing({"id": raw(GOOD)["id"], "revoked": False}).outcome is Outcome.passed


def test_a_list_in_another_name_is_remarked():
    assert "another issuer" in listing(issuer="did:web:other.example").detail["Note"]


def test_a_list_that_says_it_is_elsewhere_is_remarked():
    assert "another address" in listing(id="https://montalvo.example/other").detail["Note"]
    assert "Note" not in listing().detail
    assert "Note" not in listing(id=None).detail


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}"])
def test_a_list_that_cannot_be_read_says_nothing(body):
    assert check("revocation", answering(GOOD, LIST, body)).outcome is Outcome.unknown


def test_a_list_that_nobody_serves_is_wanted_and_says_nothing():
    assert wanted(read(GOOD.data), documents(without(GOOD, LIST))) == {LIST}
    assert check("revocation", without(GOOD, LIST)).outcome is Outcome.unknown
    assert (
        check("revocation", answering(GOOD, LIST, answer_of(GOOD, LIST), status=503)).outcome
        is Outcome.unknown
    )


@pytest.mark.parametrize("address", ["http://montalvo.example/list", "urn:x:1"])
def test_a_list_needs_a_secure_address(address):
    badge = changed(GOOD, credentialStatus={"id": address, "type": "1EdTechRevocationList"})
    badge = replace(badge, documents={**badge.documents, address: badge.documents[LIST]})
    assert check("revocation", badge).outcome is Outcome.unknown

"""What is told of the bits in a signed list, and the ways in which honest issuers serve one."""

import base64
import json

import pytest

from backpack.verifier import Outcome, Verdict
from tests.verifier import signing
from tests.verifier.status.test_bitstring import LIST, a_list, asked, entry, messages, packed, served

SOURCE = {"Source": LIST}


@pytest.mark.parametrize(
    ("purpose", "taken", "says"),
    [
        ("revocation", (), "The issuer has not taken it back."),
        ("revocation", (41,), "The issuer has taken it back."),
        ("suspension", (41,), "The issuer has suspended it for now."),
        ("refresh", (), "The issuer has no newer version of it."),
        ("refresh", (41,), "The issuer has a newer version of it."),
        ("message", (41,), "The issuer's status of it: without a message."),
        ("colour", (41,), "It has a status of a kind that we do not know (colour)."),
    ],
)
def test_what_its_bit_means_is_said_and_which_list_says_so(purpose, taken, says):
    listed = a_list(*taken, subject={"statusPurpose": purpose})
    check, _ = asked([entry(statusPurpose=purpose)], served(listed))
    assert (check.message, check.detail) == (says, SOURCE)


def test_of_a_place_outside_the_list_the_list_is_named_too():
    assert asked([entry(statusListIndex="131072")], served(a_list()))[0].detail == SOURCE


def test_a_list_by_another_issuer_is_shown_by_the_name_that_it_has():
    by = signing.signer("p256")
    listed = signing.secured(
        {
            **{name: value for name, value in a_list().items() if name != "proof"},
            "issuer": {"id": by.did, "name": "Registry"},
        },
        "ecdsa-rdfc-2019",
        by,
    )
    check, _ = asked([entry()], served(listed))
    assert (check.outcome, check.detail["List issued by"]) == (Outcome.passed, "Registry")


def test_a_list_that_says_it_is_elsewhere_is_shown_with_the_address_that_it_gives():
    other = "https://montalvo.example/lists/2"
    assert asked([entry()], served(a_list(id=other)))[0].detail == SOURCE | {"List's own address": other}
    whole = f"{LIST}#list"
    assert asked([entry(statusListCredential=whole)], served(a_list()))[0].detail == {"Source": whole}


def test_why_a_list_does_not_hold_is_said_in_its_own_words():
    check, _ = asked([entry()], served(a_list(validUntil="2026-02-01T00:00:00Z")))
    why = "the issuer's status list does not hold (It expired on 1 February 2026)"
    assert check.message == f"Whether it was taken back is not known: {why}."


def test_values_that_mean_nothing_are_wrong_whichever_of_them_it_has():
    listed = a_list(subject={"statusPurpose": "message", "encodedList": packed(82, size=40_000)})
    assert asked([entry(statusPurpose="message", statusSize=2)], served(listed))[1] is Verdict.invalid


def test_entries_of_several_bits_take_up_more_of_a_list():
    several = entry(statusSize=2, statusMessage=messages(4))
    enough = served(a_list(subject={"encodedList": packed(size=25_000)}))
    assert asked([several], enough)[1] is Verdict.verified
    short = served(a_list(subject={"encodedList": packed(size=24_999)}))
    assert asked([several], short)[1] is Verdict.unconfirmed


@pytest.mark.parametrize("index", ["٤١", "0" * 14 + "41"])
def test_a_place_is_written_in_plain_digits_and_not_at_length(index):
    assert asked([entry(statusListIndex=index)], served(a_list()))[1] is Verdict.invalid


@pytest.mark.parametrize("taken", [(), (41,)])
@pytest.mark.parametrize("spelled", [base64.urlsafe_b64encode, base64.b64encode])
def test_a_list_may_be_packed_in_any_spelling_of_base64(spelled, taken):
    data = base64.urlsafe_b64decode(packed(*taken)[1:] + "==")
    listed = served(a_list(subject={"encodedList": spelled(data).decode()}))
    assert asked([entry()], listed)[1] is (Verdict.revoked if taken else Verdict.verified)


def test_a_list_may_be_served_as_editors_and_programs_write_it():
    listed = a_list(name="Lista de revogação")
    text = json.dumps(listed, ensure_ascii=False, indent=1)
    for body in (text.encode(), b"\xef\xbb\xbf" + text.encode(), f"\n{text}\n".encode()):
        assert asked([entry()], served(body))[0].outcome is Outcome.passed
    key = signing.signer()
    inside = {name: value for name, value in a_list(issuer=key.did).items() if name != "proof"}
    token = key.jwt(inside, "EdDSA", kid=key.method)
    assert asked([entry()], served(f"{token}\n".encode()))[0].outcome is Outcome.passed


def test_an_envelope_with_no_list_in_it_is_told_for_what_it_is():
    envelope = {"@context": a_list()["@context"][0], "type": "EnvelopedVerifiableCredential", "id": LIST}
    assert "what is served there is not a status list" in asked([entry()], served(envelope))[0].message


SUSPENDED, OUTSIDE = entry(statusPurpose="suspension"), entry(statusListIndex="131072")
UNKNOWN = {"type": "https://status.example/#Traffic", "id": "https://status.example/1"}


@pytest.mark.parametrize(
    ("entries", "verdict"),
    [
        ([UNKNOWN, OUTSIDE, SUSPENDED, entry()], Verdict.revoked),
        ([UNKNOWN, OUTSIDE, SUSPENDED], Verdict.suspended),
        ([UNKNOWN, OUTSIDE], Verdict.invalid),
        ([UNKNOWN, entry(statusListIndex="1")], Verdict.unconfirmed),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_of_several_bad_news_the_worst_is_told(entries, verdict, order):
    listed = a_list(41, subject={"statusPurpose": ["revocation", "suspension"]})
    check, found = asked(entries[::order], served(listed))
    assert (check.verdict or Verdict.unconfirmed, found) == (verdict, verdict)


def test_of_statuses_without_end_only_the_first_are_looked_at_and_that_is_said():
    entries = [entry(statusListIndex=str(index)) for index in range(10, 43)]
    assert asked(entries[:32], served(a_list(42)))[1] is Verdict.verified
    assert asked(entries, served(a_list(10)))[1] is Verdict.revoked
    check, verdict = asked(entries, served(a_list(42)))
    assert check.message == "It has more than 32 statuses, not all of which we look at."
    assert verdict is Verdict.unconfirmed


def test_a_status_of_no_kind_at_all_is_told_so():
    check, _ = asked([{"id": "https://status.example/1"}])
    assert check.message == "It has a status of a kind that we do not know (none)."

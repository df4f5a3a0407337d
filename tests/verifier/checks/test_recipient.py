"""Whom a badge was awarded to."""

import hashlib

import pytest

from backpack.verifier import Outcome, Verdict
from backpack.verifier.case import Case
from backpack.verifier.checks import recipient
from backpack.verifier.credential import Credential, Recipient
from backpack.verifier.documents import Documents
from tests.issuing import AT, MARIA, award, issuer
from tests.verifier.asking import check, report

GENERATIONS = ["ob05", "ob10", "ob11", "ob1_signed", "ob2_hosted", "ob2_signed", "ob3", "ob3_jwt"]


def asked(recipients: tuple[str, ...] | None, *named: Recipient) -> recipient.Check:
    return recipient.answer(Case(Credential("3.0", "json", recipients=named), Documents(), recipients, AT))


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("naming", ["hashed", "plain"])
def test_the_earner_s_address_is_known_in_every_generation(generation, naming):
    badge = getattr(issuer(), generation)(award(naming=naming))
    assert check("recipient", badge, ("other@montalvo.example", MARIA)).outcome is Outcome.passed
    assert check("recipient", badge, ("other@montalvo.example",)).outcome is Outcome.failed


def test_which_address_it_was_is_in_the_report_and_not_in_the_sentence():
    found = report(issuer().ob3(award()), ("other@montalvo.example", MARIA))
    assert found.matched == MARIA
    assert all(MARIA not in c.message for c in found.checks)


def test_the_detail_tells_of_the_address_even_when_a_name_stands_beside_it():
    found = check("recipient", issuer().ob3(award(recipient_name="Maria Exemplar")), (MARIA,))
    assert found.detail["Named by"] == "An e-mail address, hidden: it can be compared, but not read."


@pytest.mark.parametrize(
    ("confirmed", "named", "says"),
    [
        (MARIA, MARIA, "the very address"),
        (MARIA, MARIA.upper(), "small and capital letters"),
        ("maria@gmail.com", "ma.ria+badges@googlemail.com", "gmail.com ignores dots and what follows a plus"),
    ],
)
def test_the_detail_says_how_the_address_was_compared(confirmed, named, says):
    assert says in asked((confirmed,), Recipient("email", named)).detail["Compared"]


@pytest.mark.parametrize(
    ("named", "says"),
    [
        (Recipient("emailAddress", MARIA), "An e-mail address."),
        (Recipient("DID", "did:key:z6M"), "A decentralised identifier (DID)."),
        (Recipient("url", "https://maria.example"), "A web address."),
        (Recipient("studentId", "7"), "A name of its own."),
    ],
)
def test_how_it_names_its_recipient_is_told_whether_or_not_anybody_asks(named, says):
    assert asked(None, named).detail == {"Named by": says}
    assert asked(("other@montalvo.example",), named).detail == {"Named by": says}


def test_nobody_asked_is_skipped_and_no_address_at_all_is_a_mismatch():
    badge = issuer().ob3(award())
    assert check("recipient", badge).outcome is Outcome.skipped
    assert check("recipient", badge, ()).verdict is Verdict.wrong_recipient


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ((Recipient("emailAddress", "MARIA@old-campus.example"),), "It went to M•••@old-campus.example."),
        ((Recipient("email", "sha256$" + "0" * 64, True),), "which the badge does not show"),
        ((Recipient("email", "1337$c0ffee", True),), "hidden in a way that we do not know"),
        (
            (Recipient("did", "1337$c0", True), Recipient("email", "sha256$" + "0" * 64, True)),
            "does not show",
        ),
        ((Recipient("email", "1337$c0", True), Recipient("email", "sha1$" + "0" * 40, True)), "do not know"),
        ((Recipient("did", "did:key:z6M"),), "not named by an e-mail address"),
        ((), "names nobody"),
    ],
)
def test_a_mismatch_says_as_much_as_the_badge_shows(named, says):
    found = asked((MARIA,), *named)
    assert (found.outcome, found.verdict) == (Outcome.failed, Verdict.wrong_recipient)
    assert says in found.message


def test_a_did_or_web_address_may_be_asked_about_too():
    assert asked(("did:key:z6M",), Recipient("did", "did:key:z6M")).outcome is Outcome.passed
    assert (
        asked(("https://maria.example",), Recipient("url", "https://maria.example")).outcome is Outcome.passed
    )


@pytest.mark.parametrize("other", ["did:key:z6N", "did:key:Z6M", "z6M"])
def test_another_did_is_somebody_else_s(other):
    assert asked((other,), Recipient("did", "did:key:z6M")).verdict is Verdict.wrong_recipient


def test_a_web_address_may_have_an_at_sign_in_it():
    profile = "https://social.example/@maria"
    assert asked((profile,), Recipient("url", profile)).outcome is Outcome.passed


@pytest.mark.parametrize("kind", ["email", "identifier", "accountId", "userName"])
def test_a_hidden_address_is_known_by_whatever_name_its_kind_goes(kind):
    hidden = Recipient(kind, f"sha256${hashlib.sha256(MARIA.encode()).hexdigest()}", True)
    found = asked((MARIA,), hidden)
    assert (found.outcome, "the very address" in found.detail["Compared"]) == (Outcome.passed, True)


def test_one_of_several_identities_is_enough():
    found = asked((MARIA,), Recipient("did", "did:key:z6M"), Recipient("emailAddress", MARIA))
    assert found.outcome is Outcome.passed

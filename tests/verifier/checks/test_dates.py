"""Whether a badge is valid at a time."""

from datetime import datetime, timedelta, timezone

import pytest

from backpack.verifier import Credential, Documents, Outcome, Verdict
from backpack.verifier.case import Case
from backpack.verifier.checks import dates
from tests.issuing import AT, award, issuer
from tests.verifier.asking import check

GENERATIONS = ["ob10", "ob11", "ob1_signed", "ob2_hosted", "ob2_signed", "ob3", "ob3_jwt"]
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_badge_is_good_until_its_last_second(generation):
    badge = getattr(issuer(), generation)(award(expires_at=AT))
    assert check("dates", badge, at=AT - SECOND).outcome is Outcome.passed
    assert check("dates", badge, at=AT).verdict is Verdict.expired


@pytest.mark.parametrize("generation", ["ob3", "ob3_jwt"])
def test_a_credential_is_not_good_before_its_first_second(generation):
    badge = getattr(issuer(), generation)(award(issued_at=AT))
    assert check("dates", badge, at=AT).outcome is Outcome.passed
    assert check("dates", badge, at=AT - SECOND).verdict is Verdict.not_yet_valid


@pytest.mark.parametrize("generation", ["ob10", "ob11", "ob1_signed", "ob2_hosted", "ob2_signed"])
def test_an_older_badge_may_come_from_a_clock_that_is_a_little_fast(generation):
    badge = getattr(issuer(), generation)(award(issued_at=AT))
    assert check("dates", badge, at=AT - timedelta(minutes=5)).outcome is Outcome.passed
    assert check("dates", badge, at=AT - timedelta(minutes=6)).verdict is Verdict.not_yet_valid


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_badge_that_ends_before_it_begins_is_wrong_whenever_it_is_looked_at(generation):
    badge = getattr(issuer(), generation)(award(issued_at=AT, expires_at=AT - timedelta(days=1)))
    assert check("dates", badge, at=AT - timedelta(days=2)).verdict is Verdict.invalid


def test_the_sentence_names_the_day():
    badge = issuer().ob3(award(expires_at=AT))
    assert check("dates", badge).message == "It expired on 14 March 2026."
    assert check("dates", badge, at=AT - SECOND).message == "It is valid until 14 March 2026."
    assert check("dates", issuer().ob3(award())).message == "It never expires."


def test_the_day_is_told_as_it_is_in_greenwich():
    evening = datetime(2026, 3, 13, 20, 59, tzinfo=timezone(timedelta(hours=-12)))
    ended = Case(Credential("3.0", "json", expires_at=evening), Documents(), None, AT)
    assert dates.answer(ended).message == "It expired on 14 March 2026."


def test_what_ends_as_it_begins_has_expired_and_is_not_wrong():
    badge = issuer().ob3(award(issued_at=AT, expires_at=AT))
    assert check("dates", badge, at=AT).verdict is Verdict.expired
    assert check("dates", badge, at=AT - SECOND).verdict is Verdict.not_yet_valid


def test_every_day_that_it_names_is_told():
    badge = issuer().ob3(award(issued_at=AT, expires_at=AT + timedelta(days=1)))
    days = {"Issued": "14 March 2026", "Begins": "14 March 2026", "Ends": "15 March 2026"}
    assert check("dates", badge, at=AT).detail == days


def test_a_badge_of_the_first_days_expires_too():
    badge = issuer().ob05(award(expires_at=AT - timedelta(days=1)))
    assert check("dates", badge).verdict is Verdict.expired

"""What the terminal says that a report stands on."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from backpack.commands.grounds import checked, each, stands_on
from backpack.verifier import Report
from backpack.verifier.before import PREFIX
from backpack.verifier.report import UsedDocument
from backpack.verifier.trusted import ADDRESS
from tests.issuing import AT, award, issuer
from tests.verifier.asking import report as report_on

ALONE = report_on(issuer().ob3(award()))


def report(*urls: str, at: datetime = AT) -> Report:
    """A report on documents at these addresses, all of the same time."""
    return replace(ALONE, documents=tuple(UsedDocument(url, "ab" * 32, at) for url in urls))


def test_the_time_is_told_in_utc_with_how_documents_came():
    elsewhere = replace(ALONE, at=AT.astimezone(timezone(timedelta(hours=3))))
    assert checked(elsewhere) == "Checked as of 14 March 2026, 09:00 UTC."
    assert checked(ALONE, "offline") == "Checked as of 14 March 2026, 09:00 UTC, offline."


def test_a_badge_that_brings_along_all_that_is_needed_stands_on_itself():
    assert stands_on(ALONE) == "It stands on nothing but the badge itself."


@pytest.mark.parametrize(
    ("urls", "whose"),
    [
        (["https://a.example/1"], "1 address of a.example"),
        (
            ["https://a.example/1", "https://a.example:8443/2"],
            "1 address of a.example and 1 of a.example:8443",
        ),
        (
            ["https://b.example/1", "https://c.example/1", "https://a.example/1", "https://a.example/2"],
            "2 addresses of a.example, 1 of b.example and 1 of c.example",
        ),
        (
            [f"https://{host}.example/{path}" for host in "abcde" for path in range(1 + (host == "a"))],
            "2 addresses of a.example, 1 of b.example and 3 of 3 other hosts",
        ),
        (["did:example:1"], "1 address of no host"),
    ],
)
def test_hosts_are_named_while_they_are_few(urls: list[str], whose: str):
    assert stands_on(report(*urls)) == f"It stands on what {whose} answered."


@pytest.mark.parametrize(
    ("seconds", "when"),
    [
        ([-7200, -7199], " on 14 March 2026, 07:00 UTC"),
        ([-7200, 7200], " from 14 March 2026, 07:00 UTC, to 14 March 2026, 11:00 UTC"),
        ([-20, 40], " at that time"),
        ([-20, 90], " from 14 March 2026, 08:59 UTC, to 14 March 2026, 09:01 UTC"),
        ([0, 0], ""),
    ],
)
def test_when_they_answered_is_told_as_far_as_it_is_known(seconds: list[int], when: str):
    documents = tuple(
        UsedDocument(f"https://a.example/{number}", "", AT + timedelta(seconds=each))
        for number, each in enumerate(seconds)
    )
    said = stands_on(replace(ALONE, documents=documents))
    assert said == f"It stands on what 2 addresses of a.example answered{when}."


def test_what_did_not_answer_is_told_beside_it():
    found = report("https://a.example/1", "https://b.example/1")
    assert stands_on(found, {"https://b.example/1"}) == (
        "It stands on what 1 address of a.example answered. No answer from 1 address of b.example."
    )


def test_the_operator_s_list_is_named_and_is_nobody_s_answer():
    assert stands_on(report(ADDRESS)) == (
        "It stands on nothing but the badge itself and on the list of trusted issuers."
    )


def test_what_was_answered_before_is_no_answer_of_now():
    told = stands_on(report(f"{PREFIX}https://a.example/1", "https://a.example/1"), {"https://a.example/1"})
    says = "It stands on nothing but the badge itself and on what was said of it before."
    assert told == f"{says} No answer from 1 address of a.example."


def test_each_document_can_be_compared():
    found = report("https://a.example/1", "https://b.example/1", at=AT - timedelta(hours=2))
    assert list(each(found, {"https://b.example/1"})) == [
        "https://a.example/1",
        "  fetched 14 March 2026, 07:00 UTC",
        f"  sha-256 {'ab' * 32}",
        "https://b.example/1",
        "  no answer",
    ]
    assert list(each(report("https://a.example/1")))[1] == f"  sha-256 {'ab' * 32}"

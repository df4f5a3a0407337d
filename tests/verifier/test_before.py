"""What an issuer said before its silence: it tells what a badge is, and proves nothing."""

import json
from dataclasses import replace

import pytest

from backpack.demo.shapes import Issued
from backpack.verifier import Document, Documents, Outcome, Report, Verdict, as_json, read, verify
from backpack.verifier.before import answered_before, is_of_now, taken_back
from tests.issuing import AT, award, changed, documents, issuer
from tests.verifier.asking import raw, report
from tests.verifier.test_costs import record

OLD = ["ob05", "ob10", "ob11", "ob2_hosted"]
OVER = "2026-01-01T00:00:00Z"
WITHDRAWN = taken_back(
    "revoked", "The issuer has taken it back. So it was on 3 May 2026; now there is no answer."
)


def made(generation: str) -> Issued:
    found: Issued = getattr(issuer(), generation)(award(), carrier="bare")
    return found


def before(badge: Issued) -> list[Document]:
    return [answered_before(document) for document in documents(badge)]


def silent(badge: Issued) -> Documents:
    return Documents(
        *(replace(one, status=503, body=b"", problem="it answered 503") for one in documents(badge))
    )


def found(badge: Issued, held: Documents) -> Report:
    return verify(read(badge.data), held, None, AT)


@pytest.mark.parametrize("generation", OLD[1:])
def test_while_its_issuer_is_silent_a_badge_is_told_as_that_last_served_it(generation):
    served = made(generation)
    file = changed(served, expires=OVER)
    assert found(file, silent(served)).verdict is not Verdict.verified
    told = found(file, silent(served).plus(*before(served)))
    assert told.verdict is Verdict.unconfirmed
    assert as_json(told)["badge"] == as_json(report(served))["badge"]
    assert not all(map(is_of_now, told.documents))


@pytest.mark.parametrize("generation", OLD)
def test_also_where_its_address_alone_is_known(generation):
    served = made(generation)
    file = replace(served, data=str(served.address).encode())
    told = found(file, silent(served).plus(*before(served)))
    assert told.verdict is Verdict.unconfirmed
    assert told.credential.called == report(served).credential.called
    assert not found(file, Documents(*before(served))).valid  # nobody has asked yet


@pytest.mark.parametrize("generation", OLD)
def test_what_it_answers_now_counts_whatever_was_said_before(generation):
    served = made(generation)
    other = [replace(one, body=one.body.replace(b"Open Science", b"Doctor of")) for one in before(served)]
    assert as_json(found(served, documents(served).plus(*other))) == as_json(report(served))


@pytest.mark.parametrize("generation", OLD)
def test_what_was_said_before_proves_nothing(generation):
    served = made(generation)
    for held in (Documents(*before(served)), silent(served).plus(*before(served))):
        passed = {check.id for check in found(served, held).checks if check.outcome is Outcome.passed}
        assert not passed & {"proof", "issuer", "revocation"}


LISTED = issuer().ob3(award(standing="good"), carrier="bare")


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ([], Verdict.unconfirmed),
        ([WITHDRAWN], Verdict.revoked),
        ([taken_back("suspended", "It is suspended.")], Verdict.suspended),
        ([taken_back("verified", "Trust me.")], Verdict.unconfirmed),
        ([replace(WITHDRAWN, body=b"[")], Verdict.unconfirmed),
    ],
)
def test_one_that_was_taken_back_stays_so_while_its_issuer_is_silent(said, verdict):
    assert found(LISTED, silent(LISTED).plus(*said)).verdict is verdict
    assert found(LISTED, documents(LISTED).plus(*said)).verdict is Verdict.verified


def test_that_is_said_of_the_badge_itself_and_not_of_those_inside_it():
    whole = json.dumps(record(raw(LISTED))).encode()
    outside = verify(read(whole), silent(LISTED).plus(WITHDRAWN), None, AT)
    assert [inner.verdict for inner in outside.contained] == [Verdict.unconfirmed]

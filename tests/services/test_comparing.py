"""What an issuer changed at its addresses is noticed, told, and both copies are kept."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backpack.config import Settings
from backpack.services import checking, comparing, sharing
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Badge, Earner, Report
from tests.conftest import Clock
from tests.issuing import AT, MARIA, answer_of, answering, award, issuer
from tests.services.conftest import Bring, Web
from tests.verifier.signing import badge as unsigned
from tests.verifier.signing import controller, method, secured
from web.histories import LATELY, changed, past

HOSTED = issuer().ob2_hosted(award(name="First Aid"), carrier="bare")
TO_MARIA = {
    "type": "IdentityObject",
    "identityType": "emailAddress",
    "hashed": False,
    "identityHash": MARIA,
}
PROFILE, ASSERTION = "https://montalvo.example/ob2/issuer", json.loads(HOSTED.text)["id"]


@pytest.fixture
def clock() -> Clock:
    return Clock(AT + timedelta(days=3))


@pytest.fixture
def again(engine: Engine, blobs: Blobs, settings: Settings, clock: Clock, db: Session):
    """Check a badge when it is next due."""

    def check(badge: Badge) -> Report:
        clock.at = max(clock.at, badge.next_check_at)
        report = checking.check_badge(engine, blobs, settings, badge.id, clock())
        db.expire_all()
        assert report is not None
        return report

    return check


@pytest.fixture
def badge(bring: Bring, maria: Earner, web: Web) -> Badge:
    web.serve(HOSTED)
    return bring(maria, HOSTED.data, check=True)[1][0]


def test_a_first_check_and_the_same_answers_again_tell_of_no_change(badge: Badge, again, db: Session) -> None:
    again(badge)
    for report in db.exec(select(Report)):
        assert "changes" not in report.content


def test_a_changed_profile_is_told_with_both_wordings(badge: Badge, again, web: Web, blobs: Blobs) -> None:
    said = answer_of(HOSTED, PROFILE)
    web.serve(answering(HOSTED, PROFILE, {**said, "description": "Under <new> owners"}))
    [change] = again(badge).content["changes"]
    assert change["what"] == "The issuer changed its profile. Its site has changed since 2026."
    assert [one["after"] for one in change["members"]] == ['"Under <new> owners"']
    assert blobs.read(change["before"]) == HOSTED.documents[PROFILE].body
    assert b"Under <new> owners" in blobs.read(change["after"])


def test_what_others_answer_whose_signatures_stand_beside_is_not_said_to_be_the_issuer_s(
    bring: Bring, maria: Earner, web: Web, again
) -> None:
    """Anybody can put one there."""
    school, other = "did:web:school.example", "did:web:other.example"
    subject = unsigned()["credentialSubject"] | {"identifier": TO_MARIA}
    whole = secured(unsigned(school, credentialSubject=subject), verificationMethod=f"{school}#key-1")
    beside = {**whole["proof"], "verificationMethod": f"{other}#key-1"}
    for owner in (school, other):
        web.say(address(owner), json.dumps(controller(owner, method(owner))).encode())
    _, [badge] = bring(maria, json.dumps({**whole, "proof": [whole["proof"], beside]}).encode(), check=True)
    assert badge.verdict == "verified"
    for owner in (school, other):
        web.say(address(owner), json.dumps(controller(owner, method(owner), alsoKnownAs=[])).encode())
    changes = again(badge).content["changes"]
    assert {change["url"]: (change["what"], change["matters"]) for change in changes} == {
        address(school): ("The issuer changed its keys. Its site has changed since 2026.", True),
        address(other): ("What other.example answers has changed.", False),
    }


def address(owner: str) -> str:
    return f"https://{owner.removeprefix('did:web:')}/.well-known/did.json"


def test_another_spelling_of_the_same_is_no_change(badge: Badge, again, web: Web) -> None:
    web.serve(answering(HOSTED, PROFILE, json.dumps(answer_of(HOSTED, PROFILE), indent=7)))
    assert "changes" not in again(badge).content


def test_silence_in_between_hides_no_change(badge: Badge, again, web: Web) -> None:
    web.answers.clear()
    assert "changes" not in again(badge).content
    web.serve(answering(HOSTED, ASSERTION, {**answer_of(HOSTED, ASSERTION), "narrative": "Better."}))
    [change] = again(badge).content["changes"]
    assert change["what"] == "The issuer changed the badge that it serves."
    assert change["members"] == [{"name": "narrative", "before": "", "after": '"Better."'}]


def test_long_wordings_are_cut(badge: Badge, again, web: Web) -> None:
    web.serve(answering(HOSTED, ASSERTION, {**answer_of(HOSTED, ASSERTION), "narrative": "x" * 9000}))
    [change] = again(badge).content["changes"]
    assert len(change["members"][0]["after"]) == comparing.MOST_CHARACTERS + 1


def test_the_earner_sees_it_in_the_history_as_text(badge: Badge, again, web: Web, db: Session) -> None:
    web.serve(answering(HOSTED, PROFILE, {**answer_of(HOSTED, PROFILE), "description": "<b>new</b>"}))
    again(badge)
    rows = past(list(db.exec(select(Report).order_by(col(Report.id).desc()))), badge)
    shown = str(rows[0].values[1])
    assert "The issuer changed its profile." in shown
    assert "&lt;b&gt;new&lt;/b&gt;" in shown
    assert "<b>" not in shown
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("url", "news", "matters", "says"),
    [
        (PROFILE, {"telephone": "+351 239 000 000"}, False, "Telephone, noticed on"),
        (ASSERTION, {"evidence": "https://montalvo.example/new"}, True, "Evidence, noticed on"),
    ],
)
def test_what_changed_is_told_above_the_letter_and_leads_to_the_difference(
    badge: Badge, again, web: Web, clock: Clock, url: str, news: dict, matters: bool, says: str
) -> None:
    web.serve(answering(HOSTED, url, {**answer_of(HOSTED, url), **news}))
    reports = [again(badge)]
    [told] = changed(reports, clock())
    assert told.reason.startswith(says)
    assert (told.tone == "unknown") == matters
    assert f'id="{told.place}"' in str(past(reports, badge)[0].values[1])
    assert changed(reports, reports[0].at + LATELY) == []


def test_strangers_are_not_told_what_was_there_before(
    badge: Badge, again, web: Web, db: Session, maria: Earner, clock: Clock
) -> None:
    said = answer_of(HOSTED, ASSERTION)
    changed = {**said, "recipient": {**said["recipient"], "salt": "other"}}
    web.serve(answering(HOSTED, ASSERTION, changed))
    assert again(badge).content["changes"]
    link = sharing.share_badge(db, maria, badge.public_id, at=clock())
    [entry] = sharing.open_share(db, link.slug, clock()).entries
    assert "changes" not in (entry.report or {})

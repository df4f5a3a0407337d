"""Every report can be made again without its issuer, and comes out the same."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.services import checking, deriving, reports
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Earner
from tests.conftest import Clock
from tests.issuing import AT, award, changed, issuer, renamed, without
from tests.services.conftest import Bring, Web

ISSUER = issuer()
ELSEWHERE = award(recipient="other@montalvo.example")
REVOKED, SUSPENDED = award(standing="revoked"), award(standing="suspended")
SILENT_LIST = award(standing="silent")
KINDS: dict[str, Issued] = {
    "0.5": ISSUER.ob05(award()),
    "1.0": ISSUER.ob10(award()),
    "1.1": ISSUER.ob11(award(), carrier="svg"),
    "1.1 signed": ISSUER.ob1_signed(award()),
    "2.0 hosted": ISSUER.ob2_hosted(award(), carrier="bare"),
    "2.0 signed": ISSUER.ob2_signed(award()),
    "2.0 revoked": ISSUER.ob2_hosted(REVOKED),
    "3.0 did:key": ISSUER.ob3(award()),
    "3.0 did:web": ISSUER.ob3(award(), "ecdsa-rdfc-2019", "did:web", "1.1", "svg"),
    "3.0 https": ISSUER.ob3(award(), "eddsa-jcs-2022", "https"),
    "3.0 JWT": ISSUER.ob3_jwt(award()),
    "3.0 JWT by ES256": ISSUER.ob3_jwt(award(), "ES256", "https"),
    "3.0 revoked": ISSUER.ob3(REVOKED),
    "3.0 suspended": ISSUER.ob3(SUSPENDED),
    "3.0 expired": ISSUER.ob3(award(expires_at=AT)),
    "3.0 not known": ISSUER.ob3(SILENT_LIST),
    "for another": ISSUER.ob3(ELSEWHERE),
    "hosted for another": ISSUER.ob2_hosted(ELSEWHERE),
    "forged": renamed(ISSUER.ob3(award())),
}


@pytest.fixture
def clock() -> Clock:
    return Clock(AT + timedelta(days=3))


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_made_again_without_the_issuer(
    db: Session, blobs: Blobs, bring: Bring, maria: Earner, web: Web, kind: str
) -> None:
    web.serve(KINDS[kind])
    [badge] = bring(maria, KINDS[kind].data, check=True)[1]
    report = reports.latest(db, badge)
    assert report is not None
    web.answers.clear()
    asked = len(web.asked)
    again = deriving.derived(db, blobs, report)
    assert json.dumps(again["checks"]) == json.dumps(report.content["checks"])
    assert (again["verdict"], len(web.asked)) == (report.verdict, asked)


def test_silence_is_archived_too(db: Session, blobs: Blobs, bring: Bring, maria: Earner, web: Web) -> None:
    hosted = KINDS["2.0 hosted"]
    web.serve(without(hosted, json.loads(hosted.text)["id"]))
    [badge] = bring(maria, hosted.data, check=True)[1]
    report = reports.latest(db, badge)
    assert report is not None
    web.serve(hosted)
    assert deriving.derived(db, blobs, report)["checks"] == report.content["checks"]
    assert report.verdict == "unconfirmed"


def test_what_its_issuer_said_before_its_silence_is_made_again_too(
    db: Session, engine: Engine, blobs: Blobs, settings: Settings, bring: Bring, maria: Earner, web: Web
) -> None:
    hosted = KINDS["2.0 hosted"]
    web.serve(hosted)
    [badge] = bring(maria, changed(hosted, expires="2050-01-01T00:00:00Z").data, check=True)[1]
    web.answers.clear()
    report = checking.check_badge(engine, blobs, settings, badge.id, badge.next_check_at)
    assert report is not None
    again = deriving.derived(db, blobs, report)
    assert (again["checks"], again["badge"]) == (report.content["checks"], report.content["badge"])
    assert (report.verdict, again["badge"]["expires_at"]) == ("unconfirmed", None)

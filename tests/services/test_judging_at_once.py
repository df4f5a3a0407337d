"""What can be said of a badge without asking anybody is said when it is read, as a check would say it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from backpack import workers
from backpack.config import Settings
from backpack.errors import TooComplex
from backpack.services import checking, importing, joining, notifying, reports
from backpack.services.judging import Grounds
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Badge, Document, Earner, ReportDocument
from backpack.verifier.trusted import ADDRESS
from backpack.workers.messages import WorkerFailed
from tests.conftest import Clock
from tests.issuing import MARIA, award, issuer
from tests.services.conftest import Bring, Web

PNG = issuer().ob3(award())


def test_it_is_verified_and_nobody_was_asked(
    db: Session, bring: Bring, maria: Earner, clock: Clock, web: Web
) -> None:
    _, [badge] = bring(maria, PNG.data)
    assert (badge.verdict, badge.matched, badge.attempts) == ("verified", MARIA, 0)
    assert timedelta(days=7) <= badge.next_check_at - badge.checked_at <= timedelta(days=8)
    assert [one.verdict for one in reports.history(db, maria, badge.public_id)] == ["verified"]
    assert web.asked == []


def test_its_report_is_the_one_that_a_check_makes(
    db: Session,
    engine: Engine,
    blobs: Blobs,
    settings: Settings,
    bring: Bring,
    maria: Earner,
    clock: Clock,
) -> None:
    _, [badge] = bring(maria, PNG.data)
    checking.check_now(db, maria, badge.public_id, clock())
    checking.check_badge(engine, blobs, settings, badge.id, clock())
    again, first = reports.history(db, maria, badge.public_id)
    assert first.content | {"at": ""} == again.content | {"at": ""}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL knows how full the table is
def test_it_is_brought_without_a_look_at_all_that_is_there(
    db: Session, engine: Engine, bring: Bring, maria: Earner
) -> None:
    """Into a backpack of thousands it goes as quickly as into an empty one."""
    asked: dict[str, Any] = {}

    def note(_c: object, _u: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT badge"):
            asked[statement] = parameters

    event.listen(engine, "before_cursor_execute", note)
    bring(maria, PNG.data)
    event.remove(engine, "before_cursor_execute", note)
    explained = [
        db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", what).all()
        for one, what in asked.items()
    ]
    steps = [row[3] for plan in explained for row in plan]
    assert [step for step in steps if "earner_id=? AND credential_sha256=?" in step]
    assert not [step for step in steps if step.startswith("SCAN badge") or step.endswith("(earner_id=?)")]


def test_an_address_that_is_confirmed_meanwhile_is_not_missed(
    db: Session,
    engine: Engine,
    blobs: Blobs,
    settings: Settings,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = joining.make_earner(db, "ada@people.example", clock())
    joining.add_address(db, ada, MARIA, settings, clock())
    arrival = importing.receive(db, blobs, ada, PNG.data, "file", "", clock())
    gather = importing.gather

    def slow(*what: object) -> object:
        found = gather(*what)
        joining.confirm_by_link(db, notifying.kept(db)[0].text.split("/confirm/")[1].split()[0], clock())
        return found

    monkeypatch.setattr(importing, "gather", slow)
    due = importing.unpack(engine, blobs, settings, arrival.id, clock())
    assert due == [badge.id for badge in db.exec(select(Badge).where(Badge.verdict == ""))] != []


@pytest.mark.parametrize("error", [TooComplex("This is too much."), WorkerFailed("a traceback")])
def test_what_is_too_much_for_now_is_kept_and_due(
    bring: Bring, maria: Earner, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    run = workers.run

    def weak(work: str, *what: object, **limits: float) -> object:
        if any(isinstance(one, Grounds) for one in what):
            raise error
        return run(work, *what, **limits)

    monkeypatch.setattr(workers, "run", weak)
    arrival, [badge] = bring(maria, PNG.data)
    assert (arrival.state, badge.title, badge.verdict) == ("done", "Open Science Foundations", "")


def test_a_list_of_trusted_issuers_that_cannot_be_read_takes_no_badge_from_anybody(
    bring: Bring, maria: Earner, settings: Settings, tmp_path: Path
) -> None:
    settings.trusted_issuers = str(tmp_path / "nothing.json")
    _, [badge] = bring(maria, PNG.data)
    assert badge.verdict == ""


def test_a_list_of_trusted_issuers_is_archived_with_the_report(
    db: Session, blobs: Blobs, bring: Bring, maria: Earner, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "trusted.json").write_text("{}")
    settings.trusted_issuers = str(tmp_path / "trusted.json")
    _, [badge] = bring(maria, PNG.data)
    report = reports.latest(db, badge)
    assert report is not None
    [kept] = db.exec(select(Document).join(ReportDocument).where(ReportDocument.report_id == report.id))
    assert (kept.url, blobs.read(kept.sha256)) == (ADDRESS, b"{}")

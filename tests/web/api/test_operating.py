"""What an operator's monitoring sees, and what nobody else does."""

import asyncio
from datetime import UTC, datetime, timedelta
from unittest.mock import AsyncMock

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.errors import Damaged
from backpack.storage.blobs import Blobs, Unreachable
from backpack.storage.tables import Share
from tests.apps import create
from tests.issuing import MARIA
from tests.web.api.conftest import Program
from web import errors
from web.errors import Faults


def test_a_process_that_answers_is_alive(anyone: TestClient) -> None:
    answer = anyone.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


def test_it_is_ready_when_database_files_and_queue_answer(anyone: TestClient) -> None:
    answer = anyone.get("/readyz")
    works = {"ready": True, "database": "ok", "files": "ok", "queue": "ok"}
    assert (answer.status_code, answer.json()) == (200, works)


def test_it_is_not_ready_while_the_files_do_not_answer(
    anyone: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_self: object, _sha256: str) -> bytes:
        raise Damaged

    monkeypatch.setattr("backpack.storage.blobs.Blobs.read", fails)
    answer = anyone.get("/readyz")
    works = {"ready": False, "database": "ok", "files": "failed", "queue": "ok"}
    assert (answer.status_code, answer.json()) == (503, works)


@pytest.mark.parametrize("queue", ["postgresql://nobody@127.0.0.1:1/nothing", "redis://127.0.0.1:1/0"])
def test_while_the_queue_is_away_it_begins_serves_and_says_so(settings: Settings, queue: str) -> None:
    settings.queue_url = queue
    maria = Program(create(settings), settings, MARIA)
    assert maria.get("/api/v1/badges").status_code == 200
    assert maria.post("/api/v1/badges", files={"file": ("badge.png", b"kept")}).status_code == 201
    answer = maria.get("/readyz")
    works = {"ready": True, "database": "ok", "files": "ok", "queue": "failed"}
    assert (answer.status_code, answer.json()) == (200, works)


def test_while_the_database_is_away_programs_are_told_to_come_back(
    maria: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", None, Exception("connection refused"))

    monkeypatch.setattr("backpack.services.organising.badge", fails)
    answer = maria.get("/api/v1/badges/any")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["code"] == "later"


def test_while_the_bucket_is_away_programs_are_told_to_come_back(
    maria: Program, badge: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise Unreachable("connection refused")

    told: list[str] = []  # what the operator is, whatever else in the test process does to logging
    for level in ("error", "exception"):
        monkeypatch.setattr(errors._log, level, lambda text, *args: told.append(text % args))
    monkeypatch.setattr(Blobs, "keep", fails)
    answer = maria.post("/api/v1/badges", files={"file": ("badge.png", badge.data)})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["code"] == "later"
    assert told == ["The bucket of files did not answer: connection refused."]


def test_the_figures_count_what_there_is(maria: Program, badge: Issued) -> None:
    maria.bring(badge)
    maria.post("/api/v1/badges", json={"text": "not read yet"})
    told = maria.get("/metrics").text.splitlines()
    assert "backpack_earners 1" in told
    assert 'backpack_badges{verdict="verified"} 1' in told
    assert {'backpack_imports{state="done"} 1', 'backpack_imports{state="waiting"} 1'} <= set(told)


def test_of_links_only_those_that_open_something_are_counted(
    maria: Program, badge: Issued, db: Session
) -> None:
    shown = {"badge": maria.bring(badge)}
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    maria.post("/api/v1/shares", json=shown)
    maria.post("/api/v1/shares", json=shown | {"expires_at": tomorrow})
    closed = maria.post("/api/v1/shares", json=shown).json()["id"]
    maria.delete(f"/api/v1/shares/{closed}")
    ended = maria.post("/api/v1/shares", json=shown | {"expires_at": tomorrow}).json()["id"]
    db.execute(update(Share).where(Share.public_id == ended).values(expires_at=datetime.now(UTC)))
    db.commit()
    assert "backpack_shares_open 2" in maria.get("/metrics").text.splitlines()
    maria.delete(f"/api/v1/badges/{shown['badge']}")
    assert "backpack_shares_open 0" in maria.get("/metrics").text.splitlines()


def test_the_figures_name_nobody(maria: Program, badge: Issued) -> None:
    maria.bring(badge)
    told = maria.get("/metrics").text
    assert all(word not in told for word in ("maria", "@", "Science"))


@pytest.mark.parametrize(
    ("token", "sent", "status"),
    [
        ("", None, 404),
        ("", "Bearer ", 404),
        ("a-good-secret", None, 404),
        ("a-good-secret", "Bearer a-bad-secret", 404),
        ("a-good-secret", "Bearer a-good-secret", 200),
    ],
)
def test_on_the_internet_only_the_operator_sees_figures(
    settings: Settings, token: str, sent: str | None, status: int
) -> None:
    public = settings.model_copy(
        update={"base_url": "https://backpack.example", "secret_key": "x" * 48, "metrics_token": token}
    )
    watcher = TestClient(create(public), public.base_url)
    headers = {"authorization": sent} if sent else {}
    assert watcher.get("/metrics", headers=headers).status_code == status


def test_a_load_balancer_may_ask_by_any_name(anyone: TestClient) -> None:
    assert [
        anyone.get(path, headers={"host": "10.0.0.7"}).status_code for path in ("/healthz", "/readyz")
    ] == [200] * 2


def test_whoever_hangs_up_half_way_is_no_fault_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    async def hangs_up(*_: object) -> None:
        raise ClientDisconnect

    asyncio.run(Faults(hangs_up)({"type": "http"}, AsyncMock(), AsyncMock()))
    assert caplog.records == []

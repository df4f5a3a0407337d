"""Killed at any moment, a backpack loses no import that it acknowledged, and keeps none by halves."""

import os
import smtplib
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from backpack import mailroom, workers
from backpack.config import Settings
from backpack.services import checking, importing, joining, organising
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Arrival, ArrivalBadge, Badge, Blob, Earner, Report
from tests import forwarding, killing
from tests.archives import zipped
from tests.serving import Server

ROUNDS = {"sqlite": 100, "postgresql": 30}
"""PostgreSQL's own server is not killed, so less can go wrong."""
SEED = int(os.environ.get("SEED", "20260504"))


@pytest.mark.timeout(300)
def test_kills_by_the_hundred_lose_nothing_that_was_acknowledged(
    db: Session,
    engine: Engine,
    blobs: Blobs,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rounds = ROUNDS[db.get_bind().dialect.name]
    acknowledged = tmp_path / "acknowledged"
    arguments = [settings.model_dump_json(include={"data_dir", "database_url"}), str(acknowledged), str(SEED)]
    killed = subprocess.run(
        [sys.executable, "-m", "tests.killing", *arguments, str(rounds)], capture_output=True, text=True
    )
    assert killed.returncode == 0, f"SEED={SEED}\n{killed.stderr[-4000:]}"

    # Every acknowledged import is there, with its bytes.
    told = [line.split() for line in acknowledged.read_text().splitlines()]
    assert len(told) > rounds / 2
    kept = {row.public_id: row for row in db.exec(select(Arrival))}
    for public_id, sha256 in told:
        assert kept[public_id].sha256 == sha256
        assert blobs.read(sha256)

    # Whoever comes after finishes what was begun, each thing once.
    monkeypatch.setattr(workers, "run", killing._here)
    at = killing.START + (rounds + 1) * killing.BETWEEN_ROUNDS
    while waiting := importing.due(db, at, 1000):
        for row in waiting:
            importing.unpack(engine, blobs, settings, row, at)
    while waiting := checking.due(db, at, 1000):
        for row in waiting:
            checking.check_badge(engine, blobs, settings, row, at)
    db.expire_all()
    _assert_whole(db, blobs)
    [earner] = db.exec(select(Earner)).all()
    assert organising.badges(db, earner).total == len({row.sha256 for row in kept.values()})


MAILS = int(os.environ.get("MAILS", "60"))
"""``MAILS=1000 make test ARGS="-k forwarded"`` takes some minutes."""


@pytest.mark.timeout(1200)
def test_forwarded_mail_survives_two_workers_that_are_killed_again_and_again(
    db: Session, settings: Settings, blobs: Blobs, tmp_path: Path
) -> None:
    earner = joining.make_earner(db, "ada@people.example", killing.START)
    listening = settings.model_copy(
        update={"lmtp_listen": "127.0.0.1:0", "inbox_domain": "in.people.example"}
    )
    inbox, all_in = joining.inbox_address(earner, listening), tmp_path / "all in"
    arguments = [listening.model_dump_json(include={"data_dir", "database_url"}), str(all_in), str(SEED)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.forwarding", *arguments], stderr=subprocess.PIPE
    ) as rounds:
        room = mailroom.start(listening, lambda _: None)
        with smtplib.LMTP("127.0.0.1", room.ports[0], timeout=60) as mail_server:
            for number in range(MAILS):
                mail = forwarding.mail(number)
                for _ in range(1 + (number % 10 == 0)):  # some answers of ours are never heard
                    assert mail_server.sendmail("ada@people.example", [inbox], mail) == {}
        room.stop()
        all_in.touch()
        _, complaints = rounds.communicate()
    assert rounds.returncode == 0, f"SEED={SEED}\n{complaints.decode()[-4000:]}"

    _assert_whole(db, blobs)
    assert len(db.exec(select(Arrival.id)).all()) == MAILS
    brought = {killing.badge(number - (number % 3 == 2)) for number in range(MAILS)}
    assert {blobs.read(sha256) for sha256 in db.exec(select(Badge.original_sha256))} == brought
    assert len(db.exec(select(Badge.id)).all()) == len(brought)


def _assert_whole(db: Session, blobs: Blobs) -> None:
    """Nothing is half there: every import is done and brought its badge, every badge has its report."""
    if db.get_bind().dialect.name == "sqlite":
        assert db.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    assert {row.state for row in db.exec(select(Arrival))} == {"done"}
    brought = db.exec(select(ArrivalBadge.arrival_id)).all()
    assert sorted(brought) == sorted(db.exec(select(Arrival.id)).all())
    badges = db.exec(select(Badge.id)).all()
    assert sorted(db.exec(select(ArrivalBadge.badge_id).where(ArrivalBadge.is_new)).all()) == sorted(badges)
    # One report each; whoever is brought once more may be checked once more.
    reports = Counter(db.exec(select(Report.badge_id)).all())
    assert set(reports) == set(badges)
    assert reports <= Counter(db.exec(select(ArrivalBadge.badge_id)).all())
    assert all(verdict for verdict in db.exec(select(Badge.verdict)))
    for sha256 in db.exec(select(Blob.sha256)):
        blobs.read(sha256)


@pytest.mark.timeout(300)
def test_a_server_that_is_killed_goes_on_where_it_was(start_server: Callable[..., Server]) -> None:
    server = start_server("sqlite", BACKPACK_SMTP_LISTEN="")
    headers = {"Authorization": f"Bearer {server.token('ada@people.example')}"}
    acknowledged: list[str] = []
    for kill in range(3):
        for number in range(kill * 10, kill * 10 + 3 + kill):
            files = {"file": (f"{number}.json", killing.badge(number))}
            answer = httpx.post(f"{server.base_url}/api/v1/badges", files=files, headers=headers)
            assert answer.status_code == 201
            acknowledged.append(answer.json()["arrival"])
        server.kill()
        server.start()
    told = [_settled(server, headers, arrival) for arrival in acknowledged]
    assert {arrival["state"] for arrival in told} == {"done"}
    badges = [badge for arrival in told for badge in arrival["badges"]]
    assert len(set(badges)) == len(acknowledged)


@pytest.mark.timeout(300)
def test_an_archive_whose_worker_is_killed_brings_every_badge_once(
    start_server: Callable[..., Server],
) -> None:
    server = start_server("sqlite", BACKPACK_SMTP_LISTEN="")
    headers = {"Authorization": f"Bearer {server.token('ada@people.example')}"}
    files = {"file": ("all.zip", zipped({f"{number}.json": killing.badge(number) for number in range(60)}))}
    told = httpx.post(f"{server.base_url}/api/v1/badges", files=files, headers=headers).json()
    for least in (0, 15):  # as soon as it is acknowledged, and while its files are read
        _children(server, headers, told["arrival"], lambda count, least=least: count["done"] >= least)
        server.kill()
        server.start()
    count = _children(server, headers, told["arrival"], lambda count: count["waiting"] == 0 < count["done"])
    badges = httpx.get(f"{server.base_url}/api/v1/badges", headers=headers).json()
    assert count == {"total": 60, "waiting": 0, "stopped": 0, "done": 60, "failed": 0}
    assert badges["total"] == 60


def _children(
    server: Server, headers: dict[str, str], arrival: str, is_so: Callable[[dict[str, int]], bool]
) -> dict[str, int]:
    """The numbers of an archive's files, once these are so."""
    deadline = time.monotonic() + 2 * timedelta(minutes=2).total_seconds()
    while True:
        told = httpx.get(f"{server.base_url}/api/v1/arrivals/{arrival}", headers=headers).json()
        count = told["children"] or {"waiting": 1, "done": 0}
        if is_so(count) or time.monotonic() > deadline:
            return count
        time.sleep(0.05)


def _settled(server: Server, headers: dict[str, str], arrival: str) -> dict[str, object]:
    """What became of an arrival, once something did: leases of the killed run out after two minutes."""
    deadline = time.monotonic() + 2 * timedelta(minutes=2).total_seconds()
    while True:
        told = httpx.get(f"{server.base_url}/api/v1/arrivals/{arrival}", headers=headers).json()
        if told["state"] in ("done", "failed") or time.monotonic() > deadline:
            return told
        time.sleep(0.3)

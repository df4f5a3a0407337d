"""What runs when: nudged at once, swept up otherwise, and nothing is lost on the way."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from huey import RedisHuey
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlmodel import Session, select

from backpack import jobs, queues
from backpack.config import Settings
from backpack.errors import Misconfigured
from backpack.services import checking, erasing, importing, joining, leasing, reports
from backpack.storage.blobs import Blobs, Unreachable
from backpack.storage.database import session
from backpack.storage.tables import Arrival, Badge, Outbox
from tests.issuing import MARIA, award, issuer

PNG = issuer().ob3(award()).data
PATIENCE = 30.0


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No queue of another test, and nothing that was told in one."""
    monkeypatch.setattr(jobs, "_queue", None)
    monkeypatch.setattr(jobs._brief, "_told", {})


@pytest.fixture
def unswept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is swept up: only nudges start work."""
    monkeypatch.setattr(jobs, "SWEEP_SECONDS", 3600.0)


@pytest.fixture
def working(settings: Settings) -> Iterator[jobs.Workers]:
    workers = jobs.start(settings)
    yield workers
    workers.stop()


@pytest.fixture
def deliver(db: Session, settings: Settings) -> Callable[..., int]:
    def deliver(data: bytes = PNG) -> int:
        at = datetime.now(UTC)
        earner = joining.make_earner(db, MARIA, at)
        return importing.receive(db, Blobs(settings), earner, data, "file", "badge.png", at).id

    return deliver


def _until(settings: Settings, holds: Callable[[Session], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with session(settings) as db:
            if holds(db):
                return
        time.sleep(0.02)
    raise AssertionError("It did not happen.")


def _is_done(db: Session) -> bool:
    """It is verified and has its picture: after that nobody works on it any more."""
    badge = db.exec(select(Badge)).first()
    return badge is not None and badge.verdict == "verified" and badge.picture_sha256 is not None


def test_a_nudge_is_enough_from_import_to_verdict_and_picture(
    settings: Settings, unswept: None, working: jobs.Workers, deliver: Callable[..., int]
) -> None:
    jobs.nudge_arrival(deliver())
    _until(settings, _is_done)


def test_a_lost_nudge_loses_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, deliver: Callable[..., int]
) -> None:
    monkeypatch.setattr(jobs, "SWEEP_SECONDS", 0.05)
    deliver()
    workers = jobs.start(settings)
    _until(settings, _is_done)
    workers.stop()


def test_nudging_where_nothing_is_connected_does_no_harm(deliver: Callable[..., int]) -> None:
    jobs.nudge_arrival(deliver())
    jobs.nudge_outbox()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the operator is told, whatever else in the test process does to logging."""
    said: list[str] = []
    for level in ("warning", "exception"):
        monkeypatch.setattr(jobs.log, level, lambda text, *_, **__: said.append(text))
    return said


def test_a_queue_that_is_broken_is_told_to_the_operator_not_to_the_earner(
    settings: Settings, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = jobs.connect(settings)

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(queue, "put", fails)
    jobs.nudge_badge(1)
    assert [one for one in told if "sweep will find" in one]


def test_work_that_fails_is_logged_and_the_next_is_done(
    settings: Settings,
    unswept: None,
    working: jobs.Workers,
    deliver: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    told: list[str],
) -> None:
    failed = threading.Event()

    def fails(settings: Settings, row: int) -> None:
        failed.set()
        raise RuntimeError("ours")

    monkeypatch.setitem(jobs._WORK, "outbox", fails)
    for _ in range(settings.job_workers * 2):
        jobs.nudge_outbox()
    assert failed.wait(PATIENCE)
    jobs.nudge_arrival(deliver())
    _until(settings, _is_done)
    assert [one for one in told if "did not finish" in one]


def test_a_sweep_hands_out_each_kind_of_work(
    settings: Settings, db: Session, deliver: Callable[..., int]
) -> None:
    queue = jobs.connect(settings)
    asked, judged, at = deliver(issuer().ob2_hosted(award()).data), deliver(), datetime.now(UTC)
    for row in (asked, judged):
        importing.unpack(db.get_bind(), Blobs(settings), settings, row, at)
    deliver(b"another")
    joining.ask_to_sign_in(db, MARIA, settings.model_copy(update={"mail_url": "smtp://127.0.0.1:1"}), at)
    # An import, a check, two pictures and the mails.
    assert jobs.sweep(queue, datetime.now(UTC)) == 5
    assert queue.huey.pending_count() == 5


def test_news_that_was_noted_becomes_a_mail(
    deliver: Callable[..., int], settings: Settings, working: jobs.Workers
) -> None:
    jobs.nudge_arrival(deliver())
    _until(settings, _is_done)
    with session(settings) as db:
        badge = db.exec(select(Badge)).one()
        badge.news = {"ends": "It ends tomorrow."}
        db.add(badge)
        db.commit()
    _until(settings, lambda db: any("It ends tomorrow." in mail.text for mail in db.exec(select(Outbox))))


def test_a_full_queue_is_not_filled_further(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, deliver: Callable[..., int]
) -> None:
    monkeypatch.setattr(jobs, "ENOUGH", 2)
    queue = jobs.connect(settings)
    assert not queue.is_full()
    for _ in range(2):
        jobs.nudge_arrival(deliver())
    assert queue.is_full()


def test_what_waits_for_its_turn_too_long_is_given_back(
    settings: Settings, unswept: None, deliver: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, before = threading.Event(), threading.Event(), set(threading.enumerate())

    def slow(*_: object) -> None:
        begun.set()
        go_on.wait(PATIENCE)
        raise RuntimeError("too late")

    monkeypatch.setattr(importing, "gather", slow)
    monkeypatch.setattr(jobs, "FINISH_SECONDS", 0.2)
    workers = jobs.start(settings)
    arrival = deliver()
    jobs.nudge_arrival(arrival)
    assert begun.wait(PATIENCE)
    workers.stop()
    with session(settings) as db:
        assert importing.due(db, datetime.now(UTC)) == [arrival]
    go_on.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE)  # the database is another test's next


def test_two_processes_with_the_same_ids_do_the_work_once(
    settings: Settings, db: Session, deliver: Callable[..., int]
) -> None:
    """Many workers, every id handed to each of them: as many badges and reports as there were imports."""
    rows = [deliver(issuer().ob3(award(number=n)).data) for n in range(3)]
    at = datetime.now(UTC)

    def work() -> None:
        for row in rows:
            importing.unpack(db.get_bind(), Blobs(settings), settings, row, at)
        with session(settings) as own:
            badges = own.exec(select(Badge.id)).all()
        for badge in badges:
            checking.check_badge(db.get_bind(), Blobs(settings), settings, badge, at)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    jobs.work_off(settings, lambda: datetime.now(UTC))
    db.expire_all()
    badges = db.exec(select(Badge)).all()
    assert len(badges) == 3
    assert [len(reports.history(db, joining.make_earner(db, MARIA, at), b.public_id)) for b in badges] == [
        1,
        1,
        1,
    ]


def test_old_things_are_purged_now_and_then(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    purged = threading.Event()
    monkeypatch.setattr(jobs, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(erasing, "purge", lambda *_: purged.set())
    workers = jobs.start(settings)
    assert purged.wait(PATIENCE)
    workers.stop()


def test_a_sweep_that_fails_is_followed_by_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    sweeps: list[int] = []
    third = threading.Event()

    def fails(*_: object) -> int:
        sweeps.append(1)
        if len(sweeps) >= 3:
            third.set()
        raise RuntimeError("the database went away")

    monkeypatch.setattr(jobs, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(jobs, "sweep", fails)
    workers = jobs.start(settings)
    assert third.wait(PATIENCE)
    workers.stop()
    assert [one for one in told if "next one will" in one]


def test_the_queue_may_be_a_postgresql_database(
    settings: Settings, postgresql_url: str, unswept: None, deliver: Callable[..., int]
) -> None:
    settings.queue_url = postgresql_url
    workers = jobs.start(settings)
    jobs.nudge_arrival(deliver())
    _until(settings, _is_done)
    workers.stop()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_queue_that_is_away_when_a_process_begins_is_used_when_it_is_back(
    settings: Settings, postgresql_url: str, monkeypatch: pytest.MonkeyPatch, deliver: Callable[..., int]
) -> None:
    monkeypatch.setattr(jobs, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(jobs, "LONGEST_WAIT", 0.05)
    settings.queue_url = postgresql_url
    with _away(postgresql_url):
        workers = jobs.start(settings)
        jobs.nudge_arrival(deliver())
        with pytest.raises(psycopg.OperationalError):
            jobs.look()
    _until(settings, _is_done)
    workers.stop()


@contextmanager
def _away(url: str) -> Iterator[None]:
    """A PostgreSQL database that nobody can connect to."""
    database, elsewhere = conninfo_to_dict(url)["dbname"], make_conninfo(url, dbname="postgres")
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
        yield
        connection.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")


def test_trouble_that_stays_is_told_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    brief, clock = jobs._Brief(), iter((0.0, 1.0, 2.0, 61.0))
    monkeypatch.setattr("backpack.jobs.time.monotonic", lambda: next(clock))

    def is_told(what: str) -> bool:
        return brief.filter(logging.makeLogRecord({"msg": what}))

    assert [is_told(what) for what in ("away", "away", "other", "away")] == [True, False, True, True]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_bucket_that_is_away_is_told_in_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    def fails(settings: Settings, row: int) -> None:
        raise Unreachable("connection refused")

    monkeypatch.setitem(jobs._WORK, "picture", fails)
    jobs.connect(settings)._do("picture", 1)
    assert told == ["The bucket of files does not answer; what waits for it is done once it does."]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_queue_that_is_away_is_told_in_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jobs, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(jobs._brief, "_told", {})  # what another test has told
    settings.queue_url = "redis://127.0.0.1:1/0"
    logging.getLogger("huey").setLevel(logging.ERROR)
    workers = jobs.start(settings)
    deadline = time.monotonic() + PATIENCE
    while len({record.name for record in caplog.records}) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    workers.stop()
    assert {record.name for record in caplog.records} >= {"backpack.jobs", "huey.consumer.Worker"}
    assert [record for record in caplog.records if record.exc_info] == []


def test_the_queue_may_be_redis(settings: Settings) -> None:
    settings.queue_url = "redis://127.0.0.1:1/0"
    assert isinstance(jobs.connect(settings).huey, RedisHuey)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", ["postgresql", "redis"])
def test_a_queue_that_takes_the_call_and_says_nothing_is_not_waited_for(
    settings: Settings, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "REACH_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.queue_url = f"{kind}://127.0.0.1:{silent.getsockname()[1]}/0"
        with pytest.raises(Misconfigured, match="The queue cannot be used"):
            jobs.expect_queue(settings)


@pytest.mark.parametrize(
    "url", ["amqp://somewhere", "postgresql://u:secret@[::1", "redis://u:secret@h:notaport/0", "where?"]
)
def test_a_queue_of_another_kind_is_refused(settings: Settings, url: str) -> None:
    settings.queue_url = url
    with pytest.raises(Misconfigured, match="BACKPACK_QUEUE_URL") as refused:
        jobs.connect(settings)
    assert "secret" not in str(refused.value)


def test_the_signals_of_the_process_stay_its_own(settings: Settings) -> None:
    import signal

    before = [signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGINT)]
    jobs.start(settings).stop()
    assert [signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGINT)] == before


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Nothing that one test left claimed is given back by another."""
    logging.getLogger("huey").setLevel(logging.CRITICAL)
    yield
    leasing._held.clear()


def test_an_arrival_is_read_while_its_page_is_open(
    settings: Settings, unswept: None, working: jobs.Workers, deliver: Callable[..., int]
) -> None:
    arrival = deliver(b"no badge")
    jobs.nudge_arrival(arrival)
    _until(settings, lambda db: db.get_one(Arrival, arrival).state == "failed")

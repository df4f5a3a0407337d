"""`backpack serve` and its parts: one process tree that starts whole and ends whole."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import httpx
import psutil
import pytest

from backpack.commands import family
from backpack.commands.family import Family
from tests.commands.conftest import Call
from tests.databases import Databases
from tests.serving import PATIENCE, Server, free_port


@pytest.fixture
def server(start_server: Callable[..., Server]) -> Server:
    return start_server("sqlite")


@pytest.fixture(scope="module")
def shared(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for those who leave it running."""
    with databases.lend("sqlite") as url:
        server = Server(tmp_path_factory.mktemp("server"), url)
        server.start()
        yield server
        server.stop()


def test_it_says_where_it_is_and_where_mail_lies(shared: Server) -> None:
    assert f"Backpack is at {shared.base_url}\n" in shared.log
    assert f"{shared.base_url}/dev/mail" in shared.log
    host, port = shared.smtp
    assert f"SMTP at {host}:{port}" in shared.log


def test_links_follow_the_port_when_no_address_is_set(tmp_path: Path, databases: Databases) -> None:
    port = free_port()
    with _running("serve", "--port", str(port), folder=tmp_path) as (process, _):
        _until(lambda: _answers(f"http://127.0.0.1:{port}/healthz"), process)
        asked = httpx.post(
            f"http://127.0.0.1:{port}/signin",
            data={"email": "ada@people.example"},
            headers={"Origin": f"http://127.0.0.1:{port}"},
        )
        assert asked.headers["location"] == "/signin/sent"
        assert f"http://127.0.0.1:{port}/signin/link/" in httpx.get(f"http://127.0.0.1:{port}/dev/mail").text


def test_asked_to_end_it_ends_with_all_its_processes(server: Server) -> None:
    family = _family(server)
    assert len(family) >= 2
    assert server.stop() == 0
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert alive == []
    assert "Traceback" not in server.log


def test_asked_to_end_as_soon_as_it_greets_it_ends(tmp_path: Path) -> None:
    with _running("serve", "--port", str(free_port()), folder=tmp_path) as (process, log):
        _until(lambda: "Backpack is at" in log.read_text(), process)
        process.terminate()
        assert process.wait(PATIENCE) == 0
        assert "Traceback" not in log.read_text()


def test_asked_to_end_it_waits_for_what_its_workers_are_at(server: Server) -> None:
    children = psutil.Process(_pid(server)).children()
    server.stop()
    assert [child for child in children if child.is_running()] == []


def test_killed_alone_it_takes_its_children_with_it(server: Server) -> None:
    family = _family(server)
    os.kill(_pid(server), signal.SIGKILL)
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert alive == []


def test_a_worker_that_dies_is_started_again(shared: Server) -> None:
    worker = next(p for p in _family(shared) if "worker" in p.cmdline())
    worker.kill()
    worker.wait(PATIENCE)
    _until(lambda: any("worker" in p.cmdline() and p.pid != worker.pid for p in _family(shared)))


def test_a_port_that_is_taken_is_said_in_a_sentence(shared: Server, tmp_path: Path) -> None:
    port = shared.base_url.rpartition(":")[2]
    refused = _run("serve", "--port", port, folder=tmp_path)
    assert refused.returncode == 1
    assert "listens" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {"BACKPACK_SECRET_KEY": "short"},
        {"BACKPACK_BASE_URL": "https://backpack.example"},
        {"BACKPACK_BASE_URL": "https://backpack.example", "BACKPACK_SECRET_KEY": "0" * 32},
        {"BACKPACK_MAIL_URL": "http://mail.example"},
        {"BACKPACK_DATABASE_URL": "mysql://x/y"},
        {"BACKPACK_QUEUE_URL": "amqp://x/y"},
        {"BACKPACK_QUEUE_URL": "postgresql://nobody@127.0.0.1:1/nothing"},
        {"BACKPACK_QUEUE_URL": "postgresql://nobody@127.0.0.1:notaport/nothing"},
        {"BACKPACK_QUEUE_URL": "redis://127.0.0.1:1/0"},
        {"BACKPACK_BLOB_URL": "ftp://x/y"},
        {"BACKPACK_TRUSTED_ISSUERS": "nowhere.json"},
        {"BACKPACK_BASE_URL": "backpack.example"},
        {"BACKPACK_BASE_URL": "http://[::1"},
        {"BACKPACK_HOST": "nowhere.invalid"},
        {"BACKPACK_IMAP_MINUTES": "often"},
        {"BACKPACK_JOB_WORKERS": "0"},
        {"BACKPACK_SMTP_LISTEN": "nowhere"},
        {"BACKPACK_SMTP_LISTEN": "nowhere.invalid:2525"},
        {"BACKPACK_SMTP_LISTEN": "127.0.0.1:2525", "BACKPACK_SMTP_TLS_REQUIRED": "true"},
        {"BACKPACK_SMTP_LISTEN": "127.0.0.1:2525", "BACKPACK_SMTP_TLS_CERT": "nowhere.pem"},
        {"BACKPACK_WEB_PROCESSES": "-1"},
        {"BACKPACK_DATABASE_URL": "postgresql://127.0.0.1:1/nobody"},
    ],
)
def test_what_cannot_work_is_refused_at_the_start(
    call: Call, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]
) -> None:
    monkeypatch.setattr(Family, "start", lambda *_: pytest.fail("It was begun."))
    monkeypatch.setenv("BACKPACK_PORT", "")  # where serve puts it, for its other processes
    refused = call("serve", "--port", str(free_port()), **settings)
    assert refused.returncode == 1
    assert refused.stderr.strip()


@pytest.mark.parametrize("command", ["serve", "mailroom"])
def test_a_port_for_mail_that_is_taken_is_said_before_anything_begins(
    call: Call, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Family, "start", lambda *_: pytest.fail("It was begun."))
    call("migrate")
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        refused = call(command, BACKPACK_LMTP_LISTEN=taken, BACKPACK_PORT=str(free_port()))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert f"{taken}: something else listens there already" in refused.stderr


def test_one_port_for_both_kinds_of_mail_is_refused(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Family, "start", lambda *_: pytest.fail("It was begun."))
    both = f"127.0.0.1:{free_port()}"
    listens = {"BACKPACK_SMTP_LISTEN": both, "BACKPACK_LMTP_LISTEN": both}
    assert call("serve", **listens, BACKPACK_PORT=str(free_port())).returncode == 1


def test_a_child_that_dies_again_and_again_is_started_ever_more_rarely(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[int] = []
    now = 0

    def later(_seconds: float) -> bool:
        nonlocal now
        now += 1
        return now > 200

    monkeypatch.setattr(family.time, "monotonic", lambda: now)
    monkeypatch.setattr(family.subprocess, "Popen", lambda *_, **__: begun.append(now) or Mock())

    made = Family()
    monkeypatch.setattr(made._ending, "wait", later)
    made.start("worker")
    made._look_after()
    assert begun == [0, 1, 3, 7, 15, 31, 63, 123, 183]


def test_a_host_that_is_nowhere_is_not_called_taken(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKPACK_PORT", "")  # where serve puts it, for its other processes
    refused = call("serve", "--port", str(free_port()), BACKPACK_HOST="nowhere.invalid")
    assert "Something else listens" not in refused.stderr


class TestAlone:
    def test_a_worker_that_cannot_read_whom_to_trust_does_not_begin(
        self, call: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("backpack.jobs.start", lambda *_: pytest.fail("It was begun."))
        refused = call("worker", BACKPACK_TRUSTED_ISSUERS="nowhere.json")
        assert refused.returncode == 1
        assert "BACKPACK_TRUSTED_ISSUERS names no file" in refused.stderr

    @pytest.mark.parametrize("command", ["worker", "mailroom"])
    @pytest.mark.parametrize("lacking", ["SECRET_KEY", "MAIL_URL"])
    def test_on_another_machine_it_asks_for_what_serve_asks_for(
        self, call: Call, command: str, lacking: str
    ) -> None:
        call("migrate")
        there = {"BASE_URL": "https://backpack.example", "SECRET_KEY": "0" * 32, "MAIL_URL": "smtp://mail"}
        refused = call(command, **{f"BACKPACK_{name}": there[name] for name in there if name != lacking})
        assert refused.returncode == 1
        assert f"BACKPACK_{lacking} is not set" in refused.stderr

    @pytest.mark.parametrize("command", ["worker", "mailroom"])
    def test_on_a_database_that_is_not_migrated_it_does_not_begin(self, call: Call, command: str) -> None:
        refused = call(command, BACKPACK_SMTP_LISTEN=":2525")
        assert refused.returncode == 1
        assert "Run: backpack migrate" in refused.stderr

    @pytest.mark.parametrize("command", ["worker", "mailroom", "serve"])
    def test_on_the_database_of_a_newer_version_it_does_not_begin(
        self, call: Call, command: str, tmp_path: Path
    ) -> None:
        call("migrate")
        with sqlite3.connect(tmp_path / "data" / "backpack.db") as database:
            database.execute("UPDATE alembic_version SET version_num = 'newer'")
        refused = call(command, BACKPACK_SMTP_LISTEN=f":{free_port()}", BACKPACK_PORT=str(free_port()))
        assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
        assert "Was a newer version used with it?" in refused.stderr

    @pytest.mark.parametrize("command", ["worker", "mailroom"])
    def test_where_the_queue_is_away_it_does_not_begin(self, call: Call, command: str) -> None:
        call("migrate")
        away = "redis://127.0.0.1:1/0"
        refused = call(command, BACKPACK_QUEUE_URL=away, BACKPACK_SMTP_LISTEN=f":{free_port()}")
        assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
        assert "BACKPACK_QUEUE_URL" in refused.stderr

    def test_migrate_makes_the_tables_and_may_be_repeated(self, tmp_path: Path) -> None:
        for _ in range(2):
            done = _run("migrate", folder=tmp_path)
            assert (done.returncode, done.stderr) == (0, "")
        assert (tmp_path / "data" / "backpack.db").exists()

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_worker_works_until_it_is_told_to_stop(
        self, tmp_path: Path, databases: Databases, number: int
    ) -> None:
        with (
            databases.lend("sqlite") as url,
            _running("worker", folder=tmp_path, BACKPACK_DATABASE_URL=url) as (process, log),
        ):
            _until((tmp_path / "data" / "queue.db").exists, process)
            time.sleep(0.5)
            process.send_signal(number)
            assert process.wait(PATIENCE) == 0
            assert "Traceback" not in log.read_text()


class TestToken:
    def test_it_prints_a_token_that_works(self, shared: Server) -> None:
        made = _run("token", "ada@people.example", "--create", **shared.settings)
        token = made.stdout.strip()
        assert re.fullmatch(r"bp_[\w-]{43}", token)
        answer = httpx.get(f"{shared.base_url}/api/v1/badges", headers={"Authorization": f"Bearer {token}"})
        assert answer.json()["total"] == 0

    def test_nobody_is_made_without_being_asked_for(self, call: Call) -> None:
        refused = call("token", "ada@people.example")
        assert refused.returncode == 1
        assert "--create" in refused.stderr


def _environment(folder: Path | None, settings: dict[str, str]) -> dict[str, str]:
    place = {"BACKPACK_DATA_DIR": str(folder / "data")} if folder else {}
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **place, **settings}


def _run(*arguments: str, folder: Path | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "backpack", *arguments],
        env=_environment(folder, settings),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextmanager
def _running(
    *arguments: str, folder: Path, **settings: str
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "backpack", *arguments],
            env=_environment(folder, settings),
            cwd=folder,
            stdout=out,
            stderr=out,
        )
    try:
        yield process, log
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _pid(server: Server) -> int:
    assert server._process is not None
    return server._process.pid


def _family(server: Server) -> list[psutil.Process]:
    return psutil.Process(_pid(server)).children(recursive=True)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.TransportError:
        return False


def _until(holds: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and (process is None or process.poll() is None):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("It did not happen.")

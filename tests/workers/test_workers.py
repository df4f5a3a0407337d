"""A bad job ends its worker, and nothing else."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backpack import workers
from backpack.errors import Damaged, TooComplex, TooMany
from backpack.verifier.documents import Document, Documents
from backpack.verifier.report import Check, Outcome
from backpack.workers import pool
from backpack.workers.messages import WorkerFailed
from backpack.workers.pool import Pool

MIB = 1024 * 1024


def run(name, *args, **limits):
    return workers.run(f"tests.workers.jobs:{name}", *args, **limits)


class TestResults:
    """What comes back."""

    def test_values_dates_and_bytes_go_there_and_back(self):
        values = (b"\0" * 9, "ü", {1, 2}, {"a": [1.5, None]}, datetime(2026, 5, 4, tzinfo=UTC))
        assert run("echo", *values) == values

    def test_documents_go_there(self):
        documents = Documents(Document("https://issuer.test/1", 200, b"{}"))
        assert run("bodies", documents) == {"https://issuer.test/1": b"{}"}

    def test_our_own_dataclasses_come_back(self):
        assert run("check") == Check("dates", Outcome.passed, "In date.", detail={"When": "now"})

    def test_our_own_errors_come_back_with_all_they_say(self):
        with pytest.raises(Damaged) as raised:
            run("refuse")
        error = raised.value
        assert (error.says, error.try_this, error.code) == (
            "The file is torn.",
            "Ask for another one.",
            "torn",
        )

    def test_a_fault_of_ours_comes_back_with_its_traceback(self):
        with pytest.raises(WorkerFailed, match=r"blunder[\s\S]*KeyError: 'absent'"):
            run("blunder")

    def test_a_reply_cannot_make_us_run_something(self):
        with pytest.raises(WorkerFailed, match=r"names posix\.system"):
            run("trick")


class TestBadJobs:
    """Each of them is an honest TooComplex here, and the next job is fine."""

    @pytest.mark.parametrize(
        ("name", "args", "limits"),
        [
            ("spin", (), {"seconds": 1}),
            ("hang", (), {"seconds": 0.1}),
            ("swallow", (600 * MIB,), {}),
            ("swallow", (100 * MIB,), {"memory": 50 * MIB}),
            ("abort", (), {}),
            ("leave", (), {}),
            ("end_by_kill", (), {}),
            ("recurse", (), {}),
            ("huge", (), {}),
            ("too_complex", (), {}),
        ],
    )
    def test_a_job_that_takes_too_much_or_dies(self, name, args, limits):
        with pytest.raises(TooComplex):
            run(name, *args, **limits)
        assert run("echo", 1) == (1,)

    def test_the_limits_of_one_job_are_not_those_of_the_next(self):
        with pytest.raises(TooComplex):
            run("swallow", 100 * MIB, memory=50 * MIB)
        assert run("swallow", 100 * MIB) == 100 * MIB

    def test_a_worker_that_was_killed_while_idle_is_replaced_unseen(self):
        os.kill(run("who"), 9)
        time.sleep(0.1)
        assert run("echo", 1) == (1,)

    def test_a_job_whose_worker_somebody_kills_is_done_again(self, tmp_path):
        few, told, line = Pool(1), [], tmp_path / "line"
        os.mkfifo(line)
        worker = few.run("tests.workers.jobs:who", (), 5, 512 * MIB)
        asked = threading.Thread(
            target=lambda: told.append(few.run("tests.workers.jobs:read", (str(line),), 5, 512 * MIB))
        )
        asked.start()
        with line.open("w"):  # which waits until the job listens
            os.kill(worker, 9)
            wait_until_gone(worker)
        line.write_text("Once more.")
        asked.join()
        assert told == ["Once more."]
        few.close()

    def test_a_job_that_dies_beside_others_leaves_them_alone(self):
        results = []
        good = [threading.Thread(target=lambda: results.append(run("nap", 0.3))) for _ in range(2)]
        for thread in good:
            thread.start()
        with pytest.raises(TooComplex):
            run("abort")
        for thread in good:
            thread.join()
        assert len(results) == 2


class TestWalls:
    """What a worker cannot do."""

    def test_it_cannot_reach_the_network(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            with pytest.raises(WorkerFailed, match=r"may not use socket\."):
                run("connect", listener.getsockname()[1])
            listener.settimeout(0)
            with pytest.raises(BlockingIOError):
                listener.accept()

    @pytest.mark.parametrize("job", ["shell", "signalled"])
    def test_it_cannot_reach_other_processes(self, job):
        with pytest.raises(WorkerFailed, match="may not use"):
            run(job)

    def test_it_cannot_write_a_file(self, tmp_path):
        with pytest.raises(WorkerFailed, match="File too large"):
            run("write", str(tmp_path / "x"))

    def test_it_knows_no_secret_of_the_environment(self, monkeypatch):
        monkeypatch.setenv("BACKPACK_SECRET_KEY", "x" * 40)
        assert "BACKPACK_SECRET_KEY" not in Pool(1).run("tests.workers.jobs:secrets", (), 5, 512 * MIB)

    def test_the_libraries_it_is_for_still_load(self):
        assert run("use_pyld") == "pyld.jsonld"


class TestPool:
    """Few processes, used again."""

    def test_a_worker_is_used_again(self):
        few = Pool(1)
        pids = {few.run("tests.workers.jobs:who", (), 5, 512 * MIB) for _ in range(5)}
        assert len(pids) == 1
        few.close()

    def test_a_worker_is_replaced_after_a_long_life(self, monkeypatch):
        monkeypatch.setattr(pool, "_JOBS_A_LIFE", 2)
        few = Pool(1)
        pids = [few.run("tests.workers.jobs:who", (), 5, 512 * MIB) for _ in range(4)]
        assert pids[0] == pids[1] != pids[2] == pids[3]
        few.close()

    def test_many_threads_share_few_workers(self):
        few, pids = Pool(2), []
        threads = [
            threading.Thread(
                target=lambda: pids.append(few.run("tests.workers.jobs:nap", (0.01,), 5, 512 * MIB))
            )
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(pids) == 12
        assert len(set(pids)) <= 2
        few.close()

    def test_who_finds_all_busy_for_too_long_is_asked_to_come_back(self, monkeypatch):
        monkeypatch.setattr(pool, "_LONGEST_WAIT", 0.01)
        few = Pool(1)
        busy = threading.Thread(target=lambda: few.run("tests.workers.jobs:nap", (1,), 5, 512 * MIB))
        busy.start()
        while few._free:
            time.sleep(0.001)
        with pytest.raises(TooMany):
            few.run("tests.workers.jobs:who", (), 5, 512 * MIB)
        busy.join()
        few.close()

    def test_it_works_after_a_fork(self):
        code = """
import os, sys
from backpack import workers
first = workers.run("tests.workers.jobs:who")
child = os.fork()
if not child:
    os._exit(0 if workers.run("tests.workers.jobs:who") != first else 1)
_, status = os.waitpid(child, 0)
sys.exit(status or workers.run("tests.workers.jobs:who") != first)
"""
        assert subprocess.run([sys.executable, "-c", code]).returncode == 0

    def test_the_workers_end_with_the_process_that_started_them(self):
        code = 'from backpack import workers; print(workers.run("tests.workers.jobs:who"), flush=True)'
        for ending in ("", "; import os; os.kill(os.getpid(), 9)"):
            done = subprocess.run([sys.executable, "-c", code + ending], capture_output=True, text=True)
            wait_until_gone(int(done.stdout))


def wait_until_gone(pid):
    """Until no process has this id; the test's own time limit is the only clock."""
    stat = Path(f"/proc/{pid}/stat")
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        while stat.read_text().split()[2] != "Z":
            time.sleep(0.01)

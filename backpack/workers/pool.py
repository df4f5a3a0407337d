"""The parent's side: a few workers, lent to whoever has a job."""

import atexit
import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from backpack.errors import TooComplex, TooMany

from . import messages

WALL_PER_CPU = 4.0
_GRACE = 30.0  # for importing, before a job's own limits count, and for the kernel
_LONGEST_WAIT = 120.0
_LARGEST_REPLY = 64 * 1024 * 1024
_JOBS_A_LIFE = 500
_END = 5.0  # a process whose line broke off is all but gone
_TRIES = 3


class _Killed(Exception):
    """Somebody else ended the worker: a machine short of memory, or its operator."""


class Pool:
    """At most ``size`` workers; a job waits for one that is free."""

    def __init__(self, size: int) -> None:
        self._size = self._free = size
        self._turn = threading.Condition()
        self._idle: list[_Worker] = []
        atexit.register(self.close)

    def run(self, function_path: str, args: tuple[object, ...], seconds: float, memory: int) -> Any:
        """Do one job; see ``workers.run``."""
        job = pickle.dumps((function_path, args, seconds, seconds * WALL_PER_CPU, memory))
        for _ in range(_TRIES):
            worker = self._take()
            try:
                reply = worker.do(job, seconds * WALL_PER_CPU + _GRACE)
            except _Killed:  # which need not be the job's fault, but may be
                continue
            finally:
                self._give_back(worker)
            return messages.result_of(reply)
        raise TooComplex

    def close(self) -> None:
        """End the idle workers."""
        with self._turn:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def forget(self) -> None:
        """After a fork, in the child: the workers are the parent's."""
        for worker in self._idle:
            worker.connection.close()
        self._idle, self._turn, self._free = [], threading.Condition(), self._size

    def _take(self) -> "_Worker":
        with self._turn:
            if not self._turn.wait_for(lambda: self._free, _LONGEST_WAIT):
                raise TooMany("We are very busy at the moment.", "Please try again in a minute.")
            self._free -= 1
            worker = self._idle.pop() if self._idle else None
        if worker and worker.is_fit:
            return worker
        if worker:
            worker.end()
        return _Worker()

    def _give_back(self, worker: "_Worker") -> None:
        if not worker.is_fit:
            worker.end()
        with self._turn:
            self._free += 1
            if worker.is_fit:
                self._idle.append(worker)
            self._turn.notify()


class _Worker:
    """One process and the line to it."""

    def __init__(self) -> None:
        self.connection: Connection[bytes, bytes]
        self.connection, theirs = Pipe()
        self._jobs_left = _JOBS_A_LIFE
        self._is_well = True
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-B", "-m", "backpack.workers", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd="/",
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def is_fit(self) -> bool:
        """Whether it may have another job."""
        return self._is_well and self._jobs_left > 0 and self._process.poll() is None

    def do(self, job: bytes, wall: float) -> bytes:
        """Hand over a job and wait for the reply; raises TooComplex when none comes, _Killed when that is why."""
        self._jobs_left -= 1
        self._is_well = False  # until it has answered
        try:
            self.connection.send_bytes(job)
            if not self.connection.poll(wall):
                raise TooComplex
            reply = self.connection.recv_bytes(_LARGEST_REPLY)
        except (EOFError, OSError) as error:
            raise (_Killed if self._was_killed() else TooComplex) from error
        self._is_well = not messages.is_last(reply)
        return reply

    def _was_killed(self) -> bool:
        """Whether the process, whose line broke off, ended as none does by itself or by its limits."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(_END) == -signal.SIGKILL
        return False

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.connection.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()


def _environment() -> dict[str, str]:
    """What a worker must know, and no secret of ours."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path),
        "MALLOC_ARENA_MAX": "1",
    }

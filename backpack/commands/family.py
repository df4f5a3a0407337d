"""The other processes of `backpack serve`: they are started again when they die, and never outlive it."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from types import TracebackType

PATIENCE = 25.0  # seconds to finish what was begun
PAUSE = 1.0  # seconds before a child that died is started again
LONGEST_PAUSE = 60.0  # when it dies again and again


@dataclass(frozen=True, slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    begun: float
    pause: float
    """How long after it began it may be started again."""


class Family:
    """Children that run commands of ours. Each holds the end of a pipe: when it closes, the parent is gone."""

    def __init__(self) -> None:
        self._children: dict[str, _Child] = {}
        self._ending = threading.Event()
        self._watch = threading.Thread(target=self._look_after, name="family", daemon=True)

    def __enter__(self) -> "Family":
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        for child in self._children.values():
            child.process.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in self._children.values():
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()

    def start(self, command: str) -> None:
        """Start `backpack <command>` beside this process."""
        begun, before = time.monotonic(), self._children.get(command)
        process = subprocess.Popen(
            [sys.executable, "-m", "backpack", command], stdin=subprocess.PIPE, env={**os.environ, _MARK: "1"}
        )
        pause = PAUSE
        if before and begun - before.begun < 2 * LONGEST_PAUSE:
            pause = min(2 * before.pause, LONGEST_PAUSE)
        self._children[command] = _Child(process, begun, pause)

    def _look_after(self) -> None:
        while not self._ending.wait(PAUSE):
            for command, child in list(self._children.items()):
                rested = time.monotonic() >= child.begun + child.pause
                if child.process.poll() is not None and rested and not self._ending.is_set():
                    self.start(command)


def is_child() -> bool:
    """Whether ``serve`` began this process: it has looked already whether everything is there."""
    return _MARK in os.environ


def live_with_parent(ending: threading.Event) -> None:
    """When started by ``serve``: set the event as soon as the parent is gone, however it went."""
    if os.environ.pop(_MARK, None):
        threading.Thread(target=_wait_for_parent, args=(ending,), name="parent", daemon=True).start()


_MARK = "BACKPACK_IS_CHILD"


def _wait_for_parent(ending: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 1):
            pass
    ending.set()

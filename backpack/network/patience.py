"""Manners: how many requests at once, and a pause for a host that keeps not answering."""

import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .problems import NoAnswer

AT_ONCE = 8
AT_ONCE_PER_HOST = 2
LONGEST_WAIT = 30.0
FAILURES = 5
SHORTEST_PAUSE = 10 * 60.0
LONGEST_PAUSE = 24 * 3600.0
_HOSTS_KEPT = 10_000


@dataclass(slots=True)
class _Trouble:
    failures: int = 0
    pause: float = SHORTEST_PAUSE
    until: float = 0.0


class Patience:
    """Remembers, for this process, which hosts are silent; five times in a row earns a pause that doubles."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._hosts: OrderedDict[str, _Trouble] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, host: str) -> None:
        """Raise NoAnswer while this host has a pause."""
        with self._lock:
            trouble = self._hosts.get(host)
            if trouble and self._clock() < trouble.until:
                raise NoAnswer(f"{host} has not answered several times, so we wait before we ask again")

    def failed(self, host: str) -> None:
        """The host was silent once more."""
        with self._lock:
            trouble = self._hosts.setdefault(host, _Trouble())
            self._hosts.move_to_end(host)
            trouble.failures += 1
            if trouble.failures >= FAILURES:
                trouble.until = self._clock() + trouble.pause
                trouble.pause = min(trouble.pause * 2, LONGEST_PAUSE)
            while len(self._hosts) > _HOSTS_KEPT:
                self._hosts.popitem(last=False)

    def answered(self, host: str) -> None:
        """The host is well, whatever it said."""
        with self._lock:
            self._hosts.pop(host, None)


class Slots:
    """A turn to ask: so many at once in this process, and so many of one host."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._busy: dict[str, int] = {}

    @contextlib.contextmanager
    def taken(self, host: str) -> Iterator[None]:
        """Wait for a turn and hold it; raises NoAnswer when none comes."""
        with self._turn:
            if not self._turn.wait_for(lambda: self._is_free(host), LONGEST_WAIT):
                raise NoAnswer(f"we were too busy to ask {host}")
            self._busy[host] = self._busy.get(host, 0) + 1
        try:
            yield
        finally:
            with self._turn:
                self._busy[host] -= 1
                if not self._busy[host]:
                    del self._busy[host]
                self._turn.notify_all()

    def _is_free(self, host: str) -> bool:
        return sum(self._busy.values()) < AT_ONCE and self._busy.get(host, 0) < AT_ONCE_PER_HOST

"""Measuring two things in turns, so that whatever else the machine does slows both."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Ratio:
    """One line of the table: ours against a yardstick; ``unit`` is of both numbers."""

    name: str
    ours: float
    yardstick: float
    unit: str
    against: str

    @property
    def value(self) -> float:
        """How many times the yardstick ours is."""
        return self.ours / self.yardstick

    def __str__(self) -> str:
        numbers = f"{self.ours:>10,.3f} {self.unit:<5} {self.yardstick:>10,.3f} {self.unit:<5}"
        return f"{self.name:<44} {numbers} {self.value:>7.2f} x {self.against}"


def compare(
    name: str,
    ours: Work,
    yardstick: Work,
    against: str,
    *,
    times: int = 1,
    rounds: int = 31,
    clock: Callable[[], float] = time.thread_time,
) -> Ratio:
    """Milliseconds of each in the round whose ratio is the median; ``times`` is how many pieces of work one call does.

    What this thread itself works is timed by its own clock, which other programs do not move; give
    ``time.perf_counter`` where others work for it.
    """
    ours(), yardstick()  # caches are warm and modules imported, as in a server that runs
    pairs = [(_milliseconds(ours, clock), _milliseconds(yardstick, clock)) for _ in range(rounds)]
    # The pair in the middle, not the middle of each: a machine that is slower for a while is so for both.
    first, second = sorted(pairs, key=lambda pair: pair[0] / pair[1])[rounds // 2]
    return Ratio(name, first / times, second / times, "ms", against)


def cpu_of_all() -> float:
    """Seconds that this process and those it started have worked: waiting for a disc is not among them."""
    threads = Path("/proc/self/task")
    children = [number for one in threads.iterdir() for number in (one / "children").read_text().split()]
    others = [one for number in children for one in Path(f"/proc/{number}/task").iterdir()]
    worked = sum(int((one / "schedstat").read_text().split()[0]) for one in (*threads.iterdir(), *others))
    return worked / 1e9


def stay_on_one_core() -> None:
    """This process and those it starts from now on share the first core they may use."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _milliseconds(work: Work, clock: Callable[[], float]) -> float:
    begun = clock()
    work()
    return (clock() - begun) * 1000

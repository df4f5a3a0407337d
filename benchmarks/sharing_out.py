"""Two worker processes against one, on as many rich badges."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from functools import partial

from .timing import Ratio, compare
from .verifying import badges, verify_all

PORTIONS = 8
WORKERS = 2


def measure() -> Iterator[Ratio]:
    """Badges in a second; a worker takes a portion at a time."""
    if len(os.sched_getaffinity(0)) < WORKERS:
        return
    portion = badges("rich")
    # A process of its own for each: what a server's workers are, without what it costs to start one.
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as alone, context.Pool(WORKERS) as together:
        work = [portion] * PORTIONS
        yield compare(
            "one worker process, rich badges",
            partial(alone.map, verify_all, work, 1),
            partial(together.map, verify_all, work, 1),
            f"{WORKERS} worker processes",
            times=PORTIONS * len(portion),
            rounds=9,
            clock=time.perf_counter,
        )

"""Two worker processes against one, on as many rich badges; and on work that has nothing to share, for what is there.

Two processes do not do twice as much on every machine: their cores may be threads of one, or be lent to others.
"""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from functools import partial

from .timing import Ratio, compare
from .verifying import BADGES, badges, bare_verifications, verify_all

PORTIONS = 8
WORKERS = 2
BARE_FOR_A_BADGE = 5


def measure() -> Iterator[Ratio]:
    """What a badge takes; a worker takes a portion at a time."""
    if len(os.sched_getaffinity(0)) < WORKERS:
        return
    portion = badges("rich")
    parts: tuple[tuple[str, Callable[..., object], object], ...] = (
        ("one worker process, rich badges", verify_all, portion),
        ("  as many bare Ed25519 verifications", _verify_bare, BARE_FOR_A_BADGE * BADGES),
    )
    # A process of its own for each: what a server's workers are, without what it costs to start one.
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as alone, context.Pool(WORKERS) as together:
        for name, work, each in parts:
            yield compare(
                name,
                partial(alone.map, work, [each] * PORTIONS, 1),
                partial(together.map, work, [each] * PORTIONS, 1),
                f"{WORKERS} worker processes",
                times=PORTIONS * BADGES,
                rounds=9,
                clock=time.perf_counter,
            )


def _verify_bare(count: int) -> None:
    bare_verifications(count)()

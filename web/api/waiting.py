"""Waiting for a job on a caller's behalf: without a thread and without a database connection in between."""

import asyncio
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Query
from fastapi.concurrency import run_in_threadpool

LONGEST = 30.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.5

Wait = Annotated[
    float,
    Query(
        ge=0, description=f"Seconds to wait for the checks to end, at most {LONGEST:.0f}; 0 answers at once"
    ),
]
Seen = TypeVar("Seen")


async def until(is_over: Callable[[Seen], bool], look: Callable[[], Seen], seconds: float) -> Seen:
    """Look again and again until it is over or the time is up; what was seen last.

    ``look`` runs in a thread and opens its own session.
    """
    clock = asyncio.get_running_loop().time
    ends, pause = clock() + min(seconds, LONGEST), _FIRST_PAUSE
    seen = await run_in_threadpool(look)
    while not is_over(seen) and clock() + pause < ends:
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
        seen = await run_in_threadpool(look)
    return seen

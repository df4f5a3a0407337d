"""Work on strangers' bytes, done in processes that may be killed: one bad file hurts nobody else.

Decoding a picture or canonicalizing a graph can eat all memory or run for ever, and no limit inside
Python stops C code. So it is done in worker processes of their own: each job under a limit of CPU
time, of wall time and of memory, with no network, no children and no file to write. Workers start
when first needed, are used again, and end with the process that started them. Safe under threads, and
after a fork.
"""

import os
from typing import Any

from .pool import Pool

SECONDS = 5.0
MEMORY = 512 * 1024 * 1024


def run(function_path: str, *args: object, seconds: float = SECONDS, memory: int = MEMORY) -> Any:
    """Call ``package.module:function`` with these arguments in a worker, and give its result.

    ``seconds`` is CPU time, four times that is wall time; ``memory`` is bytes beyond what the worker
    has when it begins. Arguments and result are pickled; a result may hold plain values, dates, and
    the house's own dataclasses and enumerations. A job whose worker somebody else killed is done again,
    so it must change nothing. Raises TooComplex when the worker died or ran out of either, or was killed
    time and again, TooMany when no worker becomes free, and any BackpackError that the function raised.
    """
    return _pool.run(function_path, args, seconds, memory)


_pool = Pool(max(2, min(4, os.cpu_count() or 2)))
os.register_at_fork(after_in_child=_pool.forget)

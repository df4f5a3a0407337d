"""`make bench`: prints one line a ratio. Absolute numbers are this machine's; the ratios travel."""

import os

from . import bringing, peers, proving, serving, sharing_out, unbaking, verifying
from .timing import stay_on_one_core


def main() -> None:
    """Measure everything, slowest last."""
    cores = os.sched_getaffinity(0)
    print(f"{'':<44} {'ours':>16} {'yardstick':>16} {'ratio':>8}")
    stay_on_one_core()
    for part in (verifying, proving, peers, unbaking, bringing):
        for ratio in part.measure():
            print(ratio, flush=True)
    os.sched_setaffinity(0, cores)
    for part in (sharing_out, serving):
        for ratio in part.measure():
            print(ratio, flush=True)


if __name__ == "__main__":
    main()

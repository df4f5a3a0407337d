"""The worker's side: one job after another, each inside its limits, until the line is closed."""

import importlib
import math
import pickle
import resource
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from . import messages

_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.kill")


def main() -> None:
    """Serve the line whose file number is the first argument."""
    connection: Connection[bytes, bytes] = Connection(int(sys.argv[1]))
    for which, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 64)):
        resource.setrlimit(which, (most, most))
    sys.addaudithook(_refuse)
    while True:
        try:
            job = connection.recv_bytes()
        except EOFError:
            return
        connection.send_bytes(_do(job))


def _refuse(event: str, _: tuple[object, ...]) -> None:
    """A second lock behind the first: what reads strangers' bytes has no business with these."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"A worker may not use {event}.")


def _do(job: bytes) -> bytes:
    try:
        function_path, args, cpu, wall, memory = pickle.loads(job)  # noqa: S301  from our own parent
        module, _, name = function_path.partition(":")
        function = getattr(importlib.import_module(module), name)
        _limit(cpu, wall, memory)
        return messages.done(function(*args))
    except Exception as error:  # noqa: BLE001  whatever it was, the parent is told
        return messages.raised(error)
    finally:
        _unlimit()


def _limit(cpu: float, wall: float, memory: int) -> None:
    """From now on the kernel ends this process when it takes more: no code in it can prevent that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + cpu))
    signal.setitimer(signal.ITIMER_REAL, wall)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    _set(resource.RLIMIT_AS, pages * resource.getpagesize() + memory)


def _unlimit() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    _set(resource.RLIMIT_CPU, resource.RLIM_INFINITY)
    _set(resource.RLIMIT_AS, resource.RLIM_INFINITY)


def _set(which: int, soft: int) -> None:
    """Set a soft limit; the hard one stays what the machine says, and bounds it."""
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        soft = hard if soft == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(which, (soft, hard))


if __name__ == "__main__":
    main()

"""`backpack worker`: the jobs alone, for many machines."""

import signal
import threading

import click


@click.command("worker")
def worker() -> None:
    """Read imports, check badges and send mail, until it is told to stop."""
    from backpack import jobs
    from backpack.config import Settings

    from .family import live_with_parent

    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    live_with_parent(ending)
    workers = jobs.start(Settings())
    ending.wait()
    workers.stop()

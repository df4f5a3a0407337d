"""`backpack worker`: the jobs alone, for many machines."""

import signal
import threading

import click


@click.command("worker", short_help="Read imports, check badges and send mail.")
def worker() -> None:
    """Read imports, check badges and send mail, until it is told to stop."""
    from backpack import jobs
    from backpack.config import Settings

    from .family import live_with_parent
    from .starting import expect_ready

    settings = Settings()
    expect_ready(settings)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    live_with_parent(ending)
    workers = jobs.start(settings)
    ending.wait()
    workers.stop()

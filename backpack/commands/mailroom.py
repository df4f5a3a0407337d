"""`backpack mailroom`: taking award mails alone, for many machines."""

import signal
import threading

import click


@click.command("mailroom")
def mailroom() -> None:
    """Take award mails by SMTP or LMTP, until it is told to stop."""
    from backpack import jobs
    from backpack import mailroom as room
    from backpack.config import Settings

    from .family import live_with_parent
    from .starting import expect_ready

    settings = Settings()
    expect_ready(settings)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    live_with_parent(ending)
    jobs.connect(settings)
    open_room = room.start(settings, jobs.nudge_arrival)
    ending.wait()
    open_room.stop()

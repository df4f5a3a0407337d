"""The whole import of a baked picture (found in it, verified, kept in a database) against verifying it alone."""

import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from backpack import workers
from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.services import arriving, checking, drawing, importing, joining
from backpack.storage.blobs import Blobs
from backpack.storage.database import engine_for, migrate, session
from tests.issuing import AT, MARIA, award, issuer

from .timing import Ratio, Work, compare, cpu_of_all
from .verifying import RICH

AT_ONCE = 5
ROUNDS = 9
A_WHILE = timedelta(minutes=1)


def measure() -> Iterator[Ratio]:
    """Rich badges of a few kilobytes, each for something else; both sides judge in worker processes, as a server does.

    First all until the badge is shown as verified: with the waits for the disc, then the work alone. Then the
    work with our own copy of the picture, which is drawn after the verdict.
    """
    some = [_badge(number) for number in range(3 * AT_ONCE * (ROUNDS + 1))]
    known = itertools.cycle(some)
    with tempfile.TemporaryDirectory() as folder:
        settings, each_once = Settings(_env_file=None, data_dir=Path(folder)), iter(some)
        migrate(settings)
        bring = _importing(settings, each_once, shows_picture=False)
        drawn = _importing(settings, each_once, shows_picture=True)
        parts: tuple[tuple[str, Work, Callable[[], float]], ...] = (
            ("import a rich badge baked into a PNG", bring, time.perf_counter),
            ("  the work of it, in all processes", bring, cpu_of_all),
            ("  the same with our copy of the picture", drawn, cpu_of_all),
        )
        for name, work, clock in parts:
            yield compare(
                name,
                work,
                partial(_each, _verify, known),
                "verifying it in a worker",
                times=AT_ONCE,
                rounds=ROUNDS,
                clock=clock,
            )


def _badge(number: int) -> Issued:
    return issuer().ob3(award(name=f"Open Science, part {number}", number=number, **RICH))


def _each(work: Callable[[Issued], object], badges: Iterator[Issued]) -> None:
    for _ in range(AT_ONCE):
        work(next(badges))


def _importing(settings: Settings, badges: Iterator[Issued], *, shows_picture: bool) -> Work:
    engine, blobs = engine_for(settings), Blobs(settings)
    with session(engine) as db:
        maria = joining.make_earner(db, MARIA, AT)
        db.expunge(maria)

    def bring() -> None:
        for _ in range(AT_ONCE):
            with session(engine) as db:
                arrival = importing.receive(db, blobs, maria, next(badges).data, "file", "badge.png", AT)
                number = arrival.id
            for badge_id in importing.unpack(engine, blobs, settings, number, AT):
                checking.check_badge(engine, blobs, settings, badge_id, AT)
            with session(engine) as db:
                [(badge, _)] = arriving.badges_of(db, arriving.by_id(db, number))
            if badge.verdict != "verified":
                raise RuntimeError("The benchmark's badge was not verified.")
            if shows_picture and not drawing.draw(engine, blobs, settings, badge.id, AT + A_WHILE):
                raise RuntimeError("The benchmark's badge has no picture.")

    return bring


def _verify(badge: Issued) -> None:
    workers.run("backpack.services.judging:judged", badge.data, "", [], (MARIA,), AT)

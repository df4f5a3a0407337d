"""The whole import of a baked picture (found in it, verified, kept in a database) against verifying it alone."""

import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from backpack import pictures, workers
from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.services import checking, importing, joining
from backpack.storage.blobs import Blobs
from backpack.storage.database import engine_for, migrate, session
from tests.issuing import AT, MARIA, award, issuer

from .timing import Ratio, Work, compare, cpu_of_all
from .verifying import RICH

AT_ONCE = 5
ROUNDS = 9


def measure() -> Iterator[Ratio]:
    """Rich badges of a few kilobytes, each for something else; both sides judge in worker processes, as a server does.

    First all of it with the waits for the disc, then the work alone, then the part of it that draws our own
    copy of the picture, which verifying does not need.
    """
    some = [_badge(number) for number in range(2 * AT_ONCE * (ROUNDS + 1))]
    known = itertools.cycle(some)
    with tempfile.TemporaryDirectory() as folder:
        bring = _importing(Settings(_env_file=None, data_dir=Path(folder)), iter(some))  # each once
        parts: tuple[tuple[str, Work, Callable[[], float]], ...] = (
            ("import a rich badge baked into a PNG", bring, time.perf_counter),
            ("  the work of it, in all processes", bring, cpu_of_all),
            ("  of this, our copy of the picture", partial(_each, _draw, known), cpu_of_all),
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


def _draw(badge: Issued) -> None:
    pictures.thumbnail(badge.data)


def _importing(settings: Settings, badges: Iterator[Issued]) -> Work:
    migrate(settings)
    engine, blobs = engine_for(settings), Blobs(settings)
    with session(engine) as db:
        maria = joining.make_earner(db, MARIA, AT)
        db.expunge(maria)

    def bring() -> None:
        for _ in range(AT_ONCE):
            with session(engine) as db:
                arrival = importing.receive(db, blobs, maria, next(badges).data, "file", "badge.png", AT)
                number = arrival.id
            for badge in importing.unpack(engine, blobs, settings, number, AT):
                report = checking.check_badge(engine, blobs, settings, badge, AT)
                if report is None or report.verdict != "verified":
                    raise RuntimeError("The benchmark's badge was not verified.")

    return bring


def _verify(badge: Issued) -> None:
    workers.run("backpack.services.judging:judged", badge.data, "", [], (MARIA,), AT)

"""The whole import of a baked picture (found in it, verified, kept in a database) against verifying it alone."""

import itertools
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from backpack import workers
from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.services import checking, importing, joining
from backpack.storage.blobs import Blobs
from backpack.storage.database import engine_for, migrate, session
from tests.issuing import AT, MARIA, award, issuer

from .timing import Ratio, Work, compare
from .verifying import RICH

AT_ONCE = 5
ROUNDS = 9


def measure() -> Iterator[Ratio]:
    """Rich badges of a few kilobytes; both sides judge in worker processes, as a server does."""
    pictures = itertools.cycle([issuer().ob3(award(number=n, **RICH)) for n in range(AT_ONCE * (ROUNDS + 1))])
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder))
        migrate(settings)
        yield compare(
            "import a rich badge baked into a PNG",
            _importing(settings, pictures),
            lambda: [_verify(next(pictures)) for _ in range(AT_ONCE)],
            "verifying it in a worker",
            times=AT_ONCE,
            rounds=ROUNDS,
            clock=time.perf_counter,
        )


def _importing(settings: Settings, pictures: Iterator[Issued]) -> Work:
    engine, blobs = engine_for(settings), Blobs(settings)
    with session(engine) as db:
        maria = joining.make_earner(db, MARIA, AT)
        db.expunge(maria)

    def bring() -> None:
        for _ in range(AT_ONCE):
            with session(engine) as db:
                arrival = importing.receive(db, blobs, maria, next(pictures).data, "file", "badge.png", AT)
                number = arrival.id
            for badge in importing.unpack(engine, blobs, settings, number, AT):
                report = checking.check_badge(engine, blobs, settings, badge, AT)
                if report is None or report.verdict != "verified":
                    raise RuntimeError("The benchmark's badge was not verified.")

    return bring


def _verify(badge: Issued) -> None:
    workers.run("backpack.services.judging:judged", badge.data, "", [], (MARIA,), AT)

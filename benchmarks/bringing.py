"""The whole import of a baked picture (found in it, verified, kept in a database) against verifying it alone."""

import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import select

from backpack import workers
from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.services import checking, drawing, importing, joining
from backpack.storage.blobs import Blobs
from backpack.storage.database import engine_for, migrate, session
from backpack.storage.tables import Badge, Earner
from tests.issuing import AT, MARIA, award, issuer

from .timing import Ratio, Work, compare, cpu_of_all
from .verifying import RICH

AT_ONCE = 5
ROUNDS = 15
A_WHILE = timedelta(minutes=1)

T = TypeVar("T")


@dataclass(frozen=True)
class Instance:
    """Where badges are brought, and to whom."""

    engine: Engine
    blobs: Blobs
    settings: Settings
    maria: Earner


def measure() -> Iterator[Ratio]:
    """Rich badges of a few kilobytes, each for something else; both sides judge in worker processes, as a server does.

    First unbaking, verifying and inserting what was received and claimed, then all that is done from the upload until
    the badge is shown as verified: each with the waits for the disc, and the work alone. Last the work with our own
    copy of the picture, which is drawn after the verdict.
    """
    each = AT_ONCE * (ROUNDS + 1)
    some = [_badge(number) for number in range(5 * each)]
    with tempfile.TemporaryDirectory() as folder:
        instance = _instance(Settings(_env_file=None, data_dir=Path(folder)))
        received = iter([_received(instance, badge) for badge in some[: 2 * each]])
        rest, known = iter(some[2 * each :]), itertools.cycle(some)
        insert = partial(_each, partial(_insert, instance), received)
        bring = partial(_each, partial(_bring, instance), rest)
        show = partial(_each, partial(_bring_and_draw, instance), rest)
        parts: tuple[tuple[str, Work, Callable[[], float]], ...] = (
            ("unbake, verify and insert a rich badge", insert, time.perf_counter),
            ("  the work of it, in all processes", insert, cpu_of_all),
            ("the whole way from its upload", bring, time.perf_counter),
            ("  the work of it, in all processes", bring, cpu_of_all),
            ("  and of our copy of its picture", show, cpu_of_all),
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
        _assert_all_verified(instance, len(some))


def _badge(number: int) -> Issued:
    return issuer().ob3(award(name=f"Open Science, part {number}", number=number, **RICH))


def _instance(settings: Settings) -> Instance:
    migrate(settings)
    engine = engine_for(settings)
    with session(engine) as db:
        maria = joining.make_earner(db, MARIA, AT)
        db.expunge(maria)
    return Instance(engine, Blobs(settings), settings, maria)


def _each(work: Callable[[T], object], things: Iterator[T]) -> None:
    for _ in range(AT_ONCE):
        work(next(things))


def _received(to: Instance, badge: Issued) -> importing.Claimed:
    with session(to.engine) as db:
        number = importing.receive(db, to.blobs, to.maria, badge.data, "file", "badge.png", AT).id
    claimed = importing.claim(to.engine, number, AT)
    if claimed is None:
        raise RuntimeError("The benchmark's badge is not to be had.")
    return claimed


def _insert(to: Instance, claimed: importing.Claimed) -> None:
    for badge_id in importing.bring_in(to.engine, to.blobs, to.settings, claimed, AT):
        checking.check_badge(to.engine, to.blobs, to.settings, badge_id, AT)


def _bring(to: Instance, badge: Issued) -> None:
    """What a server does from the upload on until the badge is shown as verified."""
    _insert(to, _received(to, badge))


def _bring_and_draw(to: Instance, badge: Issued) -> None:
    _bring(to, badge)
    with session(to.engine) as db:
        due = db.exec(select(Badge.id).order_by(Badge.id.desc()).limit(1)).all()  # type: ignore[attr-defined]
    for badge_id in due:
        if not drawing.draw(to.engine, to.blobs, to.settings, badge_id, AT + A_WHILE):
            raise RuntimeError("The benchmark's badge has no picture.")


def _assert_all_verified(there: Instance, count: int) -> None:
    with session(there.engine) as db:
        verdicts = db.exec(select(Badge.verdict)).all()
    if list(verdicts) != ["verified"] * count:
        raise RuntimeError("The benchmark's badges were not all verified.")


def _verify(badge: Issued) -> None:
    workers.run("backpack.services.judging:judged", badge.data, "", [], (MARIA,), AT)

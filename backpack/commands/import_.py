"""`backpack import`: files, folders and archives into an earner's backpack."""

import secrets
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backpack.errors import BackpackError, Missing

from .addressed import EMAIL

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from backpack.config import Settings
    from backpack.storage.tables import Arrival, Badge

    from .delivering import Delivery

AT_ONCE = 4
PATIENCE = 180.0  # seconds without any progress, for checks that another process does


@click.command("import", short_help="Bring files, folders and archives into a backpack.")
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH...",
    help="Badge files, saved e-mails, ZIP archives, folders.",
)
@click.option(
    "--to", type=EMAIL, required=True, metavar="EMAIL", help="Whose backpack; made when there is none yet."
)
def import_(paths: tuple[Path, ...], to: str) -> None:
    """Bring files, folders and archives into an earner's backpack, and wait for the checks.

    Ctrl-C stops it; the same command again goes on where it was.
    """
    from rich.console import Console

    from backpack.config import Settings
    from backpack.services import joining
    from backpack.storage.database import migrate, session

    from .delivering import delivered

    settings = Settings()
    migrate(settings)
    parcels = [parcel for path in paths for parcel in delivered(path)]
    if not parcels:
        raise Missing(
            "There is nothing to import here.", "Name badge files, saved e-mails, ZIP archives or folders."
        )
    with session(settings) as db:
        earner_id = joining.make_earner(db, to, datetime.now(UTC)).id
    sys.exit(bring(settings, earner_id, parcels, Console(stderr=True)))


def bring(
    settings: "Settings",
    earner_id: int,
    parcels: list["Delivery"],
    console: "Console",
    at_once: int = AT_ONCE,
) -> int:
    """Import these and wait for the checks, under a progress bar with a summary; the exit status is returned."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console)
    with bar, ThreadPoolExecutor(at_once) as threads:
        work = _Work(settings, earner_id, bar, bar.add_task("Importing", total=0), threads)
        for parcel in parcels:
            work.begin(work.bring, parcel)
        try:
            work.wait()
        except KeyboardInterrupt:
            console.out("Stopping: what was begun is finished.", highlight=False)
            work.stop()
            threads.shutdown(cancel_futures=True)
        except Exception:
            threads.shutdown(cancel_futures=True)  # each of the others would wait in vain for what went away
            raise
    status = _summary(console, sorted(work.outcomes, key=lambda one: one.name))
    if work.stopping.is_set():
        console.out("Stopped. The same command again goes on.", highlight=False)
        return 1
    return status


@dataclass
class _Outcome:
    """What became of one file."""

    name: str
    brought: list[tuple[str, str, bool]] = field(default_factory=list)
    """Title, verdict, and whether it was new."""
    problem: str = ""
    is_empty: bool = False
    """Whether the problem is only that there is no badge inside."""
    waits: str = ""
    """What the earner must say yes to first, and where."""


@dataclass
class _Work:
    """What all threads share: where to, how far, and whether to stop."""

    settings: "Settings"
    earner_id: int
    bar: "Progress"
    task: "TaskID"
    threads: ThreadPoolExecutor
    outcomes: list[_Outcome] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    batches: set[str] = field(default_factory=lambda: {secrets.token_urlsafe(12)})
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    _begun: list[Future[None]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, work: Callable[..., None], *what: object) -> None:
        """Have a thread do this; it counts as one more file."""
        with self._lock:
            self._begun.append(self.threads.submit(self._do, work, *what))
            self.bar.update(self.task, total=len(self._begun))

    def wait(self) -> None:
        """Until everything is through; what is found in archives meanwhile is put behind."""
        done = 0
        while done < len(self._begun):
            self._begun[done].result()
            done += 1

    def _do(self, work: Callable[..., None], *what: object) -> None:
        if not self.stopping.is_set():
            work(*what)
            self.bar.advance(self.task)

    def stop(self) -> None:
        """Begin nothing more, here and wherever else this instance works."""
        from backpack.services import batches
        from backpack.storage.database import session
        from backpack.storage.tables import Earner

        self.stopping.set()
        with session(self.settings) as db:
            for batch in self.batches:
                batches.stop(db, db.get_one(Earner, self.earner_id), batch)

    def bring(self, parcel: "Delivery") -> None:
        """One file, or an archive."""
        try:
            self._bring(parcel)
        except BackpackError as error:
            self._add(_Outcome(parcel.name, problem=f"{error.says} {error.try_this}".strip()))
        except OSError as error:
            self._add(_Outcome(parcel.name, problem=f"It cannot be opened: {error.strerror}."))

    def _bring(self, parcel: "Delivery") -> None:
        from backpack.services import batches, importing
        from backpack.storage.blobs import Blobs
        from backpack.storage.database import session
        from backpack.storage.tables import Earner

        data, at = parcel.read(), datetime.now(UTC)
        with session(self.settings) as db:
            earner = db.get_one(Earner, self.earner_id)
            if there := importing.known(db, earner, data):
                self._add(_Outcome(parcel.name, [_badge(badge, parcel.name, False) for badge in there]))
                return
            row = importing.unfinished(db, earner, data)
            if row is not None:
                self.batches.add(row.batch)
                batches.go_on(db, earner, row.batch, at)
            else:
                blobs, batch = Blobs(self.settings), min(self.batches)
                row = importing.receive(db, blobs, earner, data, parcel.source, parcel.name, at, batch)
        self.through(row.id, parcel.name)

    def through(self, number: int, name: str) -> None:
        """Read and check an arrival; what is in it, if it is an archive, is work of its own."""
        from backpack.services import arriving
        from backpack.storage.database import session

        self._read(number)
        with session(self.settings) as db:
            row = arriving.by_id(db, number)
            inside = arriving.inside(db, row)
        for one in inside:
            self.begin(self.through, one.id, f"{name}: {one.origin}")
        if row.source != "archive" or row.problem:
            self._told(row, name)

    def _read(self, number: int) -> None:
        """Read and check it here, unless a server that runs on the same data was quicker: then wait for that."""
        from backpack.services import arriving, checking, drawing, importing
        from backpack.storage.blobs import Blobs
        from backpack.storage.database import engine_for, session

        engine, blobs = engine_for(self.settings), Blobs(self.settings)
        for badge_id in importing.unpack(engine, blobs, self.settings, number, datetime.now(UTC)):
            checking.check_badge(engine, blobs, self.settings, badge_id, datetime.now(UTC))
        with session(engine) as db:
            brought = arriving.badges_of(db, arriving.by_id(db, number))
        for badge, _ in brought:
            drawing.draw(engine, blobs, self.settings, badge.id, datetime.now(UTC))
        deadline = time.monotonic() + PATIENCE
        while not self.stopping.is_set() and time.monotonic() < deadline:
            with session(engine) as db:
                row = arriving.by_id(db, number)
                badges = arriving.badges_of(db, row)
            if row.state in ("done", "failed", "stopped") and all(badge.verdict for badge, _ in badges):
                return
            time.sleep(0.2)

    def _told(self, row: "Arrival", name: str) -> None:
        from backpack.services import arriving, batches
        from backpack.storage.database import session

        with session(self.settings) as db:
            badges = arriving.badges_of(db, row)
        if row.state not in ("done", "failed"):
            return  # stopped
        is_new = row.done_at is not None and row.done_at >= self.started
        self._add(
            _Outcome(
                name,
                [_badge(badge, name, new and is_new) for badge, new in badges],
                problem=f"{row.problem or ''} {row.try_this or ''}".strip(),
                is_empty=row.why in batches.NOTHING_INSIDE,
                waits=_waits(row, self.settings),
            )
        )

    def _add(self, outcome: _Outcome) -> None:
        self.outcomes.append(outcome)


def _badge(badge: "Badge", name: str, is_new: bool) -> tuple[str, str, bool]:
    return badge.title or badge.address or name, badge.verdict, is_new


def _waits(row: "Arrival", settings: "Settings") -> str:
    if row.offered_at is None:
        return ""
    where = f"Sign in at {settings.base_url}/badges#new to look at"
    if row.links:
        links = "A link in it may" if len(row.links) == 1 else f"{len(row.links)} links in it may"
        it = "it" if len(row.links) == 1 else "them"
        return f"{links} lead to a badge. Nobody opened {it} yet. {where} {it}."
    return f"It asks something of its reader. {where} that."


def _summary(console: "Console", outcomes: list[_Outcome]) -> int:
    """Say what became of everything; the exit status is 1 when something could not be imported."""
    from collections import Counter

    from rich.table import Table

    from .plain import plain
    from .printing import IN_A_ROW

    brought = [badge for outcome in outcomes for badge in outcome.brought]
    problems = [outcome for outcome in outcomes if outcome.problem]
    lines = [(IN_A_ROW.get(verdict, "being checked"), title) for title, verdict, is_new in brought if is_new]
    lines += [("already there", title) for title, _, is_new in brought if not is_new]
    lines += [
        ("no badge" if one.is_empty else "failed", f"{one.name}: {one.problem}")
        for one in sorted(problems, key=lambda one: not one.is_empty)
    ]
    waiting = [outcome for outcome in outcomes if outcome.waits]
    lines += [("waiting", f"{one.name}: {one.waits}") for one in waiting]
    for word, what in lines:
        console.out(f"  {word:<16} {plain(what)}", highlight=False)
    new = sum(is_new for _, _, is_new in brought)
    verdicts = Counter(
        IN_A_ROW.get(verdict, "being checked")
        for _, verdict, is_new in brought
        if is_new and verdict != "verified"
    )
    empty = sum(one.is_empty for one in problems)
    table = Table.grid(padding=(0, 2))
    for word, count in (
        ("Verified", new - sum(verdicts.values())),
        ("Already there", len(brought) - new),
        ("Kept, but not verified", sum(verdicts.values())),
        *((f"  {word}", count) for word, count in sorted(verdicts.items())),
        ("No badge inside", empty),
        ("Could not be read", len(problems) - empty),
        *([("Waiting for a yes", len(waiting))] if waiting else []),
    ):
        table.add_row(word, str(count))
    console.print(table)
    failed = len(problems)
    told = f"{new} imported, {len(brought) - new} already there, {failed} failed"
    console.out(f"{told}, {len(waiting)} waiting." if waiting else f"{told}.", highlight=False)
    return 1 if failed else 0

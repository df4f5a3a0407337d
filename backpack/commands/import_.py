"""`backpack import`: files, folders and archives into an earner's backpack."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backpack.errors import BackpackError, Missing

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from backpack.config import Settings

    from .delivering import Delivery

AT_ONCE = 4
PATIENCE = 180.0  # seconds, for checks that another process does


def import_(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Badge files, saved e-mails, ZIP archives, folders.")
    ],
    to: Annotated[str, typer.Option(metavar="EMAIL", help="Whose backpack; made when there is none yet.")],
) -> None:
    """Bring files, folders and archives into an earner's backpack, and wait for the checks."""
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
    raise typer.Exit(bring(settings, earner_id, parcels, Console(stderr=True)))


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
        task = bar.add_task("Importing", total=len(parcels))
        outcomes = list(threads.map(lambda one: _brought(settings, earner_id, one, bar, task), parcels))
    return _summary(console, outcomes)


@dataclass
class _Outcome:
    """What became of one delivery."""

    name: str
    brought: list[tuple[str, str, bool]] = field(default_factory=list)
    """Title, verdict, and whether it was new."""
    problem: str = ""


def _brought(
    settings: "Settings", earner_id: int, parcel: "Delivery", bar: "Progress", task: "TaskID"
) -> _Outcome:
    outcome = _Outcome(parcel.name)
    try:
        _bring(settings, earner_id, parcel, outcome)
    except BackpackError as error:
        outcome.problem = f"{error.says} {error.try_this}".strip()
    except OSError as error:
        outcome.problem = f"It cannot be opened: {error.strerror}."
    bar.advance(task)
    return outcome


def _bring(settings: "Settings", earner_id: int, parcel: "Delivery", outcome: _Outcome) -> None:
    from backpack.services import checking, importing
    from backpack.storage.blobs import Blobs
    from backpack.storage.database import engine_for, session
    from backpack.storage.tables import Earner

    engine, blobs = engine_for(settings), Blobs(settings)
    data = parcel.read()
    with session(engine) as db:
        earner = db.get_one(Earner, earner_id)
        arrival = importing.receive(db, blobs, earner, data, parcel.source, parcel.name, datetime.now(UTC))
    for badge_id in importing.unpack(engine, blobs, settings, arrival.id, datetime.now(UTC)):
        checking.check_badge(engine, blobs, settings, badge_id, datetime.now(UTC))
    # A server that runs on the same data may have been quicker: then its work is waited for.
    deadline = time.monotonic() + PATIENCE
    while True:
        with session(engine) as db:
            row = importing.arrival(db, earner, arrival.public_id)
            badges = importing.badges_of(db, row)
        is_settled = row.state in ("done", "failed") and all(badge.verdict for badge, _ in badges)
        if is_settled or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    for badge, is_new in badges:
        outcome.brought.append((badge.title or badge.address or outcome.name, badge.verdict, is_new))
    outcome.problem = f"{row.problem or ''} {row.try_this or ''}".strip()


def _summary(console: "Console", outcomes: list[_Outcome]) -> int:
    """Say what became of everything; the exit status is 1 when something could not be imported."""
    brought = [badge for outcome in outcomes for badge in outcome.brought]
    failed = [outcome for outcome in outcomes if outcome.problem]
    lines = [(verdict or "being checked", title) for title, verdict, is_new in brought if is_new]
    lines += [("already there", title) for title, _, is_new in brought if not is_new]
    lines += [("failed", f"{outcome.name}: {outcome.problem}") for outcome in failed]
    for word, what in lines:
        console.out(f"  {word.replace('_', ' '):<16} {what}", highlight=False)
    new = sum(is_new for _, _, is_new in brought)
    console.out(f"{new} imported, {len(brought) - new} already there, {len(failed)} failed.", highlight=False)
    return 1 if failed else 0

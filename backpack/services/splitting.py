"""Taking an archive apart: every file in it becomes an arrival of its own, read and checked by its own job.

It goes in portions. Each is one transaction that makes its arrivals and moves the archive's place on, under
the archive's lease: so a killed worker's portion is wholly there or not at all, and whoever comes after goes
on at the place. Nothing is read here, and five thousand files are never in memory at once.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func, null
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from .. import workers
from ..errors import BackpackError, TooComplex, TooLarge
from ..pictures import media_type_of
from ..sources import archive
from ..storage.blobs import Blobs
from ..storage.database import session
from ..storage.tables import Arrival, Blob
from . import leasing, returning

SECONDS = 10.0
MOST_LEVELS = 2
"""An archive, and archives in it; no archive in those."""


def split(engine: Engine, blobs: Blobs, lease: leasing.Lease, parent: Arrival, data: bytes) -> None:
    """Take the archive apart from its place on, until nothing is left, it is stopped, or it cannot be done."""
    try:
        with session(engine) as db:
            _refuse(db, parent)
        for portion in portions(data, parent.place):
            if not _kept(engine, blobs, lease, parent, portion):
                return
    except BackpackError as error:
        with session(engine) as db:
            if leasing.finish(db, lease, **_failure(error, lease.now())):
                db.commit()


def portions(data: bytes, place: int = 0) -> Iterator[archive.Portion]:
    """The files of an archive behind a place, some at a time. Raises what is wrong with it as a whole."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        is_more = True
        while is_more:
            portion: archive.Portion = workers.run(
                f"{__name__}:portion_of", file.name, place, seconds=SECONDS
            )
            yield portion
            place, is_more = portion.place, portion.place < portion.parts


def portion_of(path: str, place: int) -> archive.Portion:
    """The next files of an archive; runs in a worker."""
    with Path(path).open("rb") as file:
        return archive.portion(file, place)


def _refuse(db: Session, parent: Arrival) -> None:
    """An archive in an archive in an archive; or archives in an archive that hold too much together."""
    above = _above(db, parent)
    if len(above) >= MOST_LEVELS:
        raise TooComplex(
            "An archive in an archive in an archive is not opened.",
            "Unpack it, and add the badges themselves.",
        )
    for top in above:
        inside = select(Arrival.id).where(Arrival.parent_id == top.id)
        below = col(Arrival.parent_id).in_(inside)
        count, size = db.execute(
            select(func.count(), func.coalesce(func.sum(Blob.size), 0))
            .select_from(Arrival)
            .join(Blob, col(Blob.sha256) == col(Arrival.sha256))
            .where(below)
        ).one()
        if count > archive.MOST_ENTRIES or size > archive.MOST_BYTES:
            raise TooLarge(
                "The archives in this archive hold too much together.", "Add this one on its own, afterwards."
            )


def _above(db: Session, parent: Arrival) -> list[Arrival]:
    """The archives that this one was in."""
    found: list[Arrival] = []
    row: Arrival | None = parent
    while row is not None and row.parent_id is not None and len(found) <= MOST_LEVELS:
        row = db.get(Arrival, row.parent_id)
        if row is not None and row.source == "archive":
            found.append(row)
    return found


def _kept(
    engine: Engine, blobs: Blobs, lease: leasing.Lease, parent: Arrival, portion: archive.Portion
) -> bool:
    """Make the arrivals of one portion; whether there is more to do."""
    try:
        return _keep(engine, blobs, lease, parent, portion)
    except IntegrityError:  # the same bytes were being erased at this very moment: keep them anew
        return _keep(engine, blobs, lease, parent, portion)


def _keep(
    engine: Engine, blobs: Blobs, lease: leasing.Lease, parent: Arrival, portion: archive.Portion
) -> bool:
    with session(engine) as db:
        files = blobs.keep_all(db, [(one.data, media_type_of(one.data)) for one in portion.files])
        is_last = portion.place >= portion.parts
        batch = parent.batch or parent.public_id
        if not leasing.keep(
            db, lease, place=portion.place, parts=portion.parts, batch=batch, source="archive"
        ):
            return False
        # Whoever stops it writes to this row first, so from here on it stays as it is until the commit.
        is_stopped = db.exec(select(Arrival.state).where(Arrival.id == parent.id)).one() == "stopped"
        files_in_it, told = portion.files, portion.collections
        if _is_out_of_a_mail(db, parent):
            files_in_it, told = tuple(replace(one, brings=None) for one in files_in_it), ()
        numbers = returning.collections(db, parent.earner_id, told, lease.now())
        for one, sha256 in zip(files_in_it, files, strict=True):
            db.add(_child(parent, batch, one, sha256, numbers, lease.now(), is_stopped=is_stopped))
        if is_last:
            leasing.finish(db, lease, state="done", due_at=None, done_at=lease.now())
        elif is_stopped:
            leasing.finish(db, lease)
        db.commit()
        return not is_last and not is_stopped


def _is_out_of_a_mail(db: Session, parent: Arrival) -> bool:
    """Whether it was attached to one: anybody can send an export, with notes and collections of theirs in it."""
    row = parent
    while row.parent_id is not None:
        row = db.get_one(Arrival, row.parent_id)
        if row.source != "archive":
            return True
    return False


def _child(
    parent: Arrival,
    batch: str,
    one: archive.Taken,
    sha256: str,
    numbers: list[int],
    at: datetime,
    *,
    is_stopped: bool,
) -> Arrival:
    made = Arrival(
        earner_id=parent.earner_id,
        batch=batch,
        parent_id=parent.id,
        mailbox_id=parent.mailbox_id,
        source="file",
        origin=one.name,
        sha256=sha256,
        brings=returning.placed(one.brings, numbers),
        due_at=at,
        created_at=at,
    )
    if one.says:
        made.state, made.problem, made.try_this, made.why = "failed", one.says, one.try_this or None, one.code
        made.done_at = at
    elif is_stopped:
        made.state = "stopped"
    if made.state != "waiting":
        # None would be taken for "as usual", which is now.
        made.due_at = null()  # type: ignore[assignment]
    return made


def _failure(error: BackpackError, at: datetime) -> dict[str, object]:
    return {
        "state": "failed",
        "problem": error.says,
        "try_this": error.try_this or None,
        "why": error.code,
        "due_at": None,
        "done_at": at,
    }

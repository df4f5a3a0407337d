"""Erasing, the one exception to written-once: an earner who leaves, and badges that lay in the bin for 30 days."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Engine, delete, exists, or_, union
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from ..storage.blobs import Blobs
from ..storage.database import hold, session
from ..storage.tables import (
    Address,
    Arrival,
    ArrivalBadge,
    Badge,
    Blob,
    CachedPicture,
    Challenge,
    Collection,
    CollectionBadge,
    Document,
    Earner,
    Mailbox,
    Outbox,
    Report,
    ReportDocument,
    Share,
    Signin,
    Token,
)
from ..verifier.providers import small

IN_THE_BIN = timedelta(days=30)
MAILS_KEPT = timedelta(days=30)
_TRIES = 3
T = TypeVar("T")
_CHUNK = 400
_POINTS_AT_BLOB = (Badge.original_sha256, Badge.picture_sha256, Arrival.sha256, Document.sha256)


def erase_earner(db: Session, blobs: Blobs, earner: Earner) -> None:
    """Delete an earner's rows, and the documents and files that nobody else refers to; commits."""
    for attempt in range(_TRIES):
        try:
            _erase_earner(db, blobs, earner.id)
        except IntegrityError:  # someone began to use one of these files meanwhile: look again
            db.rollback()
            if attempt == _TRIES - 1:
                raise
        else:
            return


def purge(engine: Engine, blobs: Blobs, at: datetime) -> int:
    """Erase the badges that were put into the bin 30 days ago, and old mails; returns how many badges."""
    with session(engine) as db:
        old = select(Badge.id).where(col(Badge.deleted_at) < at - IN_THE_BIN).limit(_CHUNK)
        gone = list(db.exec(old))
        if gone:
            files = _files(db, col(Badge.id).in_(gone), None)
            documents, arrivals = _documents(db, gone), _arrivals(db, gone)
            _erase_badges(db, gone)
            files |= _erase_empty(db, arrivals)
            _erase_unused(db, blobs, documents, files)
        db.execute(delete(Outbox).where(col(Outbox.created_at) < at - MAILS_KEPT))
        db.execute(delete(Challenge).where(col(Challenge.expires_at) < at - MAILS_KEPT))
        db.commit()
        return len(gone)


def _erase_earner(db: Session, blobs: Blobs, earner_id: int) -> None:
    earner = db.get(Earner, earner_id)
    if earner is None:
        return
    hold(db, earner)
    files = _files(db, col(Badge.earner_id) == earner_id, col(Arrival.earner_id) == earner_id)
    badges = list(db.exec(select(Badge.id).where(Badge.earner_id == earner_id)))
    documents = _documents(db, badges)
    emails = list(db.exec(select(Address.email).where(Address.earner_id == earner_id)))
    keys = [small(email) for email in emails]
    mine = select(Collection.id).where(Collection.earner_id == earner_id)
    db.execute(delete(Share).where(col(Share.earner_id) == earner_id))
    db.execute(delete(CollectionBadge).where(col(CollectionBadge.collection_id).in_(mine)))
    db.execute(delete(Collection).where(col(Collection.earner_id) == earner_id))
    _erase_badges(db, badges)
    db.execute(delete(Outbox).where(col(Outbox.to).in_(emails)))
    db.execute(
        delete(Challenge).where(or_(col(Challenge.earner_id) == earner_id, col(Challenge.email).in_(keys)))
    )
    for table in (Arrival, Mailbox, Address, Signin, Token):
        db.execute(delete(table).where(col(table.earner_id) == earner_id))
    db.execute(delete(CachedPicture))
    db.execute(delete(Earner).where(col(Earner.id) == earner_id))
    _erase_unused(db, blobs, documents, files)
    db.commit()


def _erase_badges(db: Session, badges: list[int]) -> None:
    for some in _chunks(badges):
        of_these = select(Report.id).where(col(Report.badge_id).in_(some))
        db.execute(delete(ReportDocument).where(col(ReportDocument.report_id).in_(of_these)))
        for table in (Report, ArrivalBadge, CollectionBadge, Share):
            db.execute(delete(table).where(col(table.badge_id).in_(some)))
        db.execute(delete(Badge).where(col(Badge.id).in_(some)))


def _files(db: Session, badges: ColumnElement[bool], arrivals: ColumnElement[bool] | None) -> set[str]:
    columns = (Badge.original_sha256, Badge.picture_sha256)
    found: list[Any] = [select(col(column)).where(badges) for column in columns]
    if arrivals is not None:
        found.append(select(col(Arrival.sha256)).where(arrivals))
    return {sha256 for sha256 in db.execute(union(*found)).scalars() if sha256}


def _documents(db: Session, badges: list[int]) -> set[int]:
    found: set[int] = set()
    for some in _chunks(badges):
        used = select(ReportDocument.document_id).join(
            Report, col(Report.id) == col(ReportDocument.report_id)
        )
        found.update(db.exec(used.where(col(Report.badge_id).in_(some)).distinct()))
    return found


def _arrivals(db: Session, badges: list[int]) -> list[int]:
    brought = select(ArrivalBadge.arrival_id).where(col(ArrivalBadge.badge_id).in_(badges))
    return list(db.exec(brought.distinct()))


def _erase_empty(db: Session, arrivals: list[int]) -> set[str]:
    """Delete those of these arrivals that brought nothing else; returns the files they came as."""
    empty = [
        ~exists().where(col(ArrivalBadge.arrival_id) == col(Arrival.id)),
        ~exists().where(col(Badge.arrival_id) == col(Arrival.id)),
    ]
    gone = delete(Arrival).where(col(Arrival.id).in_(arrivals), *empty)
    erased = db.execute(gone.returning(col(Arrival.sha256), col(Arrival.parent_id))).all()
    files = {sha256 for sha256, _ in erased}
    archives = {parent for _, parent in erased if parent is not None}
    return files | (_erase_archives(db, archives) if archives else set())


def _erase_archives(db: Session, archives: set[int]) -> set[str]:
    """Delete those of these archives none of whose badges is left, with the rest that was in them."""
    files: set[str] = set()
    for number in archives:
        inside = select(Arrival.id).where(Arrival.parent_id == number)
        keeps = or_(
            exists().where(col(ArrivalBadge.arrival_id).in_(inside)),
            exists().where(col(Badge.arrival_id).in_(inside)),
            exists().where(col(Arrival.parent_id) == number, col(Arrival.due_at).is_not(None)),
        )
        if not db.execute(select(keeps)).scalar_one():
            rest = delete(Arrival).where(or_(col(Arrival.parent_id) == number, col(Arrival.id) == number))
            files |= set(db.execute(rest.returning(col(Arrival.sha256))).scalars())
    return files


def _erase_unused(db: Session, blobs: Blobs, documents: set[int], files: set[str]) -> None:
    is_used = exists().where(col(ReportDocument.document_id) == col(Document.id))
    for some in _chunks(sorted(documents)):
        gone = delete(Document).where(col(Document.id).in_(some), ~is_used).returning(col(Document.sha256))
        files |= set(db.execute(gone).scalars())
    unused = [~exists().where(col(column) == col(Blob.sha256)) for column in _POINTS_AT_BLOB]
    for some_files in _chunks(sorted(files)):
        erased = delete(Blob).where(col(Blob.sha256).in_(some_files), *unused).returning(col(Blob.sha256))
        for sha256 in db.execute(erased).scalars():
            blobs.drop(sha256)


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    listed = list(items)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]

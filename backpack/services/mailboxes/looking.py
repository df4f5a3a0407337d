"""Looking into a connected mailbox: what is new, which of it looks like an award, and those messages as imports.

One claim is one turn of a few seconds, so that ten thousand messages keep no worker from other people's
work; the mailbox is due again at once while messages are left. What was looked at is committed with every
message taken and every batch, so a killed worker loses at most a batch; what it had taken already is known
by the hash of its bytes and is not taken twice, nor is it when the server numbers its messages anew.
"""

import hashlib
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from ...config import Settings
from ...errors import BackpackError, NotConnected, TooMany, WrongPassword
from ...network import mailboxes as network
from ...sources import mail
from ...storage.blobs import Blobs
from ...storage.database import session
from ...storage.tables import Arrival, Blob, Earner, Mailbox
from .. import importing, leasing
from . import awards
from .connecting import LOST, account_of
from .providers import hinting

TURN_SECONDS = 5.0
TURN_BYTES = 32 * 1024 * 1024
BATCH = 100
AGAIN = tuple(timedelta(minutes=m) for m in (5, 15, 60, 360, 1440))
"""When a mailbox that could not be read is looked into again; the last of them holds on."""
MOST_WRONG_PASSWORDS = 3
"""So many in a row, and we try no more: a provider may lock the account."""
_LOST_PATIENCE = 3
_MOST_NAMED = 50

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one turn brought: imports to be read, and whether messages are left to look at now."""

    arrivals: tuple[int, ...] = ()
    goes_on: bool = False


def due(db: Session, at: datetime, limit: int = 20) -> list[int]:
    """The ids of mailboxes that are due and that nobody is at work on, the longest waiting first."""
    chosen = select(Mailbox.id).where(*leasing.is_free(Mailbox, at)).order_by(col(Mailbox.due_at))
    return list(db.exec(chosen.limit(limit)))


def look(engine: Engine, blobs: Blobs, settings: Settings, mailbox_id: int, at: datetime) -> Looked:
    """Take one turn at a mailbox that is due; nothing when it is not, or when it was stopped or taken over."""
    with session(engine) as db:
        claimed = leasing.claim(db, Mailbox, mailbox_id, at, state="working")
    if claimed is None:
        return Looked()
    lease, row = claimed
    turn = _Turn(engine, blobs, row, lease)
    try:
        account = account_of(row, settings)
        with hinting(row.host), network.opened(account, row.folder, settings) as folder:
            goes_on = turn.look_through(folder)
        after = _went_well(lease, settings, goes_on)
    except _Lost:
        return Looked(tuple(turn.arrivals))
    except BackpackError as error:
        goes_on, after = False, _went_wrong(row, lease, error)
    except Exception as error:  # noqa: BLE001  the earner is told, the operator reads why, and it is tried again
        _log.error("Mailbox %s could not be looked into.", mailbox_id, exc_info=error)
        ours = NotConnected("Something went wrong on our side.", "We try again later.")
        goes_on, after = False, _went_wrong(row, lease, ours)
    with session(engine) as db:
        kept = leasing.finish(db, lease, **after)
        db.commit()
    return Looked(tuple(turn.arrivals), goes_on and kept)


class _Lost(Exception):
    """The earner stopped it or disconnected it, or somebody else took over."""


@dataclass
class _Turn:
    """One worker at one mailbox. No transaction is open while the server is asked."""

    engine: Engine
    blobs: Blobs
    row: Mailbox
    lease: leasing.Lease
    arrivals: list[int] = field(default_factory=list)
    """The imports it made."""
    weight: int = 0
    """How many bytes it fetched."""

    def look_through(self, folder: network.Folder) -> bool:
        """Look at what is new, in the order it came, until it is time for others; whether messages are left."""
        if folder.uid_validity != self.row.uid_validity:
            self.row.last_uid = self.row.seen = self.row.total = 0
        new = folder.after(self.row.last_uid)
        if new and self.row.seen >= self.row.total:
            self.row.seen = self.row.taken = 0
            self.row.left_out, self.row.started_at = [], self.lease.now()
        self.row.total = self.row.seen + len(new)
        self._keep(uid_validity=folder.uid_validity, started_at=self.row.started_at)
        end = time.monotonic() + TURN_SECONDS
        for some in _batches(new):
            self._look_at(folder, some)
            if time.monotonic() > end or self.weight > TURN_BYTES:
                return self.row.seen < self.row.total
        return False

    def _look_at(self, folder: network.Folder, uids: Sequence[int]) -> None:
        before = self.row.seen
        for head in folder.heads(uids):
            if self.row.takes == "all" or awards.looks_like_one(head.lines):
                self._take(folder, head)
                self.row.seen, self.row.last_uid = before + uids.index(head.uid) + 1, head.uid
                self._keep()
        self.row.seen, self.row.last_uid = before + len(uids), uids[-1]
        self._keep()

    def _take(self, folder: network.Folder, head: network.Head) -> None:
        if head.size > network.LARGEST:
            return self._leave_out(head, f"larger than {network.LARGEST >> 20} MB")
        data = self._fetched(folder, head)
        self.weight += len(data)
        if not data.strip():
            return self._leave_out(head, "the server did not give it")
        with session(self.engine) as db:
            if self._is_there(db, data):
                return None
            earner, letter = db.get(Earner, self.row.earner_id), mail.head(head.lines)
            if earner is None:
                raise _Lost
            try:
                arrival = importing.receive(
                    db,
                    self.blobs,
                    earner,
                    data,
                    "mail",
                    letter.sender or letter.name,
                    self.lease.now(),
                    self.row.public_id,
                    mailbox_id=self.row.id,
                )
            except IntegrityError as error:  # disconnected at this very moment
                raise _Lost from error
        self.arrivals.append(arrival.id)
        self.row.taken += 1
        return None

    def _fetched(self, folder: network.Folder, head: network.Head) -> bytes:
        try:
            return folder.message(head.uid)
        except NotConnected:
            if self.row.failures >= _LOST_PATIENCE:  # or one message would keep all that follow it from us
                self._leave_out(head, "the server broke off several times")
                self.row.seen, self.row.last_uid = self.row.seen + 1, head.uid
                self._keep()
            raise

    def _is_there(self, db: Session, data: bytes) -> bool:
        """Whether this earner has the message already, by whatever way it came."""
        sha256 = hashlib.sha256(data).hexdigest()
        if db.get(Blob, sha256) is None:
            return False
        mine = select(Arrival.id).where(Arrival.earner_id == self.row.earner_id, Arrival.sha256 == sha256)
        return db.exec(mine).first() is not None

    def _leave_out(self, head: network.Head, why: str) -> None:
        letter = mail.head(head.lines)
        named = {"from": letter.sender, "subject": letter.subject, "why": why}
        self.row.left_out = [*(self.row.left_out or []), named][:_MOST_NAMED]

    def _keep(self, **more: Any) -> None:
        """Write down how far it is, and hold the mailbox for another while; raises _Lost when it is ours no more."""
        far = {name: getattr(self.row, name) for name in ("last_uid", "total", "seen", "taken", "left_out")}
        with session(self.engine) as db:
            if not leasing.extend(db, self.lease, **far, **more):
                raise _Lost


def _batches(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (uids[start : start + BATCH] for start in range(0, len(uids), BATCH))


def _went_well(lease: leasing.Lease, settings: Settings, goes_on: bool) -> dict[str, Any]:
    now = lease.now()
    pause = timedelta() if goes_on else timedelta(minutes=settings.imap_minutes)
    return {
        "state": "working" if goes_on else "idle",
        "due_at": now + pause,
        "polled_at": now,
        "failures": 0,
        "problem": None,
        "try_this": None,
    }


def _went_wrong(row: Mailbox, lease: leasing.Lease, error: BackpackError) -> dict[str, Any]:
    if isinstance(error, TooMany):  # many imports at once are nobody's fault: go on when there is room
        wait = timedelta(seconds=error.retry_after)
        return {
            "state": "working",
            "due_at": lease.now() + wait,
            "problem": error.says,
            "try_this": "We go on by ourselves within the hour.",
        }
    wrong = isinstance(error, WrongPassword)
    failures = 1 if wrong and row.problem != error.says else row.failures + 1
    again = AGAIN[min(failures, len(AGAIN)) - 1]
    stays_shut = error.code == LOST or (wrong and failures >= MOST_WRONG_PASSWORDS)
    return {
        "state": "failed",
        "due_at": None if stays_shut else lease.now() + again,
        "failures": failures,
        "problem": error.says,
        "try_this": error.try_this,
    }

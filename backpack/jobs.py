"""What runs when. The rows are the ledger; huey carries their ids from whoever wrote them to whoever works.

A nudge is only for speed: one that is lost (a killed process, a full queue) loses nothing, because every
worker sweeps the rows every few seconds and finds what is due. Which row is whose is settled by leases,
so two workers with the same id do its work once.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from huey.consumer import Consumer

from . import queues, workers
from .config import Settings
from .errors import BackpackError, Misconfigured, reason
from .services import checking, drawing, erasing, importing, leasing, mailboxes, notifying, telling
from .storage.blobs import Blobs, Unreachable
from .storage.database import engine_for, session

SWEEP_SECONDS = 2.0
FINISH_SECONDS = 8.0  # for what was begun when a worker is told to stop
PURGE_SECONDS = 3600.0
ENOUGH = 40  # ids in the queue: a sweep adds no more while the workers are behind
LONGEST_POLL = 0.2  # seconds between two looks into an empty queue
LONGEST_WAIT = 5.0  # seconds between two looks whether a queue that is elsewhere is back
TELL_AGAIN = 60.0  # seconds until the same trouble is told again

log = logging.getLogger("backpack.jobs")


def connect(settings: Settings) -> "Queue":
    """Make nudges of this process reach the instance's queue; whoever serves or works calls it first."""
    global _queue  # noqa: PLW0603 - one process, one instance
    if (
        _queue is None
        or _queue.settings.queue_url != settings.queue_url
        or _queue.settings.data_dir != settings.data_dir
    ):
        if _queue is not None:
            _queue.close()
        _queue = Queue(settings)
    return _queue


def expect_queue(settings: Settings) -> None:
    """For whoever begins: one that goes away later is waited for. Raises Misconfigured when it cannot be used."""
    queue = connect(settings)
    try:
        queue.look()
    except Exception as error:
        raise Misconfigured(
            f"The queue cannot be used: {reason(error)}", "Look at BACKPACK_QUEUE_URL."
        ) from error
    finally:
        queue.close()


def look() -> None:
    """Ask this process's queue whether it answers; raises whatever it fails with."""
    if _queue is not None:
        _queue.look()


def nudge_arrival(arrival_id: int) -> None:
    """This import may be read now."""
    _nudge("arrival", arrival_id)


def nudge_badge(badge_id: int) -> None:
    """This badge may be checked now."""
    _nudge("badge", badge_id)


def nudge_mailbox(mailbox_id: int) -> None:
    """This mailbox may be looked into now."""
    _nudge("mailbox", mailbox_id)


def nudge_outbox() -> None:
    """There may be mail to send."""
    _nudge("outbox", 0)


class Queue:
    """The queue of an instance: ids go in, and the work of this house is done for them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.huey = queues.of(settings)
        self._put = self.huey.task(name="do")(self._do)
        self._closing = threading.Lock()
        # A worker thread that ends would leave it to chance to close the connection.
        self.huey.on_shutdown(name="close")(self.close)

    def put(self, what: str, row_id: int) -> None:
        """Hand an id to the workers."""
        self._put(what, row_id)

    def is_full(self) -> bool:
        """Whether the workers are behind."""
        return self.look() >= ENOUGH

    def look(self) -> int:
        """How many ids are in it; raises whatever its storage fails with."""
        return int(self.huey.pending_count())

    def close(self) -> None:
        """Let go of the queue's connection; the next id opens another one."""
        with self._closing:  # workers end at the same moment, and huey looks before it locks
            self.huey.storage.close()

    def _do(self, what: str, row_id: int) -> None:
        try:
            _WORK[what](self.settings, row_id)
        except Unreachable:
            log.warning("The bucket of files does not answer; what waits for it is done once it does.")
        except Exception:
            # The row's lease runs out and the sweep hands it out again; the reason is for the operator.
            log.exception("A job did not finish: %s", what)
        self._refill()

    def _refill(self) -> None:
        """Whoever finds the queue empty looks for what is due: hundreds of files do not wait for the next sweep."""
        try:
            if not self.look():
                sweep(self, _now())
        except Exception:
            log.warning("Nothing was found to do; the next sweep will look again.", exc_info=True)


@dataclass
class Workers:
    """The workers of one process. ``stop`` waits a little for what they are at."""

    queue: Queue
    consumer: Any
    sweeper: threading.Thread
    stopping: threading.Event

    def stop(self) -> None:
        """Take no more work, finish what was begun, and free at once what takes too long."""
        self.stopping.set()
        self.consumer.stop(graceful=True)
        self.sweeper.join(timeout=5)
        with session(self.queue.settings) as db:
            leasing.give_back(db)
        self.queue.close()


def start(settings: Settings) -> Workers:
    """Start the workers of this process as threads."""
    queue = connect(settings)
    for name in (log.name, notifying.log.name, "huey.consumer.Worker", "huey.consumer.Scheduler"):
        logging.getLogger(name).addFilter(_brief)
    consumer = Consumer(
        queue.huey,
        workers=settings.job_workers,
        periodic=False,
        initial_delay=0.05,
        backoff=1.3,
        max_delay=LONGEST_WAIT if queue.huey.storage.blocking else LONGEST_POLL,
        scheduler_interval=60,  # nothing is ever scheduled: the rows know when they are due
        check_worker_health=True,
        shutdown_timeout=FINISH_SECONDS,
    )
    # It would take SIGTERM for itself, and the web server that shares the process would never hear of it.
    consumer._set_signal_handlers = lambda: None
    consumer.start()
    threading.Thread(target=_warm_up, name="warm up", daemon=True).start()
    stopping = threading.Event()
    sweeper = threading.Thread(target=_sweep_for_ever, args=(queue, stopping), name="sweep", daemon=True)
    sweeper.start()
    return Workers(queue, consumer, sweeper, stopping)


def sweep(queue: Queue, at: datetime) -> int:
    """Hand out every row that is due and that nobody is at work on; returns how many."""
    with session(queue.settings) as db:
        due = [("arrival", row) for row in importing.due(db, at)]
        due += [("badge", row) for row in checking.due(db, at)]
        due += [("mailbox", row) for row in mailboxes.due(db, at)]
        due += [("news", row) for row in telling.due(db, at)]
        due += [("outbox", 0)] if notifying.is_due(db, at) else []
        due += [("picture", row) for row in drawing.due(db, at)]
    for what, row_id in due:
        queue.put(what, row_id)
    return len(due)


def work_off(settings: Settings, at: Callable[[], datetime]) -> None:
    """Do everything that is due here and now, without a queue: for the command line and for tests."""
    while True:
        with session(settings) as db:
            arrivals, badges = importing.due(db, at()), checking.due(db, at())
            boxes, pictures, readers = mailboxes.due(db, at()), drawing.due(db, at()), telling.due(db, at())
        if not (arrivals or badges or boxes or pictures or readers):
            break
        for row in boxes:
            _look(settings, row)
        for row in arrivals:
            _read(settings, row)
        for row in badges:
            _check(settings, row)
        for row in pictures:
            _draw(settings, row)
        for row in readers:
            _tell(settings, row)
    _send(settings, 0)


def _nudge(what: str, row_id: int) -> None:
    if _queue is None:
        return
    try:
        _queue.put(what, row_id)
    except Exception as error:  # noqa: BLE001 - whatever it is, the row lies safely
        log.warning("The queue did not take a nudge; the sweep will find the row: %s", reason(error))


def _sweep_for_ever(queue: Queue, stopping: threading.Event) -> None:
    purged = 0.0
    while not stopping.wait(SWEEP_SECONDS):
        try:
            is_full = queue.is_full()
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing can be handed out
            log.warning("The queue does not answer; work goes on once it does. %s", reason(error))
            continue
        try:
            if not is_full:
                sweep(queue, _now())
            if _now().timestamp() - purged > PURGE_SECONDS:
                purged = _now().timestamp()
                erasing.purge(engine_for(queue.settings), Blobs(queue.settings), _now())
        except Exception:
            log.exception("A sweep did not finish; the next one will.")


def _warm_up() -> None:
    """Load the verifier into a worker process: the first badge of the day is not to wait for that."""
    with suppress(BackpackError):
        workers.run("backpack.services.judging:opened", b"{}")


def _read(settings: Settings, arrival_id: int) -> None:
    for badge_id in importing.unpack(engine_for(settings), Blobs(settings), settings, arrival_id, _now()):
        nudge_badge(badge_id)


def _check(settings: Settings, badge_id: int) -> None:
    checking.check_badge(engine_for(settings), Blobs(settings), settings, badge_id, _now())
    with session(settings) as db:
        waiting = notifying.is_due(db, _now())
    if waiting:
        nudge_outbox()


def _draw(settings: Settings, badge_id: int) -> None:
    drawing.draw(engine_for(settings), Blobs(settings), settings, badge_id, _now())


def _look(settings: Settings, mailbox_id: int) -> None:
    """One turn at a mailbox. Slow servers may hold one worker of a process, never all of them."""
    if not _at_mailboxes.acquire(blocking=False):
        return  # it stays due, and the next sweep hands it out again
    try:
        looked = mailboxes.look(engine_for(settings), Blobs(settings), settings, mailbox_id, _now())
    finally:
        _at_mailboxes.release()
    for arrival_id in looked.arrivals[:ENOUGH]:
        nudge_arrival(arrival_id)
    if looked.goes_on:
        nudge_mailbox(mailbox_id)  # behind whatever waits already


def _tell(settings: Settings, earner_id: int) -> None:
    if telling.tell(engine_for(settings), settings, earner_id, _now()):
        nudge_outbox()


def _send(settings: Settings, _row: int) -> None:
    notifying.send_due(engine_for(settings), settings, _now())


class _Brief(logging.Filter):
    """Lets the same trouble be told once a minute: while a queue is away every worker meets it again and again."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.getMessage().startswith("Error reading"):  # huey, of its storage
            record.msg, record.args = f"{record.getMessage().rstrip('.')}: {reason(record.exc_info[1])}", ()
            record.exc_info = None
        what = f"{record.getMessage()} {record.exc_info and record.exc_info[1]}"
        at = time.monotonic()
        recent = {said: when for said, when in self._told.items() if at - when < TELL_AGAIN}
        self._told = recent | ({} if what in recent else {what: at})
        return what not in recent


_brief = _Brief()
_WORK: dict[str, Callable[[Settings, int], None]] = {
    "arrival": _read,
    "badge": _check,
    "mailbox": _look,
    "news": _tell,
    "outbox": _send,
    "picture": _draw,
}
_at_mailboxes = threading.Semaphore(1)
_queue: Queue | None = None


def _now() -> datetime:
    return datetime.now(UTC)

"""What was found out about a file that many badges name: the same again while all that it stands on is the same.

A verdict is a function of the file, of the documents that were looked at, and of the time. The time matters
only where something begins or ends, and whatever does is written in one of them: between two of the times
that they name, nothing changes.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from typing import Generic, TypeVar

from ..errors import Unreadable
from . import strict_json
from .budget import Budget, Meter
from .carriers.compact_jwt import looks_compact, without_envelope
from .compact import claimed_time, payload
from .credential import Json
from .documents import Document, Documents
from .frozen import frozen
from .times import date_time_stamp
from .watching import Watched

MAX_SIZE = 256 * 1024
"""How many bytes of documents one thing that is remembered may stand on."""
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

T = TypeVar("T")
Work = Callable[[Documents, Budget], T]


@frozen
class _Found(Generic[T]):
    value: T
    meter: Meter
    answers: Mapping[str, Document | None]
    known: Mapping[str, bool]
    since: datetime
    until: datetime

    def stands_on(self, documents: Documents) -> bool:
        """Whether these say the same; who watches them sees what it stands on when it does, and nothing else."""
        plain = Documents(*documents)
        is_so = all(_is_the_same(plain.get(url), answer) for url, answer in self.answers.items()) and all(
            (url in plain) is is_known for url, is_known in self.known.items()
        )
        if is_so:
            for url in self.answers:
                documents.get(url)
            for url in self.known:
                _ = url in documents
        return is_so


class Remembered(Generic[T]):
    """The last few answers to one question, each for what it was asked about."""

    def __init__(self, most: int, is_small: Callable[[T], bool] = lambda _: True) -> None:
        """Keep so many, of those that are small enough."""
        self._most = most
        self._is_small = is_small
        self._found: OrderedDict[Hashable, _Found[T]] = OrderedDict()
        self._lock = threading.Lock()

    def ask(
        self, file: Document, depth: int, documents: Documents, at: datetime, budget: Budget, work: Work[T]
    ) -> T:
        """What ``work`` says of a file, told from memory where it would be the same; the budget pays either way."""
        about = file.body, depth
        with self._lock:
            found = self._found.get(about)
        if found is not None and found.since <= at < found.until and found.stands_on(documents):
            found.meter.charge(budget)
            return found.value
        used, meter = Watched(documents), Meter(budget)
        value = work(used, meter)
        meter.detach()
        times = _times_in(file, *used.answers.values())
        if times is not None and self._is_small(value):
            since = max((one for one in times if one <= at), default=_FIRST)
            until = min((one for one in times if one > at), default=_LAST)
            self._keep(about, _Found(value, meter, used.answers, used.known, since, until))
        return value

    def _keep(self, about: Hashable, found: _Found[T]) -> None:
        with self._lock:
            self._found[about] = found
            self._found.move_to_end(about)
            while len(self._found) > self._most:
                self._found.popitem(last=False)


def _is_the_same(one: Document | None, other: Document | None) -> bool:
    """Whether two answers say the same, whenever they were fetched."""
    if one is None or other is None:
        return one is other
    return (one.body, one.status, one.problem, one.content_type, one.final_url) == (
        other.body,
        other.status,
        other.problem,
        other.content_type,
        other.final_url,
    )


def _times_in(*answers: Document | None) -> set[datetime] | None:
    """Every time that documents name; None where they are too large, or not of a kind that can be told."""
    documents = [document for document in answers if document is not None]
    if sum(len(document.body) for document in documents) > MAX_SIZE:
        return None
    found: set[datetime] = set()
    for document in documents:
        try:
            found |= _times_of(_said_in(document.body))
        except Unreadable:
            return None
    return found


def _said_in(body: bytes) -> Json:
    text = body.decode(errors="replace").strip()
    return text if looks_compact(text) else strict_json.loads(body, limit=MAX_SIZE, longest=MAX_SIZE)


def _times_of(said: Json) -> set[datetime]:
    """Those in tokens as well, wherever they stand."""
    found: set[datetime | None] = set()
    waiting = [said]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and looks_compact(value):
            waiting.append(payload(without_envelope(value), limit=MAX_SIZE, longest=MAX_SIZE))
        elif isinstance(value, str):
            found.add(date_time_stamp(value))
        else:
            found.add(claimed_time({"": value}, ""))
    return {one for one in found if one is not None}

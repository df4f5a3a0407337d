"""What addresses answered. The core never fetches: it says what it wants, and is handed documents."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from .frozen import frozen

T = TypeVar("T")


@frozen
class Document:
    """What one URL answered, once. A fetch that failed is a document too: it carries a ``problem``.

    ``status`` is the HTTP status, 0 when nothing answered. ``problem`` is a sentence for people, such
    as "example.org did not answer in 15 s", and is None when the address answered 2xx. A 404 or 410
    has both a status and a problem.
    """

    url: str
    status: int
    body: bytes = b""
    content_type: str = ""
    problem: str | None = None
    fetched_at: datetime | None = None
    final_url: str | None = None

    @property
    def ok(self) -> bool:
        """Whether there is a body that may be read."""
        return self.problem is None and 200 <= self.status < 300

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the body: the name under which the archive keeps it."""
        return hashlib.sha256(self.body).hexdigest()


def as_told(url: str, entry: Mapping[str, Any], body: bytes, at: datetime) -> Document:
    """What an address answered, as an index of stored documents tells it; ``at`` when it does not tell the time.

    Beside ``status`` and ``content_type`` it may tell ``problem``, ``final_url`` and ``fetched_at``, as a
    bundle's does. Raises ValueError when what it tells is of the wrong kind.
    """
    status = int(entry.get("status", 200))
    usual = None if 200 <= status < 300 else f"it answered {status}"
    told = {name: entry.get(name) for name in ("problem", "final_url", "fetched_at")}
    texts = {name: str(value) for name, value in told.items() if value is not None}
    return Document(
        url,
        status,
        body,
        str(entry.get("content_type", "")),
        texts.get("problem", usual),
        datetime.fromisoformat(texts["fetched_at"]) if "fetched_at" in texts else at,
        texts.get("final_url"),
    )


class Documents:
    """An immutable set of documents by the URL that was asked for (fragments never count).

    ``kept`` is for what is worked out from exactly these documents, at some cost, and asked for again.
    """

    __slots__ = ("_by_url", "kept")

    def __init__(self, *documents: Document) -> None:
        self._by_url: Mapping[str, Document] = MappingProxyType({d.url: d for d in documents})
        self.kept: dict[tuple[str, int], Any] = {}

    def plus(self, *documents: Document) -> "Documents":
        """These and those; on the same URL the newcomer wins."""
        return Documents(*self, *documents)

    def get(self, url: str) -> Document | None:
        """The document of this URL, fragment ignored, or None when nobody asked yet."""
        return self._by_url.get(url.partition("#")[0])

    def once(self, what: str, document: Document, make: Callable[[Document], T]) -> T:
        """What is made of one of these documents, made once: all credentials in a record may ask for it."""
        key = (what, id(document))
        if key not in self.kept:
            self.kept[key] = make(document)
        return self.kept[key]  # type: ignore[no-any-return]

    def __contains__(self, url: str) -> bool:
        return url.partition("#")[0] in self._by_url

    def __iter__(self) -> Iterator[Document]:
        return iter(self._by_url.values())

    def __len__(self) -> int:
        return len(self._by_url)

    def __reduce__(self) -> "tuple[type[Documents], tuple[Document, ...]]":
        """For the way to a worker process and back: a read-only view cannot be pickled."""
        return Documents, tuple(self)

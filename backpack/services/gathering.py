"""What is being gathered from a delivery: badges, troubles, and what is left to be opened on its own."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .. import workers
from ..config import Settings
from ..errors import BackpackError, TooComplex
from ..sources import Piece
from ..workers.messages import WorkerFailed
from .judging import Grounds, Opened


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why one piece or link brought no badge. ``is_passing``: it may be better later.

    ``of_link``: it is of a link or a paper in a mail, which only might have led to one.
    """

    says: str
    try_this: str = ""
    name: str = ""
    is_passing: bool = False
    of_link: bool = False
    code: str = "no_badge"
    """The same as a stable word, to count by."""


@dataclass(frozen=True, slots=True)
class Found:
    """A badge with the bytes it was found in."""

    data: bytes
    opened: Opened


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that was in a delivery; ``parts`` is how many pieces and links there were.

    Of a mail also what it says of itself, and the links in it that may lead to a badge and were not opened.
    ``archives`` are not opened here: each becomes an arrival of its own.
    """

    badges: tuple[Found, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    parts: int = 1
    links: tuple[str, ...] = ()
    """Addresses that may lead to a badge, of a mail from an unknown sender: opened when the earner says so."""
    letter: dict[str, Any] | None = None
    """What a mail says of itself: from, forwards, subject, date, to, and which platform sends such mails."""
    archives: tuple[Piece, ...] = ()
    listed: tuple[str, ...] = ()
    """Badges of a collection, by their addresses: each becomes an arrival of its own."""
    ours: tuple[str, ...] = ()
    """Addresses of this very Backpack, which were not asked."""
    others: tuple[str, ...] = ()
    """Addresses that say nothing of a badge, of a mail with nothing better in it: worth offering to who sent it on."""


@dataclass
class Gathering:
    """The work on one delivery, as far as it has come. ``listed`` are a collection's badges, each to be an import."""

    settings: Settings
    grounds: Grounds | None = None
    """What badges can be judged by at once."""
    badges: list[Found] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)
    parts: int = 0
    archives: list[Piece] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    asks_first: bool = False
    """Whether addresses that no platform is known by are only offered: it is a mail, and anybody sends those."""
    offered: list[str] = field(default_factory=list)
    ours: list[str] = field(default_factory=list)
    """Addresses of this very Backpack, which are not asked."""


def is_ours(url: str, settings: Settings) -> bool:
    """Whether an address is of this Backpack."""
    return urlsplit(url).netloc.lower() == urlsplit(settings.base_url).netloc.lower()


def take(work: Gathering, piece: Piece) -> Trouble | None:
    """Take the badges in these bytes; else why there are none."""
    try:
        work.badges += opened(piece, work.grounds)
    except BackpackError as error:
        return Trouble(error.says, error.try_this, piece.name, of_link=True, code=error.code)
    return None


def opened(piece: Piece, grounds: Grounds | None = None) -> list[Found]:
    """Every badge in these bytes, read in a worker; one inside a record is kept by its own text. Raises Unreadable."""
    work = "backpack.services.judging:opened"
    found: list[Opened]
    try:
        found = workers.run(work, piece.data, grounds)
    except (TooComplex, WorkerFailed):
        if grounds is None:
            raise
        found = workers.run(work, piece.data)  # what is too much to judge at once may still be kept
    return [Found(one.apart or piece.data, one) for one in found]

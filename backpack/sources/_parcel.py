"""What a source is given, and what it finds."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """What an arrival brought: the bytes as they came, and where from (a file name, an address, a sender)."""

    data: bytes
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that may hold a badge, and a name for people."""

    data: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says of itself. Nothing of it is proven.

    ``to`` are the addresses it was sent to, as hints to whom its badge was awarded; ``links`` are all addresses
    in its words, by which a platform knows its own. When it is a forward, ``forwards`` is who wrote first.
    """

    sender: str = ""
    name: str = ""
    subject: str = ""
    date: datetime | None = None
    to: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    platform: str = ""
    forwards: str = ""

    @property
    def author(self) -> str:
        """Name and address of the sender, for people."""
        return f"{self.name} <{self.sender}>" if self.name else self.sender


@dataclass(frozen=True, slots=True)
class Finds:
    """What was found: bytes to read, and addresses to fetch, each its own badge.

    ``offered`` are addresses that may lead to a badge and are opened when the earner says so; ``others`` say
    nothing of a badge, and are worth offering when there is nothing else. ``steps`` are what the earner can do
    where a platform shows its badges only to those who sign in.
    """

    pieces: tuple[Piece, ...] = ()
    links: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    letter: Letter | None = None

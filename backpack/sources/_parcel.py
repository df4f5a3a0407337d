"""What a source is given, and what it finds."""

from dataclasses import dataclass


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
class Finds:
    """What was found: bytes to read, and addresses to fetch, each its own badge."""

    pieces: tuple[Piece, ...] = ()
    links: tuple[str, ...] = ()

"""What a badge can travel in: one module a carrier, one line each here."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Unbaked:
    """What a carrier held: the text of a badge (JSON, compact JWS or JWT, or an address), and how it was read.

    ``picture`` is the media type when the carrier is itself a picture to show ("image/png").
    """

    text: str
    carrier: str
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    picture: str | None = None


class Carrier(Protocol):
    """A carrier."""

    def recognises(self, data: bytes) -> bool:
        """Whether these bytes are in this carrier, by their first bytes, never by a file name."""

    def unbake(self, data: bytes) -> tuple[Unbaked, ...]:
        """Every candidate inside, best first; raises Unreadable when there is none or it is broken."""


CARRIERS: dict[str, Carrier] = {}

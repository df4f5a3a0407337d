"""What a badge can travel in: one module a carrier, one line each here."""

from typing import Protocol

from ..frozen import frozen


@frozen
class Unbaked:
    """What a carrier held: the text of a badge (JSON, compact JWS or JWT, or an address), and how it was read.

    ``picture`` is the media type when the carrier is itself a picture to show ("image/png").
    ``address`` is where the carrier itself, beside the text, says the badge is hosted (SVG ``verify``).
    """

    text: str
    carrier: str
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    picture: str | None = None
    address: str | None = None


class Carrier(Protocol):
    """A carrier."""

    def recognises(self, data: bytes) -> bool:
        """Whether these bytes are in this carrier, by their first bytes, never by a file name."""

    def unbake(self, data: bytes) -> tuple[Unbaked, ...]:
        """Every candidate inside, best first; raises Unreadable when there is none or it is broken."""


from . import bare_address, bare_json, compact_jwt, png, svg  # noqa: E402  (they need Unbaked)

CARRIERS: dict[str, Carrier] = {
    "png": png,
    "svg": svg,
    "json": bare_json,
    "jwt": compact_jwt,
    "url": bare_address,
}

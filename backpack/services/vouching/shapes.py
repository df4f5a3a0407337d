"""What is known of a mail's way and of its sender: two small shapes, kept as JSON in ``Arrival.letter``.

    letter["reception"] = {"door": "smtp", "peer": "192.0.2.7", "helo": "mx.uni.example", "mail_from": "a@uni.example"}
    letter["vouched"] = {
        "by": "us",
        "author": "maria@uni.example",
        "spf": {"outcome": "pass", "domain": "uni.example"},
        "dkim": [{"outcome": "pass", "domain": "uni.example"}],
        "dmarc": {"outcome": "pass", "domain": "uni.example"},
        "aligned": true,
        "forwarded_by": "maria@uni.example"
    }

What the outcomes mean, and no more than that. SPF pass: that server may send for the envelope's domain. DKIM
pass: that domain signed these bytes. DMARC pass, and ``aligned``: the domain in From is the one that did so.
None of them proves a person, nor that a badge is genuine.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

PASS, FAIL, NONE, UNKNOWN = "pass", "fail", "none", "unknown"
"""It holds · it does not · there is nothing to check · it could not be learnt."""


@dataclass(frozen=True, slots=True)
class Reception:
    """How a mail came in: what our own door saw of it, never what the mail says of itself."""

    door: str = ""  # smtp, lmtp, webhook; "" for a file or a connected mailbox
    peer: str = ""
    """The address that connected; "" when somebody else took the mail for us."""
    helo: str = ""
    mail_from: str = ""
    """The envelope's sender; "" for a bounce."""

    @classmethod
    def of(cls, letter: object) -> Self:
        """The reception that an arrival's letter tells of."""
        told = letter.get("reception") if isinstance(letter, Mapping) else None
        return cls(**told) if isinstance(told, dict) else cls()

    def as_json(self) -> dict[str, Any]:
        """As it is kept in the letter."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, and the domain that it is about."""

    outcome: str = NONE
    domain: str = ""


NOTHING = Said()


@dataclass(frozen=True, slots=True)
class Vouched:
    """What SPF, DKIM and DMARC say of a mail. ``Vouched()`` is: nobody checked its sender."""

    by: str = ""  # us: checked here; mta: our own mail server says so; "": nobody
    author: str = ""
    """The one address in From, in small letters; "" when there is none, or more than one."""
    spf: Said = NOTHING
    dkim: tuple[Said, ...] = ()
    dmarc: Said = NOTHING
    aligned: bool = False
    """Whether a signature of the author's own domain holds (or our mail server says dmarc=pass)."""
    forwarded_by: str | None = None
    """The earner's confirmed address that sent it, when ``aligned`` shows that it did; otherwise None."""

    @classmethod
    def of(cls, letter: object) -> Self:
        """What an arrival's letter tells; nothing for a letter that tells nothing."""
        told = letter.get("vouched") if isinstance(letter, Mapping) else None
        if not isinstance(told, dict):
            return cls()
        said = {name: Said(**told[name]) for name in ("spf", "dmarc")}
        return cls(**{**told, **said, "dkim": tuple(Said(**one) for one in told["dkim"])})

    def as_json(self) -> dict[str, Any]:
        """As it is kept in the letter."""
        return {**asdict(self), "dkim": [asdict(one) for one in self.dkim]}

    def seen_by(self, confirmed: Iterable[str]) -> Self:
        """The same, knowing the earner's confirmed addresses: whether one of them forwarded it."""
        is_theirs = self.aligned and self.author in {address.lower() for address in confirmed}
        return replace(self, forwarded_by=self.author if is_theirs and self.author else None)

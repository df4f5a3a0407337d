"""What the demo issuers are asked for, and what they hand out."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from backpack.verifier.credential import Alignment, Evidence, Result
from backpack.verifier.report import Verdict

JsonObject = dict[str, Any]


class Answer(NamedTuple):
    """What one address answers: HTTP status, content type, body."""

    status: int
    content_type: str
    body: bytes


Answers = Mapping[str, Answer]


def facts(**members: Any) -> JsonObject:
    """Those members of a JSON object that have something to say."""
    return {name: value for name, value in members.items() if value}


@dataclass(frozen=True, slots=True)
class Award:
    """One achievement awarded to one person, before any version of the standard has written it down.

    ``art`` names a drawing of ``backpack.demo.art``; ``picture`` says how the badge names it: png,
    svg, jpeg or webp (an address), data (inside), none. ``naming`` says how the recipient stands in
    it: hashed (with salt), plain, did (then ``recipient`` is a DID). ``standing`` is none (no status
    at all), good, revoked, suspended or silent (the list does not answer); ``reason`` is the
    issuer's word for it; ``listed`` says in which list of OB 3.0: bitstring or 1edtech. ``number``
    makes its addresses different from those of another award. ``subject`` and
    ``achievement`` are further members, in the terms of OB 3.0, of this award and of what it is for.
    """

    name: str
    recipient: str
    issued_at: datetime
    expires_at: datetime | None = None
    description: str = "Awarded by an issuer that exists only in this demonstration."
    criteria: str = "Complete the course and hand in the final piece of work."
    art: str = "open-science"
    picture: str = "png"
    naming: str = "hashed"
    salt: str = "sea-salt"
    recipient_name: str | None = None
    standing: str = "none"
    reason: str = ""
    listed: str = "bitstring"
    tags: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    results: tuple[Result, ...] = ()
    narrative: str | None = None
    language: str | None = None
    kind: str = "Badge"
    number: int = 1
    subject: JsonObject = field(default_factory=dict)
    achievement: JsonObject = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """Its part of an address."""
        return f"{self.art}-{self.number}"

    @property
    def identity(self) -> str:
        """The recipient as the badge writes it: plain, or hashed with the salt."""
        if self.naming != "hashed":
            return self.recipient
        return f"sha256${hashlib.sha256(f'{self.recipient}{self.salt}'.encode()).hexdigest()}"

    @property
    def identity_object(self) -> JsonObject:
        """The recipient as OB 1.0 to 2.0 write it."""
        kind = "id" if self.naming == "did" else "email"
        if self.naming != "hashed":
            return {"type": kind, "hashed": False, "identity": self.identity}
        return {"type": kind, "hashed": True, "salt": self.salt, "identity": self.identity}


@dataclass(frozen=True, slots=True)
class Statement:
    """A signed or hosted badge before it travels: its text, and the addresses that must answer.

    ``keyword`` is the one it is baked under (openbadges, openbadgecredential); ``address`` is where
    it is hosted, for the versions that are.
    """

    text: str
    keyword: str
    documents: Answers
    address: str | None = None
    media_type: str = "application/ld+json"
    suffix: str = "json"


@dataclass(frozen=True, slots=True)
class Issued:
    """A badge as its earner gets it: the bytes of a file, and what the issuer's addresses answer.

    ``text`` is the JSON, JWS or JWT inside; ``expect`` is the verdict it deserves, asked for its
    ``recipient`` at the time it was made.
    """

    data: bytes
    media_type: str
    file_name: str
    documents: Answers
    recipient: str
    title: str
    expect: Verdict
    text: str = ""
    keyword: str = "openbadgecredential"
    address: str | None = None
    art: str = "open-science"
    carrier: str = "bare"

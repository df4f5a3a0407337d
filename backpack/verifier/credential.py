"""The one shape that every version of a badge is read into. A projection: the original stays as it is."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from .frozen import frozen

Json = Any  # what json.loads gives
JsonObject = Mapping[str, Any]
LEGACY = ("0.5", "1.0", "1.1", "2.0")
"""The versions before verifiable credentials: hosted, or signed as a whole."""


@frozen
class Picture:
    """An image that a badge names: an http(s) or data: address, never bytes."""

    url: str
    caption: str | None = None
    author: str | None = None


@frozen
class Identifier:
    """A name by which a system knows something or somebody; ``kind`` is its identifierType."""

    identifier: str
    kind: str | None = None


@frozen
class Related:
    """Another version of an achievement: an edition, or the same in another language."""

    id: str
    language: str | None = None
    version: str | None = None


@frozen
class Association:
    """How two achievements of a record belong together; ``kind`` is isChildOf, precedes, replacedBy…"""

    kind: str
    source: str | None = None
    target: str | None = None


@frozen
class Recipient:
    """Whom the credential names. ``kind`` is emailAddress, url, did or another identityType.

    ``identity`` is the plain identity, or when ``hashed`` the hash as written ("sha256$c0ff…").
    """

    kind: str
    identity: str
    hashed: bool = False
    salt: str | None = None


@frozen
class Issuer:
    """Who awards it."""

    id: str | None = None
    name: str | None = None
    url: str | None = None
    email: str | None = None
    description: str | None = None
    picture: Picture | None = None
    phone: str | None = None
    address: str | None = None
    identifiers: tuple[Identifier, ...] = ()


@frozen
class Alignment:
    """A skill or standard that the achievement maps to."""

    name: str
    url: str | None = None
    description: str | None = None
    framework: str | None = None
    code: str | None = None
    kind: str | None = None


@frozen
class Evidence:
    """The earner's work, as the standard means it; never our archive."""

    url: str | None = None
    name: str | None = None
    narrative: str | None = None
    description: str | None = None
    genre: str | None = None
    audience: str | None = None


@frozen
class Result:
    """One measured result (OB 3.0 ``result`` joined with its ``resultDescription``).

    ``level`` is the name of the rubric's level that was reached, ``required`` the value or level that was asked for;
    ``scale`` holds the values that could be reached, ``lowest`` and ``highest`` where they end.
    """

    name: str | None = None
    value: str | None = None
    status: str | None = None
    kind: str | None = None
    level: str | None = None
    required: str | None = None
    scale: tuple[str, ...] = ()
    lowest: str | None = None
    highest: str | None = None
    alignments: tuple[Alignment, ...] = ()


@frozen
class Achievement:
    """What it is for (OB 1 and 2: BadgeClass)."""

    id: str | None = None
    name: str | None = None
    description: str | None = None
    criteria_url: str | None = None
    criteria_narrative: str | None = None
    picture: Picture | None = None
    kind: str | None = None
    tags: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    creator: Issuer | None = None
    identifiers: tuple[Identifier, ...] = ()
    related: tuple[Related, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """Its name in every language that it is given in."""
    descriptions: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    """Further plain facts by the standard's own term: humanCode, fieldOfStudy, specialization, version…"""


@frozen
class Endorsement:
    """What somebody else says for a badge, for what it is for, or for its issuer. ``subject`` is the id it names."""

    by: Issuer
    name: str | None = None
    comment: str | None = None
    subject: str | None = None


@frozen
class Credential:
    """The signed statement, any version, parsed and frozen.

    ``version`` is one of 0.5 1.0 1.1 2.0 3.0 clr2.0 vc, or "" while only an address is known (then
    ``hosted_at`` says where the credential must be read from). ``carrier`` is png svg json jwt url.
    ``raw`` is the JSON object that was signed or hosted; ``compact`` the JWS or JWT exactly as
    received. ``address`` is where it is or claims to be hosted (OB 0.5 to 2.x).
    """

    version: str
    carrier: str
    raw: JsonObject = field(default_factory=dict)
    compact: str | None = None
    id: str | None = None
    address: str | None = None
    title: str | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    """The title in every language that it is given in."""
    achievement: Achievement = Achievement()
    issuer: Issuer = Issuer()
    recipients: tuple[Recipient, ...] = ()
    recipient_name: str | None = None
    """A name the credential itself carries (signed), never an account's."""
    issued_at: datetime | None = None
    begins_at: datetime | None = None
    """From when it holds, which may be later than the day it was awarded for."""
    expires_at: datetime | None = None
    narrative: str | None = None
    evidence: tuple[Evidence, ...] = ()
    results: tuple[Result, ...] = ()
    picture: Picture | None = None
    language: str | None = None
    source: Issuer | None = None
    """Who assessed the earner or helped to, where that is not the issuer."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Further plain facts about this award by the standard's own term: licenseNumber, role, term, creditsEarned…"""
    associations: tuple[Association, ...] = ()
    contained: tuple["Credential", ...] = ()
    """Credentials inside it (CLR 2.0, presentations), each verified on its own."""
    notes: tuple[str, ...] = ()
    """What was read leniently, one sentence each."""
    problems: tuple[str, ...] = ()
    """What is wrong with its structure, one sentence each, found while parsing; empty when sound."""
    is_ordinary: bool = False
    """Whether it is as ``rules.ordinary`` describes: each of its words is known, and need not be looked up; and it
    names no endorsement, newer version, other credential or resource, and no schema but the published ones.
    """

    @property
    def called(self) -> str | None:
        """What people call the badge: what was achieved, else the credential's own title."""
        return self.achievement.name or self.title

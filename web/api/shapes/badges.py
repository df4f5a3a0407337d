"""Badges, and what becomes of what is brought in."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, WithJsonSchema

from .common import ARRIVAL_ID, BADGE_ID, Note, Tag, Text, given, taken


class Bring(BaseModel):
    """A badge by its address, or as text: exactly one of the two."""

    model_config = taken({"url": "https://issuer.example/badges/42"})
    url: Text | None = Field(
        None, max_length=2048, description="Address of a badge, or of a page that shows one"
    )
    text: Text | None = Field(None, description="JSON, a signed JWS or JWT, or an address")


ARRIVAL = {
    "arrival": ARRIVAL_ID,
    "state": "done",
    "badges": [BADGE_ID],
    "problem": None,
    "try_this": None,
    "source": "file",
    "origin": "robotics.png",
    "created_at": "2026-05-03T09:30:00Z",
    "letter": None,
    "links": [],
    "children": None,
}
LETTER = {
    "sender": "awards@issuer.example",
    "subject": "You earned a badge",
    "proves": "The e-mail came through issuer.example’s servers (signed by issuer.example).",
    "vouched": {
        "by": "us",
        "author": "awards@issuer.example",
        "spf": {"outcome": "pass", "domain": "issuer.example"},
        "dkim": [{"outcome": "pass", "domain": "issuer.example"}],
        "dmarc": {"outcome": "pass", "domain": "issuer.example"},
        "aligned": True,
        "forwarded_by": None,
    },
    "confirmation": None,
}


class Confirmation(BaseModel):
    """What a mail provider asks before it forwards to your import address; you answer there, never we."""

    model_config = given(
        {
            "provider": "Gmail",
            "mailbox": "ada@people.example",
            "code": "123456789",
            "link": "https://mail-settings.google.com/mail/vf-example",
        }
    )
    provider: str
    mailbox: str = Field(description="Whose mail would be forwarded")
    code: str = Field(description="To type in the provider's settings; may be empty")
    link: str = Field(description="The provider's page for it; may be empty. We never open it")


class Letter(BaseModel):
    """What is known of a mail and of its sender. None of it is about the badges in it."""

    model_config = given(LETTER)
    sender: str = Field(description="Who the mail says it is from")
    subject: str
    proves: str = Field(description="What the mail proves about its sender, in a sentence")
    vouched: dict[str, Any] | None = Field(
        description="SPF, DKIM and DMARC, each with its outcome and domain; null when nobody checked"
    )
    confirmation: Confirmation | None = Field(
        description="The code with which a provider begins to forward, when the mail is about that"
    )


class Children(BaseModel):
    """The files of an archive, each an arrival of its own: how many there are, and how far they are."""

    total: int = Field(description="Files in the archive, also those that were not taken out yet")
    waiting: int = Field(description="Not read yet, or being read")
    stopped: int = Field(description="Not read until the earner goes on")
    done: int = Field(description="Read, with at least one badge")
    failed: int = Field(description="Read, but without a badge")


class Arrival(BaseModel):
    """One delivery of bytes and what became of it."""

    model_config = given(ARRIVAL)
    arrival: str = Field(description="Its id")
    state: Literal["waiting", "reading", "stopped", "done", "failed"]
    badges: list[str] = Field(description="Ids of the badges found in it, new or already there")
    problem: str | None = Field(
        description="What could not be read, in a sentence; some badges may be in all the same"
    )
    try_this: str | None = Field(description="What to do about the problem")
    source: str = Field(description="By which way it came: file, link, text, mail…")
    origin: str = Field(description="File name, address or sender")
    created_at: datetime
    letter: Letter | None = Field(None, description="Of a mail: who sent it, as far as that is known")
    links: list[str] = Field(
        [], description="Addresses in a mail that may lead to a badge, and that nobody has opened yet"
    )
    children: Children | None = Field(
        description="Of an archive (ZIP, mbox): what became of its files; null for everything else"
    )


class Arrivals(BaseModel):
    """Several deliveries."""

    model_config = given(
        {
            "arrivals": [
                ARRIVAL
                | {
                    "state": "waiting",
                    "badges": [],
                    "source": "link",
                    "origin": "https://issuer.example/badges/42",
                }
            ]
        }
    )
    arrivals: list[Arrival]


class Links(BaseModel):
    """Which links of a mail to open."""

    model_config = taken({"links": ["https://issuer.example/badges/42"]})
    links: list[Text] = Field([], max_length=20, description="As the arrival lists them; none means all")


REPORT = {
    "valid": True,
    "verdict": "verified",
    "version": "3.0",
    "carrier": "png",
    "checks": [
        {"id": "structure", "outcome": "passed", "message": "It is a well-formed Open Badge 3.0."},
        {"id": "proof", "outcome": "passed", "message": "The signature is good: nothing was changed since."},
        {"id": "issuer", "outcome": "passed", "message": "The key belongs to issuer.example."},
        {"id": "recipient", "outcome": "passed", "message": "It was awarded to one of your addresses."},
        {"id": "dates", "outcome": "passed", "message": "Issued on 1 May 2026; it does not expire."},
        {"id": "revocation", "outcome": "passed", "message": "The issuer has not withdrawn it."},
    ],
    "badge": {
        "name": "Robotics, Level 1",
        "description": "Builds and programs a robot that follows a line.",
        "issuer": {"name": "Example Academy", "url": "https://issuer.example"},
        "recipient": "a•••@people.example",
        "issued_at": "2026-05-01T00:00:00Z",
        "expires_at": None,
    },
    "documents": [
        {
            "url": "https://issuer.example/status/1",
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "fetched_at": "2026-05-03T09:30:02Z",
        }
    ],
    "at": "2026-05-03T09:30:02Z",
}

LISTED_BADGE = {
    "id": BADGE_ID,
    "name": "Robotics, Level 1",
    "description": "Builds and programs a robot that follows a line.",
    "issuer": "Example Academy",
    "issuer_url": "https://issuer.example",
    "recipient": "a•••@people.example",
    "version": "3.0",
    "carrier": "png",
    "verdict": "verified",
    "mine": True,
    "issued_at": "2026-05-01T00:00:00Z",
    "expires_at": None,
    "image_url": f"https://backpack.example/api/v1/badges/{BADGE_ID}/image",
    "tags": ["robotics"],
    "note": "Show this one first.",
    "hidden": False,
    "offered": False,
    "folded": [],
    "created_at": "2026-05-03T09:30:00Z",
    "checked_at": "2026-05-03T09:30:02Z",
}
BADGE = LISTED_BADGE | {"report": REPORT}


class Check(BaseModel):
    """One question that an employer asks, with its answer."""

    id: str = Field(description="structure, proof, issuer, recipient, dates, revocation…")
    outcome: Literal["passed", "failed", "unknown", "skipped"]
    message: str = Field(description="The answer in a sentence")


class UsedDocument(BaseModel):
    """What an address answered, as far as a report stands on it."""

    url: str
    sha256: str
    fetched_at: datetime | None


class Report(BaseModel):
    """All answers of one check, as `backpack verify --json` prints them. There may be more fields."""

    model_config = given(REPORT)
    valid: bool = Field(description="True for the verdict `verified` alone")
    verdict: str = Field(
        description="verified, unconfirmed, wrong_recipient, expired, revoked, suspended, not_yet_valid or invalid"
    )
    version: str
    carrier: str
    checks: list[Check]
    badge: dict[str, Any] = Field(description="What the badge says: name, issuer, recipient, dates…")
    documents: list[UsedDocument]
    at: datetime


# Told as it was written, whatever version wrote it; the shape above is for readers of the documentation.
Written = Annotated[dict[str, Any], WithJsonSchema({"$ref": "#/components/schemas/Report"})]


class ListedBadge(BaseModel):
    """A badge, without its report."""

    model_config = given(LISTED_BADGE)
    id: str
    name: str
    description: str
    issuer: str = Field(description="Name of who awarded it")
    issuer_url: str
    recipient: str = Field(description="To whom it was awarded, masked; empty when it shows only a hash")
    version: str = Field(description="0.5, 1.0, 1.1, 2.0, 3.0, clr2.0 or vc")
    carrier: str = Field(description="What it travelled in: png, svg, json, jwt or url")
    verdict: str | None = Field(description="The last report's verdict; null until the first check has ended")
    mine: bool = Field(description="Whether it was awarded to one of your confirmed addresses")
    issued_at: datetime | None
    expires_at: datetime | None
    image_url: str | None = Field(description="Its picture as PNG (needs the token); null when it has none")
    tags: list[str]
    note: str = Field(description="Your private note")
    hidden: bool = Field(description="Whether you hid it from your list")
    offered: bool = Field(
        description="Whether it came by mail and waits to be accepted: then only `status=offered` lists it"
    )
    folded: list[str] = Field(
        description="Ids of the badges on the same card: earlier awards, and the same award in another version"
    )
    created_at: datetime = Field(description="When it came into the backpack")
    checked_at: datetime | None


class Badge(ListedBadge):
    """A badge with its last report, as `backpack verify --json` prints it."""

    model_config = given(BADGE)
    report: Written | None = Field(description="The last report; null until the first check has ended")


class BadgePage(BaseModel):
    """Some of the badges asked for, and how to get the next ones."""

    model_config = given({"badges": [LISTED_BADGE], "next": None, "total": 1})
    badges: list[ListedBadge]
    next: str | None = Field(
        description="Send it as `cursor` to get the next badges; null when these are the last"
    )
    total: int = Field(description="How many there are on all pages together")


class BadgeChanges(BaseModel):
    """What to change; what is left out or null stays as it is."""

    model_config = taken({"note": "Show this one first.", "tags": ["robotics"], "hidden": False})
    note: Note | None = Field(None, description="Private note; an empty text removes it")
    tags: list[Tag] | None = Field(None, max_length=30, description="All tags; an empty list removes them")
    hidden: bool | None = Field(None, description="Hide it from your list, or show it again")


class History(BaseModel):
    """All reports of a badge, the newest first."""

    model_config = given({"reports": [REPORT]})
    reports: list[Written]

"""Answering an employer: is this badge genuine, and is it whose it should be? Nothing of it is kept."""

import time
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from .. import network, pictures, workers
from ..config import Settings
from ..errors import BackpackError
from ..verifier import Document
from . import throttling
from .judging import Facts, Judged
from .opening import Found, Trouble, gather

MOST_BADGES = 10
MOST_ROUNDS = 5
MOST_REQUESTS = 20
LONGEST = 30.0
"""After so many seconds no further address is asked: whoever waits gets what is known by then."""
FOR_EACH_NETWORK = 60  # answers an hour


@dataclass(frozen=True, slots=True)
class Answer:
    """One badge that was looked at. ``report`` is as ``verify --json`` prints it; ``picture`` a data: address or ""."""

    report: dict[str, Any]
    picture: str


@dataclass(frozen=True, slots=True)
class Answers:
    """All badges in what was given, and what could not be read."""

    badges: tuple[Answer, ...]
    troubles: tuple[Trouble, ...]


def look(
    db: Session,
    data: bytes,
    source: str,
    origin: str,
    recipients: tuple[str, ...] | None,
    settings: Settings,
    network_of_asker: str,
    at: datetime,
) -> Answers:
    """Check every badge in a file, link or text (``source``). Raises TooMany.

    ``recipients`` are the addresses it should have been awarded to, None when nobody says.
    """
    throttling.count(db, f"verify:{network_of_asker}", FOR_EACH_NETWORK, 3600, at)
    gathered = gather(data, source, origin, settings)
    until = time.monotonic() + LONGEST
    badges, troubles = [], list(gathered.troubles)
    for found in gathered.badges[:MOST_BADGES]:
        try:
            badges.append(_answered(found, recipients, settings, at, until))
        except BackpackError as error:
            troubles.append(Trouble(error.says, error.try_this, found.opened.facts.title))
    return Answers(tuple(badges), tuple(troubles))


def _answered(
    found: Found, recipients: tuple[str, ...] | None, settings: Settings, at: datetime, until: float
) -> Answer:
    hand: dict[str, Document] = {}
    for _ in range(MOST_ROUNDS):
        judged = _judged(found, hand, recipients, at)
        urls = [url for url in judged.wants if url not in hand][: MOST_REQUESTS - len(hand)]
        if not urls or time.monotonic() > until:
            break
        hand |= {document.url: document for document in network.fetch_all(urls, settings)}
    return Answer(judged.report, _picture(found.data, judged.facts))


def _judged(
    found: Found, hand: dict[str, Document], recipients: tuple[str, ...] | None, at: datetime
) -> Judged:
    judged: Judged = workers.run(
        "backpack.services.judging:judged",
        found.data,
        found.opened.sha256,
        list(hand.values()),
        recipients,
        at,
        seconds=8,
    )
    return judged


def _picture(data: bytes, facts: Facts) -> str:
    # Only what the file itself carries: nobody but the issuer's own addresses is asked for an answer.
    if facts.carrier not in ("png", "svg"):
        return ""
    try:
        return "data:image/png;base64," + b64encode(pictures.thumbnail(data, 352)).decode()
    except BackpackError:
        return ""

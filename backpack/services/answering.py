"""Answering an employer: is this badge genuine, and is it whose it should be? Nothing of it is kept."""

import time
from base64 import b64encode
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlmodel import Session

from .. import network, pictures, workers
from ..config import Settings
from ..errors import BackpackError
from ..sources import Piece
from ..verifier import Document
from . import ours, splitting, throttling, trusting
from .gathering import Found, Gathering, Trouble, take
from .judging import Facts, Judged
from .opening import gather

MOST_BADGES = 10
MOST_ROUNDS = 5
MOST_REQUESTS = 20
LONGEST = 30.0
"""After so many seconds no further address is asked: whoever waits gets what is known by then."""
FOR_EACH_NETWORK = 60  # answers an hour
NOT_AGAIN = "Try it again in some minutes, or give the badge itself as a file."


class Wanting(Protocol):
    """What a judge says: among other things, which addresses would tell more."""

    @property
    def wants(self) -> tuple[str, ...]:
        """The addresses that are still wanted; empty when it is final."""


Judgement = TypeVar("Judgement", bound=Wanting)


@dataclass(frozen=True, slots=True)
class Answer:
    """One badge that was looked at. ``report`` is as ``verify --json`` prints it; ``picture`` a data: address or ""."""

    report: dict[str, Any]
    picture: str


@dataclass(frozen=True, slots=True)
class Answers:
    """All badges in what was given, and what could not be read; ``without`` is how many files beside them held none."""

    badges: tuple[Answer, ...]
    troubles: tuple[Trouble, ...]
    without: int = 0


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
    badges, troubles = [], [_without_promise(trouble) for trouble in gathered.troubles]
    if gathered.listed:
        says = f"This is a collection of {len(gathered.listed)} badges."
        troubles.append(Trouble(says, "Give the link of one of them to have it checked."))
    troubles += [ours.said_of(db, url, at) for url in gathered.ours]
    there, without = list(gathered.badges), 0
    for piece in gathered.archives:
        inside, others = _unpacked(piece, troubles, settings, until)
        there, without = there + inside, without + others
    if len(there) > MOST_BADGES:
        says = (
            f"There are more than {MOST_BADGES} badges in this, so only the first {MOST_BADGES} were checked."
        )
        troubles.append(Trouble(says, "Give the others on their own."))
    for found in there[:MOST_BADGES]:
        try:
            badges.append(_answered(found, recipients, settings, at, until))
        except BackpackError as error:
            troubles.append(Trouble(error.says, error.try_this, found.opened.facts.title))
    return Answers(tuple(badges), tuple(troubles), without)


def _unpacked(
    piece: Piece, troubles: list[Trouble], settings: Settings, until: float
) -> tuple[list[Found], int]:
    """The badges in an archive, no more than show that there are too many, and how many files held none."""
    work, without = Gathering(settings), 0
    try:
        for one in (one for portion in splitting.portions(piece.data) for one in portion.files if one.data):
            if len(work.badges) > MOST_BADGES or time.monotonic() > until:
                break
            without += take(work, Piece(one.data, one.name)) is not None
    except BackpackError as error:
        troubles.append(Trouble(error.says, error.try_this, piece.name))
        return work.badges, without
    if not work.badges:
        says = "There is no badge in this archive."
        troubles.append(Trouble(says, "Unpack it, and choose the badge itself.", piece.name))
    return work.badges, without


def _without_promise(trouble: Trouble) -> Trouble:
    """Nothing is kept of what strangers give, so nothing of it is tried again by itself."""
    return replace(trouble, try_this=NOT_AGAIN) if trouble.is_passing else trouble


def asking_around(
    judge: Callable[[Collection[Document]], Judgement], settings: Settings, until: float | None = None
) -> Judgement:
    """Judge, fetch what is wanted, judge again: until nothing is, or it is enough, or it is late.

    ``until`` is a time of ``time.monotonic``, a moment from now when None.
    """
    end = time.monotonic() + LONGEST if until is None else until
    hand: dict[str, Document] = trusting.at_hand(settings)
    for _ in range(MOST_ROUNDS):
        judged = judge(hand.values())
        urls = [url for url in judged.wants if url not in hand][: MOST_REQUESTS - len(hand)]
        if not urls or time.monotonic() > end:
            return judged
        hand |= {document.url: document for document in network.fetch_all(urls, settings)}
    return judge(hand.values())


def _answered(
    found: Found, recipients: tuple[str, ...] | None, settings: Settings, at: datetime, until: float
) -> Answer:
    def judge(documents: Collection[Document]) -> Judged:
        work = "backpack.services.judging:judged"
        sha256 = found.opened.sha256
        judged: Judged = workers.run(work, found.data, sha256, list(documents), recipients, at, seconds=8)
        return judged

    judged = asking_around(judge, settings, until)
    return Answer(judged.report, _picture(found.data, judged.facts))


def _picture(data: bytes, facts: Facts) -> str:
    # Only what the file itself carries: nobody but the issuer's own addresses is asked for an answer.
    if facts.carrier not in ("png", "svg"):
        return ""
    try:
        return "data:image/png;base64," + b64encode(pictures.thumbnail(data, 352)).decode()
    except BackpackError:
        return ""

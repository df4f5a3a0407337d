"""Opening what was delivered: which badges are in it, and what could not be read."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from .. import network, pictures, workers
from ..config import Settings
from ..errors import BackpackError, UnknownFormat
from ..network.problems import is_final
from ..sources import SOURCES, Finds, Letter, Parcel, Piece, archive, link, may_confirm, platforms
from ..verifier import Document
from .judging import Opened

MOST_REQUESTS = 20
NOT_ON_PAPER = (
    "There is no badge in this PDF, and no link or code on its pages that leads to one.",
    "Many certificates have an address printed on them: paste that. Or ask the issuer for the badge itself.",
)
_MAY_SHOW_CODES = ("image/png", "image/jpeg", "image/webp", "image/gif")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why one piece or link brought no badge. ``is_passing``: it may be better later.

    ``of_link``: it is of a link or a paper in a mail, which only might have led to one.
    """

    says: str
    try_this: str = ""
    name: str = ""
    is_passing: bool = False
    of_link: bool = False
    code: str = "no_badge"
    """The same as a stable word, to count by."""


@dataclass(frozen=True, slots=True)
class Found:
    """A badge with the bytes it was found in."""

    data: bytes
    opened: Opened


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that was in a delivery; ``parts`` is how many pieces and links there were.

    Of a mail also what it says of itself, and the links in it that may lead to a badge and were not opened.
    ``archives`` are not opened here: each becomes an arrival of its own.
    """

    badges: tuple[Found, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    parts: int = 1
    links: tuple[str, ...] = ()
    """Addresses that may lead to a badge, of a mail from an unknown sender: opened when the earner says so."""
    letter: dict[str, Any] | None = None
    """What a mail says of itself: from, forwards, subject, date, to, and which platform sends such mails."""
    archives: tuple[Piece, ...] = ()


@dataclass
class _Gathering:
    settings: Settings
    badges: list[Found] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    parts: int = 0
    archives: list[Piece] = field(default_factory=list)


def gather(data: bytes, source: str, origin: str, settings: Settings) -> Gathered:
    """Every badge in a delivery. Strangers' bytes are read in workers; links are fetched by the rules."""
    work = _Gathering(settings)
    try:
        if asked := _confirmation(source, data):
            return Gathered(letter={"confirmation": asked})
        finds: Finds = workers.run(f"{__name__}:found_by", source, data, origin)
    except BackpackError as error:
        return Gathered(troubles=(Trouble(error.says, error.try_this, code=error.code),))
    for piece in finds.pieces:
        _open(work, piece)
    _follow(work, finds.links)
    if not work.badges and not work.archives and not finds.offered:
        signed_in = "This platform shows the badge only to those who sign in."
        work.troubles[:0] = [Trouble(signed_in, step, code="signed_in") for step in finds.steps]
    if not work.badges and not work.archives and not work.troubles and not finds.offered:
        work.troubles.append(Trouble("There is no badge in this.", "Ask the issuer for the badge as a file."))
    if finds.letter and work.badges:
        # A mail has many links; once its badge is here, nobody needs to hear where the others led.
        work.troubles = [trouble for trouble in work.troubles if not trouble.of_link]
    letter = _told(finds.letter) if finds.letter else None
    return Gathered(
        tuple(work.badges),
        tuple(work.troubles),
        work.parts,
        finds.offered,
        letter,
        tuple(work.archives),
    )


def _told(letter: Letter) -> dict[str, Any]:
    """What a mail says of itself, as it is kept with its arrival."""
    return {
        "from": letter.author,
        "forwards": letter.forwards,
        "subject": letter.subject,
        "date": letter.date.isoformat() if letter.date else None,
        "platform": letter.platform,
        "to": list(letter.to),
    }


def _confirmation(source: str, data: bytes) -> dict[str, str] | None:
    """What a mail provider asks before it forwards to an import address; only a mail can ask that."""
    if source != "mail" or not may_confirm(data):
        return None
    asked: dict[str, str] | None = workers.run("backpack.sources:confirmation", data)
    return asked


def follow(gathered: Gathered, settings: Settings) -> Gathered:
    """The same with what is behind its links, opened now."""
    work = _Gathering(settings, list(gathered.badges), list(gathered.troubles), parts=gathered.parts)
    _follow(work, gathered.links)
    badges, troubles = tuple(work.badges), tuple(work.troubles)
    return replace(gathered, badges=badges, troubles=troubles, parts=work.parts, links=())


def found_by(source: str, data: bytes, origin: str) -> Finds:
    """What a source finds in a delivery; runs in a worker."""
    return SOURCES[source].finds(Parcel(data, origin))


def found_on_page(html: bytes, url: str) -> Finds:
    """Where a web page has its badge; runs in a worker."""
    return link.from_page(html, url)


def picture_of(found: Found) -> bytes | None:
    """Our own copy of the picture that carries the badge, so that it shows at once; None for other carriers."""
    if found.opened.facts.carrier not in ("png", "svg"):
        return None
    try:
        return pictures.thumbnail(found.data)
    except BackpackError:
        return None  # a badge without a picture is a badge


def _open(work: _Gathering, piece: Piece) -> None:
    work.parts += 1
    if archive.is_archive(piece.data):
        work.archives.append(piece)
        return
    try:
        work.badges += _opened(piece)
    except BackpackError as error:
        if not _look_closer(work, piece):
            work.troubles.append(Trouble(error.says, error.try_this, piece.name, code=error.code))


def _look_closer(work: _Gathering, piece: Piece) -> bool:
    """Whether a PDF or a picture that is no badge itself leads to one, or at least had its own trouble told.

    What is attached to a PDF comes first, then its links, then the codes printed on it; a picture has only these.
    """
    is_paper = piece.data.startswith(b"%PDF-")
    if not is_paper and pictures.media_type_of(piece.data) not in _MAY_SHOW_CODES:
        return False
    badges, troubles = len(work.badges), len(work.troubles)
    try:
        if is_paper:
            _take_in(work, "paper", piece.data, piece.name)
        if len(work.badges) == badges:
            for said in pictures.codes(piece.data):
                with suppress(UnknownFormat):  # a code may say anything
                    _take_in(work, "text", said.encode(errors="replace"), piece.name)
    except BackpackError as error:
        trouble = Trouble(error.says, error.try_this, piece.name, of_link=is_paper, code=error.code)
        work.troubles.append(trouble)
    if len(work.badges) > badges:
        del work.troubles[troubles:]
    elif is_paper and len(work.troubles) == troubles:
        work.troubles.append(Trouble(*NOT_ON_PAPER, piece.name, of_link=True))
    return len(work.badges) > badges or len(work.troubles) > troubles


def _take_in(work: _Gathering, source: str, data: bytes, name: str) -> None:
    """What a source finds inside a piece: its pieces, and if no badge is among them, its links."""
    badges = len(work.badges)
    finds: Finds = workers.run(f"{__name__}:found_by", source, data, name)
    for inner in finds.pieces:
        if (trouble := _take(work, inner)) is not None:
            work.troubles.append(trouble)
    if len(work.badges) == badges:
        _follow(work, finds.links)


def _opened(piece: Piece) -> list[Found]:
    opened: list[Opened] = workers.run("backpack.services.judging:opened", piece.data)
    return [Found(piece.data, one) for one in opened]


def _follow(work: _Gathering, links: Iterable[str]) -> None:
    """The first address of each link at once; where that was not it, the others one after another."""
    ways = [link.candidates(one) for one in dict.fromkeys(links)][:MOST_REQUESTS]
    for way, document in zip(ways, _fetched(work, [way[0] for way in ways]), strict=True):
        work.parts += 1
        trouble = _try(work, document)
        for other in way[1:]:
            if trouble is not None and (further := _fetched(work, [other])):
                trouble = _try(work, further[0])
        if trouble is not None:
            work.troubles.append(trouble)


def _try(work: _Gathering, document: Document) -> Trouble | None:
    """Take the badge that an address answered with, or that the page it answered with leads to."""
    if not document.ok:
        return _silent(document)
    where = document.final_url or document.url
    if not _is_page(document.body):
        return _take(work, Piece(document.body, document.url))
    try:
        finds: Finds = workers.run(f"{__name__}:found_on_page", document.body, where)
    except BackpackError as error:
        return Trouble(error.says, error.try_this, document.url, of_link=True, code=error.code)
    for piece in finds.pieces:
        if _take(work, piece) is None:
            return None
    for address in finds.links:
        for behind in _fetched(work, [address]):
            is_it = (
                behind.ok
                and not _is_page(behind.body)
                and _take(work, Piece(behind.body, behind.url)) is None
            )
            if is_it:
                return None
    return Trouble(
        "This page shows no badge that we can read.",
        platforms.next_step(where)
        or "Download the badge from it and add the file, or copy the address of the badge itself.",
        document.url,
        of_link=True,
    )


def _take(work: _Gathering, piece: Piece) -> Trouble | None:
    try:
        work.badges += _opened(piece)
    except BackpackError as error:
        return Trouble(error.says, error.try_this, piece.name, of_link=True, code=error.code)
    return None


def _fetched(work: _Gathering, urls: list[str]) -> list[Document]:
    """What these answer; after the most requests that one delivery is worth, nothing is asked any more."""
    new = [url for url in urls if url not in work.asked]
    some = new[: MOST_REQUESTS - len(work.asked)]
    work.asked.update(some)
    fetched = network.fetch_all(some, work.settings, kind="badge") if some else []
    answers = {document.url: document for document in fetched}
    beyond = "too many addresses at once"
    return [answers.get(url.partition("#")[0]) or Document(url, status=404, problem=beyond) for url in urls]


def _is_page(body: bytes) -> bool:
    head = body[:1024].lower()
    return (b"<html" in head or b"<!doctype html" in head) and b"<svg" not in head


def _silent(document: Document) -> Trouble:
    silent = document.status in (0, 429) or document.status >= 500
    passing = silent and not is_final(document.problem or "")
    says = f"No badge came from {document.url}: {document.problem}."
    try_this = (
        "We try again by ourselves. You can also upload the badge as a file."
        if passing
        else platforms.next_step(document.url)
        or "Open the link in a browser, save the badge, and upload the file."
    )
    return Trouble(says, try_this, document.url, is_passing=passing, of_link=True, code="no_answer")

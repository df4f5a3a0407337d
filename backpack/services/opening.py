"""Opening what was delivered: which badges are in it, and what could not be read."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from .. import pictures, workers
from ..config import Settings
from ..errors import BackpackError, UnknownFormat
from ..sources import SOURCES, Finds, Letter, Parcel, Piece, archive, file, may_confirm, platforms
from . import following
from .gathering import Gathered, Gathering, Trouble, opened, take
from .judging import Grounds

NOT_ON_PAPER = (
    "There is no badge in this PDF, and no link or code on its pages that leads to one.",
    "Many certificates have an address printed on them: paste that. Or ask the issuer for the badge itself.",
)
ONLY_LINKS = (
    "There is no badge in this e-mail, and no link that we know to lead to one.",
    "Download the badge at its issuer and add the file, or paste its address.",
)
_MAY_SHOW_CODES = ("image/png", "image/jpeg", "image/webp", "image/gif")


def gather(
    data: bytes, source: str, origin: str, settings: Settings, grounds: Grounds | None = None
) -> Gathered:
    """Every badge in a delivery. Strangers' bytes are read in workers; links are fetched by the rules.

    With ``grounds`` those badges are judged that can be judged by them.
    """
    work = Gathering(settings, grounds)
    try:
        if asked := _confirmation(source, data):
            return Gathered(letter={"confirmation": asked})
        finds = _finds(source, data, origin)
    except BackpackError as error:
        return Gathered(troubles=(Trouble(error.says, error.try_this, code=error.code),))
    work.asks_first = finds.letter is not None
    for piece in finds.pieces:
        _open(work, piece)
    following.follow(work, finds.links)
    offered = tuple(dict.fromkeys((*finds.offered, *work.offered)))
    has_something = bool(work.badges or work.archives or work.listed or offered or work.ours)
    # What is silent today may answer tomorrow: until then nothing else is said of it.
    is_over = not has_something and not any(trouble.is_passing for trouble in work.troubles)
    if is_over:
        signed_in = "This platform shows the badge only to those who sign in."
        work.troubles[:0] = [Trouble(signed_in, step, code="signed_in") for step in finds.steps]
    others = finds.others if is_over and not finds.steps else ()
    if others:
        work.troubles.append(Trouble(*ONLY_LINKS))
    if not has_something and not work.troubles:
        work.troubles.append(Trouble("There is no badge in this.", "Ask the issuer for the badge as a file."))
    if finds.letter and work.badges:
        # A mail has many links; once its badge is here, nobody needs to hear where the others led.
        work.troubles = [trouble for trouble in work.troubles if not trouble.of_link]
    letter = _told(finds.letter) if finds.letter else None
    return Gathered(
        tuple(work.badges),
        tuple(work.troubles),
        work.parts,
        offered,
        letter,
        tuple(work.archives),
        tuple(dict.fromkeys(work.listed)),
        tuple(dict.fromkeys(work.ours)),
        others,
    )


def _finds(source: str, data: bytes, origin: str) -> Finds:
    """What the source finds, in a worker; of a file that is no mail it is plain that it is the file."""
    if source == "file" and file.is_itself(data):
        return Finds(pieces=(Piece(data, origin),))
    finds: Finds = workers.run(f"{__name__}:found_by", source, data, origin)
    return finds


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


def follow(gathered: Gathered, settings: Settings, grounds: Grounds | None = None) -> Gathered:
    """The same with what is behind its links, opened now."""
    work = Gathering(settings, grounds, list(gathered.badges), list(gathered.troubles), parts=gathered.parts)
    following.follow(work, gathered.links)
    badges, troubles = tuple(work.badges), tuple(work.troubles)
    listed = tuple(dict.fromkeys(work.listed))
    ours = tuple(dict.fromkeys((*gathered.ours, *work.ours)))
    return replace(
        gathered, badges=badges, troubles=troubles, parts=work.parts, links=(), listed=listed, ours=ours
    )


def found_by(source: str, data: bytes, origin: str) -> Finds:
    """What a source finds in a delivery; runs in a worker."""
    return SOURCES[source].finds(Parcel(data, origin))


def _open(work: Gathering, piece: Piece) -> None:
    work.parts += 1
    if archive.is_archive(piece.data):
        work.archives.append(piece)
        return
    try:
        work.badges += opened(piece, work.grounds)
    except BackpackError as error:
        if _look_closer(work, piece):
            return
        trouble = Trouble(error.says, error.try_this, piece.name, code=error.code)
        if told := following.take_list(work, piece.data, piece.name, trouble):
            work.troubles.append(told)


def _look_closer(work: Gathering, piece: Piece) -> bool:
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
        if is_paper:  # of a picture it was said already why there is no badge in it
            trouble = Trouble(error.says, error.try_this, piece.name, of_link=True, code=error.code)
            work.troubles.append(trouble)
    if len(work.badges) > badges:
        del work.troubles[troubles:]
    elif is_paper and len(work.troubles) == troubles:
        work.troubles.append(Trouble(*NOT_ON_PAPER, piece.name, of_link=True))
    return len(work.badges) > badges or len(work.troubles) > troubles


def _take_in(work: Gathering, source: str, data: bytes, name: str) -> None:
    """What a source finds inside a piece: its pieces, and if no badge is among them, its links."""
    badges = len(work.badges)
    finds: Finds = workers.run(f"{__name__}:found_by", source, data, name)
    for inner in finds.pieces:
        if (trouble := take(work, inner)) is not None:
            work.troubles.append(trouble)
    if len(work.badges) == badges:
        mine = [one for one in finds.links if not work.asks_first or platforms.is_known(one)]
        work.offered += [one for one in finds.links if one not in mine]
        following.follow(work, mine)

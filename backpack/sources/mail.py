"""A mail, as raw bytes or as Outlook saves it: badges in it, and addresses of badges in its words.

Nothing here trusts a sender, and nothing is opened: least of all an unsubscribe link or a counter. Links to
the data of a badge at a platform we know are to be fetched; all others are offered, because a request tells
its sender that somebody reads this. The price of platforms on hosts of their own: whoever imitates such a mail,
down to the shape of its links, has one address asked for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from backpack.errors import NothingInside, Unreadable

from . import _forwards as forwards
from . import _inside as inside
from . import _kinds as kinds
from . import _links as links
from . import _mime as mime
from . import _outlook as outlook
from . import _tnef as tnef
from . import _wrappers as wrappers
from . import platforms
from ._mime import Leaf
from ._parcel import Finds, Letter, Parcel, Piece
from .platforms import Platform

LABEL = "E-mail"

LONGEST_WORDS = 2 * 1024 * 1024
MOST_URLS = 500
_MOST_MENTIONS = 20_000
MOST_STEPS = 3
_WORDY = ("text/", "multipart/", "message/")


@dataclass(frozen=True, slots=True)
class _Part:
    """A leaf, with its words where it has some, and as a page where it is one."""

    leaf: Leaf
    words: str = ""
    page: LexborHTMLParser | None = None


def head(lines: bytes) -> Letter:
    """What a mail says of itself in its first lines, without its words; nothing where they cannot be read."""
    try:
        return mime.read(lines).letters[0]
    except Unreadable:
        return Letter()


def finds(parcel: Parcel) -> Finds:
    """Every form a badge has, wherever it is in the mail, and links that may lead to one.

    Raises TooLarge or TooComplex when the mail is beyond what any award needs, Damaged, and NothingInside.
    """
    read = outlook.read if kinds.is_outlook(parcel.data) else mime.read
    mail = read(parcel.data)
    parts = [_read(one) for leaf in mail.leaves for one in _opened(leaf)]
    mentioned = dict.fromkeys(
        url for url in islice(_urls(parts), _MOST_MENTIONS) if 0 < len(url) <= links.LONGEST
    )
    urls = list(dict.fromkeys(wrappers.peeled(url) for url in islice(mentioned, MOST_URLS)))
    letter, platform = _letters([*mail.letters, *_forwarded(parts)], urls)
    at_once, offered = _sorted(urls, platform)
    found = Finds(
        pieces=tuple(sorted(dict.fromkeys(_pieces(parts)), key=lambda piece: kinds.is_paper(piece.data))),
        links=tuple(at_once),
        offered=tuple(offered),
        others=tuple(links.others(urls)),
        steps=_steps(urls),
        letter=letter,
    )
    if not (found.pieces or found.links or found.offered or (found.others and not found.steps)):
        raise _nothing(parts, letter, found.steps)
    return found


def _opened(leaf: Leaf) -> Iterator[Leaf]:
    yield from tnef.leaves(leaf.data) if leaf.data.startswith(tnef.MAGIC) else (leaf,)


def _read(leaf: Leaf) -> _Part:
    """The words of a part that has some; what can be read as a badge itself is none."""
    is_html, is_calendar = leaf.kind == "text/html", leaf.kind == "text/calendar"
    if not leaf.kind.startswith(_WORDY) or (not (is_html or is_calendar) and kinds.may_hold_badge(leaf.data)):
        return _Part(leaf)
    words = replace(leaf, data=leaf.data[:LONGEST_WORDS]).words
    if is_calendar:
        return _Part(leaf, inside.unfolded(words))
    return _Part(leaf, words, inside.page_of(words) if is_html else None)


def _pieces(parts: Iterable[_Part]) -> Iterator[Piece]:
    """What may hold a badge, whatever it is called; and what is written into the words."""
    for part in parts:
        leaf = part.leaf
        if part.page:
            yield from inside.json_ld(part.page, leaf.name)
            yield from inside.pictures(part.page, leaf.name)
        elif leaf.kind == "text/calendar":
            yield from inside.in_calendar(part.words)
        elif kinds.may_hold_badge(leaf.data) or kinds.is_paper(leaf.data):
            yield Piece(leaf.data, leaf.name)


def _urls(parts: Iterable[_Part]) -> Iterator[str]:
    """Every address in the words; also in those of a mail whose parts cannot be told apart."""
    for part in parts:
        words = part.words
        if part.leaf.kind == "text/calendar":  # RFC 5545, 3.3.11: text with its own escapes
            words = words.replace("\\n", "\n").replace("\\N", "\n").replace("\\", "")
        yield from links.in_html(part.page) if part.page else links.in_text(words)


def _forwarded(parts: Iterable[_Part]) -> list[Letter]:
    """The heads of letters that stand in the words; in those of a page only when there are no others."""
    plain = [part.words for part in parts if not part.page and part.words.strip()]
    pages = [part.page.body.text() for part in parts if part.page and part.page.body]
    return [letter for text in plain or pages for letter in forwards.letters(text)]


def _letters(letters: list[Letter], urls: list[str]) -> tuple[Letter, Platform | None]:
    """The mail's own letter, with what the letters that it forwards say, and the platform that sends such mails.

    What was forwarded is looked at first; who sent the mail itself stays its sender.
    """
    told = [replace(letter, links=tuple(urls)) for letter in letters]
    first = told[-1]
    to = tuple(dict.fromkeys(address for letter in told for address in letter.to))[: mime.MOST_ADDRESSES]
    platform = next((found for letter in reversed(told) if (found := platforms.of_sender(letter))), None)
    whole = replace(
        told[0],
        to=to,
        platform=platform.LABEL if platform else "",
        forwards=first.author if first.sender != told[0].sender else "",
    )
    return whole, platform


def _sorted(urls: Iterable[str], ours: Platform | None) -> tuple[list[str], list[str]]:
    """The links to fetch at once, and those to offer: the first are at a platform's own host, or, in a mail
    that looks like a platform's, of the shape that its addresses have on any host.
    """
    at_once: dict[str, None] = {}
    offered: dict[str, None] = {}
    for url in urls:
        if not (address := links.badge_address(url)):
            continue
        is_theirs = ours is not None and ours.data_address(url) == address
        (at_once if platforms.is_known(address) or is_theirs else offered).setdefault(address)
    return list(at_once)[: links.MOST_LINKS], list(offered)[: links.MOST_LINKS]


def _steps(urls: Iterable[str]) -> tuple[str, ...]:
    """What to do about the links of platforms that show their badges only to those who sign in."""
    steps = (links.next_step(url) for url in urls if not links.badge_address(url))
    return tuple(dict.fromkeys(step for step in steps if step))[:MOST_STEPS]


def _nothing(parts: list[_Part], letter: Letter, steps: tuple[str, ...]) -> NothingInside:
    if steps:
        whose = f" of {letter.platform}" if letter.platform else ""
        return NothingInside(
            f"This e-mail{whose} has no badge in it, only links for those who sign in.", steps[0]
        )
    kinds_inside = {part.leaf.kind for part in parts}
    if kinds_inside & {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}:
        return NothingInside(
            "This e-mail is encrypted, so we cannot look into it.",
            "Open it in your mail program, save the badge from it, and add that file.",
        )
    pictures = any(kind.startswith("image/") for kind in kinds_inside)
    return NothingInside(
        f"There is no badge in this e-mail{', nor in its pictures,' if pictures else ','} and no link to one.",
        "Download the badge at its issuer and add the file, or paste its address.",
    )

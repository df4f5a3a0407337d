"""Where links lead: to a badge, to the page that shows one, to a collection, to a form to sign in."""

from collections.abc import Iterable

from .. import network, workers
from ..errors import BackpackError
from ..network.problems import is_final
from ..network.rules import KindName
from ..sources import Finds, Piece, file, link, platforms
from ..verifier import Document
from ..verifier.legible import quoted
from .gathering import Gathering, Trouble, is_ours, take

MOST_REQUESTS = 20
NO_BADGE_ON_PAGE = (
    "This page shows no badge that we can read.",
    "Download the badge from it and add the file, or copy the address of the badge itself.",
)
OPEN_IT_YOURSELF = "Open the link in a browser, save the badge, and upload the file."
_GONE = 410
_KEEP_ITS_FILE = "If you still have its file, add that: it is kept, and says so. Or ask the issuer."
_WAY_OUT = {
    404: "See that the whole link was copied. If the site has moved, add the badge's file or ask the issuer.",
    _GONE: "Issuers answer so when they have revoked a badge. If you still have its file, add that; or ask them.",
}


def follow(work: Gathering, links: Iterable[str]) -> None:
    """The first address of each link at once; where that was not it, the others one after another."""
    asked = list(dict.fromkeys(links))
    work.ours += [one for one in asked if is_ours(one, work.settings)]
    ways = [link.candidates(one) for one in asked if one not in work.ours][:MOST_REQUESTS]
    for way, document in zip(ways, _first(work, ways), strict=True):
        work.parts += 1
        trouble = _try(work, document)
        for other in way[1:]:
            # What is gone for good is not looked for on a page, which would only say that it has none.
            if trouble is not None and document.status != _GONE and (further := _fetched(work, [other])):
                trouble = _try(work, further[0])
        if trouble is not None:
            work.troubles.append(trouble)


def found_on_page(html: bytes, url: str) -> Finds:
    """Where a web page has its badge; runs in a worker."""
    return link.from_page(html, url)


def found_in_list(data: bytes, name: str, is_answer: bool) -> Finds:
    """Which badges JSON lists that is none itself, the answer of an address or a file; runs in a worker."""
    return link.listed(data, name) if is_answer else file.listed(data, name)


def _first(work: Gathering, ways: list[tuple[str, ...]]) -> list[Document]:
    """What the first address of each answers; those of platforms are asked for data alone, never for a page."""
    known = [way[0] for way in ways if len(way) > 1 or platforms.data_address(way[0]) == way[0]]
    others = [way[0] for way in ways if way[0] not in known]
    answers = {d.url: d for d in (*_fetched(work, known, "json"), *_fetched(work, others))}
    return [answers[way[0].partition("#")[0]] for way in ways]


def _try(work: Gathering, document: Document) -> Trouble | None:
    """Take the badge that an address answered with, or that the page it answered with leads to."""
    if not document.ok:
        return _taken_back(document) or _silent(document)
    if not _is_page(document.body):
        return _take_data(work, document)
    where = document.final_url or document.url
    try:
        finds: Finds = workers.run(f"{__name__}:found_on_page", document.body, where)
    except BackpackError as error:
        return Trouble(error.says, error.try_this, document.url, of_link=True, code=error.code)
    if any(take(work, piece) is None for piece in finds.pieces):
        return None
    if finds.offered:
        work.listed += finds.offered
        return None
    told = _behind(work, document.url, finds.links)
    if told is None:
        return None
    if finds.steps:
        says = "This page shows its badge only to those who sign in."
        return Trouble(says, finds.steps[0], document.url, of_link=True, code="signed_in")
    return told


def _behind(work: Gathering, url: str, addresses: tuple[str, ...]) -> Trouble | None:
    """Take the first badge that is behind what a page names, or behind its own address for those who want data."""
    told = None
    for address in addresses:
        for behind in _fetched(work, [address]):
            if behind.ok and not _is_page(behind.body):
                trouble = _take_data(work, behind)
                if trouble is None:
                    return None
                told = trouble if trouble.code == "no_file" else told
    for data in _fetched(work, [url], "json"):
        if data.ok and not _is_page(data.body) and _take_data(work, data) is None:
            return None
    says, try_this = NO_BADGE_ON_PAGE
    return told or Trouble(says, platforms.next_step(url) or try_this, url, of_link=True)


def take_list(
    work: Gathering, data: bytes, name: str, otherwise: Trouble, *, is_answer: bool = False
) -> Trouble | None:
    """Take all that a list names: a signed badge at once, each hosted one as an import of its own.

    What comes of it where there is nothing to take, and ``otherwise`` where it is no list. Addresses that a mail
    brings are only offered, unless the list is an answer from where its reader wanted to look.
    """
    if not data.lstrip().startswith((b"{", b"[")):
        return otherwise
    try:
        finds: Finds = workers.run(f"{__name__}:found_in_list", data, name, is_answer)
    except BackpackError:
        return otherwise
    failed = [trouble for piece in finds.pieces if (trouble := take(work, piece)) is not None]
    (work.listed if is_answer or not work.asks_first else work.offered).extend(finds.links)
    is_some = len(failed) < len(finds.pieces) or bool(finds.links)
    if finds.steps:
        says = "Not every badge here can be taken." if is_some else "No badge here can be taken."
        failed.append(Trouble(says, finds.steps[0], name, of_link=True, code="no_file"))
    if is_some:
        work.troubles += failed
        return None
    return failed[-1] if failed else otherwise


def _take_data(work: Gathering, document: Document) -> Trouble | None:
    """Take a badge, or all that a list names."""
    trouble = take(work, Piece(document.body, document.url))
    return trouble and take_list(work, document.body, document.url, trouble, is_answer=True)


def _fetched(work: Gathering, urls: list[str], kind: KindName = "badge") -> list[Document]:
    """What these answer; after the most requests that one delivery is worth, nothing is asked any more."""
    new = [url for url in urls if (kind, url) not in work.asked and not is_ours(url, work.settings)]
    some = new[: MOST_REQUESTS - len(work.asked)]
    work.asked.update((kind, url) for url in some)
    fetched = network.fetch_all(some, work.settings, kind=kind) if some else []
    answers = {document.url: document for document in fetched}
    beyond = "too many addresses at once"
    return [answers.get(url.partition("#")[0]) or Document(url, status=404, problem=beyond) for url in urls]


def _is_page(body: bytes) -> bool:
    head = body[:1024].lower()
    return (b"<html" in head or b"<!doctype html" in head) and b"<svg" not in head


def _taken_back(document: Document) -> Trouble | None:
    """What the answer of a badge that is gone says of why, as far as it does."""
    if document.status != _GONE or not document.body.lstrip().startswith(b"{"):
        return None
    try:
        said: str | None = workers.run("backpack.verifier.linked:why_withdrawn", document)
    except BackpackError:
        return None
    reason = (said or "").strip()
    says = f"The issuer has taken this badge back: {quoted(reason.removesuffix('.'), 200)}."
    return Trouble(says, _KEEP_ITS_FILE, document.url, of_link=True, code="no_answer") if reason else None


def _silent(document: Document) -> Trouble:
    if document.status in (401, 403):
        says = f"No badge came from {document.url}: it is shown only to those who sign in there."
        try_this = platforms.next_step(document.url) or link.SIGN_IN_FIRST
        return Trouble(says, try_this, document.url, of_link=True, code="signed_in")
    silent = document.status in (0, 429) or document.status >= 500
    passing = silent and not is_final(document.problem or "")
    says = f"No badge came from {document.url}: {document.problem}."
    if passing:
        try_this = "We try again by ourselves. You can also upload the badge as a file."
    else:
        try_this = platforms.next_step(document.url) or _WAY_OUT.get(document.status, OPEN_IT_YOURSELF)
    return Trouble(says, try_this, document.url, is_passing=passing, of_link=True, code="no_answer")

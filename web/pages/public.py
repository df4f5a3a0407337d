"""What the world sees: a shared badge, a shared collection and each badge in it. No script, no cookie.

Whether the link still shows anything is asked first, every time; only then may a copy in the reader's
cache be good enough.
"""

import hashlib
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backpack import jobs
from backpack.config import Settings
from backpack.errors import Missing
from backpack.services import checking, picturing, sharing
from backpack.services.sharing import Shown, ShownBadge
from web import attachments, codes, dates, numbers, rendering, signers, words
from web.assets import look
from web.deps import Config, Db, Files, Now
from web.forms import Asked
from web.publishing import as_json, letter_of, prefers_json
from web.security import CSP_EMBED, NOT_LISTED, PRIVATE, network_of
from web.texts import plain

router = APIRouter()

REVALIDATE = "public, max-age=0, must-revalidate"
STILL_NEWS, LONG_WAIT = 600, 60  # seconds
FIVE_MINUTES = "public, max-age=300"
MOST_EMBEDDED = {"badge": 1, "collection": 4}


@router.get("/b/{slug}.json")
@router.get("/c/{slug}.json")
def get_json(slug: str, request: Request, db: Db, settings: Config, at: Now) -> Response:
    """The same for programs: what the page says, with the whole report, and nobody's address."""
    return _json(request, _open(db, slug, at, _kind(request)), settings)


@router.get("/c/{slug}/{number:int}.json")
def get_entry_json(slug: str, number: int, request: Request, db: Db, settings: Config, at: Now) -> Response:
    """The same of one badge of a collection."""
    shown = _open(db, slug, at, "collection")
    return _json(request, shown, settings, _entry(shown, number))


@router.get("/b/{slug}", response_class=HTMLResponse)
def show_badge(
    slug: str, request: Request, db: Db, settings: Config, at: Now, since: Asked = "", was: Asked = ""
) -> Response:
    """A badge as a letter: is it genuine, who awarded it, to whom, when, for what, how do we know."""
    shown = _found(db, slug, at, "badge")
    if shown is None:
        return closed(request)
    if prefers_json(request):
        return _json(request, shown, settings)
    return _badge_page(request, shown, shown.entries[0], settings, at, since, was)


@router.get("/c/{slug}", response_class=HTMLResponse)
def show_collection(
    slug: str, request: Request, db: Db, settings: Config, at: Now, since: Asked = ""
) -> Response:
    """A collection: how its badges stand in one sentence, then each with its remark."""
    shown = _found(db, slug, at, "collection")
    if shown is None:
        return closed(request)
    if prefers_json(request):
        return _json(request, shown, settings)
    oldest = min((entry.checked_at for entry in shown.entries if entry.checked_at), default=None)
    facts = {
        "shown": shown,
        "verdict": words.worst(entry.verdict for entry in shown.entries),
        "headline": words.summary(words.standing(entry.verdict, entry.report) for entry in shown.entries),
        "caution": signers.cautions(entry.report for entry in shown.entries),
        "checked_at": oldest,
        "issuers": len({entry.issuer_name for entry in shown.entries}),
        "again": _again(since, at, oldest),
    }
    return _page(request, "public/collection.html", shown, settings, at, facts, oldest)


@router.get("/c/{slug}/{number:int}", response_class=HTMLResponse)
def show_entry(
    slug: str,
    number: int,
    request: Request,
    db: Db,
    settings: Config,
    at: Now,
    since: Asked = "",
    was: Asked = "",
) -> Response:
    """One badge of a collection, as a letter."""
    shown = _found(db, slug, at, "collection")
    if shown is None or not 1 <= number <= len(shown.entries):
        return closed(request)
    if prefers_json(request):
        return _json(request, shown, settings, _entry(shown, number))
    return _badge_page(request, shown, _entry(shown, number), settings, at, since, was)


@router.post("/b/{slug}/check")
@router.post("/c/{slug}/check")
@router.post("/c/{slug}/{number:int}/check")
def check_again(slug: str, request: Request, db: Db, at: Now, number: int = 0) -> RedirectResponse:
    """Check what is shown again; anyone may ask, now and then. The page that asked says how it ended."""
    shown = _open(db, slug, at, _kind(request))
    checking.check_again(db, slug, network_of(request), at)
    for entry in shown.entries:
        jobs.nudge_badge(entry.badge_id)
    alone = [entry for entry in shown.entries if shown.kind == "badge" or entry.number == number]
    was = f"&was={alone[0].verdict}" if alone else ""
    return RedirectResponse(
        f"{request.url.path.removesuffix('/check')}?since={int(at.timestamp() * 1000)}{was}", 303
    )


@router.get("/b/{slug}/image")
@router.get("/c/{slug}/image")
def get_image(slug: str, request: Request, db: Db, blobs: Files, at: Now) -> Response:
    """The badge's picture; of a collection, that of its first badge."""
    shown = _open(db, slug, at, _kind(request))
    return _image(request, shown, shown.entries[0] if shown.entries else None, blobs)


@router.get("/c/{slug}/{number:int}/image")
def get_entry_image(slug: str, number: int, request: Request, db: Db, blobs: Files, at: Now) -> Response:
    """The picture of one badge of a collection."""
    shown = _open(db, slug, at, "collection")
    return _image(request, shown, _entry(shown, number), blobs)


@router.get("/b/{slug}/original")
def get_original(slug: str, db: Db, blobs: Files, at: Now) -> Response:
    """The untouched file, as a download, where the link offers it."""
    shown = _open(db, slug, at, "badge")
    return _original(shown, shown.entries[0], blobs)


@router.get("/c/{slug}/{number:int}/original")
def get_entry_original(slug: str, number: int, db: Db, blobs: Files, at: Now) -> Response:
    """That of one badge of a collection."""
    shown = _open(db, slug, at, "collection")
    return _original(shown, _entry(shown, number), blobs)


@router.get("/b/{slug}/card.png")
@router.get("/c/{slug}/card.png")
def get_card(slug: str, request: Request, db: Db, blobs: Files, settings: Config, at: Now) -> Response:
    """The picture that other sites show beside a link to this page."""
    shown = _open(db, slug, at, _kind(request))
    tag = _tag(shown.stamp, "card")
    if _is_known(request, tag):
        return _unchanged(tag, shown, embeddable=True)
    data = picturing.card(
        db,
        blobs,
        shown,
        issuer=_by(shown),
        verdict=words.worst(entry.verdict for entry in shown.entries),
        words=_in_words(shown),
        date=dates.spelled(min((e.checked_at for e in shown.entries if e.checked_at), default=None)),
        site=settings.host_name,
    )
    return _kept(attachments.picture(data, FIVE_MINUTES), tag, shown, embeddable=True)


@router.get("/b/{slug}/embed", response_class=HTMLResponse)
@router.get("/c/{slug}/embed", response_class=HTMLResponse)
def show_embed(slug: str, request: Request, db: Db, settings: Config, at: Now) -> Response:
    """A small card to stand inside another page."""
    shown = _open(db, slug, at, _kind(request))
    facts = {"shown": shown, "link": _link(shown, settings), "most": MOST_EMBEDDED[shown.kind]}
    response = rendering.bare_page(request, "public/embed.html", facts)
    response.headers["content-security-policy"] = CSP_EMBED
    response.headers["cross-origin-resource-policy"] = "cross-origin"
    return response


def closed(request: Request) -> Response:
    """The page behind every link that shows nothing: closed, over, or never made. It names nobody."""
    if prefers_json(request):
        raise Missing("This link shows nothing any more.", "Whoever gave it to you can give you a new one.")
    return rendering.bare_page(request, "public/closed.html", {}, 404)


def _badge_page(
    request: Request, shown: Shown, entry: ShownBadge, settings: Settings, at: datetime, since: str, was: str
) -> Response:
    again = _again(since, at, entry.checked_at, was=was, verdict=entry.verdict)
    facts = {"shown": shown, "entry": entry, "letter": letter_of(shown, entry), "again": again}
    return _page(request, "public/badge.html", shown, settings, at, facts, entry.checked_at)


def _page(
    request: Request,
    template: str,
    shown: Shown,
    settings: Settings,
    at: datetime,
    facts: dict[str, object],
    checked_at: datetime | None,
) -> Response:
    # What a page says of its age changes though nothing else does.
    tag = _tag(shown.stamp, str(dates.ago(checked_at, at)), str(facts["again"]), request.url.path)
    if _is_known(request, tag):
        return _unchanged(tag, shown)
    link = _link(shown, settings)
    about = {
        "link": link,
        "link_path": link.removeprefix(settings.base_url),
        "qr": codes.drawn(link),
        "card": f"{link}/card.png?v={shown.stamp[:12]}",
        "is_listed": shown.audience == "world",
        "at": at,
    }
    return _kept(rendering.bare_page(request, template, about | facts), tag, shown)


def _json(request: Request, shown: Shown, settings: Settings, entry: ShownBadge | None = None) -> Response:
    tag, link = _tag(shown.stamp, "json"), _link(shown, settings)
    response = _unchanged(tag, shown) if _is_known(request, tag) else as_json(shown, link, entry)
    # Programs on other sites may read what anyone may read.
    response.headers["access-control-allow-origin"] = "*"
    return _kept(response, tag, shown, embeddable=True)


def _image(request: Request, shown: Shown, entry: ShownBadge | None, blobs: Files) -> Response:
    if entry is None or entry.picture_sha256 is None:
        raise Missing("This badge has no picture.")
    tag = f'"{entry.picture_sha256[:32]}"'
    if _is_known(request, tag):
        return _unchanged(tag, shown, embeddable=True)
    picture = attachments.picture(blobs.read(entry.picture_sha256), FIVE_MINUTES)
    return _kept(picture, tag, shown, embeddable=True)


def _original(shown: Shown, entry: ShownBadge, blobs: Files) -> Response:
    if not entry.original:
        raise Missing("This link offers no original.", "Ask whoever gave it to you for the file.")
    made = attachments.original(blobs.read(entry.original_sha256), entry.original_type, entry.original)
    made = _kept(made, _tag(shown.stamp, entry.original_sha256), shown)
    made.headers["x-robots-tag"] = NOT_LISTED  # whoever finds it is to have come by the page
    return made


def _found(db: Db, slug: str, at: datetime, kind: str) -> Shown | None:
    try:
        return _open(db, slug, at, kind)
    except Missing:
        return None


def _open(db: Db, slug: str, at: datetime, kind: str) -> Shown:
    shown = sharing.open_share(db, slug, at)
    if shown.kind != kind:
        raise Missing("This link shows nothing any more.", "Whoever gave it to you can give you a new one.")
    return shown


def _entry(shown: Shown, number: int) -> ShownBadge:
    found = next((entry for entry in shown.entries if entry.number == number), None)
    if found is None:
        raise Missing("This link shows no such badge.", "Look at what the whole collection holds.")
    return found


def _kind(request: Request) -> str:
    return "badge" if request.url.path.startswith("/b/") else "collection"


def _link(shown: Shown, settings: Settings) -> str:
    return f"{settings.base_url}/{shown.kind[0]}/{shown.slug}"


def _by(shown: Shown) -> str:
    if shown.kind == "badge":
        name, behind = plain(shown.entries[0].issuer_name), signers.behind(shown.entries[0].report)
        return f"{signers.short(name) if behind else name}{behind}" if name else ""
    # Its title is its earner's own words, unlike a badge's, and what is verified is not that.
    return f"A collection of {numbers.plural(len(shown.entries), 'badge')}" + (
        f", shown by {plain(shown.shown_by)}" if shown.shown_by else ""
    )


def _in_words(shown: Shown) -> str:
    standings = [words.standing(entry.verdict, entry.report) for entry in shown.entries]
    return words.word_for(standings[0], "stranger") if shown.kind == "badge" else words.summary(standings)


def _again(since: str, at: datetime, checked_at: datetime | None, *, was: str = "", verdict: str = "") -> str:
    """What "Check again" has to say: nothing, "running", "late", or how it ended ("same", "changed").

    ``since`` is the moment it was pressed, in milliseconds.
    """
    if not (since.isascii() and since.isdigit()):
        return ""
    pressed = int(since[:15]) / 1000
    gone = at.timestamp() - pressed
    if not 0 <= gone <= STILL_NEWS:
        return ""
    if checked_at and checked_at.timestamp() >= pressed:
        return "changed" if was and was != verdict else "same"
    return "running" if gone < LONG_WAIT else "late"


def _tag(*parts: str) -> str:
    return f'"{hashlib.sha256("|".join((*parts, look())).encode()).hexdigest()[:32]}"'


def _is_known(request: Request, tag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return known == "*" or tag in (each.strip().removeprefix("W/") for each in known.split(","))


def _unchanged(tag: str, shown: Shown, *, embeddable: bool = False) -> Response:
    return _kept(Response(status_code=304), tag, shown, embeddable=embeddable)


def _kept(response: Response, tag: str, shown: Shown, *, embeddable: bool = False) -> Response:
    """How long it may be kept, and who may list it: what is only for those with the link, nobody."""
    is_listed = shown.audience == "world"
    response.headers["etag"] = tag
    response.headers["vary"] = "Accept"
    if not is_listed:
        response.headers["cache-control"] = PRIVATE
    elif "cache-control" not in response.headers:
        response.headers["cache-control"] = REVALIDATE
    response.headers["x-robots-tag"] = "all" if is_listed else NOT_LISTED
    if embeddable:
        response.headers["cross-origin-resource-policy"] = "cross-origin"
    return response

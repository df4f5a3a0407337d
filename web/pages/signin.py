"""Sign in by a link or a code that comes by mail; confirm a further address the same way; sign out.

What was typed goes from form to form as a note (``web.notes``), which lasts as long as a code does.
"""

import re

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backpack.errors import BackpackError, TooMany, Unreadable
from backpack.services import joining
from web import notes
from web.deps import BarePage, Config, Db, Now, Visitor
from web.errors import status_of
from web.forms import Email, Line
from web.security import local_path, session_cookie

router = APIRouter()

_LASTS = 90 * 24 * 3600
_TYPED, _CONFIRMED = "signin", "confirmed"


@router.get("/signin", response_class=HTMLResponse)
def ask(page: BarePage, next: str = "") -> HTMLResponse:
    """The form for the address."""
    return page("signin/ask.html", email="", next=local_path(next), problem="", refused=None)


@router.post("/signin", response_model=None)
@router.post("/signin/sent", response_model=None)
def send(page: BarePage, db: Db, settings: Config, at: Now, email: Email = "", next: Line = "") -> Response:
    """Send a link and a code, and ask for the code. The answer never tells whether the address is known."""
    try:
        joining.ask_to_sign_in(db, email, settings, at)
    except Unreadable as error:
        return page(
            "signin/ask.html",
            status=422,
            email=email,
            next=local_path(next),
            problem=_sentence(error),
            refused=None,
        )
    except TooMany as error:
        # The newest mail is there to be used: its code can be typed at once.
        shown = page(
            "signin/sent.html",
            status=status_of(error),
            email=email,
            next=local_path(next),
            problem=_sentence(error),
        )
        shown.headers["retry-after"] = str(error.retry_after)
        return shown
    return _to_code(settings, email, next)


@router.get("/signin/sent", response_class=HTMLResponse)
def ask_for_code(request: Request, page: BarePage) -> HTMLResponse:
    """The form for the code; it asks for the address too where nobody typed one lately."""
    email, next, problem = _typed(request)
    return page("signin/sent.html", email=email, next=next, problem=problem)


@router.post("/signin/code", response_model=None)
def use_code(
    request: Request,
    db: Db,
    settings: Config,
    at: Now,
    email: Email = "",
    code: Line = "",
    next: Line = "",
) -> Response:
    """Sign in by the six digits."""
    try:
        _, token = joining.sign_in_by_code(db, email, re.sub(r"\D", "", code), _browser(request), at)
    except BackpackError as error:
        return _to_code(settings, email, next, _sentence(error))
    return _signed_in(token, settings, local_path(next))


@router.get("/signin/link/{token}", response_model=None)
def look_at_link(token: str, page: BarePage, db: Db, at: Now, visitor: Visitor) -> Response:
    """A button, because mail programs open links by themselves; who is signed in needs no link any more."""
    try:
        challenge = joining.look_at_link(db, token, at)
    except BackpackError as error:
        return RedirectResponse("/badges", 303) if visitor else _ask_anew(page, error)
    return page("signin/link.html", title="Sign in", button="Sign in", email=challenge.email)


@router.post("/signin/link/{token}", response_model=None)
def use_link(
    token: str, request: Request, page: BarePage, db: Db, settings: Config, at: Now, visitor: Visitor
) -> Response:
    """Sign in by the link."""
    try:
        _, session = joining.sign_in_by_link(db, token, _browser(request), at)
    except BackpackError as error:
        return RedirectResponse("/badges", 303) if visitor else _ask_anew(page, error)
    _, next, _ = _typed(request)
    return _signed_in(session, settings, next)


@router.get("/confirm/{token}", response_model=None)
def look_at_confirmation(token: str, page: BarePage, db: Db, at: Now, visitor: Visitor) -> Response:
    """A button to confirm a further address; where that is over, the earner's addresses say how each stands."""
    try:
        challenge = joining.look_at_link(db, token, at)
    except BackpackError:
        if visitor:
            return RedirectResponse("/settings/addresses", 303)
        raise
    return page(
        "signin/link.html", title="Confirm this address", button="Yes, it is mine", email=challenge.email
    )


@router.post("/confirm/{token}", response_model=None)
def confirm(token: str, db: Db, settings: Config, at: Now) -> Response:
    """Confirm it; badges that were awarded to it are checked anew."""
    address = joining.confirm_by_link(db, token, at)
    return notes.leave(settings, "/confirm", _CONFIRMED, {"email": address.email})


@router.get("/confirm", response_model=None)
def show_confirmed(request: Request, page: BarePage) -> Response:
    """Which address was confirmed just now."""
    email = notes.read(request, _CONFIRMED).get("email", "")
    return page("signin/confirmed.html", email=email) if email else RedirectResponse("/badges", 303)


@router.post("/signout", response_model=None)
def sign_out(request: Request, db: Db, settings: Config) -> Response:
    """End this sign-in, and have the browser forget what it kept."""
    if token := request.cookies.get(session_cookie(settings)):
        joining.sign_out(db, token)
    response = RedirectResponse("/", 303, headers={"clear-site-data": '"cache", "storage"'})
    response.delete_cookie(session_cookie(settings), secure=settings.is_https, httponly=True, samesite="lax")
    return response


def _to_code(settings: Config, email: str, next: str, problem: str = "") -> Response:
    """On to the form for the code, by a way that can be gone again."""
    typed = {"email": email, "next": local_path(next), "problem": problem}
    return notes.leave(settings, "/signin/sent", _TYPED, typed, path="/signin")


def _typed(request: Request) -> tuple[str, str, str]:
    """The address typed lately in this browser, what is to come after it, and what was wrong with the code."""
    kept = notes.read(request, _TYPED)
    return kept.get("email", ""), local_path(kept.get("next", "")), kept.get("problem", "")


def _ask_anew(page: BarePage, error: BackpackError) -> HTMLResponse:
    """What is wrong with a link, and the form for a new one."""
    return page("signin/ask.html", status=status_of(error), email="", next="", problem="", refused=error)


def _signed_in(token: str, settings: Config, next: str) -> Response:
    response = RedirectResponse(next or "/badges", 303)
    response.set_cookie(
        session_cookie(settings),
        token,
        max_age=_LASTS,
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )
    notes.forget(response, settings, _TYPED, "/signin")
    return response


def _browser(request: Request) -> str:
    return request.headers.get("user-agent", "")[:300]


def _sentence(error: BackpackError) -> str:
    return f"{error.says} {error.try_this}".strip()

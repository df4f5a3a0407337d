"""Settings: addresses, what comes by mail, sign-ins, name, access tokens, and all data to take along or to erase."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backpack.errors import BackpackError
from backpack.services import claiming, exporting, granting, joining, organising, reports
from backpack.storage.tables import Earner
from web import notes
from web.deps import Config, Db, Files, Now, Page, ShowPage, SignedIn, Visitor
from web.errors import status_of
from web.forms import Asked, Email, Line, Tick
from web.security import local_path, session_cookie

router = APIRouter(prefix="/settings")

ADDRESSES, TOKENS = "/settings/addresses", "/settings/tokens"
_WRONG, _MADE = "wrong-code", "made-token"
"""The notes that these two pages find."""


@router.get("")
def show_settings() -> RedirectResponse:
    """The first section."""
    return RedirectResponse(ADDRESSES, 303)


@router.get("/addresses", response_class=HTMLResponse)
def show_addresses(
    request: Request, page: Page, earner: SignedIn, db: Db, settings: Config, badge: Asked = ""
) -> HTMLResponse:
    """Addresses with what is still to confirm; ``badge`` is one that was awarded to an address to add."""
    wrong = notes.read(request, _WRONG)
    email = _named_by(db, earner, badge) if badge else ""
    unproven, problem = wrong.get("email", ""), wrong.get("problem", "")
    shown = _addresses(page, db, earner, email=email, unproven=unproven, problem=problem)
    notes.forget(shown, settings, _WRONG, ADDRESSES)
    return shown


@router.post("/addresses", response_model=None)
def add_address(
    page: Page, earner: SignedIn, db: Db, settings: Config, at: Now, email: Email = ""
) -> Response:
    """Add one; a message with a link and a code goes to it."""
    try:
        joining.add_address(db, earner, email, settings, at)
    except BackpackError as error:
        said, status = _sentence(error), status_of(error)
        return _addresses(page, db, earner, email=email, problem=said, status=status)
    return RedirectResponse(ADDRESSES, 303)


@router.post("/addresses/confirm", response_model=None)
def confirm_address(
    earner: SignedIn, db: Db, settings: Config, at: Now, email: Email = "", code: Line = ""
) -> Response:
    """Confirm one by the code in its message."""
    try:
        joining.confirm_by_code(db, earner, email, "".join(filter(str.isdigit, code)), at)
    except BackpackError as error:
        return notes.leave(settings, ADDRESSES, _WRONG, {"email": email, "problem": _sentence(error)})
    return RedirectResponse(ADDRESSES, 303)


@router.post("/addresses/{address}/remove")
def remove_address(address: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Remove one; badges stay."""
    joining.remove_address(db, earner, address)
    return RedirectResponse(ADDRESSES, 303)


@router.get("/mail", response_class=HTMLResponse)
def show_mail(page: Page, earner: SignedIn, settings: Config, done: Asked = "") -> HTMLResponse:
    """The import address, what is done with what comes there, and how to have mail forwarded to it."""
    return _show(page, "mail", inbox=joining.inbox_address(earner, settings), done=done)


@router.post("/mail")
def change_mail(
    earner: SignedIn,
    db: Db,
    accepts: Tick = False,
    follows: Tick = False,
    tells: Tick = False,
    news: Tick = False,
) -> RedirectResponse:
    """Choose what is done with what comes there, and what we write about."""
    joining.choose_mail(
        db,
        earner,
        accepts_forwarded=accepts,
        follows_links=follows,
        hears_of_offers=tells,
        hears_of_news=news,
    )
    return RedirectResponse("/settings/mail?done=saved", 303)


@router.post("/inbox")
def replace_inbox(earner: SignedIn, db: Db) -> RedirectResponse:
    """A new import address; the old one stops working at once."""
    joining.replace_inbox(db, earner)
    return RedirectResponse("/settings/mail?done=replaced", 303)


@router.get("/profile", response_class=HTMLResponse)
def show_profile(page: Page, back: Asked = "", done: Asked = "") -> HTMLResponse:
    """The name that public pages show; ``back`` is the page of ours where it was missed."""
    return _show(page, "profile", back=local_path(back), done=done)


@router.post("/profile")
def rename(earner: SignedIn, db: Db, name: Line = "", back: Line = "") -> RedirectResponse:
    """Choose that name."""
    joining.rename(db, earner, name)
    return RedirectResponse(local_path(back) or "/settings/profile?done=saved", 303)


@router.get("/signins", response_class=HTMLResponse)
def show_signins(page: Page, visitor: Visitor, earner: SignedIn, db: Db) -> HTMLResponse:
    """Every browser that is signed in."""
    mine = visitor[1].public_id if visitor else ""
    return _show(page, "signins", signins=joining.signins(db, earner), mine=mine)


@router.post("/signins/{signin}/end")
def end_signin(signin: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Sign that browser out."""
    joining.end_signin(db, earner, signin)
    return RedirectResponse("/settings/signins", 303)


@router.get("/tokens", response_class=HTMLResponse)
def show_tokens(request: Request, page: Page, earner: SignedIn, db: Db, settings: Config) -> HTMLResponse:
    """Access tokens, for programs that act for the earner; one that was made just now is shown, this once."""
    made = notes.read(request, _MADE).get("token", "")
    shown = _show(page, "tokens", tokens=granting.tokens(db, earner), made=made)
    notes.forget(shown, settings, _MADE, TOKENS)
    return shown


@router.post("/tokens", response_model=None)
def create_token(earner: SignedIn, db: Db, settings: Config, label: Line = "") -> Response:
    """Make one, to be shown on the page it leads to."""
    made = granting.create_token(db, earner, label or "A program")
    return notes.leave(settings, TOKENS, _MADE, {"token": made})


@router.post("/tokens/{token}/end")
def end_token(token: str, earner: SignedIn, db: Db, at: Now) -> RedirectResponse:
    """End one at once."""
    granting.end_token(db, earner, token, at)
    return RedirectResponse(TOKENS, 303)


@router.get("/data", response_class=HTMLResponse)
def show_data(page: Page) -> HTMLResponse:
    """Take everything along, or leave."""
    return _show(page, "data", problem="")


@router.post("/export")
def export(earner: SignedIn, db: Db, blobs: Files, at: Now) -> Response:
    """Everything of the earner, as one ZIP."""
    name = f"backpack-{at:%Y-%m-%d}.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(exporting.export(db, blobs, earner), media_type="application/zip", headers=headers)


@router.post("/leave", response_model=None)
def leave(page: Page, earner: SignedIn, db: Db, settings: Config, sure: Tick = False) -> Response:
    """Erase everything of this earner."""
    if not sure:
        return _show(page, "data", status=422, problem="Tick the box first: this cannot be undone.")
    joining.leave(db, earner, settings)
    response = RedirectResponse("/?done=erased", 303, headers={"clear-site-data": '"cache", "storage"'})
    response.delete_cookie(session_cookie(settings), secure=settings.is_https, httponly=True, samesite="lax")
    return response


def _addresses(
    page: ShowPage,
    db: Db,
    earner: Earner,
    *,
    email: str = "",
    unproven: str = "",
    problem: str = "",
    status: int = 200,
) -> HTMLResponse:
    return _show(
        page,
        "addresses",
        status=status,
        addresses=joining.addresses(db, earner),
        claims=claiming.claims(db, earner),
        email=email,
        unproven=unproven,
        problem=problem,
    )


def _show(page: ShowPage, section: str, *, status: int = 200, **facts: object) -> HTMLResponse:
    return page(f"settings/{section}.html", status=status, nav="settings", section=section, **facts)


def _sentence(error: BackpackError) -> str:
    return f"{error.says} {error.try_this}".strip()


def _named_by(db: Db, earner: Earner, badge: str) -> str:
    """The plain address that a badge names, as far as it shows it."""
    return claiming.named_in(reports.latest(db, organising.badge(db, earner, badge)))

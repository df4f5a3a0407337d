"""Mailboxes: connect one, watch it being looked through, stop, go on, and let it go."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backpack import jobs
from backpack.errors import BackpackError
from backpack.services import joining, mailboxes
from backpack.services.mailboxes import PROVIDERS, Tried, Wanted
from backpack.storage.tables import Earner, Mailbox
from web import boxes
from web.deps import Config, Db, Now, Page, Part, ShowPage, SignedIn
from web.errors import status_of
from web.forms import Asked, Line, Secret

router = APIRouter(prefix="/settings/mailboxes")

ALL = "/settings/mailboxes"


def _typed(
    host: Line = "",
    username: Line = "",
    password: Secret = "",
    folder: Line = "",
    port: Annotated[int, Form()] = 993,
    security: Line = "tls",
    takes: Line = "awards",
) -> Wanted:
    return Wanted(host.lower(), username, password, folder or "INBOX", port, security, takes)


Typed = Annotated[Wanted, Depends(_typed)]
"""What stands in the form."""


@router.get("", response_class=HTMLResponse)
def show_mailboxes(page: Page, part: Part, earner: SignedIn, db: Db, settings: Config) -> HTMLResponse:
    """All of them, live or by reloading; the form when there is none yet."""
    shown = [boxes.Box(row, mailboxes.summary(db, row)) for row in mailboxes.mailboxes(db, earner)]
    if not shown and not part:
        return show_form(page, earner, settings)
    template = "settings/_mailboxes.html" if part else "settings/mailboxes.html"
    return page(
        template,
        nav="settings",
        section="mailboxes",
        boxes=shown,
        working=any(box.is_working for box in shown),
    )


@router.get("/new", response_class=HTMLResponse)
def show_form(page: Page, earner: SignedIn, settings: Config, provider: Asked = "gmail") -> HTMLResponse:
    """The form to connect one, with what is known of a provider."""
    known = provider if provider in PROVIDERS else "other"
    return _form(page, earner, settings, Wanted(PROVIDERS[known].host, ""), provider=known)


@router.post("", response_model=None)
def connect(page: Page, earner: SignedIn, db: Db, settings: Config, at: Now, typed: Typed) -> Response:
    """Connect it; a job begins to look through it at once."""
    try:
        jobs.nudge_mailbox(mailboxes.connect(db, earner, typed, settings, at).id)
    except BackpackError as error:
        return _form(page, earner, settings, typed, problem=error)
    return RedirectResponse(ALL, 303)


@router.post("/test", response_class=HTMLResponse)
def test(
    page: Page, part: Part, earner: SignedIn, db: Db, settings: Config, at: Now, typed: Typed
) -> HTMLResponse:
    """Sign in and look, while the earner waits; nothing is kept."""
    return _tested(page, part, earner, db, settings, at, typed, None)


@router.get("/{mailbox}", response_class=HTMLResponse)
def show_mailbox(mailbox: str, page: Page, earner: SignedIn, db: Db, settings: Config) -> HTMLResponse:
    """The form to change how one is read."""
    row = mailboxes.mailbox(db, earner, mailbox)
    kept = Wanted(row.host, row.username, "", row.folder, row.port, row.security, row.takes)
    return _form(page, earner, settings, kept, row=row)


@router.post("/{mailbox}", response_model=None)
def change(
    mailbox: str, page: Page, earner: SignedIn, db: Db, settings: Config, at: Now, typed: Typed
) -> Response:
    """Read it that way from now on."""
    row = mailboxes.mailbox(db, earner, mailbox)
    try:
        jobs.nudge_mailbox(mailboxes.change(db, earner, mailbox, typed, settings, at).id)
    except BackpackError as error:
        return _form(page, earner, settings, typed, row=row, problem=error)
    return RedirectResponse(ALL, 303)


@router.post("/{mailbox}/test", response_class=HTMLResponse)
def test_again(
    mailbox: str, page: Page, part: Part, earner: SignedIn, db: Db, settings: Config, at: Now, typed: Typed
) -> HTMLResponse:
    """The same for one that is connected; its kept password will do."""
    row = mailboxes.mailbox(db, earner, mailbox)
    return _tested(page, part, earner, db, settings, at, typed, row)


@router.post("/{mailbox}/look")
def look(mailbox: str, earner: SignedIn, db: Db, at: Now) -> RedirectResponse:
    """Look into it now, or go on."""
    jobs.nudge_mailbox(mailboxes.look_now(db, earner, mailbox, at).id)
    return RedirectResponse(ALL, 303)


@router.post("/{mailbox}/stop")
def stop(mailbox: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Stop looking."""
    mailboxes.stop(db, earner, mailbox)
    return RedirectResponse(ALL, 303)


@router.post("/{mailbox}/disconnect")
def disconnect(mailbox: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Forget it; badges stay."""
    mailboxes.disconnect(db, earner, mailbox)
    return RedirectResponse(ALL, 303)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a test said: it works, or the problem."""

    tried: Tried | None = None
    problem: BackpackError | None = None


def _tested(
    page: ShowPage,
    part: bool,
    earner: Earner,
    db: Db,
    settings: Config,
    at: Now,
    typed: Wanted,
    row: Mailbox | None,
) -> HTMLResponse:
    try:
        wanted = typed
        if row:
            wanted = mailboxes.with_kept_password(db, earner, row.public_id, typed, settings)
        answer = _Answer(tried=mailboxes.try_out(db, earner, wanted, settings, at))
    except BackpackError as error:
        answer = _Answer(problem=error)
    if part:
        status = status_of(answer.problem) if answer.problem else 200
        return page("settings/_tested.html", status=status, answer=answer)
    return _form(page, earner, settings, typed, row=row, answer=answer)


def _form(
    page: ShowPage,
    earner: Earner,
    settings: Config,
    typed: Wanted,
    *,
    provider: str = "",
    row: Mailbox | None = None,
    problem: BackpackError | None = None,
    answer: _Answer | None = None,
) -> HTMLResponse:
    told = _Answer(problem=problem) if problem else answer
    facts: dict[str, Any] = {
        "nav": "settings",
        "section": "mailboxes",
        "typed": typed,
        "row": row,
        "answer": told,
        "providers": PROVIDERS,
        "provider": provider or mailboxes.provider_of(typed.host),
        "security": boxes.SECURITY,
        "takes": boxes.TAKES,
        "inbox": joining.inbox_address(earner, settings),
    }
    status = status_of(told.problem) if told and told.problem else 200
    return page("settings/mailbox.html", status=status, **facts)

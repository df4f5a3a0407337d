"""Add badges: files, links, texts; and watch what becomes of them, live or by reloading."""

import secrets
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backpack import jobs
from backpack.errors import BackpackError, Missing, NothingInside
from backpack.services import importing, joining, looking
from backpack.storage.tables import Earner
from web import progress
from web.deps import Config, Db, Files, Now, Page, Part, SignedIn
from web.errors import status_of
from web.forms import Asked, Line, Words, brought

router = APIRouter()

WAYS = {"file": "File", "text": "Link or text", "mail": "E-mail"}
MOST_FILES = 20

Refused = Sequence[tuple[str, BackpackError]]


@router.get("/import", response_class=HTMLResponse)
def show_ways(
    page: Page, part: Part, earner: SignedIn, settings: Config, way: Asked = "file"
) -> HTMLResponse:
    """The form, or as a part the drawer with it."""
    shown = _form(earner, settings, way if way in WAYS else "file")
    return page("imports/_drawer.html" if part else "imports/add.html", **shown)


@router.post("/import", response_model=None)
def bring(
    page: Page,
    part: Part,
    earner: SignedIn,
    db: Db,
    blobs: Files,
    settings: Config,
    at: Now,
    file: Annotated[Sequence[UploadFile | str], Form()] = (),
    text: Annotated[str, Form(max_length=80_000)] = "",
    batch: Line = "",
) -> Response:
    """Take in files and a text; each is its own import, so that a bad one does not stop the others."""
    batch = batch or secrets.token_urlsafe(12)
    parcels = brought(file, text)
    refused: list[tuple[str, BackpackError]] = []
    for number, parcel in enumerate(parcels, start=1):
        try:
            if number > MOST_FILES:
                raise NothingInside(f"At most {MOST_FILES} files go in at once.", "Add this one afterwards.")
            jobs.nudge_arrival(importing.receive(db, blobs, earner, *parcel, at, batch).id)
        except BackpackError as error:
            refused.append((parcel.origin, error))
    if not parcels:
        refused = [
            (
                "",
                NothingInside(
                    "Nothing was chosen.", "Choose a file, or paste a link or the text of a badge."
                ),
            )
        ]
    if len(refused) >= max(1, len(parcels)):
        shown = _form(earner, settings, "text" if text else "file", refused, text)
        template = "imports/_drawer.html" if part else "imports/add.html"
        return page(template, status=status_of(refused[0][1]), **shown)
    if part:
        return page(
            "imports/_drawer.html",
            **_form(earner, settings, "file", refused, batch=_batch(db, earner, batch)),
        )
    if refused:
        return page("imports/batch.html", nav="badges", batch=_batch(db, earner, batch), refused=refused)
    return RedirectResponse(f"/import/{batch}", 303)


@router.get("/import/{batch}", response_class=HTMLResponse)
def show_batch(batch: str, page: Page, part: Part, earner: SignedIn, db: Db) -> HTMLResponse:
    """How far it is: a page that reloads by itself, or the list as a part that asks again by itself."""
    found = _batch(db, earner, batch)
    if not found.lines:
        raise Missing("There is no such import.")
    return page(
        "imports/_batch.html" if part else "imports/batch.html", nav="badges", batch=found, refused=()
    )


@router.get("/imports", response_class=HTMLResponse)
def show_imports(page: Page, earner: SignedIn, db: Db) -> HTMLResponse:
    """Everything that was brought in lately, by any way, and what became of it."""
    return page("imports/index.html", nav="badges", batch=_batch(db, earner, ""))


@router.post("/imports/{arrival}/look")
def look(arrival: str, earner: SignedIn, db: Db, blobs: Files, at: Now, link: Words = "") -> RedirectResponse:
    """Open one address that an e-mail leads to, or all of them, and watch what is there."""
    opened = looking.look(db, blobs, earner, arrival, at, link)
    for each in opened:
        jobs.nudge_arrival(each.id)
    return RedirectResponse(f"/import/{opened[0].batch}", 303)


@router.post("/imports/{arrival}/dismiss")
def dismiss(arrival: str, earner: SignedIn, db: Db, at: Now, back: Line = "") -> RedirectResponse:
    """Put an import out of view."""
    importing.dismiss(db, earner, arrival, at)
    return RedirectResponse("/badges" if back == "badges" else "/imports", 303)


@router.post("/imports/{arrival}/retry")
def retry(arrival: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Try a failed import again."""
    jobs.nudge_arrival(importing.retry(db, earner, arrival).id)
    return RedirectResponse("/imports", 303)


def _form(
    earner: Earner,
    settings: Config,
    way: str,
    refused: Refused = (),
    text: str = "",
    batch: progress.Batch | None = None,
) -> dict[str, Any]:
    return {
        "nav": "badges",
        "ways": WAYS,
        "way": way,
        "inbox": joining.inbox_address(earner, settings),
        "refused": refused,
        "text": text,
        "batch": batch,
    }


def _batch(db: Db, earner: Earner, name: str) -> progress.Batch:
    arrivals = importing.arrivals(db, earner, name)
    return progress.Batch(
        name, tuple(progress.Line(row, tuple(importing.badges_of(db, row))) for row in arrivals)
    )

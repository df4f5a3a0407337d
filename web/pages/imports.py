"""Add badges: files, links, texts; and watch what becomes of them, live or by reloading."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backpack import jobs
from backpack.errors import BackpackError, Missing, NothingInside
from backpack.services import arriving, batches, claiming, importing, joining, looking
from backpack.storage.blobs import Unreachable
from backpack.storage.tables import Arrival, Earner
from web import attachments, numbers, progress, summaries
from web.deps import Config, Db, Files, Now, Page, Part, SignedIn
from web.errors import away, status_of
from web.forms import Asked, Line, Words, brought
from web.security import local_path

router = APIRouter()

WAYS = {"file": "File", "text": "Link or text", "mail": "E-mail"}
MOST_FILES = 20
SOME = 5
"""Of many files at work, so many lines are shown."""

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
        except Unreachable as error:  # every further one would wait for it in vain
            later = away(error)
            refused += [(left.origin, later) for left in parcels[number - 1 :]]
            break
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
def show_batch(
    batch: str, page: Page, part: Part, earner: SignedIn, db: Db, show: Asked = "", after: Asked = ""
) -> HTMLResponse:
    """How far it is: a page that reloads by itself, or the list as a part that asks again by itself.

    With ``show`` one of the lists of its files, fifty at a time.
    """
    found = _batch(db, earner, batch)
    _expect(found.tally)
    if show in batches.SHOWN:
        rows, following = batches.files(db, earner, batch, show, after)
        return page(
            "imports/list.html",
            nav="badges",
            batch=found,
            sum=next(row for row in found.sums if row.key == show),
            lines=_lines(db, rows),
            following=following,
        )
    return page(
        "imports/_batch.html" if part else "imports/batch.html", nav="badges", batch=found, refused=()
    )


@router.post("/import/{batch}/stop", response_model=None)
def stop(batch: str, page: Page, part: Part, earner: SignedIn, db: Db, back: Line = "") -> Response:
    """Begin no more of it for now."""
    batches.stop(db, earner, batch)
    return _after(page, part, earner, db, batch, back)


@router.post("/import/{batch}/go-on", response_model=None)
def go_on(batch: str, page: Page, part: Part, earner: SignedIn, db: Db, at: Now, back: Line = "") -> Response:
    """Go on where it was stopped."""
    batches.go_on(db, earner, batch, at)
    return _after(page, part, earner, db, batch, back)


@router.post("/import/{batch}/dismiss")
def dismiss_batch(batch: str, earner: SignedIn, db: Db, at: Now) -> RedirectResponse:
    """Put all that was brought in together out of view."""
    _expect(batches.tally(db, earner, batch))
    batches.dismiss(db, earner, batch, at)
    return RedirectResponse("/imports", 303)


@router.get("/import/{batch}/summary.csv")
def download_table(batch: str, earner: SignedIn, db: Db) -> Response:
    """What became of every file, as a table."""
    _expect(batches.tally(db, earner, batch))
    table = summaries.as_csv(batches.outcomes(db, earner, batch))
    return _download(table, "text/csv", "import.csv")


@router.get("/import/{batch}/summary.json")
def download_json(batch: str, earner: SignedIn, db: Db) -> Response:
    """What became of every file, for programs."""
    _expect(batches.tally(db, earner, batch))
    return _download(
        summaries.as_json(batches.outcomes(db, earner, batch)), "application/json", "import.json"
    )


@router.get("/imports", response_class=HTMLResponse)
def show_imports(page: Page, earner: SignedIn, db: Db, settings: Config) -> HTMLResponse:
    """Everything that was brought in lately, by any way, and what became of it; many files at once as one."""
    rows = arriving.arrivals(db, earner)
    of_batch = Counter(row.batch for row in rows if row.batch)
    files_of = Counter(row.batch for row in rows if row.batch and row.source != "mail")
    entries: dict[str, progress.Line | tuple[Arrival, progress.Batch, str]] = {}
    for row, line in zip(rows, _lines(db, rows), strict=True):
        is_many = row.source == "archive" or row.parts or of_batch[row.batch] > progress.FEW
        if not is_many or not row.batch:
            entries[row.public_id] = line
        elif row.batch not in entries:
            batch = _batch(db, earner, row.batch)
            title = row.origin if files_of[row.batch] <= 1 else numbers.plural(batch.tally.total, "file")
            entries[row.batch] = (row, batch, title)
    inbox = joining.inbox_address(earner, settings)
    return page(
        "imports/index.html",
        nav="badges",
        entries=list(entries.values()),
        failed=arriving.standing(db, earner)["failed"],
        inbox=inbox,
    )


@router.post("/imports/dismiss")
def dismiss_failed(earner: SignedIn, db: Db, at: Now) -> RedirectResponse:
    """Put all that brought no badge out of view."""
    arriving.dismiss_failed(db, earner, at)
    return RedirectResponse("/imports", 303)


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
    arriving.dismiss(db, earner, arrival, at)
    return RedirectResponse("/badges" if back == "badges" else "/imports", 303)


@router.post("/imports/{arrival}/retry")
def retry(arrival: str, earner: SignedIn, db: Db, back: Line = "") -> RedirectResponse:
    """Try a failed import again."""
    jobs.nudge_arrival(arriving.retry(db, earner, arrival).id)
    return RedirectResponse(local_path(back) or "/imports", 303)


def _after(page: Page, part: Part, earner: Earner, db: Db, batch: str, back: str) -> Response:
    found = _batch(db, earner, batch)
    _expect(found.tally)
    if part:
        return page("imports/_batch.html", nav="badges", batch=found, refused=())
    return RedirectResponse(local_path(back) or f"/import/{batch}", 303)


def _expect(tally: batches.Tally) -> None:
    if not tally.is_there:
        raise Missing("There is no such import.")


def _download(text: str, kind: str, name: str) -> Response:
    return attachments.original(text.encode(), f"{kind}; charset=utf-8", name)


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
    tally = batches.tally(db, earner, name)
    found = progress.Batch(name, tally)
    if not found.is_large:
        return replace(found, lines=_lines(db, arriving.arrivals(db, earner, name)))
    troubles, _ = batches.files(db, earner, name, "failed", limit=SOME)
    recent = batches.latest(db, earner, name, SOME) if tally.is_working or tally.stopped else []
    return replace(found, lines=_lines(db, recent), troubles=_lines(db, troubles))


def _lines(db: Db, rows: Sequence[Arrival]) -> tuple[progress.Line, ...]:
    brought = [(row, tuple(arriving.badges_of(db, row))) for row in rows]
    beyond = claiming.beyond(db, (badge for _, badges in brought for badge, _ in badges))
    return tuple(progress.Line(row, badges, beyond) for row, badges in brought)

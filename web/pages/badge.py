"""One badge, for its earner: the letter, the note, and what can be done with it."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backpack import jobs
from backpack.config import Settings
from backpack.errors import Missing
from backpack.services import (
    bundling,
    checking,
    claiming,
    collecting,
    folding,
    offering,
    organising,
    reports,
    sharing,
)
from backpack.storage.tables import Earner
from web import attachments
from web.deps import Config, Db, Files, Now, Page, SignedIn
from web.forms import Asked, AskedWords, Words
from web.histories import changed, past
from web.letters import letter
from web.rendering import title_of
from web.wall import as_asked, back_to, came_from

router = APIRouter(prefix="/badges/{badge}")


@router.get("", response_class=HTMLResponse)
def show_badge(
    badge: str,
    request: Request,
    page: Page,
    earner: SignedIn,
    db: Db,
    settings: Config,
    at: Now,
    done: Asked = "",
) -> HTMLResponse:
    """The letter: verdict, checks, what it says, what only the earner sees."""
    return page(
        "badges/show.html",
        nav="badges",
        done=done,
        back=came_from(request),
        **_facts(db, earner, badge, settings, at),
    )


@router.get("/letter", response_class=HTMLResponse)
def show_letter(
    badge: str, page: Page, earner: SignedIn, db: Db, settings: Config, at: Now, back: AskedWords = ""
) -> HTMLResponse:
    """The letter alone while a check is at work: it asks again by itself until that has ended."""
    return page(
        "badges/_letter.html", done="", back=as_asked(back), **_facts(db, earner, badge, settings, at)
    )


@router.post("/note")
def keep_note(badge: str, earner: SignedIn, db: Db, note: Words = "", tags: Words = "") -> RedirectResponse:
    """Keep the private note and tags."""
    organising.annotate(db, earner, badge, note, [tag for tag in tags.split(",") if tag.strip()])
    return RedirectResponse(f"/badges/{badge}?done=saved#own", 303)


@router.post("/check")
def check(badge: str, earner: SignedIn, db: Db, at: Now) -> RedirectResponse:
    """Check it now."""
    checking.check_now(db, earner, badge, at)
    jobs.nudge_badge(organising.badge(db, earner, badge).id)
    return RedirectResponse(f"/badges/{badge}", 303)


@router.post("/accept")
def accept(badge: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Take it into the backpack, if it waits for that."""
    offering.accept(db, earner, [badge])
    return RedirectResponse(f"/badges/{badge}", 303)


@router.post("/decline")
def decline(badge: str, earner: SignedIn, db: Db, at: Now, back: Words = "") -> RedirectResponse:
    """Put one that waits into the bin, with the way back for 30 days."""
    offering.decline(db, earner, badge, at)
    return back_to(back, "declined", [badge])


@router.post("/hide")
def hide(badge: str, earner: SignedIn, db: Db, at: Now, back: Words = "") -> RedirectResponse:
    """Put it out of the wall; it can be shown again."""
    organising.hide(db, earner, badge, at)
    return back_to(back, "hidden", [badge])


@router.post("/show")
def show(badge: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Put it back into the wall."""
    organising.show(db, earner, badge)
    return RedirectResponse(f"/badges/{badge}", 303)


@router.post("/delete")
def delete(badge: str, earner: SignedIn, db: Db, at: Now, back: Words = "") -> RedirectResponse:
    """Delete it, with the way back for 30 days."""
    organising.delete(db, earner, badge, at)
    return back_to(back, "deleted", [badge])


@router.post("/apart")
def show_separately(badge: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Give what lies folded under it, or itself when it lies under another, a card of its own."""
    folding.show_separately(db, earner, badge)
    return RedirectResponse(f"/badges/{badge}#awards", 303)


@router.post("/together")
def put_together(badge: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Fold it with the others of its achievement again."""
    folding.put_together(db, earner, badge)
    return RedirectResponse(f"/badges/{badge}#awards", 303)


@router.get("/original")
def get_original(badge: str, earner: SignedIn, db: Db, blobs: Files) -> Response:
    """The untouched file, as a download."""
    data, media_type, name = organising.original(db, blobs, earner, badge)
    return attachments.original(data, media_type, name)


@router.get("/bundle")
def get_bundle(badge: str, earner: SignedIn, db: Db, blobs: Files) -> Response:
    """The badge with everything needed to check it anywhere, as a download."""
    name = bundling.file_name(organising.badge(db, earner, badge))
    return attachments.original(bundling.bundle(db, blobs, earner, badge), "application/zip", name)


@router.get("/picture")
def get_picture(badge: str, earner: SignedIn, db: Db, blobs: Files) -> Response:
    """Our copy of its picture."""
    data = organising.picture(db, blobs, earner, badge)
    if data is None:
        raise Missing("This badge has no picture.")
    return attachments.picture(data, "private, max-age=300")


def _facts(db: Db, earner: Earner, badge: str, settings: Settings, at: datetime) -> dict[str, Any]:
    row = organising.badge(db, earner, badge)
    all_reports = reports.history(db, earner, badge)
    report = reports.as_of(all_reports[0].content, at) if all_reports else None
    verified = reports.verified_alike(db, {row.id: all_reports[0]}) if all_reports else {}
    is_due = row.next_check_at is not None and row.next_check_at <= at
    fold, top, apart = folding.folds(db, [row]).get(row.id), folding.top_of(db, row), folding.apart(db, row)
    fallback = {"name": title_of(row), "issuer": {"name": row.issuer_name, "url": row.issuer_url}}
    return {
        "badge": row,
        "offer": offering.offer_of(db, row),
        "letter": letter(
            report or row.progress,
            "owner",
            fallback=fallback,
            held=reports.held(db, earner, report or {}),
            running=report is None,
            verified_at=verified.get(row.id),
        ),
        "is_checking": report is None or row.progress is not None or is_due,
        "tags": [tag for tag in row.tags.split(",") if tag],
        "history": past(all_reports, row),
        "changed": changed(all_reports, at),
        "fold": fold,
        "top": top,
        "apart": apart,
        "beyond": claiming.beyond(db, (*(fold.badges if fold else ()), *([top] if top else ()), *apart)),
        "shares": [(share, sharing.link_of(share, settings)) for share in sharing.shares_of(db, row, at)],
        "shown_with": collecting.shown_with(db, row, at),
    }

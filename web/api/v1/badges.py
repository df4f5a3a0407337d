"""An earner's badges: look, annotate, download, check again."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from backpack import jobs
from backpack.errors import Missing
from backpack.services import bundling, checking, folding, offering, organising, reports
from backpack.storage.database import session
from web import attachments
from web.api import limits, shapes, telling
from web.api.caller import Caller
from web.api.problems import problems
from web.api.waiting import Wait, until
from web.deps import Config, Db, Files, Now
from web.security import PRIVATE

router = APIRouter(tags=["badges"])

NOTHING_FOLDED = folding.Fold()

Id = Annotated[shapes.Id, Path(description="Id of the badge", examples=[shapes.BADGE_ID])]
Sort = Literal["newest", "oldest", "title", "issuer", "awarded"]
Status = Literal[
    "",
    "all",
    "verified",
    "needs_look",
    "unconfirmed",
    "wrong_recipient",
    "expired",
    "not_yet_valid",
    "suspended",
    "revoked",
    "invalid",
    "shared",
    "hidden",
    "offered",
]


@router.get("/badges", summary="List badges")
def list_badges(
    earner: Caller,
    db: Db,
    settings: Config,
    q: Annotated[
        shapes.Text, Query(max_length=200, description="Words in name, issuer, description or tags")
    ] = "",
    status: Annotated[
        Status, Query(description="A verdict, what needs a look, what is shared, hidden or offered")
    ] = "",
    issuer: Annotated[shapes.Text, Query(max_length=1000, description="Name of the issuer")] = "",
    tag: Annotated[shapes.Text, Query(max_length=60, description="One of your tags")] = "",
    collection: Annotated[shapes.Text, Query(max_length=100, description="Id of a collection")] = "",
    sort: Annotated[Sort, Query(description="What comes first")] = "newest",
    limit: Annotated[int, Query(ge=1, le=200)] = 60,
    cursor: Annotated[
        shapes.Text | None, Query(max_length=100, description="`next` of the page before")
    ] = None,
) -> shapes.BadgePage:
    """Your badges, a page at a time. Pages go by key: a badge that comes in meanwhile shifts none of them."""
    page = organising.badges(
        db,
        earner,
        q=q,
        status=status,
        issuer=issuer,
        tag=tag,
        collection=collection,
        sort=sort,
        limit=limit,
        cursor=cursor,
    )
    latest, folds = reports.latest_of(db, page.badges), folding.folds(db, page.badges)
    return shapes.BadgePage(
        badges=[
            telling.listed_badge(
                badge, latest.get(badge.id), settings, folds.get(badge.id, NOTHING_FOLDED).badges
            )
            for badge in page.badges
        ],
        next=page.next,
        total=page.total,
    )


@router.get("/badges/{badge_id}", summary="Get a badge", responses=problems(404))
def get_badge(badge_id: Id, earner: Caller, db: Db, settings: Config) -> shapes.Badge:
    """One badge with its last report."""
    badge = organising.badge(db, earner, badge_id)
    folded = folding.folds(db, [badge]).get(badge.id, NOTHING_FOLDED).badges
    return telling.badge(badge, reports.latest(db, badge), settings, folded)


@router.patch("/badges/{badge_id}", summary="Annotate or hide a badge", responses=problems(404))
def change_badge(
    badge_id: Id, changes: shapes.BadgeChanges, earner: Caller, db: Db, settings: Config, at: Now
) -> shapes.Badge:
    """Change your note, your tags, or whether it is hidden. The badge itself never changes."""
    organising.annotate(db, earner, badge_id, note=changes.note, tags=changes.tags)
    if changes.hidden is True:
        organising.hide(db, earner, badge_id, at)
    if changes.hidden is False:
        organising.show(db, earner, badge_id)
    return get_badge(badge_id, earner, db, settings)


@router.delete("/badges/{badge_id}", summary="Delete a badge", status_code=204, responses=problems(404))
def delete_badge(badge_id: Id, earner: Caller, db: Db, at: Now) -> None:
    """Take it out of your backpack and off every public page, at once.

    For 30 days it can be brought back, by bringing the same badge in again.
    """
    organising.delete(db, earner, badge_id, at)


@router.post("/badges/{badge_id}/accept", summary="Accept an offered badge", responses=problems(404))
def accept_badge(badge_id: Id, earner: Caller, db: Db, settings: Config) -> shapes.Badge:
    """Take a badge that came by mail into your backpack. One that is in it already stays as it is."""
    offering.accept(db, earner, [badge_id])
    return get_badge(badge_id, earner, db, settings)


@router.post(
    "/badges/{badge_id}/decline",
    summary="Decline an offered badge",
    status_code=204,
    responses=problems(404, 409),
)
def decline_badge(badge_id: Id, earner: Caller, db: Db, at: Now) -> None:
    """Do not take a badge that came by mail. For 30 days it can be brought back, by bringing it in yourself."""
    offering.decline(db, earner, badge_id, at)


@router.get(
    "/badges/{badge_id}/original",
    summary="Download the original",
    response_class=Response,
    responses={200: {"description": "The file exactly as it came", "content": {"*/*": {}}}, **problems(404)},
)
def get_original(badge_id: Id, earner: Caller, db: Db, blobs: Files) -> Response:
    """The untouched bytes, as they came in."""
    return attachments.original(*organising.original(db, blobs, earner, badge_id))


@router.get(
    "/badges/{badge_id}/bundle",
    summary="Download the verification bundle",
    response_class=Response,
    responses={200: {"description": "A ZIP file", "content": {"application/zip": {}}}, **problems(404)},
)
def get_bundle(badge_id: Id, earner: Caller, db: Db, blobs: Files) -> Response:
    """The original, every document that the last report stands on, and that report, as a ZIP file.

    `backpack verify --offline bundle.zip` gives the same checks on any machine, without a network. It names the
    address that the badge was awarded to, when that is yours, and no other address of yours.
    """
    name = bundling.file_name(organising.badge(db, earner, badge_id))
    return attachments.original(bundling.bundle(db, blobs, earner, badge_id), "application/zip", name)


@router.get(
    "/badges/{badge_id}/image",
    summary="Get the picture",
    response_class=Response,
    responses={200: {"description": "The picture", "content": {"image/png": {}}}, **problems(404)},
)
def get_image(badge_id: Id, earner: Caller, db: Db, blobs: Files) -> Response:
    """The badge's picture, redrawn as PNG: there is no badge baked into it."""
    data = organising.picture(db, blobs, earner, badge_id)
    if data is None:
        raise Missing("This badge has no picture.")
    return attachments.picture(data, PRIVATE)


@router.get("/badges/{badge_id}/report", summary="Get the last report", responses=problems(404))
def get_report(badge_id: Id, earner: Caller, db: Db) -> shapes.Written:
    """The last report, as `backpack verify --json` prints it. Until the first check has ended there is none."""
    report = reports.latest(db, organising.badge(db, earner, badge_id))
    if report is None:
        raise Missing(
            "This badge has no report yet.", "Its first check is still at work. Ask again in a moment."
        )
    content: shapes.Written = report.content
    return content


@router.get("/badges/{badge_id}/history", summary="Get all reports", responses=problems(404))
def get_history(badge_id: Id, earner: Caller, db: Db) -> shapes.History:
    """All reports, the newest first. None is ever changed or removed."""
    return shapes.History(reports=[report.content for report in reports.history(db, earner, badge_id)])


@router.post(
    "/badges/{badge_id}/check", summary="Check a badge now", status_code=202, responses=problems(404, 429)
)
async def check_badge(
    badge_id: Id, earner: Caller, db: Db, settings: Config, at: Now, request: Request, wait: Wait = 0
) -> shapes.Badge:
    """Ask the issuer again. The answer is the badge as it is now; with `wait`, as it is after the check."""

    def ask() -> None:
        limits.count_check(db, earner, at)
        jobs.nudge_badge(checking.check_now(db, earner, badge_id, at).id)
        db.close()  # gives the connection back before the wait

    def look() -> shapes.Badge:
        with session(request.app.state.engine) as fresh:
            return get_badge(badge_id, fresh.merge(earner, load=False), fresh, settings)

    await run_in_threadpool(ask)
    return await until(lambda seen: seen.checked_at is not None and seen.checked_at > at, look, wait)

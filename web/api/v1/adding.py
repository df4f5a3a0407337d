"""Bringing a badge in, and what became of it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from backpack import jobs
from backpack.services import arriving, batches, importing, looking
from backpack.storage.database import session
from backpack.storage.tables import Arrival, Earner
from web.api import shapes, telling
from web.api.caller import Caller
from web.api.delivery import BODY, Delivered, Delivery
from web.api.problems import problems
from web.api.waiting import Wait, until
from web.deps import Db, Files, Now

router = APIRouter(tags=["badges"])

Id = Annotated[shapes.Id, Path(description="Id of the arrival", examples=[shapes.ARRIVAL_ID])]

_KNOWN = {"model": shapes.Arrival, "description": "It is there already: `badges` names the existing one"}


@dataclass(frozen=True, slots=True)
class Look:
    """An arrival at one moment. ``is_known``: whatever was found in it so far was there before."""

    told: shapes.Arrival
    is_settled: bool
    """Read, and every badge in it checked at least once."""
    is_known: bool


@router.post(
    "/badges",
    summary="Bring in a badge",
    status_code=201,
    responses={200: _KNOWN, **problems(413, 429)},
    openapi_extra=dict(BODY),
)
async def add_badge(
    sent: Delivered,
    earner: Caller,
    db: Db,
    blobs: Files,
    at: Now,
    request: Request,
    response: Response,
    wait: Wait = 0,
) -> shapes.Arrival:
    """Keep a file, an address or a text, then read and check the badges in it.

    The answer comes as soon as it is safely kept; `state` is then `waiting`. With `wait` it comes when the
    checks have ended, or when that time is up. Ask for the arrival again until `state` is `done` or `failed`.

    An archive (ZIP, or mbox with many mails) is taken apart: each file becomes an arrival of its own, and
    `children` counts what became of them.

    A badge that fails a check is kept and explained. What is no badge at all makes the arrival `failed`, and
    `problem` says why.
    """
    arrival_id, known = await run_in_threadpool(_keep, db, blobs, earner, sent, at)

    def look() -> Look:
        with session(request.app.state.engine) as fresh:
            return _look(fresh, earner, arrival_id)

    seen = await until(lambda seen: seen.is_settled, look, wait)
    response.status_code = 200 if known or seen.is_known else 201
    return seen.told.model_copy(update={"badges": seen.told.badges or known})


@router.get("/arrivals/{arrival_id}", summary="Get an arrival", responses=problems(404))
def get_arrival(arrival_id: Id, earner: Caller, db: Db) -> shapes.Arrival:
    """What became of something brought in; of a mail also who sent it, and where its links lead."""
    return _look(db, earner, arrival_id).told


@router.post(
    "/arrivals/{arrival_id}/links",
    summary="Open the links of a mail",
    status_code=201,
    responses=problems(404, 429),
)
def open_links(
    arrival_id: Id, opened: shapes.Links, earner: Caller, db: Db, blobs: Files, at: Now
) -> shapes.Arrivals:
    """Look where these links lead; without any, where all of them do. Each becomes an arrival of its own.

    Badges that are found there are offered, like those in the mail itself.
    """
    made = [
        each for url in opened.links or [""] for each in looking.look(db, blobs, earner, arrival_id, at, url)
    ]
    for each in made:
        jobs.nudge_arrival(each.id)
    return shapes.Arrivals(arrivals=[telling.arrival(each, []) for each in made])


def _keep(db: Db, blobs: Files, earner: Earner, sent: Delivery, at: Now) -> tuple[str, list[str]]:
    """Receive it; the arrival's id, and the ids of badges that came as the same bytes before."""
    known = [badge.public_id for badge in importing.known(db, earner, sent.data)]
    arrival = importing.receive(db, blobs, earner, sent.data, sent.source, sent.origin, at)
    jobs.nudge_arrival(arrival.id)
    db.close()  # gives the connection back before the wait
    return arrival.public_id, known


def _look(db: Db, earner: Earner, arrival_id: str) -> Look:
    arrival = arriving.arrival(db, earner, arrival_id)
    if arrival.source == "archive":
        return _look_inside(db, earner, arrival)
    found = arriving.badges_of(db, arrival)
    is_read = arrival.state in ("done", "failed")
    return Look(
        telling.arrival(arrival, [badge for badge, _ in found]),
        is_settled=is_read and all(badge.verdict for badge, _ in found),
        is_known=bool(found) and not any(is_new for _, is_new in found),
    )


def _look_inside(db: Db, earner: Earner, archive: Arrival) -> Look:
    """An archive is settled when all its files are; which badges came of them is asked of `/badges`."""
    children = batches.children(db, archive)
    is_working = batches.tally(db, earner, archive.batch).is_working
    return Look(telling.arrival(archive, [], children), is_settled=not is_working, is_known=False)

"""Public links: made, listed, closed."""

from typing import Annotated

from fastapi import APIRouter, Path

from backpack.services import sharing
from backpack.storage.tables import Share
from web.api import shapes, telling
from web.api.caller import Caller
from web.api.problems import problems
from web.deps import Config, Db, Now
from web.errors import Unfit

router = APIRouter(tags=["shares"])


@router.get("/shares", summary="List public links")
def list_shares(earner: Caller, db: Db, settings: Config) -> shapes.Shares:
    """All your public links, open and closed, the newest first."""
    return shapes.Shares(shares=[telling.share(db, one, settings) for one in sharing.shares(db, earner)])


@router.post("/shares", summary="Make a public link", status_code=201, responses=problems(404))
def make_share(made: shapes.NewShare, earner: Caller, db: Db, settings: Config, at: Now) -> shapes.Share:
    """Make an address at which the world can see a badge or a collection, until you close it.

    `targets` are ready-made addresses for showing it elsewhere: opened in a browser, LinkedIn's form comes up
    filled in, and so on.
    """
    return telling.share(db, _made(made, earner, db, at), settings)


@router.delete("/shares/{share_id}", summary="Close a public link", status_code=204, responses=problems(404))
def close_share(
    share_id: Annotated[shapes.Id, Path(description="Id of the share", examples=[shapes.SHARE_ID])],
    earner: Caller,
    db: Db,
    at: Now,
) -> None:
    """Close it, at once and everywhere: page, picture, preview card, embed and JSON."""
    sharing.close(db, earner, share_id, at)


def _made(made: shapes.NewShare, earner: Caller, db: Db, at: Now) -> Share:
    if (made.badge is None) == (made.collection is None):
        raise Unfit(
            "It takes exactly one of “badge” and “collection”.", "Send the id of what the link is to show."
        )
    if made.expires_at is not None and made.expires_at <= at:
        raise Unfit("“expires_at” is in the past.", "Choose a time to come, or leave it out.")
    make = sharing.share_badge if made.badge is not None else sharing.share_collection
    return make(
        db,
        earner,
        made.badge or made.collection or "",
        at=at,
        audience=made.audience,
        label=made.label,
        expires_at=made.expires_at,
        shows_name=made.shows_name,
        shows_evidence=made.shows_evidence,
        shows_original=made.shows_original,
    )

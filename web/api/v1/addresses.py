"""E-mail addresses: whose badges are yours."""

from typing import Annotated

from fastapi import APIRouter, Path

from backpack import jobs
from backpack.services import joining
from web.api import shapes, telling
from web.api.caller import Caller
from web.api.problems import problems
from web.deps import Config, Db, Now

router = APIRouter(tags=["addresses"])

Id = Annotated[shapes.Id, Path(description="Id of the address", examples=[shapes.ADDRESS_ID])]


@router.get("/addresses", summary="List addresses")
def list_addresses(earner: Caller, db: Db, settings: Config) -> shapes.Addresses:
    """Your addresses, and the one to forward award mails to."""
    return shapes.Addresses(
        addresses=[telling.address(one) for one in joining.addresses(db, earner)],
        inbox=joining.inbox_address(earner, settings),
    )


@router.post("/addresses", summary="Add an address", status_code=201, responses=problems(409, 429))
def add_address(
    added: shapes.NewAddress, earner: Caller, db: Db, settings: Config, at: Now
) -> shapes.Address:
    """Send a mail with a link to it. Once you have opened that, badges awarded to the address are yours."""
    address = joining.add_address(db, earner, added.email, settings, at)
    jobs.nudge_outbox()
    return telling.address(address)


@router.delete(
    "/addresses/{address_id}", summary="Remove an address", status_code=204, responses=problems(404, 409)
)
def remove_address(address_id: Id, earner: Caller, db: Db) -> None:
    """Remove it. Your badges stay; the last confirmed address cannot go."""
    joining.remove_address(db, earner, address_id)

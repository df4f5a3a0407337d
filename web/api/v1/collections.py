"""Collections: ordered sets of badges with remarks."""

from typing import Annotated

from fastapi import APIRouter, Body, Path

from backpack.services import collecting
from web.api import shapes, telling
from web.api.caller import Caller
from web.api.problems import problems
from web.deps import Db, Now

router = APIRouter(tags=["collections"])

Id = Annotated[shapes.Id, Path(description="Id of the collection", examples=[shapes.COLLECTION_ID])]
Places = Annotated[list[shapes.Place], Body(max_length=1000, examples=[[shapes.PLACE]])]


@router.get("/collections", summary="List collections")
def list_collections(earner: Caller, db: Db) -> shapes.Collections:
    """All your collections."""
    return shapes.Collections(
        collections=[
            telling.listed_collection(one.collection, one.count) for one in collecting.collections(db, earner)
        ]
    )


@router.post("/collections", summary="Make a collection", status_code=201, responses=problems(404))
def make_collection(made: shapes.NewCollection, earner: Caller, db: Db, at: Now) -> shapes.Collection:
    """Make a collection, with its badges if you like. Nobody sees it until you share it."""
    collection = collecting.create_collection(db, earner, made.title, made.intro, at, _pairs(made.badges))
    return get_collection(collection.public_id, earner, db)


@router.get("/collections/{collection_id}", summary="Get a collection", responses=problems(404))
def get_collection(collection_id: Id, earner: Caller, db: Db) -> shapes.Collection:
    """One collection with its badges in order."""
    collection = collecting.collection(db, earner, collection_id)
    return telling.collection(collection, collecting.entries(db, collection))


@router.patch("/collections/{collection_id}", summary="Rename a collection", responses=problems(404))
def change_collection(
    collection_id: Id, changes: shapes.CollectionChanges, earner: Caller, db: Db
) -> shapes.Collection:
    """Change title or introduction."""
    collecting.edit_collection(db, earner, collection_id, title=changes.title, intro=changes.intro)
    return get_collection(collection_id, earner, db)


@router.delete(
    "/collections/{collection_id}", summary="Delete a collection", status_code=204, responses=problems(404)
)
def delete_collection(collection_id: Id, earner: Caller, db: Db) -> None:
    """Delete it and close its public links. Its badges stay in your backpack."""
    collecting.delete_collection(db, earner, collection_id)


@router.put("/collections/{collection_id}/badges", summary="Arrange a collection", responses=problems(404))
def arrange_collection(collection_id: Id, places: Places, earner: Caller, db: Db) -> shapes.Collection:
    """Set which badges are in it, in which order, with which remarks: the whole list."""
    collecting.arrange(db, earner, collection_id, _pairs(places))
    return get_collection(collection_id, earner, db)


def _pairs(places: list[shapes.Place]) -> list[tuple[str, str]]:
    return [(place.badge, place.remark) for place in places]

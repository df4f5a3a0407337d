"""Collections."""

from datetime import datetime

from pydantic import BaseModel, Field

from .common import BADGE_ID, COLLECTION_ID, Id, Intro, Remark, Title, given, taken

COLLECTION = {
    "id": COLLECTION_ID,
    "title": "Robotics",
    "intro": "What I learnt about robots.",
    "count": 1,
    "created_at": "2026-05-03T09:31:00Z",
}
PLACE = {"badge": BADGE_ID, "remark": "My first robot."}
PLACED = PLACE | {"name": "Robotics, Level 1", "issuer": "Example Academy", "verdict": "verified"}


class Place(BaseModel):
    """A badge in a collection."""

    model_config = taken(PLACE)
    badge: Id = Field(description="Id of the badge")
    remark: Remark = Field("", description="What you say about it on the public page")


class Placed(BaseModel):
    """A badge in a collection, with what it is called."""

    model_config = given(PLACED)
    badge: str
    remark: str
    name: str
    issuer: str
    verdict: str | None


class NewCollection(BaseModel):
    """A collection to make."""

    model_config = taken({"title": "Robotics", "intro": "What I learnt about robots.", "badges": [PLACE]})
    title: Title
    intro: Intro = ""
    badges: list[Place] = Field([], max_length=1000, description="Its badges, in order")


class CollectionChanges(BaseModel):
    """What to change; what is left out or null stays as it is."""

    model_config = taken({"title": "Robots"})
    title: Title | None = None
    intro: Intro | None = None


class ListedCollection(BaseModel):
    """A collection, without its badges."""

    model_config = given(COLLECTION)
    id: str
    title: str
    intro: str
    count: int = Field(description="How many badges are in it")
    created_at: datetime


class Collection(ListedCollection):
    """A collection with its badges in order."""

    model_config = given(COLLECTION | {"badges": [PLACED]})
    badges: list[Placed]


class Collections(BaseModel):
    """All collections."""

    model_config = given({"collections": [COLLECTION]})
    collections: list[ListedCollection]

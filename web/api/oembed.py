"""oEmbed: sites that find a link to one of our public pages ask here how to show it."""

import re
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from backpack.config import Settings
from backpack.errors import Missing
from backpack.services import sharing
from web.api import shapes
from web.api.problems import problems
from web.deps import Config, Db, Now
from web.embedding import SIZES, embed_html, fitting
from web.errors import Unfit
from web.texts import plain

router = APIRouter(tags=["embedding"], generate_unique_id_function=lambda route: route.name)

HOUR = 3600
_PAGE = re.compile(r"/([bc])/([A-Za-z0-9_-]{10,100})/?")
_KINDS = {"b": "badge", "c": "collection"}

Room = Annotated[int | None, Query(ge=1, le=100_000, description="Most pixels that there is room for")]


@router.get(
    "/oembed",
    summary="How to show a public page",
    responses={
        200: {"content": {"application/json": {"example": shapes.EMBED}}},
        501: {"description": "Another format than `json` was asked for"},
        **problems(404, 422),
    },
)
def get_oembed(
    url: Annotated[
        str, Query(max_length=2048, description="A public page of ours", examples=[shapes.SHARE["url"]])
    ],
    db: Db,
    settings: Config,
    at: Now,
    maxwidth: Room = None,
    maxheight: Room = None,
    format: Annotated[str, Query(max_length=20, description="`json` is the only one there is")] = "json",
) -> JSONResponse:
    """What another site needs to show a public badge or collection: an iframe and a preview picture.

    A link that was closed has no answer (404), like one that never was.
    """
    if format != "json":
        raise Unfit("There is only JSON here.", "Ask with format=json.", code="no_such_format")
    kind, slug = _page(url, settings)
    shown = sharing.open_share(db, slug, at)
    if shown.kind != kind:
        raise _nothing()
    most = (maxwidth or SIZES[kind][0], maxheight or SIZES[kind][1])
    width, height = fitting(kind, most)
    link, title = f"{settings.base_url}/{kind[0]}/{slug}", plain(shown.title)
    told = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "Backpack",
        "provider_url": settings.base_url,
        "cache_age": HOUR,
        "html": embed_html(link, title, kind, most),
        "width": width,
        "height": height,
        "thumbnail_url": f"{link}/card.png",
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
    }
    return JSONResponse(told, headers={"access-control-allow-origin": "*"})


def _page(url: str, settings: Settings) -> tuple[str, str]:
    """Kind and slug of a public page's address; raises Missing for any other address."""
    path = url.removeprefix(settings.base_url)
    found = _PAGE.fullmatch(path.partition("#")[0].partition("?")[0])
    if path == url or found is None:
        raise _nothing()
    return _KINDS[found[1]], found[2]


def _nothing() -> Missing:
    return Missing("There is no public page at this address.")

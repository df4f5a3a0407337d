"""The first page, for whoever is not signed in, and the small files that browsers and robots ask for."""

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response

from web.assets import STATIC
from web.deps import BarePage, Visitor
from web.forms import Asked

router = APIRouter()

_SHELF = (
    "data-stewardship",
    "night-sky",
    "first-aid",
    "grain-and-oven",
    "peer-reviewer",
    "teaching-assistant",
    "field-mapping",
)


@router.get("/", response_class=HTMLResponse)
def show_landing(visitor: Visitor, page: BarePage, done: Asked = "") -> Response:
    """What this is, sign in, check a badge; who is signed in goes on to their badges."""
    if visitor:
        return RedirectResponse("/badges", 303)
    shown = page("landing/index.html", shelf=_SHELF, email="", next="", problem="", done=done)
    shown.headers["x-robots-tag"] = "all"
    return shown


@router.get("/favicon.ico")
def get_icon() -> FileResponse:
    """The icon, at the address that browsers try by themselves."""
    return FileResponse(STATIC / "brand.svg", headers={"cache-control": "public, max-age=86400"})


@router.get("/robots.txt", response_class=PlainTextResponse)
def get_robots() -> PlainTextResponse:
    """Everything may be read; what must not be listed says so itself (naming it here would list it)."""
    return PlainTextResponse("User-agent: *\nDisallow:\n", headers={"cache-control": "public, max-age=86400"})

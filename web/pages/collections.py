"""Collections: make one, fill it, put it in order, remark on its badges."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backpack.services import claiming, collecting, joining, organising, sharing
from backpack.storage.tables import Earner
from web.deps import Config, Db, Now, Page, Part, SignedIn
from web.forms import Asked, Line, Several, Words

router = APIRouter(prefix="/collections")


@router.get("", response_class=HTMLResponse)
def show_collections(page: Page, earner: SignedIn, db: Db) -> HTMLResponse:
    """All of them, and a form for a new one."""
    return page("collections/index.html", nav="collections", collections=collecting.collections(db, earner))


@router.post("")
def create(earner: SignedIn, db: Db, at: Now, title: Line = "", intro: Words = "") -> RedirectResponse:
    """Make one."""
    made = collecting.create_collection(db, earner, title, intro, at)
    return RedirectResponse(f"/collections/{made.public_id}", 303)


@router.get("/{collection}", response_class=HTMLResponse)
def show_collection(
    collection: str,
    page: Page,
    earner: SignedIn,
    db: Db,
    settings: Config,
    at: Now,
    earlier: Asked = "",
    later: Asked = "",
    done: Asked = "",
) -> HTMLResponse:
    """One, to work on: title and introduction, badges in order with remarks, badges to add.

    ``earlier`` or ``later`` is the badge that was just moved so: its button has the focus again. ``done`` is
    what was just saved: "saved" for title and introduction, else the badge whose remark it was.
    """
    moved = {"moved": earlier or later, "way": "earlier" if earlier else "later", "done": done}
    return page("collections/show.html", **_shown(collection, earner, db, settings, at) | moved)


@router.post("/{collection}")
def edit(collection: str, earner: SignedIn, db: Db, title: Line = "", intro: Words = "") -> RedirectResponse:
    """Change title and introduction."""
    collecting.edit_collection(db, earner, collection, title=title, intro=intro)
    return RedirectResponse(f"/collections/{collection}?done=saved#words", 303)


@router.post("/{collection}/delete")
def delete(collection: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Delete it; its badges stay."""
    collecting.delete_collection(db, earner, collection)
    return RedirectResponse("/collections", 303)


@router.post("/{collection}/badges")
def add(collection: str, earner: SignedIn, db: Db, badge: Several = ()) -> RedirectResponse:
    """Add badges at its end."""
    collecting.add_to_collection(db, earner, collection, list(badge))
    return RedirectResponse(f"/collections/{collection}", 303)


@router.post("/{collection}/order", response_model=None)
def arrange(collection: str, part: Part, earner: SignedIn, db: Db, badge: Several = ()) -> Response:
    """Put all its badges into this order; their remarks go with them."""
    row = collecting.collection(db, earner, collection)
    remarks = {entry.badge.public_id: entry.remark for entry in collecting.entries(db, row)}
    collecting.arrange(db, earner, collection, [(each, remarks.get(each, "")) for each in badge])
    return Response(status_code=204) if part else RedirectResponse(f"/collections/{collection}", 303)


@router.post("/{collection}/badges/{badge}/earlier")
def move_earlier(collection: str, badge: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Move one badge a place forward."""
    collecting.move(db, earner, collection, badge, earlier=True)
    return RedirectResponse(f"/collections/{collection}?earlier={badge}", 303)


@router.post("/{collection}/badges/{badge}/later")
def move_later(collection: str, badge: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Move one badge a place back."""
    collecting.move(db, earner, collection, badge, earlier=False)
    return RedirectResponse(f"/collections/{collection}?later={badge}", 303)


@router.post("/{collection}/badges/{badge}/remark", response_model=None)
def keep_remark(
    collection: str, badge: str, page: Page, part: Part, earner: SignedIn, db: Db, remark: Words = ""
) -> Response:
    """Say why this badge is here; as a part of the page, so that words elsewhere on it are not lost."""
    collecting.remark(db, earner, collection, badge, remark)
    if part:
        return page("collections/_saved.html")
    return RedirectResponse(f"/collections/{collection}?done={badge}#entry-{badge}", 303)


@router.post("/{collection}/badges/{badge}/out", response_class=HTMLResponse)
def take_out(
    collection: str, badge: str, page: Page, earner: SignedIn, db: Db, settings: Config, at: Now
) -> HTMLResponse:
    """Take a badge out, which stays in the backpack; this page alone knows its remark, to undo that."""
    taken = collecting.take_out(db, earner, collection, badge)
    return page("collections/show.html", **_shown(collection, earner, db, settings, at) | {"taken": taken})


@router.get("/{collection}/badges/{badge}/out")
def show_without(collection: str, earner: SignedIn, db: Db) -> RedirectResponse:
    """Where a browser opens the page anew that showed the collection without the badge."""
    found = collecting.collection(db, earner, collection)
    return RedirectResponse(f"/collections/{found.public_id}", 303)


@router.post("/{collection}/badges/{badge}")
def put_back(
    collection: str,
    badge: str,
    earner: SignedIn,
    db: Db,
    remark: Words = "",
    position: Annotated[int, Form(ge=0, le=1_000_000)] = 0,
) -> RedirectResponse:
    """Put a badge back that was just taken out: where it was, with its remark."""
    collecting.put_back(db, earner, collection, badge, remark, position)
    return RedirectResponse(f"/collections/{collection}#entry-{badge}", 303)


def _shown(collection: str, earner: Earner, db: Db, settings: Config, at: Now) -> dict[str, Any]:
    row = collecting.collection(db, earner, collection)
    entries = collecting.entries(db, row)
    inside = {entry.badge.public_id for entry in entries}
    every = organising.badges(db, earner, sort="title", limit=200).badges
    return {
        "nav": "collections",
        "collection": row,
        "entries": entries,
        "beyond": claiming.beyond(db, (entry.badge for entry in entries)),
        "addable": [badge for badge in every if badge.public_id not in inside],
        "inbox": joining.inbox_address(earner, settings),
        "shares": [(share, sharing.link_of(share, settings)) for share in sharing.shares_of(db, row, at)],
        "moved": "",
        "way": "",
        "done": "",
        "taken": None,
    }

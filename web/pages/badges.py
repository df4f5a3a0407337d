"""The earner's badges: the wall of them, and what is done with several at once. One alone: ``badge.py``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backpack.services import (
    arriving,
    claiming,
    collecting,
    erasing,
    folding,
    joining,
    offering,
    organising,
)
from backpack.storage.tables import Earner
from web.deps import Config, Db, Now, Page, Part, SignedIn
from web.forms import Asked, AskedSeveral, Line, Several, Words
from web.wall import back_to

router = APIRouter()

TABS = {
    "": "All",
    "verified": "Verified",
    "needs_look": "Needs a look",
    "shared": "Shared",
    "hidden": "Hidden",
    "deleted": "Deleted",
}
ASIDE = ("hidden", "deleted")
"""Tabs that are there only when something is behind them."""
SORTS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "awarded": "By date of award",
    "title": "By name",
    "issuer": "By issuer",
}


@router.get("/badges", response_class=HTMLResponse)
def show_badges(
    page: Page,
    part: Part,
    earner: SignedIn,
    db: Db,
    settings: Config,
    q: Asked = "",
    status: Asked = "",
    issuer: Asked = "",
    tag: Asked = "",
    sort: Asked = "newest",
    cursor: Asked = "",
    deleted: AskedSeveral = (),
    declined: AskedSeveral = (),
    hidden: AskedSeveral = (),
    badge: AskedSeveral = (),
) -> HTMLResponse:
    """The wall of badges, searched, narrowed and sorted; what waits for an answer; and what was just put away.

    ``badge`` are those that were chosen before it was searched or narrowed: they stay so, and in sight.
    """
    status = "" if status == "offered" else status
    sort = sort if sort in SORTS else "newest"
    asked = {"q": q, "status": status, "issuer": issuer, "tag": tag, "sort": sort}
    usual = {"sort": "newest"}
    narrowed = {name: value for name, value in asked.items() if value and value != usual.get(name)}
    found = organising.badges(db, earner, q, status, issuer, tag, sort=sort, cursor=cursor or None)
    counts = organising.counts(db, earner)
    shown = {each.public_id for each in found.badges if not each.deleted_at}
    return page(
        "badges/_results.html" if part else "badges/index.html",
        nav="badges",
        asked=asked,
        found=found,
        chosen=badge,
        chosen_before=[
            each for each in organising.still_chosen(db, earner, badge) if each.public_id not in shown
        ],
        for_good=erasing.IN_THE_BIN,
        folds=folding.folds(db, found.badges),
        beyond=claiming.beyond(db, found.badges),
        more=urlencode(narrowed | {"cursor": found.next}) if found.next else "",
        first=urlencode(narrowed) if cursor else None,
        back=urlencode(narrowed | ({"cursor": cursor} if cursor else {})),
        tabs=_tabs(
            narrowed, counts, organising.counts(db, earner, q, issuer, tag) if q or issuer or tag else counts
        ),
        sorts=SORTS,
        counts=counts,
        issuers=organising.issuers(db, earner),
        inbox=joining.inbox_address(earner, settings),
        claims=claiming.claims(db, earner) if status in ("", "needs_look") else [],
        **_offers(db, earner, counts),
        undo=(("restore", "deleted", deleted), ("restore", "declined", declined), ("show", "hidden", hidden)),
    )


def _tabs(
    narrowed: Mapping[str, str], there: Mapping[str, int], found: Mapping[str, int]
) -> list[tuple[str, str, str, int]]:
    """Each tab: its key, its address with all else that was asked for, its word, and how many were found of it."""
    rest = {name: value for name, value in narrowed.items() if name != "status"}
    return [
        (key, urlencode(rest | ({"status": key} if key else {})), word, found[key or "all"])
        for key, word in TABS.items()
        if key not in ASIDE or there[key]
    ]


@router.get("/badges/offered", response_class=HTMLResponse)
def show_offers(page: Page, earner: SignedIn, db: Db) -> HTMLResponse:
    """What waits for an answer, alone: it asks again by itself as long as that may change soon."""
    return page("badges/_offers.html", **_offers(db, earner, organising.counts(db, earner)))


@router.post("/badges/chosen", response_model=None)
def act_on_chosen(
    page: Page,
    earner: SignedIn,
    db: Db,
    at: Now,
    action: Line = "",
    badge: Several = (),
    back: Words = "",
) -> Response:
    """Do one thing with all chosen badges, or ask what else that takes."""
    if action in ("collect", "share") and badge:
        chosen = [organising.accepted(db, earner, each) for each in badge]
        return page(
            "badges/together.html",
            nav="badges",
            chosen=chosen,
            action=action,
            title=_title(at),
            collections=collecting.collections(db, earner) if action == "collect" else [],
        )
    for each in badge:
        if action == "decline":
            offering.decline(db, earner, each, at)
        elif action == "delete":
            organising.delete(db, earner, each, at)
        elif action == "hide":
            organising.hide(db, earner, each, at)
        elif action in _BACK:
            _BACK[action](db, earner, each)
    if action == "accept":
        offering.accept(db, earner, badge)
    undo = {"delete": "deleted", "decline": "declined", "hide": "hidden"}.get(action)
    return back_to(back, undo, badge) if undo else back_to(back)


_BACK = {"show": organising.show, "restore": organising.restore}


@router.get("/badges/chosen")
def show_chosen(_: SignedIn) -> RedirectResponse:
    """Where a browser opens the page anew that asked what to do with them, nothing is chosen any more."""
    return RedirectResponse("/badges", 303)


@router.post("/badges/together")
def put_together(
    earner: SignedIn,
    db: Db,
    at: Now,
    badge: Several = (),
    action: Line = "",
    collection: Line = "",
    title: Line = "",
) -> RedirectResponse:
    """Add the chosen badges to a collection, made for them unless one is named; share it if that was the aim."""
    chosen = [organising.accepted(db, earner, each).public_id for each in badge]
    if not collection:
        collection = collecting.create_collection(db, earner, title.strip() or _title(at), "", at).public_id
    collecting.add_to_collection(db, earner, collection, chosen)
    return RedirectResponse(
        f"/{'share/collection' if action == 'share' else 'collections'}/{collection}", 303
    )


def _title(at: datetime) -> str:
    return f"Badges, {at.day} {at:%B} {at.year}"


def _offers(db: Db, earner: Earner, counts: Mapping[str, int]) -> dict[str, Any]:
    standing = arriving.standing(db, earner)
    offers = offering.offers(db, earner)
    badges = [badge for offer in offers for badge in offer.badges]
    return {
        "waiting": standing,
        "offers": offers,
        "beyond_offered": claiming.beyond(db, badges),
        "offered": [badge.public_id for badge in badges],
        "pace": _pace(
            is_reading=bool(standing["working"]) or not all(badge.verdict for badge in badges),
            is_empty=not (offers or counts["all"] or counts["hidden"]),
        ),
    }


def _pace(is_reading: bool, is_empty: bool) -> str:
    """How often to look again: soon while something is read or checked, and where a first message is awaited."""
    return "2s" if is_reading else "5s" if is_empty else ""

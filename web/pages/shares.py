"""Share a badge or a collection: make its public link, take it to LinkedIn and elsewhere, close it."""

from datetime import UTC, date, datetime, time
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backpack.config import Settings
from backpack.errors import Clash
from backpack.services import collecting, disclosing, organising, reports, sharing
from backpack.storage.tables import Badge, Collection, Earner, Share
from backpack.targets import TARGETS
from web import codes, things, words
from web.dates import spelled
from web.deps import Config, Db, Now, Page, ShowPage, SignedIn
from web.embedding import embed_html, signature_html
from web.errors import Unfit
from web.forms import Asked, Line, Tick
from web.rendering import title_of
from web.security import local_path

router = APIRouter()


@router.get("/shares", response_class=HTMLResponse)
def show_shares(
    page: Page, earner: SignedIn, db: Db, settings: Config, at: Now, done: Asked = ""
) -> HTMLResponse:
    """Every public link that was given out and what it shows, to change or to close at once."""
    given = sharing.shares(db, earner)
    shown = sharing.shown_by(db, given)
    lines = [
        (
            share,
            _title(shown[share.id]),
            sharing.link_of(share, settings),
            _terms(share, earner.name),
            _is_gone(shown[share.id]),
        )
        for share in given
    ]
    return page(
        "shares/index.html",
        nav="shares",
        done=done,
        audiences={key: title for key, (title, _) in words.AUDIENCES.items()},
        open=[line for line in lines if line[0].is_open(at) and not line[-1]],
        over=[line for line in lines if not line[0].is_open(at) or line[-1]][:50],
    )


@router.get("/shares/{share}", response_class=HTMLResponse)
def show_share(
    share: str, page: Page, earner: SignedIn, db: Db, settings: Config, at: Now, done: Asked = ""
) -> HTMLResponse:
    """One public link: who can see it, what it shows, until when, to change that."""
    row = sharing.share(db, earner, share)
    thing = sharing.shown_by(db, [row])[row.id]
    return page(
        "shares/one.html",
        nav="shares",
        share=row,
        title=_title(thing),
        kind="badge" if row.badge_id else "collection",
        id=thing.public_id,
        link=sharing.link_of(row, settings),
        is_open=row.is_open(at),
        is_gone=_is_gone(thing),
        done=done,
        **_to_choose(db, row, thing, at),
    )


@router.get("/share/badge/{id}", response_class=HTMLResponse)
def show_badge(
    id: str, page: Page, earner: SignedIn, db: Db, settings: Config, at: Now, done: Asked = ""
) -> HTMLResponse:
    """The share page of a badge."""
    row = organising.badge(db, earner, id)
    thing = things.of_badge(row, reports.latest(db, row))
    return _show(page, db, earner, settings, at, row, thing, done)


@router.get("/share/collection/{id}", response_class=HTMLResponse)
def show_collection(
    id: str, page: Page, earner: SignedIn, db: Db, settings: Config, at: Now, done: Asked = ""
) -> HTMLResponse:
    """The share page of a collection."""
    row = collecting.collection(db, earner, id)
    badges = [entry.badge for entry in collecting.entries(db, row)]
    thing = things.of_collection(row, badges, reports.latest_of(db, badges))
    return _show(page, db, earner, settings, at, row, thing, done)


@router.post("/share/{kind}/{id}")
def create(
    kind: Literal["badge", "collection"],
    id: str,
    earner: SignedIn,
    db: Db,
    at: Now,
    audience: Line = "link",
    label: Line = "",
    expires_at: Line = "",
    shows_name: Tick = False,
    shows_evidence: Tick = False,
    shows_original: Tick = False,
    tells: Tick = False,
) -> RedirectResponse:
    """Make a public link, unless it is for nobody. ``tells``: whoever sees the original may read whom it names."""
    if audience in ("link", "world"):
        if shows_original and not tells:
            find = collecting.collection if kind == "collection" else organising.badge
            _expect_nobody_named(db, find(db, earner, id))
        make = sharing.share_collection if kind == "collection" else sharing.share_badge
        make(
            db,
            earner,
            id,
            audience=audience,
            label=label,
            expires_at=_end_of(expires_at),
            shows_name=shows_name,
            shows_evidence=shows_evidence,
            shows_original=shows_original,
            at=at,
        )
    return RedirectResponse(f"/share/{kind}/{id}{'#named' if label else ''}", 303)


@router.post("/shares/{share}")
def edit(
    share: str,
    earner: SignedIn,
    db: Db,
    at: Now,
    audience: Line = "link",
    expires_at: Line = "",
    shows_name: Tick = False,
    shows_evidence: Tick = False,
    shows_original: Tick = False,
    tells: Tick = False,
    back: Line = "",
) -> RedirectResponse:
    """Change who may see it and what it shows; for nobody means closed. ``tells`` is as above."""
    if audience == "nobody":
        return close(share, earner, db, at, back)
    row = sharing.share(db, earner, share)
    if shows_original and not tells:
        _expect_nobody_named(db, sharing.shown_by(db, [row])[row.id])
    sharing.edit(
        db,
        earner,
        share,
        at=at,
        audience=audience,
        expires_at=_end_of(expires_at),
        shows_name=shows_name,
        shows_evidence=shows_evidence,
        shows_original=shows_original,
    )
    return _after(back, "saved")


@router.post("/shares/{share}/close")
def close(share: str, earner: SignedIn, db: Db, at: Now, back: Line = "") -> RedirectResponse:
    """Close it: from now on its address says so, and no more."""
    sharing.close(db, earner, share, at)
    return _after(back, "closed")


@router.get("/shares/{share}/qr.svg")
def get_svg(share: str, earner: SignedIn, db: Db, settings: Config) -> Response:
    """Its address as a QR code that scales."""
    link = sharing.link_of(sharing.share(db, earner, share), settings)
    return Response(codes.as_svg(link), media_type="image/svg+xml", headers=_named("qr.svg"))


@router.get("/shares/{share}/qr.png")
def get_png(share: str, earner: SignedIn, db: Db, settings: Config) -> Response:
    """Its address as a QR code in pixels."""
    link = sharing.link_of(sharing.share(db, earner, share), settings)
    return Response(codes.as_png(link), media_type="image/png", headers=_named("qr.png"))


def _show(
    page: ShowPage,
    db: Db,
    earner: Earner,
    settings: Settings,
    at: datetime,
    row: Badge | Collection,
    thing: things.Thing,
    done: str,
) -> HTMLResponse:
    shares = sharing.shares_of(db, row, at)
    main = next((share for share in shares if not share.label), None)
    targets = sharing.targets_of(db, main, settings) if main else {}
    return page(
        "shares/show.html",
        nav="shares",
        thing=thing,
        main=main,
        share=main,
        kind=thing.kind,
        done=done,
        **_to_choose(db, main, row, at),
        terms=_terms(main, earner.name) if main else "",
        link=sharing.link_of(main, settings) if main else "",
        link_path=sharing.link_of(main, settings).removeprefix(settings.base_url) if main else "",
        embed=embed_html(sharing.link_of(main, settings), thing.title, thing.kind) if main else "",
        signature=signature_html(
            sharing.link_of(main, settings), thing.title, thing.issuer, bool(thing.picture)
        )
        if main
        else "",
        qr=codes.drawn(sharing.link_of(main, settings)) if main else "",
        named=[
            (share, sharing.link_of(share, settings), _terms(share, earner.name))
            for share in shares
            if share is not main
        ],
        profile=targets.get("linkedin_profile", ""),
        profile_fields=things.profile_fields(targets.get("linkedin_profile", "")),
        post=targets.get("linkedin_post", ""),
        targets=[
            (TARGETS[name].LABEL, url) for name, url in targets.items() if not name.startswith("linkedin")
        ],
    )


def _to_choose(db: Db, share: Share | None, thing: Badge | Collection, at: datetime) -> dict[str, Any]:
    """What the form of a link's terms asks, with what was chosen."""
    return {
        "audiences": words.AUDIENCES,
        "readable": disclosing.readable(db, thing),
        "today": at.date().isoformat(),
        "ends": share.expires_at.date().isoformat() if share and share.expires_at else "",
    }


def _expect_nobody_named(db: Db, thing: Badge | Collection) -> None:
    if named := disclosing.readable(db, thing):
        raise Clash(
            f"In the original stands, for anybody to read: {', '.join(named)}.",
            "Go back, and tick that this may be read; or leave the original out.",
        )


def _after(back: str, done: str) -> RedirectResponse:
    """Back to where it was done, which says so."""
    return RedirectResponse(
        urlunsplit(urlsplit(local_path(back) or "/shares")._replace(query=f"done={done}")), 303
    )


def _is_gone(thing: Badge | Collection) -> bool:
    """Whether its links show nothing, because it is in the bin."""
    return isinstance(thing, Badge) and thing.deleted_at is not None


def _title(thing: Badge | Collection) -> str:
    return title_of(thing) if isinstance(thing, Badge) else thing.title


def _terms(share: Share, name: str) -> str:
    """ "Shows your name and the evidence. Ends on 3 May 2027."."""
    shown = [
        said
        for said, is_so in (
            ("your name", share.shows_name and bool(name)),
            ("the evidence", share.shows_evidence),
            ("the original file", share.shows_original),
        )
        if is_so
    ]
    ends = f"Ends on {spelled(share.expires_at)}." if share.expires_at else "No end."
    told = " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
    return f"Shows {told or 'neither your name nor the evidence'}. {ends}"


def _end_of(day: str) -> datetime | None:
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time(23, 59, 59), UTC)
    except ValueError:
        raise Unfit("This is not a day.", "Write it as 2026-12-31.") from None


def _named(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}

"""Addresses of this very Backpack: told from what is kept here, never by a request to ourselves.

A page for strangers does not bring its badge into a backpack, another's as little as this one's, also where it
offers the file; but whose it is has the badge already, and a hosted badge is at its issuer's.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from ..config import Settings
from ..errors import BackpackError, Missing
from ..sources import Piece, link
from ..storage.blobs import Blobs
from ..storage.database import session
from ..storage.tables import Badge, CollectionBadge, Share
from ..verifier.legible import quoted
from . import sharing
from .gathering import Found, Gathered, Trouble, is_ours, opened

_PUBLIC = re.compile(r"/[bc]/([\w-]{8,64})(?:[./].*)?")
_OWN = re.compile(r"/badges/([\w-]{8,64})(?:/.*)?")
NO_BADGE = Trouble(
    "This is a page of this Backpack itself: there is no badge behind it.",
    "Add the badge's file, or the link of the page on which its issuer shows it.",
)
OPEN_IT = "ours"
"""The code of a link that is no trouble at all: its page only has to be opened."""
CLOSED = Trouble(
    "This is the address of a public page on this Backpack that shows nothing any more.",
    "Whoever gave it to you can give you a new one.",
)


@dataclass(frozen=True, slots=True)
class _Behind:
    """What is behind our addresses: badges the earner has, addresses of hosted ones, and what is to be said."""

    mine: tuple[Badge, ...] = ()
    hosted: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()


def told_apart(
    engine: Engine, blobs: Blobs, earner_id: int, gathered: Gathered, settings: Settings, at: datetime
) -> Gathered:
    """The same with what is behind addresses of ours: the earner's own badges, and for others' the way to them."""
    if not gathered.ours:
        return gathered
    with session(engine) as db:
        behind = [_behind(db, earner_id, url, at) for url in gathered.ours]
    found = [one for each in behind for badge in each.mine for one in _kept(blobs, badge)]
    hosted = [url for each in behind for url in each.hosted if not is_ours(url, settings)]
    return replace(
        gathered,
        badges=gathered.badges + tuple(found),
        troubles=gathered.troubles + tuple(trouble for each in behind for trouble in each.troubles),
        listed=tuple(dict.fromkeys((*gathered.listed, *hosted))),
    )


def said_of(db: Session, url: str, at: datetime) -> Trouble:
    """What an address of ours is, for whoever wants its badge checked: a public page says itself how it stands."""
    shown = _PUBLIC.fullmatch(urlsplit(url).path)
    if not shown:
        return NO_BADGE
    try:
        title = sharing.open_share(db, shown[1], at).title
    except Missing:
        return CLOSED
    says = f"This is the public page of {quoted(title, 100)} on this Backpack."
    try_this = "Open it: it says how the badge stands, and “Check again” there has it checked now."
    return Trouble(says, try_this, url, code=OPEN_IT)


def _behind(db: Session, earner_id: int, url: str, at: datetime) -> _Behind:
    path = urlsplit(url).path
    if shown := _PUBLIC.fullmatch(path):
        return _shared(db, earner_id, shown[1], at)
    if own := _OWN.fullmatch(path):
        mine = db.exec(_badges_of(earner_id).where(Badge.public_id == own[1])).all()
        return _Behind(mine=tuple(mine)) if mine else _Behind(troubles=(NO_BADGE,))
    return _Behind(troubles=(NO_BADGE,))


def _shared(db: Session, earner_id: int, slug: str, at: datetime) -> _Behind:
    share = db.exec(select(Share).where(Share.slug == slug)).first()
    if share is not None and share.earner_id == earner_id:
        return _of_the_earner(db, share)
    try:
        shown = sharing.open_share(db, slug, at)
    except Missing:
        return _Behind(troubles=(CLOSED,))
    told: dict[str, Any] = {"kind": shown.kind, "shown_by": shown.shown_by}
    told["badges"] = [{"report": entry.report} for entry in shown.entries]
    finds = link.listed(json.dumps(told).encode(), slug)
    says = (
        f"This is the public page of {quoted(shown.title, 100)} on this Backpack, which somebody else shows."
    )
    troubles = tuple(Trouble(says, step, code="no_file") for step in finds.steps)
    return _Behind(hosted=finds.links, troubles=troubles)


def _of_the_earner(db: Session, share: Share) -> _Behind:
    """What the earner's own page shows, or showed while it was open: all of it is theirs already."""
    chosen = _badges_of(share.earner_id)
    if share.badge_id:
        mine = db.exec(chosen.where(Badge.id == share.badge_id)).all()
    else:
        places = select(CollectionBadge.badge_id).where(CollectionBadge.collection_id == share.collection_id)
        mine = db.exec(chosen.where(col(Badge.id).in_(places))).all()
    nothing = Trouble("This is a public page of your own, and there is no badge on it.", "")
    return _Behind(mine=tuple(mine), troubles=() if mine else (nothing,))


def _badges_of(earner_id: int) -> Any:
    there = (col(Badge.deleted_at).is_(None), col(Badge.offered_at).is_(None))
    return select(Badge).where(Badge.earner_id == earner_id, *there).order_by(col(Badge.id))


def _kept(blobs: Blobs, badge: Badge) -> list[Found]:
    """The badge out of its own file, which may hold others too."""
    try:
        inside = opened(Piece(blobs.read(badge.original_sha256), badge.title))
    except BackpackError:
        return []
    return [one for one in inside if one.opened.sha256 == badge.credential_sha256]

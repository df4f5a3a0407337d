"""The demo earner's backpack: filled through services, as anybody's is, and the same however often it is done."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from backpack.config import Settings
from backpack.services import collecting, joining, organising, sharing
from backpack.services.joining import challenges, emails
from backpack.storage.tables import Address, Badge, Earner, Share

from . import content, folder
from .content import showing

if TYPE_CHECKING:
    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Link:
    """A public link of the demo earner, for whoever wants to look: what it shows, and who may find it."""

    title: str
    audience: str
    url: str
    is_closed: bool


def files(settings: Settings, at: datetime) -> list[Path]:
    """The files of the demo badges, the first to be shown last; signed now unless an earlier demo did."""
    where = settings.data_dir / "demo"
    if not folder.kept(where):
        folder.keep(where, content.badges(at))
    return [where / badge.file_name for badge in reversed(folder.kept(where))]


def welcome(db: "Session", at: datetime) -> Earner:
    """The demo earner with her name and both of her addresses confirmed; made when there is none yet."""
    earner = joining.make_earner(db, content.EMAIL, at)
    if not earner.name:
        joining.rename(db, earner, content.NAME)
    if joining.earner_by_email(db, content.CAMPUS) is None:
        # Nobody reads mail under .example, so no code can be sent there.
        campus, key = content.CAMPUS, emails.key(content.CAMPUS)
        db.add(Address(earner_id=earner.id, email=campus, email_key=key, confirmed_at=at, created_at=at))
        db.commit()
    return earner


def missing(db: "Session", earner: Earner, paths: list[Path]) -> list[Path]:
    """Those of the files that are not in her backpack."""
    there = {badge.original_sha256 for badge in _badges(db, earner)}
    return [path for path in paths if hashlib.sha256(path.read_bytes()).hexdigest() not in there]


def arrange(db: "Session", earner: Earner, at: datetime) -> None:
    """Her notes, tags, collections and public links, as far as they are not there; what she changed stays."""
    badges = {badge.title: badge for badge in _badges(db, earner)}
    for title, badge in badges.items():
        _annotate(db, earner, title, badge)
    collections = {view.collection.title for view in collecting.collections(db, earner)}
    for planned in showing.COLLECTIONS:
        if planned.title not in collections:
            _collect(db, earner, planned, badges, at)
    labels = {share.label for share in sharing.shares(db, earner)}
    for title, plan in showing.BADGE_SHARES.items():
        if title in badges and plan.label not in labels:
            badge_id = badges[title].public_id
            share = sharing.share_badge(db, earner, badge_id, at=at, audience=plan.audience, label=plan.label)
            _close_if_planned(db, earner, share, plan, at)


def links(db: "Session", earner: Earner, settings: Settings) -> list[Link]:
    """Her public links, the oldest first."""
    shares = sharing.shares(db, earner)[::-1]
    shown = sharing.shown_by(db, shares)
    return [
        Link(
            shown[share.id].title,
            share.audience,
            sharing.link_of(share, settings),
            share.closed_at is not None,
        )
        for share in shares
    ]


def sign_in_link(db: "Session", settings: Settings, at: datetime) -> str:
    """An address that signs in as the demo earner: once, within half an hour."""
    token, _ = challenges.make(db, "signin", content.EMAIL, at)
    db.commit()
    return f"{settings.base_url}/signin/link/{token}"


def _badges(db: "Session", earner: Earner) -> list[Badge]:
    shown = organising.badges(db, earner, limit=200).badges
    return shown + organising.badges(db, earner, status="hidden", limit=200).badges


def _annotate(db: "Session", earner: Earner, title: str, badge: Badge) -> None:
    note = None if badge.note else showing.NOTES.get(title)
    tags = None if badge.tags else showing.TAGS.get(title)
    if note or tags:
        organising.annotate(db, earner, badge.public_id, note, tags)


def _collect(
    db: "Session",
    earner: Earner,
    planned: showing.PlannedCollection,
    badges: dict[str, Badge],
    at: datetime,
) -> None:
    made = collecting.create_collection(db, earner, planned.title, planned.intro, at)
    order = [(badges[title].public_id, says) for title, says in planned.remarks.items() if title in badges]
    collecting.arrange(db, earner, made.public_id, order)
    plan = planned.share
    share = sharing.share_collection(
        db, earner, made.public_id, at=at, audience=plan.audience, label=plan.label
    )
    _close_if_planned(db, earner, share, plan, at)


def _close_if_planned(
    db: "Session", earner: Earner, share: Share, plan: showing.PlannedShare, at: datetime
) -> None:
    if plan.closed:
        sharing.close(db, earner, share.public_id, at)

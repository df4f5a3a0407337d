"""Showing badges: public links that can be closed, and what they show."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict, Unpack

from sqlalchemy import func
from sqlmodel import Session, col, select

from ..config import Settings
from ..errors import Clash, Missing
from ..storage.tables import Address, Badge, Blob, Collection, CollectionBadge, Earner, Share
from ..targets import TARGETS, Shareable
from . import collecting, folding, organising, reports
from .redacting import for_strangers, hint_of, without

AUDIENCES = ("link", "world")
Kind = Literal["badge", "collection"]


class Terms(TypedDict, total=False):
    """Who may see a public link, and what it shows. ``label`` is for the earner alone.

    The original tells all that is in the badge, also the address it was awarded to: it is never shown unasked.
    """

    audience: str
    label: str
    expires_at: datetime | None
    shows_name: bool
    shows_evidence: bool
    shows_original: bool


@dataclass(frozen=True, slots=True)
class ShownBadge:
    """A badge as strangers see it. ``number`` is its place on the page, from 1.

    ``report`` is the last report as ``verify --json`` prints it, without the recipient; None before
    the first check. ``recipient_hint`` is masked ("m•••@uc.pt") or "". ``verified_at`` is when it was
    verified last, where that is in doubt now. ``original`` is a name for the file where it is offered, or "".
    """

    number: int
    title: str
    description: str
    issuer_name: str
    issuer_url: str
    verdict: str
    version: str
    carrier: str
    report: dict[str, Any] | None
    recipient_hint: str
    issued_at: datetime | None
    expires_at: datetime | None
    checked_at: datetime | None
    verified_at: datetime | None
    remark: str
    picture_sha256: str | None
    original_sha256: str
    original_type: str
    original: str
    badge_id: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a public link shows. ``stamp`` changes whenever anything on the page changes: its ETag."""

    kind: Kind
    slug: str
    audience: str
    title: str
    intro: str
    shown_by: str
    entries: tuple[ShownBadge, ...]
    created_at: datetime
    expires_at: datetime | None
    stamp: str
    newer: str = ""
    """Slug of a link that shows a newer award of this achievement to the world, or ""."""


def share_badge(db: Session, earner: Earner, badge_id: str, *, at: datetime, **terms: Unpack[Terms]) -> Share:
    """A new public link of a badge; each call makes another address."""
    found = organising.accepted(db, earner, badge_id)
    return _saved(db, Share(earner_id=earner.id, badge_id=found.id, created_at=at, **_how(at, **terms)))


def share_collection(
    db: Session, earner: Earner, collection_id: str, *, at: datetime, **terms: Unpack[Terms]
) -> Share:
    """A new public link of a collection; what is put into it later shows too."""
    found = collecting.collection(db, earner, collection_id)
    return _saved(db, Share(earner_id=earner.id, collection_id=found.id, created_at=at, **_how(at, **terms)))


def shares(db: Session, earner: Earner) -> list[Share]:
    """All the earner's public links, open and closed, the newest first."""
    chosen = select(Share).where(Share.earner_id == earner.id).order_by(col(Share.id).desc())
    return list(db.exec(chosen))


def shares_of(db: Session, shown: Badge | Collection, at: datetime) -> list[Share]:
    """The public links of this badge or collection that are open, the newest first."""
    mine = col(Share.badge_id) if isinstance(shown, Badge) else col(Share.collection_id)
    chosen = select(Share).where(mine == shown.id).order_by(col(Share.id).desc())
    return [share for share in db.exec(chosen) if share.is_open(at)]


def share(db: Session, earner: Earner, public_id: str) -> Share:
    """One of the earner's public links; raises Missing for absent and other people's."""
    found = db.exec(select(Share).where(Share.earner_id == earner.id, Share.public_id == public_id)).first()
    if found is None:
        raise Missing("There is no such public link of yours.")
    return found


def edit(db: Session, earner: Earner, public_id: str, *, at: datetime, **terms: Unpack[Terms]) -> Share:
    """Change the terms of a link that is open, those that are given; its address stays."""
    found = share(db, earner, public_id)
    if found.closed_at is not None:
        raise Clash("This link is closed.", "Make a new one: it gets an address of its own.")
    now: Terms = {name: getattr(found, name) for name in Terms.__annotations__}  # type: ignore[assignment]
    for name, value in _how(at, **(now | terms)).items():
        setattr(found, name, value)
    return _saved(db, found)


def close(db: Session, earner: Earner, public_id: str, at: datetime) -> Share:
    """Close a link: page, picture, card and JSON are gone with the commit. It is never opened again."""
    found = share(db, earner, public_id)
    found.closed_at = found.closed_at or at
    return _saved(db, found)


def shown_by(db: Session, links: list[Share]) -> dict[int, Badge | Collection]:
    """What each of these links shows, by the link's id."""
    badges = select(Badge).where(col(Badge.id).in_([s.badge_id for s in links if s.badge_id]))
    rows = select(Collection).where(
        col(Collection.id).in_([s.collection_id for s in links if s.collection_id])
    )
    of_badges = {badge.id: badge for badge in db.exec(badges)}
    of_collections = {collection.id: collection for collection in db.exec(rows)}
    return {
        s.id: of_badges[s.badge_id] if s.badge_id else of_collections[s.collection_id or 0] for s in links
    }


def open_share(db: Session, slug: str, at: datetime) -> Shown:
    """What the link with this slug shows to strangers; raises Missing for unknown, expired and closed alike."""
    row = db.exec(
        select(Share, Earner).join(Earner, col(Earner.id) == col(Share.earner_id)).where(Share.slug == slug)
    ).first()
    if row is None or not _is_open(row[0], row[1], at):
        raise Missing("This link shows nothing any more.", "Whoever gave it to you can give you a new one.")
    link, earner = row
    found = db.get(Collection, link.collection_id) if link.collection_id else None
    entries = _entries(db, link, earner, found, at)
    if not entries and link.badge_id:
        raise Missing("This link shows nothing any more.", "Whoever gave it to you can give you a new one.")
    title = found.title if found else entries[0].title
    shown_by = earner.name if link.shows_name else ""
    intro = found.intro if found else ""
    newer = _newer(db, link, at) if link.badge_id else ""
    stamp = _stamp(link.slug, link.audience, link.expires_at, title, intro, shown_by, newer, entries)
    return Shown(
        kind="collection" if found else "badge",
        slug=link.slug,
        audience=link.audience,
        title=title,
        intro=intro,
        shown_by=shown_by,
        entries=entries,
        created_at=link.created_at,
        expires_at=link.expires_at,
        stamp=stamp,
        newer=newer,
    )


def link_of(link: Share, settings: Settings) -> str:
    """The public address of a share."""
    return f"{settings.base_url}/{'b' if link.badge_id else 'c'}/{link.slug}"


def targets_of(db: Session, link: Share, settings: Settings) -> dict[str, str]:
    """For every target its address, ready to open: share target name → URL."""
    what = shareable(db, link, settings)
    return {name: target.address(what) for name, target in TARGETS.items()}


def shareable(db: Session, link: Share, settings: Settings) -> Shareable:
    """What share targets are told about a link; never more than its public page shows."""
    url = link_of(link, settings)
    if link.badge_id:
        badge = db.get_one(Badge, link.badge_id)
        return Shareable(
            kind="badge",
            url=url,
            title=badge.title,
            text=f"I earned a badge: {badge.title}"
            + (f", from {badge.issuer_name}" if badge.issuer_name else ""),
            issuer_name=badge.issuer_name,
            issued_at=badge.issued_at,
            expires_at=badge.expires_at,
            credential_id=link.slug,
            picture_url=f"{url}/card.png",
        )
    found = db.get_one(Collection, link.collection_id)
    return Shareable(
        kind="collection", url=url, title=found.title, text=found.title, picture_url=f"{url}/card.png"
    )


def _how(
    at: datetime,
    *,
    audience: str = "link",
    label: str = "",
    expires_at: datetime | None = None,
    shows_name: bool = True,
    shows_evidence: bool = True,
    shows_original: bool = False,
) -> Terms:
    if audience not in AUDIENCES:
        raise Clash("A public link is for those who have it, or for the world.", "Choose “link” or “world”.")
    if expires_at is not None and expires_at <= at:
        raise Clash("The end of this link lies in the past.", "Choose a later day, or none.")
    return {
        "audience": audience,
        "label": " ".join(label.split())[:100],
        "expires_at": expires_at,
        "shows_name": shows_name,
        "shows_evidence": shows_evidence,
        "shows_original": shows_original,
    }


def _saved(db: Session, link: Share) -> Share:
    db.add(link)
    db.commit()
    return link


def _is_open(link: Share, earner: Earner, at: datetime) -> bool:
    return link.is_open(at) and earner.closed_at is None


def _newer(db: Session, link: Share, at: datetime) -> str:
    """Only what the earner shows to the world is told: a link for some is nobody else's business."""
    badge = db.get(Badge, link.badge_id)
    for number in folding.newer_than(db, badge) if badge else ():
        for other in db.exec(select(Share).where(Share.badge_id == number).order_by(col(Share.id))):
            if other.audience == "world" and other.is_open(at):
                return other.slug
    return ""


def _entries(
    db: Session, link: Share, earner: Earner, found: Collection | None, at: datetime
) -> tuple[ShownBadge, ...]:
    chosen = select(Badge, Blob.media_type).join(Blob, col(Blob.sha256) == col(Badge.original_sha256))
    chosen = chosen.where(
        Badge.earner_id == earner.id, col(Badge.deleted_at).is_(None), col(Badge.offered_at).is_(None)
    )
    remarks: dict[int, str] = {}
    if found:
        places = db.exec(
            select(CollectionBadge)
            .where(CollectionBadge.collection_id == found.id)
            .order_by(col(CollectionBadge.position), col(CollectionBadge.badge_id))
        ).all()
        remarks = {place.badge_id: place.remark for place in places}
        chosen = chosen.where(col(Badge.id).in_(list(remarks)))
    else:
        chosen = chosen.where(Badge.id == link.badge_id)
    rows = {badge.id: (badge, media_type) for badge, media_type in db.exec(chosen)}
    badges = [rows[number][0] for number in (remarks if found else rows) if number in rows]
    latest = reports.latest_of(db, badges)
    in_doubt = {badge.id for badge in badges if badge.verdict == "unconfirmed"}
    verified = reports.verified_alike(db, {number: latest[number] for number in in_doubt & latest.keys()})
    addresses = db.exec(select(Address.email).where(Address.earner_id == earner.id)).all()
    alone = _alone_in_their_file(db, earner, badges) if link.shows_original else set()
    return tuple(
        _shown(
            place,
            *rows[number],
            reports.as_of(latest[number].content, at) if number in latest else None,
            verified.get(number),
            remarks.get(number, ""),
            list(addresses),
            link,
            number in alone,
        )
        for place, number in enumerate((badge.id for badge in badges), start=1)
    )


def _alone_in_their_file(db: Session, earner: Earner, badges: list[Badge]) -> set[int]:
    """Those whose file tells of no other badge of the earner: a presentation may hold several."""
    files = select(Badge.original_sha256).where(
        Badge.earner_id == earner.id,
        col(Badge.original_sha256).in_([each.original_sha256 for each in badges]),
    )
    alone = set(db.exec(files.group_by(Badge.original_sha256).having(func.count() == 1)))
    return {each.id for each in badges if each.original_sha256 in alone}


def _shown(
    place: int,
    badge: Badge,
    media_type: str,
    found: dict[str, Any] | None,
    verified_at: datetime | None,
    remark: str,
    addresses: list[str],
    link: Share,
    offers: bool,
) -> ShownBadge:
    shows = {"evidence": link.shows_evidence, "name": link.shows_name}
    told = for_strangers(found, addresses, **shows) if found else None
    return ShownBadge(
        number=place,
        title=without(badge.title, addresses),
        description=without(badge.description, addresses),
        issuer_name=without(badge.issuer_name, addresses),
        issuer_url=without(badge.issuer_url, addresses),
        verdict=found["verdict"] if found else badge.verdict,
        version=badge.version,
        carrier=badge.carrier,
        report=told,
        recipient_hint=hint_of(badge),
        issued_at=badge.issued_at,
        expires_at=badge.expires_at,
        checked_at=badge.checked_at,
        verified_at=verified_at,
        remark=remark,
        picture_sha256=badge.picture_sha256,
        original_sha256=badge.original_sha256,
        original_type=media_type,
        original=organising.file_name(badge, media_type) if offers else "",
        badge_id=badge.id,
    )


def _stamp(*shown: object) -> str:
    """Of all that is shown, as it is shown: so nothing can change on a page without it."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]

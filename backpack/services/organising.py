"""Keeping order: finding badges, noting, hiding and deleting them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from ..errors import Clash, Missing
from ..storage.blobs import Blobs
from ..storage.tables import Arrival, Badge, Blob, Earner
from . import finding, folding
from .finding import NEEDS_A_LOOK, folded

SORTS = ("newest", "oldest", "title", "issuer", "awarded")
MAX_NOTE = 20_000
_ENDINGS = {
    "image/png": "png",
    "image/svg+xml": "svg",
    "application/json": "json",
    "application/ld+json": "json",
    "application/jwt": "jwt",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of badges: ``next`` is the cursor of the following one, or None; ``total`` counts them all."""

    badges: list[Badge]
    next: str | None
    total: int


def badges(
    db: Session,
    earner: Earner,
    q: str = "",
    status: str = "",
    issuer: str = "",
    tag: str = "",
    collection: str = "",
    sort: str = "newest",
    limit: int = 60,
    cursor: str | None = None,
) -> Page:
    """The earner's badges, filtered and sorted, one page by key.

    ``status`` is a verdict, "needs_look", "shared", "hidden", "deleted" (in the bin), "offered" (waiting to be
    accepted) or "" (all that is none of the last three); ``sort`` one of SORTS; ``collection`` a collection's
    public id; ``cursor`` the ``next`` of the page before.
    """
    in_sight = finding.mine(earner, hidden=status == "hidden", folded_too=bool(collection))
    aside = {"offered": finding.offered(earner), "deleted": finding.deleted(earner)}
    mine = aside.get(status, in_sight)
    chosen = [
        *mine,
        *finding.matching(earner, q, issuer, tag),
        *finding.standing(earner, status),
        *finding.inside(earner, collection),
    ]
    total = db.exec(select(func.count()).select_from(Badge).where(*chosen)).one()
    key, falls = finding.order(sort)
    number: Any = col(Badge.id)
    order = (key.desc(), number.desc()) if falls else (key.asc(), number.asc())
    limit = max(1, min(limit, 200))
    rows = (
        select(Badge)
        .where(*chosen, *finding.beyond(db, earner, sort, cursor))
        .order_by(*order)
        .limit(limit + 1)
    )
    found = list(db.exec(rows))
    shown = found[:limit]
    return Page(shown, shown[-1].public_id if len(found) > limit else None, total)


def counts(db: Session, earner: Earner, q: str = "", issuer: str = "", tag: str = "") -> dict[str, int]:
    """How many badges of those asked for stand behind each tab."""
    asked = finding.matching(earner, q, issuer, tag)
    verdicts = select(Badge.verdict, func.count()).where(*finding.mine(earner, hidden=False), *asked)
    by_verdict = {str(row[0]): int(row[1]) for row in db.exec(verdicts.group_by(Badge.verdict))}
    shown = select(func.count()).select_from(Badge).where(*asked)
    return {
        "all": sum(by_verdict.values()),
        "verified": by_verdict.get("verified", 0),
        "needs_look": sum(by_verdict.get(v, 0) for v in NEEDS_A_LOOK),
        "shared": db.exec(
            shown.where(*finding.mine(earner, hidden=False), *finding.standing(earner, "shared"))
        ).one(),
        "hidden": db.exec(shown.where(*finding.mine(earner, hidden=True))).one(),
        "deleted": db.exec(shown.where(*finding.deleted(earner))).one(),
    }


def issuers(db: Session, earner: Earner) -> list[str]:
    """The names of everyone who awarded the earner something, in order."""
    names = db.exec(select(Badge.issuer_name).where(*finding.mine(earner, hidden=False)).distinct())
    return sorted((name for name in names if name), key=folded)


def badge(db: Session, earner: Earner, public_id: str) -> Badge:
    """One of the earner's badges, hidden and offered ones too; raises Missing for absent, deleted, other people's."""
    found = db.exec(select(Badge).where(Badge.earner_id == earner.id, Badge.public_id == public_id)).first()
    if found is None:
        raise Missing("There is no such badge in your backpack.")
    if found.deleted_at is not None:
        raise Missing(
            "You have deleted this badge.", "Among your badges, under Deleted, you can bring it back."
        )
    return found


def accepted(db: Session, earner: Earner, public_id: str) -> Badge:
    """One of the earner's badges that may be shown to others and gathered; raises Clash while it waits."""
    found = badge(db, earner, public_id)
    if found.offered_at is not None:
        raise Clash("This badge still waits for you.", "Accept it first.")
    return found


def still_chosen(db: Session, earner: Earner, public_ids: Sequence[str]) -> list[Badge]:
    """Of the badges somebody chose among theirs those that can still be chosen, by name."""
    there = select(Badge).where(Badge.earner_id == earner.id, col(Badge.public_id).in_(public_ids))
    there = there.where(col(Badge.deleted_at).is_(None), col(Badge.offered_at).is_(None))
    return list(db.exec(there.order_by(col(Badge.title), col(Badge.id)))) if public_ids else []


def original(db: Session, blobs: Blobs, earner: Earner, public_id: str) -> tuple[bytes, str, str]:
    """The untouched file with its media type and a file name of ours."""
    found = badge(db, earner, public_id)
    blob = db.get_one(Blob, found.original_sha256)
    return blobs.read(blob.sha256), blob.media_type, file_name(found, blob.media_type)


def picture(db: Session, blobs: Blobs, earner: Earner, public_id: str) -> bytes | None:
    """Our own PNG copy of the badge's picture, or None when it has none."""
    found = badge(db, earner, public_id)
    return blobs.read(found.picture_sha256) if found.picture_sha256 else None


def file_name(found: Badge, media_type: str) -> str:
    """A safe file name made of the title: ASCII letters, digits and hyphens."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in folded(found.title))
    stem = "-".join(part for part in kept.split("-") if part)[:60] or "badge"
    return f"{stem}.{_ENDINGS.get(media_type, 'txt')}"


def annotate(
    db: Session, earner: Earner, public_id: str, note: str | None = None, tags: list[str] | None = None
) -> Badge:
    """Change the private note or the earner's own tags; None leaves as it is."""
    found = badge(db, earner, public_id)
    if note is not None:
        found.note = note.replace("\r\n", "\n").strip()[:MAX_NOTE]
    if tags is not None:
        kept = dict.fromkeys(" ".join(t.replace(",", " ").split())[:60] for t in tags)
        found.tags = ",".join(t for t in list(kept)[:30] if t)
    return _saved(db, found)


def hide(db: Session, earner: Earner, public_id: str, at: datetime) -> Badge:
    """Put a badge out of the grid; its shares stay."""
    found = badge(db, earner, public_id)
    folding.hold(db, found)
    found.hidden_at = found.hidden_at or at
    return _folded(db, found)


def show(db: Session, earner: Earner, public_id: str) -> Badge:
    """Put a hidden badge back into the grid."""
    found = badge(db, earner, public_id)
    folding.hold(db, found)
    found.hidden_at = None
    return _folded(db, found)


def delete(db: Session, earner: Earner, public_id: str, at: datetime) -> Badge:
    """Put a badge into the bin: gone from every page and public link at once, for good after 30 days."""
    found = badge(db, earner, public_id)
    folding.hold(db, found)
    found.deleted_at = at
    return _folded(db, found)


def restore(db: Session, earner: Earner, public_id: str) -> Badge:
    """Take a badge out of the bin again, with its note, collections and public links."""
    found = db.exec(select(Badge).where(Badge.earner_id == earner.id, Badge.public_id == public_id)).first()
    if found is None:
        raise Missing("There is no such badge in your backpack.")
    folding.hold(db, found)
    found.deleted_at = None
    return _folded(db, found)


def arrival_of(db: Session, found: Badge) -> Arrival:
    """The delivery that first brought this badge."""
    return db.get_one(Arrival, found.arrival_id)


def _folded(db: Session, row: Badge) -> Badge:
    """Keep what was put away or back, and let another badge stand on its card."""
    db.add(row)
    db.flush()
    folding.fold(db, row)
    db.commit()
    return row


def _saved(db: Session, row: Badge) -> Badge:
    db.add(row)
    db.commit()
    return row

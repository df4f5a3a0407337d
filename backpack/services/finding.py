"""How badges are searched, filtered and sorted, as parts of a query."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, literal, or_, tuple_
from sqlmodel import Session, col, select

from ..storage.tables import Badge, Collection, CollectionBadge, Earner, Share

NEEDS_A_LOOK = (
    "unconfirmed",
    "wrong_recipient",
    "expired",
    "not_yet_valid",
    "suspended",
    "revoked",
    "invalid",
)
_NEVER = datetime(1, 1, 2, tzinfo=UTC)


def folded(text: str) -> str:
    """Text as the search box compares it: without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def mine(earner: Earner, *, hidden: bool, folded_too: bool = False) -> list[ColumnElement[bool]]:
    """The earner's badges in the grid, or those put out of it; not those that wait to be accepted."""
    aside = col(Badge.hidden_at).is_not(None) if hidden else col(Badge.hidden_at).is_(None)
    return [
        col(Badge.earner_id) == earner.id,
        aside,
        col(Badge.deleted_at).is_(None),
        col(Badge.offered_at).is_(None),
        *([] if folded_too else [col(Badge.folded_under).is_(None)]),
    ]


def offered(earner: Earner) -> list[ColumnElement[bool]]:
    """The earner's badges that came by mail and wait to be accepted."""
    return [
        col(Badge.earner_id) == earner.id,
        col(Badge.offered_at).is_not(None),
        col(Badge.deleted_at).is_(None),
    ]


def deleted(earner: Earner) -> list[ColumnElement[bool]]:
    """The earner's badges in the bin, those that lay folded and those that were declined among them."""
    return [col(Badge.earner_id) == earner.id, col(Badge.deleted_at).is_not(None)]


def matching(earner: Earner, q: str, issuer: str, tag: str) -> list[ColumnElement[bool]]:
    """Every word of the question is somewhere in the badge, or in one that lies folded under it."""
    tags = func.lower(col(Badge.tags))
    wanted = [
        _on_card(
            earner,
            or_(col(Badge.search).contains(word, autoescape=True), tags.contains(word, autoescape=True)),
        )
        for word in folded(q).split()[:8]
    ]
    if issuer:
        wanted.append(col(Badge.issuer_name) == issuer)
    if tag:
        tagged = (literal(",") + tags + ",").contains(f",{tag.lower()},", autoescape=True)
        wanted.append(_on_card(earner, tagged))
    return wanted


def _on_card(earner: Earner, holds: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether something holds of the badge or of one that lies folded under it."""
    under = select(Badge.folded_under).where(
        Badge.earner_id == earner.id, col(Badge.folded_under).is_not(None), holds
    )
    return or_(holds, col(Badge.id).in_(under))


def standing(earner: Earner, status: str) -> list[ColumnElement[bool]]:
    """The badges behind a tab: a verdict, needs_look, shared; for the others, such as hidden, no more is asked."""
    if status in ("", "all", "hidden", "deleted", "offered"):
        return []
    if status == "needs_look":
        return [col(Badge.verdict).in_(NEEDS_A_LOOK)]
    if status == "shared":
        links = select(Share.badge_id).where(
            Share.earner_id == earner.id, col(Share.badge_id).is_not(None), col(Share.closed_at).is_(None)
        )
        return [_on_card(earner, col(Badge.id).in_(links))]
    return [col(Badge.verdict) == status]


def inside(earner: Earner, collection: str) -> list[ColumnElement[bool]]:
    """The badges in one of the earner's collections, by its public id; all for ""."""
    if not collection:
        return []
    members = (
        select(CollectionBadge.badge_id)
        .join(Collection, col(Collection.id) == col(CollectionBadge.collection_id))
        .where(Collection.public_id == collection, Collection.earner_id == earner.id)
    )
    return [col(Badge.id).in_(members)]


def order(sort: str) -> tuple[Any, bool]:
    """The column to sort by, and whether it falls; an unknown word sorts by newest."""
    columns: dict[str, tuple[Any, bool]] = {
        "newest": (col(Badge.created_at), True),
        "oldest": (col(Badge.created_at), False),
        "title": (func.lower(col(Badge.title)), False),
        "issuer": (func.lower(col(Badge.issuer_name)), False),
        "awarded": (func.coalesce(col(Badge.issued_at), _NEVER), True),
    }
    return columns.get(sort, columns["newest"])


def beyond(db: Session, earner: Earner, sort: str, cursor: str | None) -> list[ColumnElement[bool]]:
    """What comes after the badge that the cursor names; nothing, when it names none of the earner's."""
    if not cursor:
        return []
    key, falls = order(sort)
    mine = [col(Badge.public_id) == cursor, col(Badge.earner_id) == earner.id]
    last = db.exec(select(key, Badge.id).where(*mine)).first()
    if last is None:
        return [false()]
    # Two values compared as one: that way an index in this order is entered where the last page ended.
    place, edge = tuple_(key, col(Badge.id)), tuple_(literal(last[0], key.type), literal(last[1]))
    return [place < edge if falls else place > edge]

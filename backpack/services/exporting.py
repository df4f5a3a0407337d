"""Taking everything along: a ZIP that a person can open and another backpack can import."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from sqlmodel import Session, col, select

from ..errors import BackpackError
from ..storage.blobs import Blobs
from ..storage.tables import (
    Address,
    Arrival,
    Badge,
    Blob,
    Collection,
    CollectionBadge,
    Document,
    Earner,
    Mailbox,
    Report,
    ReportDocument,
    Share,
)
from .organising import file_name

FORMAT = 1
_README = """\
Everything that was in a backpack.

badges/      every badge, byte for byte as it came; any backpack can import these files, and this one the whole
             archive, with notes, tags and collections; public links stay closed, addresses are not confirmed
reports/     for each badge all reports of its checks, the newest last
documents/   what the addresses answered that the checks asked, by SHA-256; listed in documents.json
badges.json, collections.json, shares.json, addresses.json, imports.json, mailboxes.json
             what was noted, ordered, shown and connected; badges are named by their "id", and those with a time in
             "offered_at" came by mail and were not accepted yet
manifest.json
             size and SHA-256 of every file; and which could not be read where they were stored, if any
"""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Bytes that lie in the blob store."""

    sha256: str


def export(db: Session, blobs: Blobs, earner: Earner) -> bytes:
    """The ZIP file: originals byte for byte, reports, archived documents, notes, collections, public links."""
    made = io.BytesIO()
    write(db, blobs, earner, made)
    return made.getvalue()


def write(db: Session, blobs: Blobs, earner: Earner, to: IO[bytes]) -> None:
    """The same into a file, for a backpack that is larger than memory.

    One original that is lost or damaged does not keep the others back: the manifest names it.
    """
    files: list[dict[str, Any]] = []
    problems: list[str] = []
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _contents(db, earner):
            try:
                data = blobs.read(content.sha256) if isinstance(content, _Kept) else content.encode()
            except BackpackError as error:
                problems.append(f"{name}: {error.says}")
                continue
            archive.writestr(name, data)
            files.append({"path": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)})
        archive.writestr("manifest.json", _json({"format": FORMAT, "files": files, "problems": problems}))


def _contents(db: Session, earner: Earner) -> Iterator[tuple[str, _Kept | str]]:
    yield "README.txt", _README
    badges = db.exec(
        select(Badge, Blob.media_type)
        .join(Blob, col(Blob.sha256) == col(Badge.original_sha256))
        .where(Badge.earner_id == earner.id, col(Badge.deleted_at).is_(None))
        .order_by(col(Badge.id))
    ).all()
    names = {
        badge.id: f"{place:04}-{file_name(badge, kind)}" for place, (badge, kind) in enumerate(badges, 1)
    }
    ids = {badge.id: badge.public_id for badge, _ in badges}
    for badge, _ in badges:
        yield f"badges/{names[badge.id]}", _Kept(badge.original_sha256)
        yield f"reports/{badge.public_id}.json", _json(_reports(db, badge))
    yield from _documents(db, list(ids))
    yield "badges.json", _json([_badge(badge, names[badge.id]) for badge, _ in badges])
    yield "collections.json", _json(_collections(db, earner, ids))
    yield "shares.json", _json(_shares(db, earner, ids))
    yield "addresses.json", _json(_rows(db, Address, earner, "email", "confirmed_at"))
    how = ("host", "port", "security", "username", "folder", "takes", "created_at")
    yield "mailboxes.json", _json(_rows(db, Mailbox, earner, *how))
    yield (
        "imports.json",
        _json(
            _rows(
                db, Arrival, earner, "source", "origin", "letter", "links", "state", "problem", "created_at"
            )
        ),
    )
    yield "backpack.json", _json({"format": FORMAT, "name": earner.name, "created_at": earner.created_at})


def _badge(badge: Badge, name: str) -> dict[str, Any]:
    facts = badge.model_dump(
        include={
            "title", "description", "issuer_name", "issuer_url", "version", "carrier", "issued_at", "expires_at",
            "verdict", "checked_at", "note", "hidden_at", "offered_at", "created_at", "credential_sha256",
            "original_sha256",
        }
    )  # fmt: skip
    return {
        "id": badge.public_id,
        "file": f"badges/{name}",
        **facts,
        "tags": [t for t in badge.tags.split(",") if t],
    }


def _reports(db: Session, badge: Badge) -> list[dict[str, Any]]:
    rows = db.exec(select(Report).where(Report.badge_id == badge.id).order_by(col(Report.id)))
    return [{"engine": row.engine, **row.content} for row in rows]


def _documents(db: Session, badges: list[int]) -> Iterator[tuple[str, _Kept | str]]:
    used = (
        select(ReportDocument.document_id)
        .join(Report, col(Report.id) == col(ReportDocument.report_id))
        .where(col(Report.badge_id).in_(badges))
    )
    rows = db.exec(select(Document).where(col(Document.id).in_(used)).order_by(col(Document.id))).all()
    for sha256 in sorted({row.sha256 for row in rows}):
        yield f"documents/{sha256}", _Kept(sha256)
    shown = {"url", "sha256", "status", "content_type", "final_url", "problem", "fetched_at"}
    yield "documents.json", _json([row.model_dump(include=shown) for row in rows])


def _collections(db: Session, earner: Earner, ids: dict[int, str]) -> list[dict[str, Any]]:
    places = db.exec(
        select(CollectionBadge)
        .join(Collection, col(Collection.id) == col(CollectionBadge.collection_id))
        .where(Collection.earner_id == earner.id)
        .order_by(col(CollectionBadge.position), col(CollectionBadge.badge_id))
    ).all()
    return [
        {
            **row.model_dump(include={"title", "intro", "created_at", "updated_at"}),
            "id": row.public_id,
            "badges": [
                {"id": ids[place.badge_id], "remark": place.remark}
                for place in places
                if place.collection_id == row.id and place.badge_id in ids
            ],
        }
        for row in db.exec(
            select(Collection).where(Collection.earner_id == earner.id).order_by(col(Collection.id))
        )
    ]


def _shares(db: Session, earner: Earner, ids: dict[int, str]) -> list[dict[str, Any]]:
    shown = {
        "slug",
        "audience",
        "label",
        "shows_name",
        "shows_evidence",
        "shows_original",
        "expires_at",
        "created_at",
        "closed_at",
    }
    rows = db.exec(
        select(Share, Collection.public_id)
        .join(Collection, col(Collection.id) == col(Share.collection_id), isouter=True)
        .where(Share.earner_id == earner.id)
        .order_by(col(Share.id))
    )
    return [
        {**row.model_dump(include=shown), "badge": ids.get(row.badge_id or 0), "collection": collection}
        for row, collection in rows
    ]


def _rows(
    db: Session, table: type[Address] | type[Arrival] | type[Mailbox], earner: Earner, *shown: str
) -> list[dict[str, Any]]:
    rows = db.exec(select(table).where(table.earner_id == earner.id).order_by(col(table.id)))
    return [row.model_dump(include=set(shown)) for row in rows]


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=_moment)


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} has no place in an export")

"""What an issuer's addresses answer differently than before: told in a badge's history, beside both copies.

A lapsed domain may belong to somebody else today, so a profile or key that is not the one of the first
import is said to be another one, however well everything else holds.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from ..errors import BackpackError
from ..storage.blobs import Blobs
from ..storage.tables import Badge, Document, Report, ReportDocument
from ..verifier import documents as fetched
from ..verifier.addresses import host
from ..verifier.fields import types
from ..verifier.methods import site_of
from ..verifier.strict_json import loads

MOST_BYTES = 512 * 1024
MOST_MEMBERS = 20
MOST_CHARACTERS = 400
_LISTS = ("StatusList", "RevocationList")  # they change with every badge that is taken back, whoever's it is
_KINDS = {
    "keys": "The issuer changed its keys.",
    "profile": "The issuer changed its profile.",
    "achievement": "The issuer changed its description of the badge.",
    "badge": "The issuer changed the badge that it serves.",
}
_IN_PASSING = {
    "keys": {"@context", "service"},
    "profile": {"@context", "address", "description", "email", "image", "phone", "telephone"},
    "achievement": {"@context", "tags"},
    "badge": {"@context"},
}
"""Members that say neither what a badge is for nor who stands behind it: they may change without a word."""


def changes(
    db: Session, blobs: Blobs, badge_id: int, documents: Iterable[fetched.Document]
) -> list[dict[str, Any]]:
    """Each address that answered something else than the last copy that a report on this badge stands on.

    ``{"url", "kind", "what", "matters", "before", "after", "members": [{"name", "before", "after"}]}``: ``kind``
    is keys, profile, achievement, badge or nothing of these, ``what`` the same in sentences; it ``matters`` when
    the badge may mean something else now, or another may stand behind it; then the two copies as SHA-256, and
    for JSON the top-level members that differ, shortened, as JSON texts.

    Of the issuer is only what its own site answers, or the badge's: endorsers have keys and profiles too, and
    anybody can put a signature of theirs beside the issuer's.
    """
    sites = _sites(db.get(Badge, badge_id))
    answers = [document for document in documents if document.ok]
    first, last = _kept(db, badge_id, [document.url for document in answers])
    found = []
    for document in answers:
        before = last.get(document.url)
        if before is None or before.sha256 == document.sha256:
            continue
        old, new = _said(_bytes(blobs, before.sha256)), _said(document.body)
        if old is None or new is None or old == new or _is_list(old) or _is_list(new):
            continue
        kind = _kind(new) if site_of(document.url) in sites else ""
        names = _differing(old, new)
        found.append(
            {
                "url": document.url,
                "kind": kind,
                "what": _what(kind, document.url, first[document.url]),
                "matters": bool(kind) and not _IN_PASSING[kind].issuperset(names),
                "before": before.sha256,
                "after": document.sha256,
                "members": _members(old, new, names),
            }
        )
    return found


def _sites(badge: Badge | None) -> set[str]:
    named = (badge.issuer_id, badge.address) if badge else ()
    return {site for one in named if (site := site_of(one))}


def _kept(db: Session, badge_id: int, urls: list[str]) -> tuple[dict[str, Document], dict[str, Document]]:
    """The first and the last good copy of each address among all that the badge's reports stand on."""
    chosen = (
        select(Document)
        .join(ReportDocument, col(ReportDocument.document_id) == Document.id)
        .join(Report, col(Report.id) == ReportDocument.report_id)
        .where(Report.badge_id == badge_id, col(Document.url).in_(urls), col(Document.problem).is_(None))
        .order_by(col(Report.id))
    )
    rows = list(db.exec(chosen))
    return {row.url: row for row in reversed(rows)}, {row.url: row for row in rows}


def _bytes(blobs: Blobs, sha256: str) -> bytes:
    try:
        return blobs.read(sha256)
    except BackpackError:
        return b""  # a lost copy is told by others; here there is only nothing to compare


def _said(body: bytes) -> Any:
    """What a copy says: its JSON, a key as text, or None for what cannot be compared so that it means something."""
    if len(body) > MOST_BYTES:
        return None
    if body.lstrip().startswith(b"-----BEGIN PUBLIC KEY"):
        return {"publicKeyPem": body.decode("ascii", "replace").strip()}
    try:
        said = loads(body)
    except BackpackError:
        return None
    return said if isinstance(said, Mapping) else None


def _is_list(said: Mapping[str, Any]) -> bool:
    return "revokedAssertions" in said or any(kind in one for one in types(said) for kind in _LISTS)


def _kind(said: Mapping[str, Any]) -> str:
    kinds = types(said)
    if any(name in said for name in ("keys", "verificationMethod", "publicKeyPem")):
        return "keys"
    if "Profile" in kinds or "Issuer" in kinds:
        return "profile"
    if "BadgeClass" in kinds or "criteria" in said:
        return "achievement"
    if "Assertion" in kinds or "recipient" in said or "credentialSubject" in said:
        return "badge"
    return "profile" if "name" in said and ("url" in said or "email" in said) else ""


def _what(kind: str, url: str, first: Document) -> str:
    if not kind:
        return f"What {host(url) or 'the issuer'} answers has changed."
    since = f" Its site has changed since {first.fetched_at.year}." if kind in ("keys", "profile") else ""
    return _KINDS[kind] + since


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]


def _members(old: Mapping[str, Any], new: Mapping[str, Any], names: list[str]) -> list[dict[str, str]]:
    return [
        {"name": name[:80], "before": _short(old, name), "after": _short(new, name)}
        for name in names[:MOST_MEMBERS]
    ]


def _short(said: Mapping[str, Any], name: str) -> str:
    if name not in said:
        return ""
    spelled = json.dumps(said[name], ensure_ascii=False)
    return spelled if len(spelled) <= MOST_CHARACTERS else f"{spelled[:MOST_CHARACTERS]}…"

"""What a check found, written down: the report, the copies it stands on, and what the badge looks like now.

A first check that needs nobody's answer ends with the import, every other one on its own; what is written
is the same. Reports and copies are never changed again.
"""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlmodel import Session, col, select

from ..config import Settings
from ..storage import rows
from ..storage.tables import Badge, Document, Report, ReportDocument
from ..verifier import documents as fetched
from ..verifier.providers import small
from . import drawing, notifying, reports, telling
from .judging import Facts, Judged

LONGEST_URL = 2048  # what is longer is never asked, so there is nothing to archive

SOON = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
_DAY, _WEEK, _MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)
_AFTER = {
    "verified": _WEEK,
    "suspended": _DAY,
    "wrong_recipient": _WEEK,
    "not_yet_valid": _WEEK,
    "expired": _MONTH,
    "revoked": _MONTH,
    "invalid": _MONTH,
    "not_a_badge": _MONTH,
}


def answers(documents: Iterable[fetched.Document]) -> list[fetched.Document]:
    """Those of the documents in hand that are archived."""
    return [one for one in documents if len(one.url) <= LONGEST_URL and one.url.isprintable()]


def files(documents: Sequence[fetched.Document]) -> list[tuple[bytes, str]]:
    """What is kept of them in files, before anything names it."""
    return [(one.body, "application/octet-stream") for one in documents]


def face(db: Session, badge: Badge, judged: Judged, at: datetime) -> dict[str, Any]:
    """What the badge looks like after this check, and when the next one is. What was known stays known.

    An issuer that is silent today takes nothing from it, and lets nobody else say what it is; one that answers
    says all of it, so that nothing stays of what only the file said, and what it left empty stays empty.
    """
    found = projected(judged.facts) | {"search": judged.facts.search}
    if not reports.is_genuine(judged.report):
        is_more = len(judged.facts.search) >= len(badge.search)
        open_still = {name for name in found if not getattr(badge, name)} | ({"search"} if is_more else set())
        said_once = reports.last_genuine(db, badge.id) is not None
        found = {name: value for name, value in found.items() if name in open_still and not said_once}
    drawn = {"picture_due_at": at} if drawing.is_wanted(badge, judged) else {}
    return found | drawn | outcome(judged, badge.unknowns, at)


def outcome(judged: Judged, unknowns: int, at: datetime) -> dict[str, Any]:
    """The verdict on a badge that before could not be confirmed so many times in a row, and what follows."""
    unknowns = unknowns + 1 if judged.verdict == "unconfirmed" else 0
    return {
        "verdict": judged.verdict,
        "matched": small(str(judged.report.get("matched") or "")),
        "checked_at": at,
        "updated_at": at,
        "unknowns": unknowns,
        "next_check_at": next_check(judged.verdict, unknowns, judged.facts, at),
    }


def projected(facts: Facts) -> dict[str, Any]:
    """What a badge shows of its credential."""
    return {
        "version": facts.version,
        "address": facts.address,
        "title": facts.title,
        "description": facts.description,
        "issuer_id": facts.issuer_id,
        "issuer_name": facts.issuer_name,
        "issuer_url": facts.issuer_url,
        "recipient_hint": facts.recipient_hint,
        "award_key": facts.award_key,
        "achievement_id": facts.achievement_id,
        "achievement_key": facts.achievement_key,
        "issued_at": facts.issued_at,
        "expires_at": facts.expires_at,
    }


def write(
    db: Session,
    settings: Settings,
    badge: Badge,
    before: str,
    judged: Judged,
    copies: Iterable[tuple[fetched.Document, str]],
    changes: Sequence[dict[str, Any]],
    at: datetime,
) -> Report:
    """The report on a badge that has its new face, in the caller's transaction, who folds it; its earner is held.

    ``before`` is the verdict until now; ``copies`` are the documents it stands on, each with its file's hash.
    """
    report = rows.add(
        db,
        Report,
        badge_id=badge.id,
        at=at,
        verdict=judged.verdict,
        content=judged.report | ({"changes": list(changes)} if changes else {}),
        engine=_engine(),
    )
    archived = [_archived(db, document, sha256, at) for document, sha256 in copies]
    db.flush()
    stands_on = dict.fromkeys(copy.id for copy in archived)
    db.add_all(ReportDocument(report_id=report.id, document_id=number) for number in stands_on)
    notifying.verdict_changed(db, settings, badge, before, judged.verdict, at)
    telling.note(db, badge, before, judged, changes, at)
    return report


def next_check(verdict: str, unknowns: int, facts: Facts, at: datetime) -> datetime:
    """When to look again: soon after an unknown, when a badge begins, will soon end or ends, else by the verdict."""
    if verdict == "unconfirmed":
        delay = SOON[unknowns - 1] if unknowns <= len(SOON) else _WEEK
    else:
        delay = _AFTER.get(verdict, _WEEK)
    # Spread, so that an issuer is not asked about all its badges at once, and cannot tell views from checks.
    then = at + delay * (1 + random.random() / 10)  # noqa: S311
    ends = facts.expires_at
    soon = ends - telling.AHEAD if ends is not None and ends > at else None
    for turn in (facts.begins_at, soon, ends):
        if turn is not None and at < turn < then:
            then = turn + timedelta(minutes=1)
    return then


def _archived(db: Session, document: fetched.Document, sha256: str, at: datetime) -> Document:
    """The archived copy of this answer; when the address answered the same last time, that one."""
    last = db.exec(
        select(Document)
        .where(Document.url == document.url)
        .order_by(col(Document.fetched_at).desc(), col(Document.id).desc())
        .limit(1)
    ).first()
    # Where it led and what it was called count as well: a report made again from copies must come out the same.
    same = (sha256, document.status, document.problem, document.final_url, document.content_type)
    if last is not None and same == (
        last.sha256,
        last.status,
        last.problem,
        last.final_url,
        last.content_type,
    ):
        return last
    copy = Document(
        url=document.url,
        sha256=sha256,
        status=document.status,
        content_type=document.content_type,
        final_url=document.final_url,
        problem=document.problem,
        fetched_at=document.fetched_at or at,
    )
    db.add(copy)
    return copy


@cache
def _engine() -> str:
    try:
        return version("backpack")
    except PackageNotFoundError:
        return "0"

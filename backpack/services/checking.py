"""Is it genuine, and is it theirs? A new badge is only a badge that is due now: every check is this one.

No transaction is open while addresses are asked. After each round the report so far is put on the badge,
which is the live list that the earner watches. The last one becomes a Report row, with the archived
copies it stands on; both are never changed again.
"""

import logging
import random
from base64 import b64decode
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import Engine, case, update
from sqlmodel import Session, col, select

from .. import network, pictures, workers
from ..config import Settings
from ..errors import BackpackError
from ..storage.blobs import Blobs
from ..storage.database import session
from ..storage.tables import Address, Badge, Document, Earner, Report, ReportDocument
from ..verifier import documents as fetched
from ..workers.messages import WorkerFailed
from . import comparing, folding, leasing, notifying, organising, sharing, throttling, trusting
from .judging import Facts, Judged

MOST_ROUNDS = 8
MOST_REQUESTS = 20
SECONDS = 8.0
LONGEST_URL = 2048  # what is longer is never asked, so there is nothing to archive
FOR_STRANGERS = 600  # seconds between two checks that a stranger may ask for of one link
FOR_ALL_STRANGERS = 60  # checks an hour that strangers may ask for in all

_log = logging.getLogger(__name__)
_SOON = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
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


def due(db: Session, at: datetime, limit: int = 20) -> list[int]:
    """The ids of badges that are due and that nobody is at work on, the longest waiting first."""
    kept = col(Badge.deleted_at).is_(None)
    chosen = select(Badge.id).where(*leasing.is_free(Badge, at), kept).order_by(col(Badge.next_check_at))
    return list(db.exec(chosen.limit(limit)))


def check_badge(
    engine: Engine, blobs: Blobs, settings: Settings, badge_id: int, at: datetime
) -> Report | None:
    """Check one badge that is due; None when it is not, or when somebody else has it or took it over."""
    with session(engine) as db:
        lease = leasing.claim(db, Badge, badge_id, at)
        if lease is None:
            return None
        badge = db.get_one(Badge, badge_id)
        asked = _confirmed(db, badge.earner_id)
    try:
        return _check(engine, blobs, settings, lease, badge, asked)
    except Exception:
        with session(engine) as db:
            # Whatever it was, trying again at once would end the same way.
            if leasing.finish(db, lease, next_check_at=lease.now() + _SOON[0], progress=None):
                db.commit()
        raise


def check_now(db: Session, earner: Earner, public_id: str, at: datetime) -> Badge:
    """Make one of the earner's badges due at once."""
    badge = organising.badge(db, earner, public_id)
    _make_due(db, [badge.id], at)
    return badge


def check_again(db: Session, slug: str, network_of_asker: str, at: datetime) -> None:
    """Make what a public link shows due at once, for a stranger; raises TooMany when asked too often."""
    shown = sharing.open_share(db, slug, at)
    soon = "It was checked only just now."
    throttling.count(db, f"again:{slug}", 1, FOR_STRANGERS, at, soon)
    throttling.count(db, f"again-from:{network_of_asker}", 20, 3600, at)
    throttling.count(db, "again", FOR_ALL_STRANGERS, 3600, at, "Many people are asking for checks right now.")
    _make_due(db, [entry.badge_id for entry in shown.entries], at)


def latest(db: Session, badge: Badge) -> Report | None:
    """The last report of a badge, or None before its first check has ended."""
    return latest_of(db, [badge]).get(badge.id)


def latest_of(db: Session, badges: Iterable[Badge]) -> dict[int, Report]:
    """The last report of each of these badges, by the badge's id."""
    return sharing.latest_reports(db, [badge.id for badge in badges])


def history(db: Session, earner: Earner, public_id: str) -> list[Report]:
    """Every report of one of the earner's badges, the newest first."""
    badge = organising.badge(db, earner, public_id)
    return list(db.exec(select(Report).where(Report.badge_id == badge.id).order_by(col(Report.id).desc())))


def next_check(verdict: str, unknowns: int, facts: Facts, at: datetime) -> datetime:
    """When to look again: soon after an unknown, at the day a badge ends or begins, else by the verdict."""
    if verdict == "unconfirmed":
        delay = _SOON[unknowns - 1] if unknowns <= len(_SOON) else _WEEK
    else:
        delay = _AFTER.get(verdict, _WEEK)
    # Spread, so that an issuer is not asked about all its badges at once, and cannot tell views from checks.
    then = at + delay * (1 + random.random() / 10)  # noqa: S311
    for turn in (facts.issued_at, facts.expires_at):
        if turn is not None and at < turn < then:
            then = turn + timedelta(minutes=1)
    return then


def _check(
    engine: Engine,
    blobs: Blobs,
    settings: Settings,
    lease: leasing.Lease,
    badge: Badge,
    asked: tuple[str, ...],
) -> Report | None:
    """Judge, ask for what is wanted, judge again, until nothing is wanted or it is enough."""
    original = blobs.read(badge.original_sha256)
    hand: dict[str, fetched.Document] = trusting.at_hand(settings)
    for _ in range(MOST_ROUNDS):
        judged = _judged(original, badge, hand, asked, lease.now())
        urls = [url for url in judged.wants if url not in hand][: MOST_REQUESTS - len(hand)]
        if not urls:
            break
        with session(engine) as db:
            if not leasing.extend(db, lease, progress=judged.report):
                return None
        hand |= {document.url: document for document in network.fetch_all(urls, settings)}
    else:
        judged = _judged(original, badge, hand, asked, lease.now())
    picture = None if badge.picture_sha256 else _picture(original, judged.facts, settings)
    return _finish(engine, blobs, settings, lease, badge, judged, list(hand.values()), picture)


def _confirmed(db: Session, earner_id: int) -> tuple[str, ...]:
    chosen = select(Address.email).where(
        Address.earner_id == earner_id, col(Address.confirmed_at).is_not(None)
    )
    return tuple(db.exec(chosen))


def _make_due(db: Session, badge_ids: list[int], at: datetime) -> None:
    chosen = update(Badge).where(col(Badge.id).in_(badge_ids))
    db.execute(chosen.values(next_check_at=at).execution_options(synchronize_session=False))
    db.commit()


def _judged(
    original: bytes, badge: Badge, hand: dict[str, fetched.Document], asked: tuple[str, ...], at: datetime
) -> Judged:
    """Judge it in a worker; when that cannot be done, the report says so instead of the checks."""
    work = "backpack.services.judging:judged"
    documents = list(hand.values())
    try:
        judged: Judged = workers.run(
            work, original, badge.credential_sha256, documents, asked, at, seconds=SECONDS
        )
    except BackpackError as error:
        return refused(error, badge, at)
    except WorkerFailed:
        _log.exception("Badge %s could not be judged.", badge.id)
        return refused(BackpackError("Something went wrong on our side while checking this."), badge, at)
    return judged


def refused(error: BackpackError, badge: Badge, at: datetime) -> Judged:
    """The report on a badge that could not be judged at all: unconfirmed, with the reason."""
    check: dict[str, Any] = {
        "id": "structure",
        "outcome": "unknown",
        "message": error.says,
        "verdict": None,
        "detail": {},
    }
    facts = Facts(
        badge.version,
        badge.carrier,
        badge.address,
        badge.title,
        badge.description,
        badge.issuer_id,
        badge.issuer_name,
        badge.issuer_url,
        badge.recipient_hint,
        badge.search,
        badge.issued_at,
        badge.expires_at,
        "",
        badge.award_key,
        badge.achievement_id,
        badge.achievement_key,
    )
    report: dict[str, Any] = {
        "valid": False,
        "verdict": "unconfirmed",
        "version": badge.version,
        "carrier": badge.carrier,
        "checks": [check],
        "badge": {"name": badge.title, "issuer": {"name": badge.issuer_name, "url": badge.issuer_url}},
        "documents": [],
        "at": at.isoformat(),
    }
    return Judged((), report, "unconfirmed", facts)


def _picture(original: bytes, facts: Facts, settings: Settings) -> bytes | None:
    """Our own copy of the badge's picture: the file itself when it is one, else what the badge names."""
    if facts.carrier in ("png", "svg"):
        return _thumbnail(original)
    if facts.picture_url.startswith("data:"):
        _, _, encoded = facts.picture_url.partition(";base64,")
        try:
            return _thumbnail(b64decode(encoded, validate=True)) if encoded else None
        except ValueError:
            return None
    if facts.picture_url.startswith(("https://", "http://")):
        document = network.fetch(facts.picture_url, settings, kind="picture")
        return _thumbnail(document.body) if document.ok else None
    return None


def _thumbnail(data: bytes) -> bytes | None:
    try:
        return pictures.thumbnail(data)
    except BackpackError:
        return None  # a badge without a picture is a badge: the page draws a plate


def _finish(
    engine: Engine,
    blobs: Blobs,
    settings: Settings,
    lease: leasing.Lease,
    claimed: Badge,
    judged: Judged,
    documents: list[fetched.Document],
    picture: bytes | None,
) -> Report | None:
    """Write the report, its archived copies and the badge's new face in one transaction, or nothing."""
    at = lease.now()
    with session(engine) as db:
        changes = comparing.changes(db, blobs, lease.row_id, documents)
        answers = [one for one in documents if len(one.url) <= LONGEST_URL and one.url.isprintable()]
        files = [(one.body, "application/octet-stream") for one in answers]
        names = blobs.keep_all(db, files + ([(picture, "image/png")] if picture is not None else []))
        before = db.get(Badge, lease.row_id)
        if before is None:
            return None
        folding.hold(db, before, judged.facts)
        unknowns = before.unknowns + 1 if judged.verdict == "unconfirmed" else 0
        then = next_check(judged.verdict, unknowns, judged.facts, at)
        values = _face(before, judged.facts) | {
            "verdict": judged.verdict,
            "matched": str(judged.report.get("matched") or "").casefold(),
            "checked_at": at,
            "updated_at": at,
            "unknowns": unknowns,
            "progress": None,
            # Whoever made it due while it was checked wants to be heard: an address was confirmed, say.
            "next_check_at": case(
                (col(Badge.next_check_at) == claimed.next_check_at, then), else_=col(Badge.next_check_at)
            ),
        }
        if picture is not None:
            values["picture_sha256"] = names[-1]
        if not leasing.finish(db, lease, **values):
            return None
        content = judged.report | ({"changes": changes} if changes else {})
        report = Report(badge_id=before.id, at=at, verdict=judged.verdict, content=content, engine=_engine())
        db.add(report)
        copies = [
            _archived(db, document, sha256, at) for document, sha256 in zip(answers, names, strict=False)
        ]
        db.flush()
        db.add_all(
            ReportDocument(report_id=report.id, document_id=number)
            for number in dict.fromkeys(copy.id for copy in copies)
        )
        to = notifying.address_of(db, before.earner_id)
        notifying.verdict_changed(db, settings, before, before.verdict, judged.verdict, to, at)
        folding.fold(db, before, judged.facts)
        db.commit()
        return report


def _face(badge: Badge, facts: Facts) -> dict[str, Any]:
    """What the badge looks like now. What was known stays when an issuer is silent today."""
    found = {
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
    kept = {name: value for name, value in found.items() if value or not getattr(badge, name)}
    return kept | ({"search": facts.search} if len(facts.search) >= len(badge.search) else {})


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

"""Is it genuine, and is it theirs? A new badge is only a badge that is due now: every check is this one.

No transaction is open while addresses are asked. After each round the report so far is put on the badge,
which is the live list that the earner watches. The last one becomes a Report row, with the archived
copies it stands on; both are never changed again.
"""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from .. import network, workers
from ..config import Settings
from ..errors import BackpackError
from ..storage.blobs import Blobs
from ..storage.database import session
from ..storage.tables import Badge, Earner, Report
from ..verifier import documents as fetched
from ..verifier.before import answered_before, is_of_now, taken_back
from ..verifier.credential import LEGACY
from ..workers.messages import WorkerFailed
from . import (
    comparing,
    deriving,
    folding,
    joining,
    leasing,
    organising,
    reporting,
    reports,
    sharing,
    throttling,
    trusting,
)
from .judging import Facts, Judged

MOST_ROUNDS = 8
MOST_REQUESTS = 20
SECONDS = 8.0
FOR_STRANGERS = 600  # seconds between two checks that a stranger may ask for of one link
FOR_ALL_STRANGERS = 60  # checks an hour that strangers may ask for in all

_log = logging.getLogger(__name__)


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
        claimed = leasing.claim(db, Badge, badge_id, at)
        if claimed is None:
            return None
        lease, badge = claimed
        asked = joining.confirmed(db, badge.earner_id)
    try:
        return _check(engine, blobs, settings, lease, badge, asked)
    except Exception:
        with session(engine) as db:
            # Whatever it was, trying again at once would end the same way.
            if leasing.finish(db, lease, next_check_at=lease.now() + reporting.SOON[0], progress=None):
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
    then: list[fetched.Document] | None = None
    for _ in range(MOST_ROUNDS):
        judged = _judged(original, badge, [*hand.values(), *(then or ())], asked, lease.now())
        urls = [url for url in judged.wants if url not in hand][: MOST_REQUESTS - len(hand)]
        if not urls and then is None and (then := _said_before(engine, blobs, badge, judged)):
            continue
        if not urls:
            break
        with session(engine) as db:
            if not leasing.extend(db, lease, progress=judged.report):
                return None
        hand |= {document.url: document for document in network.fetch_all(urls, settings)}
    else:
        judged = _judged(original, badge, [*hand.values(), *(then or ())], asked, lease.now())
    used = {document["url"] for document in judged.report["documents"]}
    looked_at = [document for document in then or () if document.url in used]
    return _finish(engine, blobs, settings, lease, badge, judged, [*hand.values(), *looked_at])


def _said_before(engine: Engine, blobs: Blobs, badge: Badge, judged: Judged) -> list[fetched.Document]:
    """What an issuer said of a badge when it last spoke, for one that it does not vouch for today."""
    outcomes = {check["id"]: check["outcome"] for check in judged.report["checks"]}
    is_silent = outcomes.get("revocation", "unknown") == "unknown"
    is_open = judged.facts.version in ("", *LEGACY) and not reports.is_genuine(judged.report)
    if not is_silent and not is_open:
        return []
    with session(engine) as db:
        taken = reports.last_taken_back(db, badge.id) if is_silent else None
        told = reports.last_genuine(db, badge.id) if is_open else None
        try:
            documents = deriving.documents(db, blobs, told) if told else []
        except BackpackError:
            documents = []  # a lost copy is told by others
    said = [answered_before(document) for document in documents if document.ok and is_of_now(document)]
    return [*said, taken_back(*taken)] if taken else said


def _make_due(db: Session, badge_ids: list[int], at: datetime) -> None:
    chosen = update(Badge).where(col(Badge.id).in_(badge_ids))
    db.execute(chosen.values(next_check_at=at).execution_options(synchronize_session=False))
    db.commit()


def _judged(
    original: bytes, badge: Badge, documents: list[fetched.Document], asked: tuple[str, ...], at: datetime
) -> Judged:
    """Judge it in a worker; when that cannot be done, the report says so instead of the checks."""
    work = "backpack.services.judging:judged"
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


def _finish(
    engine: Engine,
    blobs: Blobs,
    settings: Settings,
    lease: leasing.Lease,
    claimed: Badge,
    judged: Judged,
    documents: list[fetched.Document],
) -> Report | None:
    """Write the report, its archived copies and the badge's new face in one transaction, or nothing."""
    at = lease.now()
    with session(engine) as db:
        changes = comparing.changes(db, blobs, lease.row_id, filter(is_of_now, documents))
        answers = reporting.answers(documents)
        names = blobs.keep_all(db, reporting.files(answers))
        badge = db.get(Badge, lease.row_id)
        if badge is None:
            return None
        folding.hold(db, badge, judged.facts)
        before = badge.verdict
        face = reporting.face(db, badge, judged, at)
        then = face.pop("next_check_at")
        if not leasing.finish(db, lease, progress=None, **face):
            return None
        # Whoever made it due while it was checked wants to be heard: an address was confirmed, say.
        undisturbed = (col(Badge.id) == badge.id, col(Badge.next_check_at) == claimed.next_check_at)
        later = update(Badge).where(*undisturbed).values(next_check_at=then)
        db.execute(later.execution_options(synchronize_session=False))
        copies = zip(answers, names, strict=True)
        report = reporting.write(db, settings, badge, before, judged, copies, changes, at)
        folding.fold(db, badge, judged.facts)
        db.commit()
        return report

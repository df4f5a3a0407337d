"""A report, made again from the archived copies alone: what keeps badges alive when an issuer's site is gone."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from .. import workers
from ..storage.blobs import Blobs
from ..storage.tables import Badge, Document, Report, ReportDocument
from ..verifier import documents as fetched
from .judging import Judged

SECONDS = 8.0


def derived(db: Session, blobs: Blobs, report: Report) -> dict[str, Any]:
    """The report (as ``verify --json`` prints it) that the archive gives for the moment of this one. Asks nobody.

    Its ``checks`` are those of the report itself, byte for byte, as long as the verifier is the same. Raises
    Missing or Damaged when a copy is lost, and whatever ``workers.run`` raises.
    """
    return judged(db, blobs, report).report


def judged(db: Session, blobs: Blobs, report: Report) -> Judged:
    """All that the archive gives for the moment of this report, the same way."""
    badge = db.get_one(Badge, report.badge_id)
    found: Judged = workers.run(
        "backpack.services.judging:judged",
        blobs.read(badge.original_sha256),
        badge.credential_sha256,
        documents(db, blobs, report),
        _asked(report),
        datetime.fromisoformat(report.content["at"]),
        seconds=SECONDS,
    )
    return found


def documents(db: Session, blobs: Blobs, report: Report) -> list[fetched.Document]:
    """What every address answered that this report stands on."""
    chosen = select(Document).join(ReportDocument).where(ReportDocument.report_id == report.id)
    return [
        fetched.Document(
            url=copy.url,
            status=copy.status,
            body=blobs.read(copy.sha256),
            content_type=copy.content_type,
            problem=copy.problem,
            fetched_at=copy.fetched_at,
            final_url=copy.final_url,
        )
        for copy in db.exec(chosen.order_by(col(Document.id)))
    ]


def _asked(report: Report) -> tuple[str, ...] | None:
    """Whom it was compared with: the address that matched. Which others the earner had then is not kept."""
    if matched := report.content.get("matched"):
        return (str(matched),)
    outcomes = {check["id"]: check["outcome"] for check in report.content["checks"]}
    return () if outcomes.get("recipient") == "failed" else None

"""The verification bundle: a badge with every document its last report stands on, to be checked anywhere, any time.

``backpack verify --offline bundle.zip`` gives the same checks on another machine without a network, also
when the issuer's site is long gone. The same report always makes the same bundle.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from sqlmodel import Session, col, select

from ..errors import BackpackError, Missing
from ..storage.blobs import Blobs
from ..storage.tables import Badge, Document, Earner, Report, ReportDocument
from ..verifier import bundles
from ..verifier.report import moment
from . import organising, reports

README = """\
A badge, with everything that is needed to check it.

{badge}
    the badge, byte for byte as it came
report.json
    what was found when it was last checked, at {at}
documents/
    what the addresses answered that were asked for that; index.json says which file is whose
bundle.json
    what belongs together

To check it on any machine, without a network:

    backpack verify --offline {name}

The checks are made anew from these files, as of the time of the report; they come out as they stand in it. To see how
the badge stands today, check the badge itself: backpack verify {badge}
{recipient}
Each document is named by its SHA-256. Nothing here proves when an issuer's address answered what it is said to have
answered: whoever made the bundle says so. What was signed stays as it was signed; but whose key that was, where an
address told it, and a hosted badge (Open Badges 0.5 to 2.0) are as good as the word of who archived them.
"""
_RECIPIENT = """\

bundle.json holds the e-mail address that this badge was awarded to, {address}, because the report says whether
it was. Whoever gets the bundle can read it. No other address of its owner is in here.
"""


def bundle(db: Session, blobs: Blobs, earner: Earner, public_id: str) -> bytes:
    """The ZIP file for the last report on one of the earner's badges. Raises Missing, also before the first report."""
    badge = organising.badge(db, earner, public_id)
    report = reports.latest(db, badge)
    if report is None:
        raise Missing(
            "This badge has no report yet.", "Its first check is still at work. Try again in a moment."
        )
    return _packed(db, blobs, earner, badge, report)


def file_name(badge: Badge) -> str:
    """A safe name for the badge's bundle."""
    return f"{PurePosixPath(organising.file_name(badge, '')).stem}-bundle.zip"


def _packed(db: Session, blobs: Blobs, earner: Earner, badge: Badge, report: Report) -> bytes:
    data, _, name = organising.original(db, blobs, earner, badge.public_id)
    matched = report.content.get("matched")
    note = _RECIPIENT.format(address=matched) if matched else ""
    at = report.content.get("at") or moment(report.at)
    about = {
        "credential_sha256": badge.credential_sha256,
        "at": at,
        "engine": report.engine,
        # Others of the earner's addresses were asked about too; that none of them matched, [] says as well.
        "recipients": [matched] if matched else [],
    }
    documents = (
        (document.url, _entry(document, report), body) for document, body in _documents(db, blobs, report)
    )
    readme = README.format(badge=name, at=at, name=file_name(badge), recipient=note)
    return bundles.packed((name, data), about, report.content, documents, readme, report.at)


def _documents(db: Session, blobs: Blobs, report: Report) -> Iterator[tuple[Document, bytes | None]]:
    """The archived copies, each with its body the first time it comes; one that is lost comes without."""
    rows = db.exec(
        select(Document)
        .join(ReportDocument, col(ReportDocument.document_id) == col(Document.id))
        .where(ReportDocument.report_id == report.id)
        .order_by(col(Document.url))
    ).all()
    told: set[str] = set()
    for row in rows:
        body = None
        if row.sha256 not in told:
            told.add(row.sha256)
            try:
                body = blobs.read(row.sha256)
            except BackpackError:
                body = None  # the check will say that this file is missing
        yield row, body


def _entry(document: Document, report: Report) -> dict[str, Any]:
    # An answer that was the same as the last time is archived once; the report knows when it came this time.
    fetched = {used["url"]: used["fetched_at"] for used in report.content.get("documents", ())}
    entry = {
        "file": document.sha256,
        "status": document.status,
        "content_type": document.content_type,
        "fetched_at": fetched.get(document.url) or moment(document.fetched_at),
        "final_url": document.final_url,
        "problem": document.problem,
    }
    return {name: value for name, value in entry.items() if value is not None}

"""What was found out about badges so far: their reports, for whoever shows them or tells of them."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarResult, func
from sqlmodel import Session, col, select

from ..storage.tables import Badge, Earner, Report
from ..verifier.before import TAKEN_BACK
from ..verifier.times import day
from ..verifier.trusted import ADDRESS
from . import organising


def latest(db: Session, badge: Badge) -> Report | None:
    """The last report of a badge, or None before its first check has ended."""
    return latest_of(db, [badge]).get(badge.id)


def latest_of(db: Session, badges: Iterable[Badge]) -> dict[int, Report]:
    """The last report of each of these badges, by the badge's id."""
    numbers = [badge.id for badge in badges]
    last = select(func.max(Report.id)).where(col(Report.badge_id).in_(numbers)).group_by(col(Report.badge_id))
    return {report.badge_id: report for report in db.exec(select(Report).where(col(Report.id).in_(last)))}


def last_verified(db: Session, badges: Iterable[Badge]) -> dict[int, datetime]:
    """When each of these badges was verified last, by its id; those that never were are left out."""
    numbers = [badge.id for badge in badges]
    if not numbers:
        return {}
    verified = (
        select(Report.badge_id, func.max(Report.at))
        .where(col(Report.badge_id).in_(numbers), Report.verdict == "verified")
        .group_by(col(Report.badge_id))
    )
    return {row[0]: row[1] for row in db.exec(verified)}


def verified_alike(db: Session, now: Mapping[int, Report]) -> dict[int, datetime]:
    """When badges were last verified as they are told of now, by the badge's id; ``now`` are their reports.

    An issuer may have changed what it says since, and not all of that could be confirmed; and whoever runs this
    backpack may have vouched for its key then and not do so any more.
    """
    last = select(func.max(Report.id)).where(
        col(Report.badge_id).in_(list(now)), col(Report.verdict) == "verified"
    )
    then = select(Report).where(col(Report.id).in_(last.group_by(col(Report.badge_id))))
    return {
        one.badge_id: one.at
        for one in db.exec(then)
        if _tells_no_more(now[one.badge_id].content.get("badge"), one.content.get("badge"))
        and not _is_off_the_list(now[one.badge_id].content, one.content)
    }


def _is_off_the_list(now: Mapping[str, Any], then: Mapping[str, Any]) -> bool:
    issuers = {check["outcome"] for check in now["checks"] if check["id"] == "issuer"}
    return "passed" not in issuers and any(used["url"] == ADDRESS for used in then["documents"])


def _tells_no_more(now: Any, then: Any) -> bool:
    if isinstance(now, dict) and isinstance(then, dict):
        # Endorsements have verdicts of their own, and a recipient may be hidden in one place and not in the other.
        told = now.keys() - {"endorsements", "recipient"}
        return all(_tells_no_more(now[name], then.get(name)) for name in told)
    return not now or now == then


def last_genuine(db: Session, badge_id: int, before: datetime | None = None) -> Report | None:
    """The last report that found a badge to be its issuer's, of those before a time if one is given, or None."""
    with closing(_newest_first(db, badge_id)) as found:
        genuine = (report for report in found if is_genuine(report.content))
        return next((report for report in genuine if before is None or report.at < before), None)


def last_taken_back(db: Session, badge_id: int) -> tuple[str, str] | None:
    """How the issuer took a badge back, where that is the last it said: the verdict, and a sentence; or None."""
    with closing(_newest_first(db, badge_id)) as found:
        for report in found:
            checks = {check["id"]: check for check in report.content["checks"]}
            check, holds = checks.get("revocation", {}), checks.get("proof", {}).get("outcome") == "passed"
            is_new = all(used["url"] != TAKEN_BACK for used in report.content["documents"])
            if is_new and check.get("verdict") in ("revoked", "suspended"):
                said_on = day(datetime.fromisoformat(report.content["at"]))
                return check["verdict"], f"{check['message']} So it was on {said_on}; now there is no answer."
            if holds and check.get("outcome") in ("passed", "skipped"):
                return None
    return None


def _newest_first(db: Session, badge_id: int) -> ScalarResult[Report]:
    chosen = select(Report).where(Report.badge_id == badge_id).order_by(col(Report.id).desc())
    return db.exec(chosen.execution_options(yield_per=10))


def as_of(content: dict[str, Any], at: datetime) -> dict[str, Any]:
    """A report as it is to be told at a later time: what it verified may be over, and nobody have checked it since."""
    ends = datetime.fromisoformat(content["ends_at"]) if content.get("ends_at") else None
    if content["verdict"] != "verified" or ends is None or ends > at:
        return content
    over = {"outcome": "failed", "verdict": "expired", "message": f"It expired on {day(ends)}."}
    checks = [check | over if check["id"] == "dates" else check for check in content["checks"]]
    return content | {"valid": False, "verdict": "expired", "checks": checks}


def is_genuine(content: Mapping[str, Any]) -> bool:
    """Whether a report found what it tells of to be its issuer's: also of what is withdrawn or over by now.

    The verdict does not say so: a hosted badge is "expired" also where only its file says that it ended.
    """
    passed = {check["id"] for check in content.get("checks") or () if check["outcome"] == "passed"}
    return passed >= {"structure", "proof", "issuer"}


def history(db: Session, earner: Earner, public_id: str) -> list[Report]:
    """Every report of one of the earner's badges, the newest first."""
    badge = organising.badge(db, earner, public_id)
    return list(db.exec(select(Report).where(Report.badge_id == badge.id).order_by(col(Report.id).desc())))


def held(db: Session, earner: Earner, record: Mapping[str, Any]) -> list[str]:
    """For each badge that a record holds the public id of the earner's own, or "": by issuer, day and name."""
    told = [_told_by(inner.get("badge") or {}) for inner in record.get("contained") or ()]
    if not told:
        return []
    kept = select(Badge).where(
        Badge.earner_id == earner.id,
        col(Badge.deleted_at).is_(None),
        col(Badge.issuer_id).in_({issuer for issuer, _, _ in told}),
    )
    ours = {(row.issuer_id, row.issued_at, row.title): row.public_id for row in db.exec(kept)}
    return [ours.get(one, "") for one in told]


def _told_by(badge: Mapping[str, Any]) -> tuple[str, datetime | None, str]:
    issuer, day = badge.get("issuer") or {}, badge.get("issued_at")
    title = " ".join(str(badge.get("name") or "").split())[:300]
    return str(issuer.get("id") or ""), datetime.fromisoformat(day) if day else None, title

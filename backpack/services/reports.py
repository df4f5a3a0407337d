"""What was found out about badges so far: their reports, for whoever shows them."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from ..storage.tables import Report


def latest(db: Session, badge_ids: list[int]) -> dict[int, Report]:
    """The last report of each of these badges, by the badge's id."""
    last = (
        select(func.max(Report.id)).where(col(Report.badge_id).in_(badge_ids)).group_by(col(Report.badge_id))
    )
    return {report.badge_id: report for report in db.exec(select(Report).where(col(Report.id).in_(last)))}


def last_verified(db: Session, badge_ids: list[int]) -> dict[int, datetime]:
    """When each of these badges was verified last, by its id; those that never were are left out."""
    if not badge_ids:
        return {}
    verified = (
        select(Report.badge_id, func.max(Report.at))
        .where(col(Report.badge_id).in_(badge_ids), Report.verdict == "verified")
        .group_by(col(Report.badge_id))
    )
    return {row[0]: row[1] for row in db.exec(verified)}

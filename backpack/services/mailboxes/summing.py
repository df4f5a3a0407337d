"""What a run brought: the imports it made, by what became of them."""

from dataclasses import dataclass

from sqlalchemy import exists
from sqlmodel import Session, col, func, select

from ...storage.tables import Arrival, ArrivalBadge, Mailbox


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the messages that were taken: how many brought badges, how many had none, how many are yet to be read."""

    brought: int = 0
    nothing: int = 0
    reading: int = 0


def summary(db: Session, row: Mailbox) -> Summary:
    """Of the run at work, or the last one that found new messages."""
    if row.started_at is None:
        return Summary()
    has_badge = exists().where(col(ArrivalBadge.arrival_id) == col(Arrival.id))
    counted = (
        select(Arrival.state, has_badge, func.count())
        .where(
            Arrival.mailbox_id == row.id,
            col(Arrival.parent_id).is_(None),  # what was taken out of a message counts with it
            col(Arrival.created_at) >= row.started_at,
        )
        .group_by(Arrival.state, has_badge)
    )
    brought = nothing = reading = 0
    for state, has, number in db.exec(counted):
        if has:
            brought += number
        elif state in ("waiting", "reading"):
            reading += number
        else:
            nothing += number
    return Summary(brought, nothing, reading)

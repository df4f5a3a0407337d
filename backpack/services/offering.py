"""What comes by mail waits for its earner: whoever knows an import address can send there.

A badge that waits is checked like any other, and shown to its earner alone, apart from their badges. What
they bring in themselves, also from a mailbox of theirs, is accepted with that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from ..config import Settings
from ..errors import Clash
from ..storage.database import hold
from ..storage.tables import Arrival, ArrivalBadge, Badge, Earner
from . import finding, folding, notifying, organising
from .vouching import Vouched

Letter = Mapping[str, Any]
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """A mail, and what it has for its earner: badges to accept, addresses to look at, a code they asked for."""

    mail: Arrival
    badges: tuple[Badge, ...] = ()
    links: tuple[str, ...] = ()
    confirmation: Letter | None = None


def must_wait(db: Session, row: Arrival, letter: Letter | None) -> bool:
    """Whether what an arrival brings waits to be accepted; ``letter`` is what was read of it just now."""
    mail = _mail_of(db, row)
    if mail.source != "mail" or mail.mailbox_id is not None:
        return False
    earner = db.get_one(Earner, row.earner_id)
    return not (earner.accepts_forwarded and forwarded_by(letter if mail is row else mail.letter))


def may_follow(earner: Earner, letter: Letter | None) -> bool:
    """Whether the links of a mail are opened at once: the earner sent it, and wants that."""
    return earner.follows_links and bool(forwarded_by(letter))


def forwarded_by(letter: Letter | None) -> str:
    """The confirmed address whose owner is shown to have sent this mail, or ""."""
    return Vouched.of(letter).forwarded_by or ""


def asks(letter: Letter | None) -> bool:
    """Whether a mail brings what is no badge, but what its earner asked for: the code that begins a forwarding."""
    return bool((letter or {}).get("confirmation"))


def tell(db: Session, settings: Settings, earner_id: int, letter: Letter | None, at: datetime) -> None:
    """Tell the earner by mail that this letter brought something that waits, unless they sent it themselves.

    It leaves with the caller's commit.
    """
    if not forwarded_by(letter):
        earner = db.get_one(Earner, earner_id)
        hold(db, earner)
        notifying.something_waits(db, settings, earner, at)


def offers(db: Session, earner: Earner) -> list[Offer]:
    """Everything that waits for the earner, by the mail it came in, the newest first."""
    badges = list(
        db.exec(
            select(Badge).where(*finding.offered(earner)).order_by(col(Badge.id).desc()).limit(MOST_SHOWN)
        )
    )
    asking = select(Arrival).where(Arrival.earner_id == earner.id, col(Arrival.offered_at).is_not(None))
    mails = {mail.id: mail for mail in db.exec(asking.order_by(col(Arrival.id).desc()).limit(MOST_SHOWN))}
    inside: dict[int, list[Badge]] = {}
    for badge, mail in _brought(db, badges):
        mails.setdefault(mail.id, mail)
        inside.setdefault(mail.id, []).append(badge)
    return [
        _offer(mail, tuple(inside.get(mail.id, ())))
        for mail in sorted(mails.values(), key=lambda mail: mail.id, reverse=True)
    ]


def offer_of(db: Session, badge: Badge) -> Offer | None:
    """The mail in which a badge waits; None when it does not wait."""
    if badge.offered_at is None:
        return None
    return next((Offer(mail, (badge,)) for _, mail in _brought(db, [badge])), None)


def accept(db: Session, earner: Earner, public_ids: Iterable[str]) -> list[Badge]:
    """Take badges that wait into the backpack; those that are in it already stay as they are."""
    found = [organising.badge(db, earner, each) for each in public_ids]
    taken = update(Badge).where(col(Badge.id).in_([badge.id for badge in found]))
    for badge in found:
        folding.hold(db, badge)
    db.execute(taken.values(offered_at=None).execution_options(synchronize_session=False))
    for badge in found:
        folding.fold(db, badge)
    db.commit()
    for badge in found:
        db.refresh(badge)
    return found


def decline(db: Session, earner: Earner, public_id: str, at: datetime) -> Badge:
    """Put a badge that waits into the bin, with the way back for 30 days. Raises Clash for one that does not wait."""
    if organising.badge(db, earner, public_id).offered_at is None:
        raise Clash("This badge is in your backpack already.", "Delete it if you do not want it.")
    return organising.delete(db, earner, public_id, at)


def open_links(mail: Arrival) -> tuple[str, ...]:
    """The addresses in a mail that nobody has looked at yet."""
    return tuple(mail.links or ())


def _offer(mail: Arrival, badges: tuple[Badge, ...]) -> Offer:
    if mail.offered_at is None:  # put away, or answered
        return Offer(mail, badges)
    return Offer(mail, badges, open_links(mail), (mail.letter or {}).get("confirmation"))


def _brought(db: Session, badges: Iterable[Badge]) -> list[tuple[Badge, Arrival]]:
    """Each badge with the mail that brought it last."""
    by_id = {badge.id: badge for badge in badges}
    rows = db.exec(
        select(ArrivalBadge.badge_id, Arrival)
        .join(Arrival, col(Arrival.id) == col(ArrivalBadge.arrival_id))
        .where(col(ArrivalBadge.badge_id).in_(by_id))
        .order_by(col(Arrival.id))
    )
    last = dict(list(rows))
    return [(badge, _mail_of(db, last[number])) for number, badge in by_id.items() if number in last]


def _mail_of(db: Session, row: Arrival) -> Arrival:
    """The delivery that an arrival was taken out of, or itself."""
    while row.parent_id is not None:
        row = db.get_one(Arrival, row.parent_id)
    return row

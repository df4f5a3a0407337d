"""The addresses of an earner. One that is not confirmed matches nothing and shows nothing."""

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, inspect, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from ...config import Settings
from ...errors import AddressTaken, Clash, Missing
from ...storage import rows
from ...storage.database import hold, lock
from ...storage.tables import Address, Badge, Challenge, Earner
from .. import notifying
from . import challenges, emails, mails
from .earners import earner_by_email
from .signing_in import allow_mail

MOST_ADDRESSES = 20
_COLUMNS = inspect(Address).columns
_CONFIRMED = (
    select(_COLUMNS.email)
    .where(_COLUMNS.earner_id == bindparam("earner"), _COLUMNS.confirmed_at.is_not(None))
    .order_by(_COLUMNS.id)
)


def addresses(db: Session, earner: Earner) -> list[Address]:
    """All the earner's addresses, confirmed or not, the oldest first."""
    return list(db.exec(select(Address).where(Address.earner_id == earner.id).order_by(col(Address.id))))


def confirmed(db: Session, earner_id: int) -> tuple[str, ...]:
    """The addresses that are shown to be an earner's, the oldest first."""
    return tuple(rows.run(db, _CONFIRMED, {"earner": earner_id}).scalars())


def add_address(db: Session, earner: Earner, email: str, settings: Settings, at: datetime) -> Address:
    """Add an address and send a link and a code there; asked again for the same one, send them again.

    Whether somebody else has confirmed it is told only to whoever reads its mail, when they confirm.
    Raises Unreadable, TooMany, Clash when it is confirmed here already or these are too many.
    """
    written = emails.normal(email)
    mine = addresses(db, earner)
    row = next((a for a in mine if a.email_key == emails.key(written)), None)
    if row is not None and row.confirmed_at is not None:
        raise Clash("You have confirmed this address already.")
    if row is None and len(mine) >= MOST_ADDRESSES:
        raise Clash(
            f"A backpack has at most {MOST_ADDRESSES} addresses.", "Remove one that you no longer need."
        )
    allow_mail(db, written, at)
    row = row or Address(earner_id=earner.id, email=written, email_key=emails.key(written), created_at=at)
    db.add(row)
    token, code = challenges.make(db, "confirm", written, at, earner.id)
    mail = mails.confirm(code, f"{settings.base_url}/confirm/{token}", settings)
    notifying.post(db, settings, written, mail.subject, mail.text, at, mail.html)
    db.commit()
    return row


def confirm_by_link(db: Session, token: str, at: datetime) -> Address:
    """Confirm an address by the link; badges that wait for it are checked anew. Raises AddressTaken."""
    challenge = challenges.of_link(db, token, at)
    if challenge.purpose != "confirm":
        raise Missing("This link is not known.")
    return _confirm(db, challenge, at)


def confirm_by_code(db: Session, earner: Earner, email: str, code: str, at: datetime) -> Address:
    """Confirm an address of this earner by the code, the same way."""
    challenge = challenges.of_code(db, "confirm", emails.normal(email), code, at, earner.id)
    return _confirm(db, challenge, at)


def remove_address(db: Session, earner: Earner, public_id: str) -> None:
    """Remove an address; badges awarded to it are checked anew. The last confirmed one stays: Clash."""
    hold(db, earner)
    mine = addresses(db, earner)
    row = next((a for a in mine if a.public_id == public_id), None)
    if row is None:
        db.rollback()
        raise Missing("There is no such address in your backpack.")
    if row.confirmed_at is not None and sum(a.confirmed_at is not None for a in mine) == 1:
        db.rollback()
        raise Clash("This is your only confirmed address.", "Confirm another one first: you sign in with it.")
    db.delete(row)
    _check_anew(db, earner.id, col(Badge.matched) == emails.key(row.email))
    db.commit()


def _confirm(db: Session, challenge: Challenge, at: datetime) -> Address:
    row = db.exec(
        select(Address).where(Address.earner_id == challenge.earner_id, Address.email_key == challenge.email)
    ).first()
    if row is None:
        raise Missing("This address was removed from the backpack meanwhile.", "Add it again.")
    lock(db, Earner, row.earner_id)  # what is being imported sees this address, or is seen and checked anew
    challenges.use(db, challenge, at)
    email = row.email
    row.confirmed_at = row.confirmed_at or at
    db.add(row)
    try:
        db.flush()
        # Not only those of the verdict: an expired one may have been awarded to this address too.
        _check_anew(db, row.earner_id, col(Badge.matched) == "")
        db.commit()
    except IntegrityError as error:
        db.rollback()
        owner = earner_by_email(db, email)
        if owner is None:
            raise
        raise AddressTaken(try_this="Sign in with this address to see that backpack.") from error
    return row


def _check_anew(db: Session, earner_id: int, which: ColumnElement[bool]) -> None:
    waiting = update(Badge).where(col(Badge.earner_id) == earner_id, which)
    due_for_long = col(Badge.created_at)
    db.execute(waiting.values(next_check_at=due_for_long).execution_options(synchronize_session=False))

"""Mail that we send: written into the outbox with the change it tells of, handed over by a job."""

import logging
import secrets
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from ..config import Settings
from ..storage.database import session
from ..storage.tables import Address, Badge, Earner, Outbox
from ..verifier.legible import legible, quoted
from . import leasing
from .handing_over import Outcome, hand_over

DELAYS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
"""When a mail server that was away is tried again."""
LONGEST_NAME = 100
"""Of a badge or an issuer: what comes after it is ours, and must not be what a subject has no room for."""
ONCE_IN = timedelta(days=1)
log = logging.getLogger(__name__)
_LOST = ("revoked", "suspended", "expired", "invalid")
_FIRST_WORDS = {
    "verified": "is verified",
    "revoked": "was withdrawn by its issuer",
    "suspended": "was suspended by its issuer",
    "expired": "has expired",
    "invalid": "is no longer valid",
    "unconfirmed": "could not be confirmed any more",
    "wrong_recipient": "is awarded to an address that you have not confirmed",
}


def post(
    db: Session, settings: Settings, to: str, subject: str, text: str, at: datetime, html: str = ""
) -> Outbox:
    """Put a mail into the outbox; it leaves with the caller's commit, and never without it.

    Without MAIL_URL on a local instance it is kept for /dev/mail instead of sent.
    """
    kept = not settings.mail_url
    mail = Outbox(
        to=_one_line(to),
        subject=_one_line(subject)[:200],
        text=text,
        html=html,
        message_id=f"<{secrets.token_hex(16)}@{settings.host_name}>",
        state="kept" if kept else "unsent",
        next_try_at=None if kept else at,
        created_at=at,
    )
    db.add(mail)
    return mail


def kept(db: Session, limit: int = 100) -> list[Outbox]:
    """Mails of a local instance that nobody was sent, the newest first: what /dev/mail shows."""
    chosen = select(Outbox).where(Outbox.state == "kept").order_by(col(Outbox.id).desc())
    return list(db.exec(chosen.limit(limit)))


def due(db: Session, at: datetime, limit: int = 20) -> list[int]:
    """The ids of mails to hand over now, and of those that were left half-way."""
    chosen = select(Outbox.id).where(*leasing.is_free(Outbox, at)).order_by(col(Outbox.next_try_at))
    return list(db.exec(chosen.limit(limit)))


def is_due(db: Session, at: datetime) -> bool:
    """Whether there is anything to do in the outbox."""
    return bool(due(db, at, 1))


def send_due(engine: Engine, settings: Settings, at: datetime) -> int:
    """Hand over every mail that is due, each at most once; returns how many left."""
    with session(engine) as db:
        waiting = due(db, at)
    return sum(send(engine, settings, mail, at) for mail in waiting)


def send(engine: Engine, settings: Settings, mail_id: int, at: datetime) -> bool:
    """Hand one mail over; False when somebody else has it, or it did not leave."""
    with session(engine) as db:
        claimed = leasing.claim(db, Outbox, mail_id, at)
    if claimed is None:
        return False
    lease, mail = claimed

    def before_data() -> bool:
        with session(engine) as db:
            return leasing.extend(db, lease, state="sending")

    if mail.state == "sending":
        # Whoever was handing it over died meanwhile. It may have left: sending again might send it twice.
        outcome = Outcome("unknown", "It may have been sent: we were interrupted while handing it over.")
    else:
        outcome = hand_over(_message(mail, settings, at), settings.sender, mail.to, settings, before_data)
    with session(engine) as db:
        if not leasing.finish(db, lease, **_ended(outcome, lease)):
            return False
        db.commit()
    if outcome.state != "sent":
        log.warning("A mail did not leave, or not for certain. %s", outcome.problem)
    return outcome.state == "sent"


def verdict_changed(
    db: Session, settings: Settings, badge: Badge, before: str, after: str, at: datetime
) -> None:
    """Tell the earner that a badge is no longer what it was: lost, or regained.

    The first check is told on the page. That an issuer's site is silent today is no news: it may be
    back tomorrow. Of a badge that is not accepted yet nothing is told: whoever sent it could have us send mails.
    """
    if (
        badge.offered_at is not None
        or not before
        or before == after
        or not (after in _LOST or before in _LOST)
    ):
        return
    if after == "unconfirmed" or not (to := address_of(db, badge.earner_id)):
        return
    # What it is called since this check: before its issuer first answered, that was for the file to say.
    title, issuer = db.exec(select(Badge.title, Badge.issuer_name).where(Badge.id == badge.id)).one()
    says = f"{quoted(title, LONGEST_NAME)} {_FIRST_WORDS.get(after, 'was checked again')}"
    text = (
        f"{says}.\n\nAwarded by {legible(issuer, LONGEST_NAME) or 'an issuer without a name'}.\n"
        f"What was checked, and what to do: {settings.base_url}/badges/{badge.public_id}\n"
    )
    post(db, settings, to, says, text, at)


def something_waits(db: Session, settings: Settings, earner: Earner, at: datetime) -> None:
    """Tell the earner that something came by mail and waits: at most once a day, and never what it is.

    It leaves with the caller's commit, who holds the earner: many mails at once are one message.
    """
    told, to = earner.told_of_offers_at, address_of(db, earner.id)
    if not (earner.hears_of_offers and to) or (told is not None and at - told < ONCE_IN):
        return
    text = (
        "Something came to your import address and waits until you accept or decline it:\n"
        f"{settings.base_url}/badges\n\n"
        f"We tell you of this at most once a day. To hear no more of it: {settings.base_url}/settings/mail\n"
    )
    post(db, settings, to, "Something waits in your backpack", text, at)
    earner.told_of_offers_at = at
    db.add(earner)


def address_of(db: Session, earner_id: int) -> str:
    """The address at which an earner is told about things: the first one they confirmed."""
    chosen = select(Address.email).where(
        Address.earner_id == earner_id, col(Address.confirmed_at).is_not(None)
    )
    return db.exec(chosen.order_by(col(Address.confirmed_at), col(Address.id))).first() or ""


def _ended(outcome: Outcome, lease: leasing.Lease) -> dict[str, Any]:
    """What the mail's row says afterwards. A server that is away for longer than a day is not waited for."""
    again = outcome.state == "unsent" and lease.fence <= len(DELAYS)
    ended: dict[str, Any] = {
        "state": "failed" if outcome.state == "unsent" and not again else outcome.state,
        "problem": outcome.problem,
        "next_try_at": lease.now() + DELAYS[lease.fence - 1] if again else None,
    }
    if outcome.state == "sent":
        # What left holds links and codes that work once: nothing of them stays.
        ended |= {"sent_at": lease.now(), "text": "", "html": ""}
    return ended


def _message(mail: Outbox, settings: Settings, at: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"Backpack <{settings.sender}>"
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message


def _one_line(text: str) -> str:
    return " ".join(text.split())

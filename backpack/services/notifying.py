"""Mail that we send: written into the outbox with the change it tells of, handed over by a job."""

import secrets
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import ColumnElement, Engine, and_, or_, update
from sqlmodel import Session, col, select

from ..config import Settings
from ..errors import Misconfigured
from ..storage.database import session
from ..storage.tables import Badge, Outbox

LEASE = timedelta(seconds=120)
DELAYS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
TIMEOUT = 30  # seconds, for each step of the conversation
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
        next_try_at=at,
        created_at=at,
    )
    db.add(mail)
    return mail


def refuse_unusable(settings: Settings) -> None:
    """Raise Misconfigured when MAIL_URL is set to something that is no mail server."""
    url = urlsplit(settings.mail_url)
    if settings.mail_url and (url.scheme not in ("smtp", "smtps") or not url.hostname):
        raise Misconfigured("BACKPACK_MAIL_URL is not usable.", "Use smtp://user:password@host:port")


def kept(db: Session, limit: int = 100) -> list[Outbox]:
    """Mails of a local instance that nobody was sent, the newest first: what /dev/mail shows."""
    chosen = select(Outbox).where(Outbox.state == "kept").order_by(col(Outbox.id).desc())
    return list(db.exec(chosen.limit(limit)))


def due(db: Session, at: datetime, limit: int = 20) -> list[int]:
    """The ids of mails to hand over now."""
    chosen = select(Outbox.id).where(Outbox.state == "unsent", col(Outbox.next_try_at) <= at)
    return list(db.exec(chosen.order_by(col(Outbox.next_try_at)).limit(limit)))


def is_due(db: Session, at: datetime) -> bool:
    """Whether there is mail to hand over now, or one that was left half-way."""
    left = and_(col(Outbox.state) == "sending", _is_silent(at))
    ready = and_(col(Outbox.state) == "unsent", col(Outbox.next_try_at) <= at)
    return db.exec(select(Outbox.id).where(or_(ready, left)).limit(1)).first() is not None


def send_due(engine: Engine, settings: Settings, at: datetime) -> int:
    """Hand over every mail that is due, each at most once; returns how many left."""
    with session(engine) as db:
        _give_up_silent(db, at)
        waiting = due(db, at)
    return sum(send(engine, settings, mail, at) for mail in waiting)


def send(engine: Engine, settings: Settings, mail_id: int, at: datetime) -> bool:
    """Hand one mail over; False when somebody else has it, or it did not leave."""
    with session(engine) as db:
        if not _claim(db, mail_id, at):
            return False
        mail = db.get_one(Outbox, mail_id)
        state, problem = _hand_over(mail, settings, at)
        mail.attempts += 1
        if state == "unsent" and mail.attempts > len(DELAYS):
            state = "failed"
        if state == "unsent":
            mail.next_try_at = at + DELAYS[mail.attempts - 1]
        mail.state, mail.problem, mail.claimed_at = state, problem, None
        mail.sent_at = at if state == "sent" else None
        if state == "sent":
            mail.text = mail.html = ""  # what left holds single-use links: nothing of it stays
        db.add(mail)
        db.commit()
        return state == "sent"


def verdict_changed(
    db: Session, settings: Settings, badge: Badge, before: str, after: str, to: str, at: datetime
) -> None:
    """Tell the earner that a badge is no longer what it was: lost, or regained.

    The first check is told on the page. That an issuer's site is silent today is no news: it may be
    back tomorrow.
    """
    if not to or not before or before == after or not (after in _LOST or before in _LOST):
        return
    if after == "unconfirmed":
        return
    says = f"“{badge.title}” {_FIRST_WORDS.get(after, 'was checked again')}"
    text = (
        f"{says}.\n\nAwarded by {badge.issuer_name or 'an issuer without a name'}.\n"
        f"What was checked, and what to do: {settings.base_url}/badges/{badge.public_id}\n"
    )
    post(db, settings, to, says, text, at)


def _claim(db: Session, mail_id: int, at: datetime) -> bool:
    took = db.execute(
        update(Outbox)
        .where(col(Outbox.id) == mail_id, col(Outbox.state) == "unsent")
        .values(state="sending", claimed_at=at)
    )
    db.commit()
    return bool(took.rowcount)  # type: ignore[attr-defined]


def _give_up_silent(db: Session, at: datetime) -> None:
    # Whoever was handing it over died meanwhile: it may have left. Sending again might send it twice.
    lost = update(Outbox).where(col(Outbox.state) == "sending", _is_silent(at))
    problem = "It may have been sent: we were interrupted while handing it over."
    if db.execute(lost.values(state="unknown", problem=problem)).rowcount:  # type: ignore[attr-defined]
        db.commit()


def _is_silent(at: datetime) -> ColumnElement[bool]:
    return or_(col(Outbox.claimed_at).is_(None), col(Outbox.claimed_at) < at - LEASE)


def _hand_over(mail: Outbox, settings: Settings, at: datetime) -> tuple[str, str | None]:
    """The state it ends in, and the problem. Once its bytes are on the way, an error means: unknown."""
    message = _message(mail, settings, at)
    handing = handed = False
    try:
        with _server(settings) as server:
            server.ehlo_or_helo_if_needed()
            handing = True
            server.send_message(message)
            handed = True
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _ in error.recipients.values())
        return ("failed" if code >= 500 else "unsent"), "The mail server does not take mail for this address."
    except smtplib.SMTPResponseException as error:
        if handed:
            return "sent", None
        return (
            "failed" if error.smtp_code >= 500 else "unsent"
        ), f"The mail server answered {error.smtp_code}."
    except (smtplib.SMTPException, OSError) as error:
        if handed:
            return "sent", None
        if handing:
            return "unknown", "It may have been sent: the mail server broke off."
        return "unsent", f"The mail server could not be reached ({type(error).__name__})."
    return "sent", None


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


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """The mail server of MAIL_URL: smtp:// (STARTTLS when offered), smtps:// (TLS from the start)."""
    refuse_unusable(settings)
    url = urlsplit(settings.mail_url)
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            url.hostname or "", url.port or 465, timeout=TIMEOUT, context=context
        )
    else:
        server = smtplib.SMTP(url.hostname or "", url.port or 587, timeout=TIMEOUT)
    with server:
        server.ehlo()
        required = "starttls" in parse_qs(url.query)
        if url.scheme == "smtp" and (server.has_extn("starttls") or required):
            server.starttls(context=context)
            server.ehlo()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""Signing in by a link or a code, and the browsers that are signed in."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from ...config import Settings
from ...errors import Missing, NotSignedIn
from ...storage.tables import Challenge, Earner, Signin
from .. import notifying, throttling
from . import challenges, emails, mails
from .earners import make_earner

IDLE = timedelta(days=14)
ABSOLUTE = timedelta(days=90)
MAILS_IN_A_QUARTER = 5
MAILS_A_DAY = 20
_QUARTER, _DAY = 15 * 60, 24 * 3600
_PER_DAY = timedelta(days=1)


def ask_to_sign_in(db: Session, email: str, settings: Settings, at: datetime) -> None:
    """Send a link and a code to this address, known or not. Raises Unreadable, TooMany."""
    written = emails.normal(email)
    allow_mail(db, written, at)
    token, code = challenges.make(db, "signin", written, at)
    mail = mails.sign_in(code, f"{settings.base_url}/signin/link/{token}", settings)
    notifying.post(db, settings, written, mail.subject, mail.text, at, mail.html)
    db.commit()


def allow_mail(db: Session, email: str, at: datetime) -> None:
    """Count one more mail that somebody asked us to send to this address; raises TooMany."""
    says = "Many mails were sent to this address already: look for the newest one."
    key = f"mail:{emails.key(email)}"
    throttling.count(db, f"{key}:quarter", MAILS_IN_A_QUARTER, _QUARTER, at, says)
    throttling.count(db, f"{key}:day", MAILS_A_DAY, _DAY, at, says)


def look_at_link(db: Session, token: str, at: datetime) -> Challenge:
    """What a link from a mail would do; using it is another step, because mail programs open links by themselves."""
    return challenges.of_link(db, token, at)


def sign_in_by_link(db: Session, token: str, user_agent: str, at: datetime) -> tuple[Earner, str]:
    """Use a link: the earner, made on the first sign-in, and the token of the new sign-in."""
    challenge = challenges.of_link(db, token, at)
    if challenge.purpose != "signin":
        raise Missing("This link is not known.")
    return _sign_in(db, challenge, challenge.email, user_agent, at)


def sign_in_by_code(db: Session, email: str, code: str, user_agent: str, at: datetime) -> tuple[Earner, str]:
    """Use a code, the same way."""
    written = emails.normal(email)
    challenge = challenges.of_code(db, "signin", written, code, at)
    return _sign_in(db, challenge, written, user_agent, at)


def who(db: Session, session_token: str, at: datetime) -> tuple[Earner, Signin] | None:
    """The earner of this sign-in; None when it is unknown, ended, or was idle for too long."""
    found = db.exec(
        select(Earner, Signin)
        .join(Signin, col(Signin.earner_id) == col(Earner.id))
        .where(
            Signin.token_hash == challenges.hash_of(session_token),
            col(Signin.ended_at).is_(None),
            col(Signin.seen_at) > at - IDLE,
            col(Signin.created_at) > at - ABSOLUTE,
            col(Earner.closed_at).is_(None),
        )
    ).first()
    if found is None:
        return None
    earner, signin = found
    if at - signin.seen_at > _PER_DAY:
        _seen(db, signin.id, at)
    return earner, signin


def sign_out(db: Session, session_token: str) -> None:
    """End this sign-in."""
    _end(db, col(Signin.token_hash) == challenges.hash_of(session_token))


def signins(db: Session, earner: Earner) -> list[Signin]:
    """The browsers that are signed in, the one seen last first."""
    mine = select(Signin).where(Signin.earner_id == earner.id, col(Signin.ended_at).is_(None))
    return list(db.exec(mine.order_by(col(Signin.seen_at).desc(), col(Signin.id).desc())))


def end_signin(db: Session, earner: Earner, public_id: str) -> None:
    """End one of the earner's sign-ins; raises Missing for absent and other people's."""
    if not _end(db, col(Signin.earner_id) == earner.id, col(Signin.public_id) == public_id):
        raise Missing("There is no such sign-in.")


def _sign_in(
    db: Session, challenge: Challenge, email: str, user_agent: str, at: datetime
) -> tuple[Earner, str]:
    challenges.use(db, challenge, at)
    earner = make_earner(db, email, at)
    if earner.closed_at is not None:
        raise NotSignedIn
    token = secrets.token_urlsafe(32)
    db.add(
        Signin(
            earner_id=earner.id,
            token_hash=challenges.hash_of(token),
            user_agent=user_agent[:300],
            created_at=at,
            seen_at=at,
        )
    )
    db.commit()
    return earner, token


def _seen(db: Session, signin_id: int, at: datetime) -> None:
    # Reading needs no write: when the disk is full or the database busy, people still see their badges.
    try:
        db.execute(update(Signin).where(col(Signin.id) == signin_id).values(seen_at=at))
        db.commit()
    except OperationalError:
        db.rollback()


def _end(db: Session, *which: ColumnElement[bool]) -> bool:
    ended = update(Signin).where(*which, col(Signin.ended_at).is_(None))
    changed = db.execute(ended.values(ended_at=func.now())).rowcount  # type: ignore[attr-defined]
    db.commit()
    return bool(changed)

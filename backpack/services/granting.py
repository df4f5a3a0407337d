"""Personal access tokens: what a program shows to speak for an earner."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from ..errors import Missing, NotSignedIn
from ..storage.tables import Earner, Token

PREFIX = "bp_"
"""Every token begins with it, so that people and secret scanners know one when they see it."""
_NOTED = timedelta(hours=1)  # how exactly it is noted when a token was last used


def create_token(db: Session, earner: Earner, label: str) -> str:
    """A new token of this earner; this is the only time its text is seen."""
    secret = PREFIX + secrets.token_urlsafe(32)
    db.add(Token(earner_id=earner.id, token_hash=_hash(secret), label=label.strip()[:100]))
    db.commit()
    return secret


def bearer(db: Session, token: str, at: datetime) -> Earner:
    """The earner whom this token speaks for; raises NotSignedIn for an unknown or ended one."""
    found = db.exec(
        select(Earner, Token)
        .join(Token, col(Token.earner_id) == col(Earner.id))
        .where(
            Token.token_hash == _hash(token), col(Token.ended_at).is_(None), col(Earner.closed_at).is_(None)
        )
    ).first()
    if found is None:
        raise NotSignedIn(
            "This access token is not known, or it was ended.", "Make a new one under Settings."
        )
    earner, row = found
    if row.seen_at is None or at - row.seen_at > _NOTED:
        _seen(db, row.id, at)
    return earner


def tokens(db: Session, earner: Earner) -> list[Token]:
    """The earner's tokens that still work, newest first."""
    return list(
        db.exec(
            select(Token)
            .where(Token.earner_id == earner.id, col(Token.ended_at).is_(None))
            .order_by(col(Token.id).desc())
        )
    )


def end_token(db: Session, earner: Earner, public_id: str, at: datetime) -> None:
    """End one of the earner's tokens at once."""
    found = db.exec(select(Token).where(Token.public_id == public_id, Token.earner_id == earner.id)).first()
    if found is None:
        raise Missing
    found.ended_at = found.ended_at or at
    db.add(found)
    db.commit()


def _seen(db: Session, token_id: int, at: datetime) -> None:
    # Reading needs no write: when the disk is full or the database busy, programs still get their badges.
    try:
        db.execute(update(Token).where(col(Token.id) == token_id).values(seen_at=at))
        db.commit()
    except OperationalError:
        db.rollback()


def _hash(secret: str) -> str:
    # A random 256-bit secret needs no slow hash: nobody can guess it.
    return hashlib.sha256(secret.encode()).hexdigest()

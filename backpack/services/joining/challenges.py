"""A link and a six-digit code sent to an address: whoever has them reads its mail. Single use; only hashes are kept."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from ...errors import Missing, Refused
from ...storage.tables import Challenge
from . import emails

LINK_LASTS = timedelta(minutes=30)
CODE_LASTS = timedelta(minutes=10)
MOST_TRIES = 5

_ASK_AGAIN = "Ask for a new one."


def make(
    db: Session, purpose: str, email: str, at: datetime, earner_id: int | None = None
) -> tuple[str, str]:
    """A new challenge in the caller's transaction: its token (for the link) and its code."""
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(1_000_000):06}"
    row = Challenge(
        purpose=purpose,
        email=emails.key(email),
        earner_id=earner_id,
        token_hash=hash_of(token),
        code_hash=_code_hash(code, hash_of(token)),
        created_at=at,
        expires_at=at + LINK_LASTS,
    )
    db.add(row)
    db.flush()
    return token, code


def of_link(db: Session, token: str, at: datetime) -> Challenge:
    """The challenge of a link; only looks. Raises Missing for an unknown, Refused for a used or expired one."""
    found = db.exec(select(Challenge).where(Challenge.token_hash == hash_of(token))).first()
    if found is None:
        raise Missing(
            "This link is not known.", "Open it exactly as it stands in the mail, or ask for a new one."
        )
    if found.used_at is not None:
        raise Refused("This link was used already.", _ASK_AGAIN, code="link_used")
    if found.expires_at <= at:
        raise Refused("This link has expired.", _ASK_AGAIN, code="link_expired")
    return found


def of_code(
    db: Session, purpose: str, email: str, code: str, at: datetime, earner_id: int | None = None
) -> Challenge:
    """The challenge with this code; a wrong code is counted, and after five the challenge is spent."""
    waiting = select(Challenge).where(
        Challenge.email == emails.key(email),
        Challenge.purpose == purpose,
        col(Challenge.used_at).is_(None),
        Challenge.created_at > at - CODE_LASTS,
        col(Challenge.tries) < MOST_TRIES,
    )
    if earner_id is not None:
        waiting = waiting.where(Challenge.earner_id == earner_id)
    open_ones = db.exec(waiting.order_by(col(Challenge.id).desc())).all()
    tried = False
    for challenge in open_ones:
        # Counted before it is compared: many tries at once are as many tries.
        once_more = update(Challenge).where(
            col(Challenge.id) == challenge.id, col(Challenge.tries) < MOST_TRIES
        )
        counted = db.execute(once_more.values(tries=col(Challenge.tries) + 1)).rowcount  # type: ignore[attr-defined]
        db.commit()
        if counted and hmac.compare_digest(challenge.code_hash, _code_hash(code, challenge.token_hash)):
            return challenge
        tried = tried or bool(counted)
    if not tried:
        raise Refused(
            "This code has expired, or was tried too often.", "Ask for a new code.", code="code_expired"
        )
    raise Refused(
        "This is not the code we sent.", "Use the newest mail, and mind every digit.", code="wrong_code"
    )


def use(db: Session, challenge: Challenge, at: datetime) -> None:
    """Spend it, in the caller's transaction; raises Refused when someone else was quicker."""
    spent = update(Challenge).where(col(Challenge.id) == challenge.id, col(Challenge.used_at).is_(None))
    if not db.execute(spent.values(used_at=at)).rowcount:  # type: ignore[attr-defined]
        db.rollback()
        raise Refused("This was used already.", _ASK_AGAIN, code="link_used")


def hash_of(secret: str) -> str:
    """How a random secret is kept: nobody can guess 256 bits, so a plain hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _code_hash(code: str, salt: str) -> str:
    # Six digits can be guessed by whoever has the database: this makes it outlast the code's ten minutes.
    return hashlib.scrypt(code.encode(), salt=salt.encode(), n=2**13, r=8, p=1, dklen=32).hex()

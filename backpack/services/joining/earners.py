"""Earners: found by an address they have confirmed, or made with it."""

import re
import secrets
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from ...config import Settings
from ...storage.tables import Address, Earner
from . import emails

_INBOX = re.compile(r"(?:import|inbox)\+([0-9a-z]{8,40})\Z", re.IGNORECASE)


def make_earner(db: Session, email: str, at: datetime) -> Earner:
    """The earner who has confirmed this address, made when there is none. Raises Unreadable for no address."""
    written = emails.normal(email)
    found = earner_by_email(db, written)
    if found is not None:
        return found
    earner = Earner(created_at=at)
    try:
        db.add(earner)
        db.flush()
        db.add(
            Address(
                earner_id=earner.id,
                email=written,
                email_key=emails.key(written),
                confirmed_at=at,
                created_at=at,
            )
        )
        db.commit()
    except IntegrityError:  # two first sign-ins at once: the other one made it
        db.rollback()
        found = earner_by_email(db, written)
        if found is None:
            raise
        return found
    return earner


def earner_by_email(db: Session, email: str) -> Earner | None:
    """The earner who has confirmed this address."""
    return db.exec(
        select(Earner)
        .join(Address, col(Address.earner_id) == col(Earner.id))
        .where(Address.email_key == emails.key(email.strip()), col(Address.confirmed_at).is_not(None))
        .where(col(Earner.closed_at).is_(None))
    ).first()


def rename(db: Session, earner: Earner, name: str) -> Earner:
    """Change the name that public pages may show; at most 100 characters on one line."""
    earner.name = " ".join(name.split())[:100]
    db.add(earner)
    db.commit()
    return earner


def choose_mail(
    db: Session,
    earner: Earner,
    *,
    accepts_forwarded: bool,
    follows_links: bool,
    hears_of_offers: bool,
    hears_of_news: bool,
) -> Earner:
    """Change what is done with mail to the import address, and what the earner is written to about."""
    earner.accepts_forwarded, earner.follows_links = accepts_forwarded, follows_links
    earner.hears_of_offers, earner.hears_of_news = hears_of_offers, hears_of_news
    db.add(earner)
    db.commit()
    return earner


def inbox_address(earner: Earner, settings: Settings) -> str:
    """The personal address that award mails may be forwarded to."""
    return f"import+{earner.inbox_slug}@{settings.inbox_host}"


def replace_inbox(db: Session, earner: Earner) -> Earner:
    """Give the earner another import address; the old one takes nothing from now on."""
    earner.inbox_slug = secrets.token_hex(10)
    db.add(earner)
    db.commit()
    return earner


def earner_of_inbox(db: Session, recipient_address: str, settings: Settings) -> Earner | None:
    """Whose import address this is, or None."""
    local, _, domain = recipient_address.strip().rpartition("@")
    found = _INBOX.match(local)
    if found is None or domain.lower() != settings.inbox_host.lower():
        return None
    mine = select(Earner).where(Earner.inbox_slug == found[1].lower(), col(Earner.closed_at).is_(None))
    return db.exec(mine).first()

"""Mails as they come to an import address, for tests of what becomes of them."""

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.services import importing, joining
from backpack.storage import database
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Arrival

VOUCHED = {
    "by": "us",
    "author": "awards@montalvo.example",
    "spf": {"outcome": "none", "domain": ""},
    "dkim": [{"outcome": "pass", "domain": "montalvo.example"}],
    "dmarc": {"outcome": "pass", "domain": "montalvo.example"},
    "aligned": True,
    "forwarded_by": None,
}
CONFIRMATION = {
    "provider": "Gmail",
    "mailbox": "maria@mail.example",
    "code": "123456789",
    "link": "https://mail-settings.google.com/mail/vf-x",
}


def award_mail(*badges: Issued, words: str = "Congratulations!") -> EmailMessage:
    """What an issuer sends, with these badges attached."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "awards@montalvo.example", "You earned a badge"
    mail.set_content(words)
    for badge in badges:
        mail.add_attachment(badge.data, maintype="image", subtype="png", filename=badge.file_name)
    return mail


def deliver(settings: Settings, email: str, mail: EmailMessage, **letter: Any) -> str:
    """Hand a mail in at the import address of an earner; what is already known of it stands in its letter."""
    with database.session(settings) as db:
        earner = joining.earner_by_email(db, email)
        assert earner
        data, at = bytes(mail), datetime.now(UTC)
        row = importing.receive(db, Blobs(settings), earner, data, "mail", "bounce@montalvo.example", at)
        row.letter = letter
        db.add(row)
        db.commit()
        return row.public_id


def offer_links(settings: Settings, email: str, *urls: str, **letter: Any) -> str:
    """A mail that was read, and that may lead to these addresses."""
    public_id = deliver(settings, email, award_mail(), **letter)
    with database.session(settings) as db:
        earner = joining.earner_by_email(db, email)
        assert earner
        row: Arrival = importing.arrival(db, earner, public_id)
        row.state, row.due_at, row.offered_at = "done", None, row.created_at
        row.links = [{"url": url, "looked": False} for url in urls]
        db.add(row)
        db.commit()
    return public_id

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
        earner, at = joining.make_earner(db, email, datetime.now(UTC)), datetime.now(UTC)
        sender, data = "bounce@montalvo.example", bytes(mail)
        row = importing.receive(db, Blobs(settings), earner, data, "mail", sender, at, letter=letter)
        return row.public_id


def offer_links(settings: Settings, email: str, *urls: str, **letter: Any) -> str:
    """A mail that was read, and that may lead to these addresses."""
    at = datetime.now(UTC)
    with database.session(settings) as db:
        earner = joining.make_earner(db, email, at)
        row = Arrival(
            earner_id=earner.id,
            source="mail",
            origin="bounce@montalvo.example",
            sha256=Blobs(settings).keep(db, b"read already", "text/plain"),
            state="done",
            letter=letter,
            links=list(urls),
            due_at=None,
            offered_at=at,
        )
        db.add(row)
        db.commit()
        return row.public_id

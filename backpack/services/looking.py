"""Looking where the links of a mail lead: nothing is asked of an unknown sender's address before its reader says so."""

import secrets
from datetime import datetime

from sqlmodel import Session

from ..errors import Missing
from ..storage.blobs import Blobs
from ..storage.database import hold
from ..storage.tables import Arrival, Earner
from . import arriving, importing, offering


def look(
    db: Session, blobs: Blobs, earner: Earner, public_id: str, at: datetime, url: str = ""
) -> list[Arrival]:
    """Open one address in a mail, or all that nobody has looked at; each is an import in the mail's batch.

    A badge that is found there waits like one in the mail itself. Raises Missing for an address that is not
    in the mail, TooMany.
    """
    mail = arriving.arrival(db, earner, public_id)
    chosen = [one for one in offering.open_links(mail) if url in ("", one)]
    if not chosen:
        raise Missing("There is no such address left in this e-mail.", "See your imports for what it led to.")
    mail.batch = mail.batch or secrets.token_urlsafe(12)
    db.add(mail)
    made = [
        importing.receive(db, blobs, earner, one.encode(), "link", one, at, mail.batch, parent_id=mail.id)
        for one in chosen
    ]
    # Only now: an address that was opened twice does no harm, one that was lost would.
    hold(db, mail)
    mail.links = [one for one in offering.open_links(mail) if one not in chosen]
    if not mail.links and not offering.asks(mail.letter):
        mail.offered_at = None
    db.add(mail)
    db.commit()
    return made

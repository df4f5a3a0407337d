"""Mailgun's routes: a form with the whole mail in it, once the address they forward to ends with “mime”.

Mailgun signs a time and a token with the account's webhook signing key. It asks again for eight hours after any
answer but 200, and gives up at 406.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from . import _reading as reading
from ._shapes import Call, NotRaw, Posted

LABEL = "Mailgun"
SETTING = "mailgun_key"
STOP = 406

FRESH = timedelta(hours=9)
"""As long as Mailgun goes on trying: what comes twice within that is the import that is there already."""


def needs(call: Call) -> str:  # noqa: ARG001  as every webhook's
    """Nothing has to be fetched."""
    return ""


def is_genuine(call: Call, secret: str, at: datetime, document: bytes) -> bool:  # noqa: ARG001
    """Whether time and token are signed with our key, and the time is not long ago."""
    found = reading.fields(call)
    stamp, token = reading.as_text(found, "timestamp"), found.get("token", b"")
    wanted = hmac.new(secret.encode(), stamp.encode() + token, hashlib.sha256).hexdigest()
    is_signed = hmac.compare_digest(wanted.encode(), found.get("signature", b""))
    return is_signed and reading.is_recent(stamp, at, FRESH)


def mail(call: Call) -> Posted:
    """The mail. Raises NotRaw, Unreadable."""
    found = reading.fields(call)
    if "body-mime" not in found:
        raise NotRaw(
            "Mailgun sent only parts of the mail.",
            "Let the route forward to /inbound/mailgun/mime: only an address with that ending gets whole mails.",
        )
    recipients = tuple(one.strip() for one in reading.as_text(found, "recipient").split(","))
    return Posted(recipients, found["body-mime"], reading.as_text(found, "sender"))

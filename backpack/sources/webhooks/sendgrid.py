"""SendGrid's Inbound Parse: a form with the whole mail in it, once “POST the raw, full MIME message” is on.

With a security policy SendGrid signs what it sends, and our setting is that policy's public key; without one a
password in the webhook's address shows that it is SendGrid, and our setting is that password. It asks again for
three days, and only an answer of 2xx makes it stop.
"""

from datetime import datetime, timedelta

from . import _reading as reading
from . import _signatures as signatures
from ._shapes import Call, NotRaw, Posted

LABEL = "SendGrid"
SETTING = "sendgrid_key"
STOP = 200

FRESH = timedelta(days=4)
"""Longer than SendGrid goes on trying: what comes twice within that is the import that is there already."""


def needs(call: Call) -> str:  # noqa: ARG001  as every webhook's
    """Nothing has to be fetched."""
    return ""


def is_genuine(call: Call, secret: str, at: datetime, document: bytes) -> bool:  # noqa: ARG001
    """Whether the call is signed with the policy's key; where no key is set, whether it knows our password."""
    key = signatures.ecdsa_key(secret)
    if key is None:
        return reading.has_password(call, secret)
    stamp = call.headers.get("x-twilio-email-event-webhook-timestamp", "")
    signature = call.headers.get("x-twilio-email-event-webhook-signature", "")
    is_recent = reading.is_recent(stamp, at, FRESH)
    return is_recent and signatures.is_ecdsa(key, signature, stamp.encode() + call.body)


def mail(call: Call) -> Posted:
    """The mail. Raises NotRaw, Unreadable."""
    found = reading.fields(call)
    if "email" not in found:
        raise NotRaw(
            "SendGrid sent only parts of the mail.",
            "Switch on “POST the raw, full MIME message” in the settings of Inbound Parse.",
        )
    envelope = reading.told(found.get("envelope", b"{}"))
    return Posted(reading.texts(envelope, "to"), found["email"], reading.text(envelope, "from"))

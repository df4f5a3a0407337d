"""Postmark's inbound stream: JSON with the whole mail in it, once “Include raw email content” is switched on.

Postmark signs nothing; a password in the webhook's address shows that it is Postmark. It asks again after any
answer but 200, and gives up at 403.
"""

from datetime import datetime

from . import _reading as reading
from ._shapes import Call, NotRaw, Posted

LABEL = "Postmark"
SETTING = "postmark_secret"
STOP = 403


def needs(call: Call) -> str:  # noqa: ARG001  as every webhook's
    """Nothing has to be fetched."""
    return ""


def is_genuine(call: Call, secret: str, at: datetime, document: bytes) -> bool:  # noqa: ARG001
    """Whether the call knows our password."""
    return reading.has_password(call, secret)


def mail(call: Call) -> Posted:
    """The mail. Raises NotRaw, Unreadable."""
    told = reading.told(call.body)
    raw = reading.text(told, "RawEmail")
    if not raw:
        raise NotRaw(
            "Postmark sent only parts of the mail.",
            "Switch on “Include raw email content in JSON payload” in the settings of the inbound stream.",
        )
    sender = reading.text(reading.inner(told, "FromFull"), "Email")
    return Posted((reading.text(told, "OriginalRecipient"),), raw.encode(), sender)

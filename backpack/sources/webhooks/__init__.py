"""Who may hand a mail over by HTTP: the receiving services of providers. One is a module here, and a line below.

Each says how its calls are known to be genuine, and takes the mail out as it was sent. Pure, as all sources:
what a signature's check needs from the network is named by ``needs``, and fetched by a service.
"""

from datetime import datetime
from typing import Protocol

from . import mailgun, postmark, sendgrid, ses
from ._shapes import Call, NotRaw, Posted

__all__ = ["WEBHOOKS", "Call", "NotRaw", "Posted", "Webhook"]


class Webhook(Protocol):
    """What a module in this folder offers. ``SETTING`` names its secret; ``STOP`` ends the provider's tries."""

    LABEL: str
    SETTING: str
    STOP: int

    def needs(self, call: Call) -> str:
        """The address of a document without which nothing can be said; "" for none. Raises Unreadable."""

    def is_genuine(self, call: Call, secret: str, at: datetime, document: bytes) -> bool:
        """Whether the provider made this call, as far as it lets us know. Raises Unreadable."""

    def mail(self, call: Call) -> Posted:
        """The mail of a genuine call. Raises NotRaw, and Unreadable."""


WEBHOOKS: dict[str, Webhook] = {
    "postmark": postmark,
    "mailgun": mailgun,
    "sendgrid": sendgrid,
    "ses": ses,
}

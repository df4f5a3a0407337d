"""Amazon SES, through a topic of SNS: JSON with the whole mail in it, when the receipt rule's action is SNS.

SNS signs each message with a certificate that lies at an address of its own, and anyone may have a topic, so
our setting is the name (ARN) of ours. SES hands over mails of up to 150 KB this way and turns larger ones
away. SNS asks again after 429 and 5xx, and gives up at any other refusal.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backpack.errors import TooLarge, Unreadable

from . import _reading as reading
from . import _signatures as signatures
from ._shapes import Call, NotRaw, Posted

LABEL = "Amazon SES"
SETTING = "ses_topic"
STOP = 403

LARGEST = 1024 * 1024
"""SNS carries a quarter of that; nothing larger is even parsed before its signature is known."""
_OWN = r"https://sns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/"
_CERTIFICATE = re.compile(_OWN + r"[\w.-]+\.pem", re.ASCII)
_CONFIRMATION = re.compile(_OWN + r"\?Action=ConfirmSubscription&[\w.:=&%/+-]+", re.ASCII)
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]


def needs(call: Call) -> str:
    """The address of the certificate that the message says it was signed with, when it is one of SNS."""
    address = reading.text(_message(call), "SigningCertURL")
    return address if _CERTIFICATE.fullmatch(address) else ""


def is_genuine(call: Call, secret: str, at: datetime, document: bytes) -> bool:
    """Whether SNS signed this, for our topic; ``document`` is its certificate."""
    told = _message(call)
    names = _SIGNED.get(reading.text(told, "Type"), ())
    if not names or reading.text(told, "TopicArn") != secret:
        return False
    signed = "".join(f"{name}\n{reading.text(told, name)}\n" for name in names if name in told)
    signature, version = reading.text(told, "Signature"), reading.text(told, "SignatureVersion")
    return signatures.is_certified(document, signature, signed.encode("utf-8", "replace"), version, at)


def mail(call: Call) -> Posted:
    """The mail, or an address by which to agree to the subscription. Raises NotRaw, Unreadable."""
    told = _message(call)
    if reading.text(told, "Type") == "SubscriptionConfirmation":
        address = reading.text(told, "SubscribeURL")
        if not _CONFIRMATION.fullmatch(address):
            raise Unreadable("This subscription cannot be confirmed.")
        return Posted(confirm=address)
    if reading.text(told, "Type") != "Notification":
        return Posted()
    return _received(reading.text(told, "Message"))


def _message(call: Call) -> Mapping[str, Any]:
    if len(call.body) > LARGEST:
        raise TooLarge
    return reading.told(call.body)


def _received(message: str) -> Posted:
    if not message.lstrip().startswith("{"):
        return Posted()  # SNS says hello, or somebody tries the topic out
    told = reading.told(message)
    if told.get("notificationType") != "Received":
        return Posted()
    content = reading.text(told, "content")
    if not content:
        raise NotRaw(
            "Amazon SES sent word of a mail, not the mail.",
            "Give the receipt rule the action “Publish to Amazon SNS topic”; one that stores mail in S3 is not read.",
        )
    recipients = reading.texts(reading.inner(told, "receipt"), "recipients")
    return Posted(recipients, _raw(content), reading.text(reading.inner(told, "mail"), "source"))


def _raw(content: str) -> bytes:
    """The rule decides between plain text and base64, in which no colon ever stands."""
    if ":" in content:
        return content.encode("utf-8", "surrogateescape")
    try:
        return base64.b64decode(content)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("This mail is not whole.") from error

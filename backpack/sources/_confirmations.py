"""Mails in which a mail provider asks whether it may forward to an import address: their code is for the earner.

Without it no rule of theirs forwards anything. The link in such a mail is shown, never opened by us: opening
it is the consent, and whoever asked for it is the earner, or somebody else.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage

LARGEST = 128 * 1024
_GMAIL = b"forwarding-noreply@google.com"
_CODE = re.compile(r"\(#\s*(\d{6,12})\)|:\s*(\d{8,12})(?!\d)")
_LINK = re.compile(r"https://mail(?:-settings)?\.google\.com/mail/vf-[\w%./=+~-]{1,500}")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")


def may_confirm(data: bytes) -> bool:
    """Whether it is worth looking: a small mail that names a sender of confirmations."""
    return len(data) <= LARGEST and _GMAIL in data.lower()


def confirmation(data: bytes) -> dict[str, str] | None:
    """Who asks (``provider``), for which ``mailbox``, with which ``code`` and ``link``, as far as it is there."""
    mail = message_from_bytes(data, policy=policy.default)
    try:
        sender, subject = str(mail["from"] or ""), str(mail["subject"] or "")
        if _GMAIL.decode() not in sender.lower():
            return None
        words = "\n".join([subject, *_texts(mail)])
    except (MessageError, LookupError, ValueError, TypeError, AttributeError):
        return None  # the parser stumbled over it: then it is not from a provider
    code = next((found[1] or found[2] for found in _CODE.finditer(words)), "")
    link = next((found[0].rstrip(".") for found in _LINK.finditer(words)), "")
    if not code and not link:
        return None
    return {"provider": "Gmail", "mailbox": _mailbox(words), "code": code, "link": link}


def _texts(mail: EmailMessage) -> Iterator[str]:
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            yield str(part.get_content())


def _mailbox(words: str) -> str:
    """The address whose mail is to be forwarded: the first that is neither Google's nor an import address."""
    named = (found[0] for found in _ADDRESS.finditer(words))
    return next(
        (a for a in named if not a.lower().endswith(("@google.com", ".google.com")) and "+" not in a), ""
    )

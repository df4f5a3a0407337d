"""Mailboxes that earners connect by IMAP: connecting them, trying them out, and looking into them for awards."""

from .connecting import (
    MOST_MAILBOXES,
    Wanted,
    change,
    connect,
    disconnect,
    look_now,
    mailbox,
    mailboxes,
    stop,
    with_kept_password,
)
from .looking import Looked, due, look
from .providers import PROVIDERS, Provider, provider_of
from .summing import Summary, summary
from .trying import Tried, try_out

__all__ = [
    "MOST_MAILBOXES",
    "PROVIDERS",
    "Looked",
    "Provider",
    "Summary",
    "Tried",
    "Wanted",
    "change",
    "connect",
    "disconnect",
    "due",
    "look",
    "look_now",
    "mailbox",
    "mailboxes",
    "provider_of",
    "stop",
    "summary",
    "try_out",
    "with_kept_password",
]

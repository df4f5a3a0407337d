"""Trying a mailbox out before it is connected: what the server says, while the earner waits."""

import threading
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from ...config import Settings
from ...errors import TooMany
from ...network import mailboxes as network
from ...storage.tables import Earner
from .. import throttling
from . import awards
from .connecting import Wanted
from .providers import hinting

SECONDS = 20.0
NEWEST = 300
TRIES_AN_HOUR = 20
_at_once = threading.Semaphore(4)


@dataclass(frozen=True, slots=True)
class Tried:
    """It works: so many messages; of the newest, so many were looked at and so many of these look like awards."""

    messages: int
    looked_at: int
    awards: int


def try_out(db: Session, earner: Earner, wanted: Wanted, settings: Settings, at: datetime) -> Tried:
    """Sign in, open the folder, and count. Raises NotConnected and its kinds, which say what is wrong."""
    account = wanted.account()
    throttling.count(
        db, f"mailbox-test:{earner.id}", TRIES_AN_HOUR, 3600, at, "These are many tests in an hour."
    )
    if not _at_once.acquire(blocking=False):
        raise TooMany("We are very busy at the moment.", "Please try again in a minute.")
    try:
        with hinting(account.host), network.opened(account, wanted.folder, settings, SECONDS) as folder:
            newest = folder.after(0)[-NEWEST:]
            heads = folder.heads(newest) if newest else []
            found = sum(1 for head in heads if awards.looks_like_one(head.lines))
            return Tried(folder.messages, len(heads), found)
    finally:
        _at_once.release()

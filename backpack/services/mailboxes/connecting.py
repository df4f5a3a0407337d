"""Connecting a mailbox, changing how, and saying when to look. The password is sealed before it is kept."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from ...config import Settings
from ...errors import Clash, Damaged, Missing, NotConnected, WrongPassword
from ...network.mailboxes import Account
from ...storage.sealing import seal, unseal
from ...storage.tables import Earner, Mailbox, public_id
from .. import throttling

MOST_MAILBOXES = 10
LOOKS_AN_HOUR = 30
LOST = "password_lost"
"""Of the error for a password that was sealed with another key: trying again would change nothing."""
SECURITIES = ("tls", "starttls", "none")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.:-]{0,251}[a-z0-9])?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How an earner wants a mailbox to be read. An empty password means: the one that is kept."""

    host: str
    username: str
    password: str = ""
    folder: str = "INBOX"
    port: int = 993
    security: str = "tls"
    takes: str = "awards"

    def account(self) -> Account:
        """How to sign in, once everything needed is there; raises NotConnected, which says what is not."""
        complain_about(self)
        if not self.password:
            raise WrongPassword("There is no password.", "Type the password for this mailbox.")
        return Account(self.host, self.port, self.security, self.username, self.password)


def connect(db: Session, earner: Earner, wanted: Wanted, settings: Settings, at: datetime) -> Mailbox:
    """Keep it, to be looked into at once, and commit; raises NotConnected for what cannot be, and Clash."""
    wanted.account()
    mine = select(func.count()).select_from(Mailbox).where(Mailbox.earner_id == earner.id)
    if db.exec(mine).one() >= MOST_MAILBOXES:
        raise Clash(f"{MOST_MAILBOXES} mailboxes are connected already.", "Disconnect one first.")
    _refuse_twin(db, earner, wanted, None)
    name = public_id()
    made = Mailbox(
        public_id=name,
        earner_id=earner.id,
        secret=seal(wanted.password, settings.key, _purpose(name, wanted)),
        due_at=at,
        created_at=at,
        **_told(wanted),
    )
    db.add(made)
    db.commit()
    return made


def change(
    db: Session, earner: Earner, public_id: str, wanted: Wanted, settings: Settings, at: datetime
) -> Mailbox:
    """Read it another way from now on. The password is asked for again when it would go to another server."""
    found = mailbox(db, earner, public_id)
    complain_about(wanted)
    _refuse_twin(db, earner, wanted, found)
    secret = found.secret
    if wanted.password:
        secret = seal(wanted.password, settings.key, _purpose(public_id, wanted))
    elif _purpose(public_id, wanted) != _purpose(public_id, found):
        raise _needed_again()
    elsewhere = (wanted.host, wanted.username, wanted.folder) != (found.host, found.username, found.folder)
    _set(
        db,
        found,
        **_told(wanted),
        secret=secret,
        **({"uid_validity": 0, "last_uid": 0, "seen": 0, "total": 0, "taken": 0} if elsewhere else {}),
        # Whoever wants every message wants those too that were passed over.
        **({"last_uid": 0} if wanted.takes == "all" != found.takes else {}),
        **_look_at(at),
        failures=0,
    )
    return found


def look_now(db: Session, earner: Earner, public_id: str, at: datetime) -> Mailbox:
    """Look into it, or go on, as soon as a worker is free; nothing changes while one is at it."""
    found = mailbox(db, earner, public_id)
    says = "You have looked very often in this hour."
    throttling.count(db, f"mailbox:{earner.id}", LOOKS_AN_HOUR, 3600, at, says)
    if found.state != "working":
        _set(db, found, **_look_at(at))
    return found


def stop(db: Session, earner: Earner, public_id: str) -> Mailbox:
    """Look no more until the earner says so. A worker that is at it takes nothing more from this moment on."""
    found = mailbox(db, earner, public_id)
    _set(db, found, state="stopped", due_at=None, claimed_at=None, problem=None, try_this=None)
    return found


def disconnect(db: Session, earner: Earner, public_id: str) -> None:
    """Forget it, and its password. Badges and imports stay."""
    db.delete(mailbox(db, earner, public_id))
    db.commit()


def mailbox(db: Session, earner: Earner, public_id: str) -> Mailbox:
    """One of the earner's mailboxes; raises Missing for absent and other people's."""
    mine = select(Mailbox).where(Mailbox.earner_id == earner.id, Mailbox.public_id == public_id)
    found = db.exec(mine).first()
    if found is None:
        raise Missing("There is no such mailbox in your settings.")
    return found


def mailboxes(db: Session, earner: Earner) -> list[Mailbox]:
    """All of the earner's, in the order they were connected."""
    mine = select(Mailbox).where(Mailbox.earner_id == earner.id).order_by(col(Mailbox.id))
    return list(db.exec(mine))


def with_kept_password(
    db: Session, earner: Earner, public_id: str, wanted: Wanted, settings: Settings
) -> Wanted:
    """The same with the password of a connected mailbox, where none was typed; raises WrongPassword."""
    found = mailbox(db, earner, public_id)
    if wanted.password:
        return wanted
    if _purpose(public_id, wanted) != _purpose(public_id, found):
        raise _needed_again()
    return replace(wanted, password=account_of(found, settings).password)


def account_of(row: Mailbox, settings: Settings) -> Account:
    """How to sign in to it; raises WrongPassword when the password cannot be opened any more."""
    try:
        password = unseal(row.secret, settings.key, _purpose(row.public_id, row))
    except Damaged as error:
        raise WrongPassword(
            "We can no longer open the password that we kept for this mailbox.",
            "Enter the password again.",
            code=LOST,
        ) from error
    return Account(row.host, row.port, row.security, row.username, password)


def complain_about(wanted: Wanted) -> None:
    """Raise NotConnected for what can be no mailbox, before anybody is asked."""
    texts = (wanted.host, wanted.username, wanted.folder, wanted.password)
    if not wanted.host or not _HOST.fullmatch(wanted.host):
        raise NotConnected("This is not the name of a mail server.", "It looks like imap.example.org.")
    if not wanted.username:
        raise NotConnected("There is no user name.", "It is usually your e-mail address.")
    if not wanted.folder:
        raise NotConnected("There is no folder.", "Most mail arrives in INBOX.")
    if any(ord(c) < 32 or ord(c) == 127 for text in texts for c in text):
        raise NotConnected("A line break or another control character is in it.", "Type it anew.")
    if wanted.security not in SECURITIES or wanted.takes not in ("awards", "all"):
        raise NotConnected("This is not a choice we know.", "Choose one of those on the page.")
    if not 0 < wanted.port < 65536:
        raise NotConnected("This is not a port.", "It is usually 993.")


def _purpose(public_id: str, to: Wanted | Mailbox) -> str:
    """A kept password opens for this mailbox only, and only for the server and the name it was given for."""
    return f"mailbox {public_id} {to.security} {to.host}:{to.port} {to.username}"


def _needed_again() -> WrongPassword:
    return WrongPassword(
        "The password is needed again.", "We never send the one we keep to another server or name."
    )


def _refuse_twin(db: Session, earner: Earner, wanted: Wanted, but: Mailbox | None) -> None:
    for other in mailboxes(db, earner):
        same = (other.host, other.username, other.folder) == (wanted.host, wanted.username, wanted.folder)
        if same and (but is None or other.id != but.id):
            raise Clash(
                "This mailbox is connected already.", "Connect another folder of it, or change it below."
            )


def _told(wanted: Wanted) -> dict[str, Any]:
    return {
        "host": wanted.host,
        "port": wanted.port,
        "security": wanted.security,
        "username": wanted.username,
        "folder": wanted.folder,
        "takes": wanted.takes,
    }


def _look_at(at: datetime) -> dict[str, Any]:
    return {"state": "waiting", "due_at": at, "claimed_at": None, "problem": None, "try_this": None}


def _set(db: Session, row: Mailbox, **values: Any) -> None:
    """One UPDATE of just these columns: a worker may be writing others."""
    db.execute(update(Mailbox).where(col(Mailbox.id) == row.id).values(**values))
    db.commit()
    db.refresh(row)

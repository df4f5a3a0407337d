"""What happens with a message: the hooks that aiosmtpd calls. The database is asked in threads."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session, TLSSetupException

from ..config import Settings
from ..errors import Missing, TooLarge, TooMany, Unreadable
from ..services import admitting
from ..services.vouching import Reception
from ..storage.blobs import Blobs
from ..storage.database import session

MOST_RECIPIENTS = 50
MOST_STRANGERS = 20
"""Unknown recipients in one connection: who asks for more is guessing."""

_LATER = "451 4.3.0 Please try again later"
_NOBODY = "550 5.1.1 There is no such import address here"

Nudge = Callable[[int], None]
"""Told the id of an arrival that may be read now."""

log = logging.getLogger("backpack.mailroom")


class Line(Protocol):
    """The connection that a message comes over."""

    door: str
    peer: str
    strangers: int


class Desk:
    """Where recipients are looked up and messages are kept."""

    def __init__(self, settings: Settings, nudge: Nudge) -> None:
        self._settings = settings
        self._nudge = nudge

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: Line, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only import addresses that exist are taken, and that is said before the message is sent."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if server.strangers >= MOST_STRANGERS:
            return "450 4.7.1 Too many unknown recipients"
        try:
            is_known = await asyncio.to_thread(self._is_known, address)
        except Exception:
            log.exception("The database did not answer.")
            return _LATER
        if not is_known:
            server.strangers += 1
            return _NOBODY
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Line, peer: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message for each recipient. LMTP wants an answer for each; SMTP one for all, the worst."""
        data = envelope.original_content or b""
        reception = Reception(
            door=server.door,
            peer=server.peer if server.door == "smtp" else "",  # of LMTP it is our own mail server
            helo=_printable(peer.host_name),
            mail_from=_printable((envelope.mail_from or "").strip("<>")),
        )
        answers = [
            await asyncio.to_thread(self._take, address, data, reception) for address in envelope.rcpt_tos
        ]
        if isinstance(server, LMTP):
            return "\r\n".join(answers)
        return next((answer for answer in answers if not answer.startswith("250")), answers[0])

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours is never a reason for the other side to give a message up."""
        if not isinstance(error, TLSSetupException):
            log.error("A conversation with a mail server failed.", exc_info=error)
        return _LATER

    def _is_known(self, address: str) -> bool:
        with session(self._settings) as db:
            return admitting.is_known(db, address, self._settings)

    def _take(self, address: str, data: bytes, reception: Reception) -> str:
        """Commit one arrival, and only then say 250."""
        try:
            with session(self._settings) as db:
                arrival = admitting.admit(
                    db, Blobs(self._settings), self._settings, address, data, reception, datetime.now(UTC)
                )
                arrival_id = arrival.id
        except Missing:
            return _NOBODY
        except admitting.Circling:
            return "554 5.4.6 This message goes round in circles"
        except TooMany:
            return "451 4.7.1 Too many messages at once, please try again later"
        except TooLarge:
            return "552 5.3.4 This message is too large"
        except Unreadable as refusal:
            return f"554 5.6.0 {refusal.says}"
        except Exception:
            log.exception("A message could not be kept; its sender will try again.")
            return _LATER
        self._nudge(arrival_id)
        return "250 2.0.0 Kept"


def _printable(told: str | None) -> str:
    """What the other side said of itself, fit for a database and a page."""
    return "".join(c for c in (told or "") if c.isprintable())[:254]

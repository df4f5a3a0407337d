"""The two languages that mail is handed over in, each within limits of number and time."""

import asyncio
from collections import Counter
from typing import ClassVar

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

LONGEST_LINE = 128 * 1024
MOST_CONNECTIONS = 50
MOST_OF_ONE_PEER = 20
LONGEST_SECONDS = 1800.0
"""A connection ends after this, however busy it is: its other side tries again with the rest."""
_FOR_ALL = ("552 Error: Too much mail data", "500 Line too long")
"""What aiosmtpd says to a whole message before it asks us."""


class Smtp(SMTP):
    """For mail servers and programs of any kind; so many at a time, as each may hold a whole message in memory."""

    door = "smtp"
    line_length_limit = LONGEST_LINE  # many a mail program breaks the rule of 998
    peer = ""
    strangers = 0
    _open: ClassVar[Counter[str]] = Counter()
    _ending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._ending is not None:  # the same connection, over TLS from now on
            return
        self.peer = str((transport.get_extra_info("peername") or ("",))[0])
        self._ending = self.loop.call_later(LONGEST_SECONDS, self._timeout_cb)
        self._open[self.peer] += 1
        if self._open.total() > MOST_CONNECTIONS or self._open[self.peer] > self._most_of_one():
            self._refuse(transport)

    def data_received(self, data: bytes) -> None:
        # aiosmtpd counts from the last command; a large message over a slow line is not idle.
        self._reset_timeout()
        super().data_received(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self._ending is not None and not self._ending.cancelled():
            self._ending.cancel()
            self._open[self.peer] -= 1
            if not self._open[self.peer]:
                del self._open[self.peer]
        super().connection_lost(error)

    def _most_of_one(self) -> int:
        return MOST_OF_ONE_PEER

    def _refuse(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 4.3.2 Too busy, please try again later\r\n")
            transport.close()


class Lmtp(Smtp, LMTP):
    """For the mail server in front of us."""

    door = "lmtp"

    def _most_of_one(self) -> int:
        return MOST_CONNECTIONS

    async def push(self, status: str) -> None:  # type: ignore[override]  # we say everything in str
        """Each recipient has an answer, also where aiosmtpd has one for the whole message."""
        recipients = self.envelope.rcpt_tos if self.envelope else []
        if status.startswith(_FOR_ALL):
            status = "\r\n".join([status] * len(recipients))
        await super().push(status)

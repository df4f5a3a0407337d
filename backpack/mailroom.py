"""Mail in: award mails to personal import addresses, by SMTP or LMTP. One message is one arrival for each recipient.

A message is acknowledged only when its bytes are committed; until then its sender keeps it and tries again.
The same message twice is no harm: the same bytes are the same badge. Nothing is ever answered, bounced or
forwarded, so a loop ends here.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from .config import Settings
from .errors import BackpackError, Misconfigured, TooLarge, TooMany
from .services import importing, joining
from .storage.blobs import Blobs
from .storage.database import session

LARGEST = 15 * 1024 * 1024
LONGEST_LINE = 128 * 1024
MOST_RECIPIENTS = 50
MOST_CONNECTIONS = 50
MOST_HOPS = 50
IDLE_SECONDS = 60.0

Nudge = Callable[[int], None]
"""Told the id of an arrival that may be read now."""

log = logging.getLogger("backpack.mailroom")


class Mailroom:
    """The listeners of one process, in a thread of their own. ``ports`` is where they listen, SMTP first."""

    def __init__(self, settings: Settings, nudge: Nudge) -> None:
        self._settings = settings
        self._desk = _Desk(settings, nudge)
        wanted = [
            (protocol, _address(name, where))
            for protocol, name, where in (
                (_Smtp, "BACKPACK_SMTP_LISTEN", settings.smtp_listen),
                (_Lmtp, "BACKPACK_LMTP_LISTEN", settings.lmtp_listen),
            )
            if where
        ]
        self._loop = asyncio.new_event_loop()
        self._servers: list[asyncio.Server] = []
        try:
            for protocol, (host, port) in wanted:
                self._servers.append(self._loop.run_until_complete(self._listen(protocol, host, port)))
        except Misconfigured:
            self._loop.run_until_complete(self._close())
            self._loop.close()
            raise
        self._thread = threading.Thread(target=self._loop.run_forever, name="mailroom")
        self._thread.start()

    @property
    def ports(self) -> list[int]:
        """The port of each listener."""
        return [server.sockets[0].getsockname()[1] for server in self._servers]

    def stop(self) -> None:
        """Take no more; what is being committed is, and whoever was not answered tries again elsewhere."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self, protocol: "type[_Smtp]", host: str | None, port: int) -> asyncio.Server:
        hostname = self._settings.inbox_host
        try:
            return await self._loop.create_server(
                lambda: protocol(
                    self._desk,
                    data_size_limit=LARGEST,
                    enable_SMTPUTF8=True,
                    hostname=hostname,
                    ident="Backpack",
                    timeout=IDLE_SECONDS,
                    loop=self._loop,
                ),
                host,
                port,
            )
        except OSError as error:
            raise Misconfigured(
                f"Mail cannot be taken at {host or '*'}:{port}: {error.strerror}.", "Choose another port."
            ) from error

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_default_executor()


def start(settings: Settings, nudge: Nudge) -> Mailroom:
    """Listen wherever the settings say. Raises Misconfigured when they say nowhere, or nowhere that is free."""
    if not (settings.smtp_listen or settings.lmtp_listen):
        raise Misconfigured(
            "There is nowhere to take mail.", "Set BACKPACK_SMTP_LISTEN or BACKPACK_LMTP_LISTEN to host:port."
        )
    return Mailroom(settings, nudge)


def _address(name: str, where: str) -> tuple[str | None, int]:
    """host:port, [::1]:port, or :port for every interface."""
    host, _, port = where.strip().rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise Misconfigured(f"{name} is not host:port.", "Set it to something like 127.0.0.1:2525.")
    return host.strip("[]") or None, int(port)


class _Desk:
    """What happens with a message: the hooks that aiosmtpd calls. The database is asked in threads."""

    def __init__(self, settings: Settings, nudge: Nudge) -> None:
        self._settings = settings
        self._nudge = nudge

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only import addresses that exist are taken, and that is said before the message is sent."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            is_known = await asyncio.to_thread(self._is_known, address)
        except Exception:
            log.exception("The database did not answer.")
            return _LATER
        if not is_known:
            return "550 5.1.1 There is no such import address here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message for each recipient. LMTP wants an answer for each; SMTP one for all, the worst."""
        data = envelope.original_content or b""
        answers = [
            await asyncio.to_thread(self._take, address, data, (envelope.mail_from or "").strip("<>"))
            for address in envelope.rcpt_tos
        ]
        if isinstance(server, LMTP):
            return "\r\n".join(answers)
        return next((answer for answer in answers if not answer.startswith("250")), answers[0])

    def _is_known(self, address: str) -> bool:
        with session(self._settings) as db:
            return joining.earner_of_inbox(db, address, self._settings) is not None

    def _take(self, address: str, data: bytes, sender: str) -> str:
        """Commit one arrival, and only then say 250."""
        if data[: 256 * 1024].lower().count(b"\nreceived:") > MOST_HOPS:
            return "554 5.4.6 This message goes round in circles"
        try:
            with session(self._settings) as db:
                earner = joining.earner_of_inbox(db, address, self._settings)
                if earner is None:
                    return "550 5.1.1 There is no such import address here"
                arrival = importing.receive(
                    db, Blobs(self._settings), earner, data, "mail", sender, datetime.now(UTC)
                )
                arrival_id = arrival.id
        except TooMany:
            return "451 4.7.1 Too many messages at once, please try again later"
        except TooLarge:
            return "552 5.3.4 This message is too large"
        except BackpackError as refusal:
            return f"554 5.6.0 {refusal.says}"
        except Exception:
            log.exception("A message could not be kept; its sender will try again.")
            return _LATER
        if arrival_id is not None:
            self._nudge(arrival_id)
        return "250 2.0.0 Kept"


_LATER = "451 4.3.0 Please try again later"


class _Smtp(SMTP):
    """For mail servers and programs of any kind; so many at a time, as each may hold a whole message in memory."""

    line_length_limit = LONGEST_LINE  # many a mail program breaks the rule of 998
    _open = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        _Smtp._open += 1
        super().connection_made(transport)
        if _Smtp._open > MOST_CONNECTIONS and isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 4.3.2 Too busy, please try again later\r\n")
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        _Smtp._open -= 1
        super().connection_lost(error)


class _Lmtp(_Smtp, LMTP):
    """For the mail server in front of us."""

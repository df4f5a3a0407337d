"""Mail in: award mails to personal import addresses, by SMTP or LMTP. One message is one arrival for each recipient.

A message is acknowledged only when its bytes are committed; until then its sender keeps it and tries again.
The same message twice is no harm: the same bytes are the same badge. Nothing is ever answered, bounced or
forwarded, so a loop ends here.
"""

import asyncio
import errno
import threading
from collections.abc import Callable

from ..config import Settings
from ..errors import Misconfigured
from .certificate import Certificate
from .desk import Desk, Nudge
from .lines import Lmtp, Smtp

LARGEST = 15 * 1024 * 1024
IDLE_SECONDS = 60.0


class Mailroom:
    """The listeners of one process, in a thread of their own. ``ports`` is where they listen, SMTP first."""

    def __init__(self, settings: Settings, nudge: Nudge) -> None:
        self._settings = settings
        self._desk = Desk(settings, nudge)
        self._certificate = Certificate(settings) if settings.smtp_tls_cert else None
        wanted = _wanted(settings)
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

    async def _listen(self, protocol: "type[Smtp]", host: str | None, port: int) -> asyncio.Server:
        def greet() -> Smtp:
            return protocol(
                self._desk,
                data_size_limit=LARGEST,
                enable_SMTPUTF8=True,
                hostname=self._settings.inbox_host,
                ident="Backpack",
                tls_context=self._certificate.context() if self._certificate else None,
                require_starttls=self._settings.smtp_tls_required and protocol is Smtp,
                timeout=IDLE_SECONDS,
                loop=self._loop,
            )

        return await _server(greet, host, port)

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
    refuse_unusable(settings)
    return Mailroom(settings, nudge)


def refuse_unusable(settings: Settings) -> None:
    """Raise Misconfigured when what is set for taking mail cannot work."""
    if not _wanted(settings):
        return
    if settings.smtp_tls_cert:
        Certificate(settings)
    elif settings.smtp_tls_required:
        raise Misconfigured(
            "BACKPACK_SMTP_TLS_REQUIRED is set, but there is no certificate.",
            "Set BACKPACK_SMTP_TLS_CERT and BACKPACK_SMTP_TLS_KEY.",
        )


def refuse_taken(settings: Settings) -> None:
    """Raise Misconfigured when nothing can listen where mail is to be taken, such as where somebody else does."""
    asyncio.run(_try([address for _, address in _wanted(settings)]))


async def _try(addresses: list[tuple[str | None, int]]) -> None:
    servers: list[asyncio.Server] = []
    try:
        for host, port in addresses:
            servers.append(await _server(asyncio.Protocol, host, port))
    finally:
        for server in servers:
            server.close()


async def _server(greet: Callable[[], asyncio.Protocol], host: str | None, port: int) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(greet, host, port)
    except OSError as error:
        is_taken = error.errno == errno.EADDRINUSE
        why = "something else listens there already" if is_taken else error.strerror
        raise Misconfigured(
            f"Mail cannot be taken at {host or '*'}:{port}: {why}.",
            "Look at BACKPACK_SMTP_LISTEN and BACKPACK_LMTP_LISTEN.",
        ) from error


def _wanted(settings: Settings) -> "list[tuple[type[Smtp], tuple[str | None, int]]]":
    return [
        (protocol, _address(name, where))
        for protocol, name, where in (
            (Smtp, "BACKPACK_SMTP_LISTEN", settings.smtp_listen),
            (Lmtp, "BACKPACK_LMTP_LISTEN", settings.lmtp_listen),
        )
        if where
    ]


def _address(name: str, where: str) -> tuple[str | None, int]:
    """host:port, [::1]:port, or :port for every interface."""
    host, _, port = where.strip().rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise Misconfigured(f"{name} is not host:port.", "Set it to something like 127.0.0.1:2525.")
    return host.strip("[]") or None, int(port)

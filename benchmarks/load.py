"""A small load client for loopback: some connections that ask for one address again and again for a while."""

import asyncio
from typing import cast
from urllib.parse import urlsplit

import uvloop

CONNECTIONS = 16


def requests_per_second(url: str, seconds: float) -> float:
    """How many answers with status 200 came back each second; anything else is an error."""
    return uvloop.run(_load(url, seconds))


async def _load(url: str, seconds: float) -> float:
    parts = urlsplit(url)
    if parts.hostname != "127.0.0.1":
        raise ValueError("Only this machine is put under load.")
    head = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\n\r\n"
    loop = asyncio.get_running_loop()
    visitors: list[Visitor] = []
    begun = loop.time()
    for _ in range(CONNECTIONS):
        _, visitor = await loop.create_connection(
            lambda: Visitor(head.encode()), parts.hostname, parts.port or 80
        )
        visitors.append(visitor)
    await asyncio.sleep(seconds)
    took = loop.time() - begun
    for visitor in visitors:
        visitor.leave()
    return sum(visitor.answers for visitor in visitors) / took


class Visitor(asyncio.Protocol):
    """One connection: asks, reads the whole answer, asks again."""

    def __init__(self, request: bytes) -> None:
        self.answers = 0
        self._request = request
        self._got = bytearray()
        self._left = False
        self._wants = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Collect; ask again when the answer is whole."""
        self._got += data
        if not self._wants and (end := self._got.find(b"\r\n\r\n")) > 0:
            self._wants = end + 4 + _content_length(bytes(self._got[:end]))
        if self._wants and len(self._got) >= self._wants:
            self.answers += 1
            self._got.clear()
            self._wants = 0
            if not self._left:
                self._transport.write(self._request)

    def leave(self) -> None:
        """Hang up."""
        self._left = True
        self._transport.close()


def _content_length(head: bytes) -> int:
    status, *lines = head.split(b"\r\n")
    if b" 200 " not in status + b" ":
        raise RuntimeError(f"The page answered {status.decode()}.")
    return next(int(line[15:]) for line in lines if line[:15].lower() == b"content-length:")

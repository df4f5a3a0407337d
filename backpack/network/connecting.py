"""Connections that go where the guard looked, and end when the time is over.

httpx asks ``connect_tcp`` for a host name; here that means: look it up once, check every address, and
connect to a checked number. TLS still asks for the original name (SNI, certificate), and so does Host.
httpx's own time-outs count per read, so a byte a second would hold us for ever: every wait is also cut
to what is left of the whole fetch.
"""

import functools
import ssl
import time
from collections.abc import Iterable, Iterator

import httpcore
import httpx

from .guard import Allowed, addresses_of

CONNECT_SECONDS = 3.0
WAIT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
_MOST_TRIED = 3


class Deadline:
    """The end of one fetch, redirects included, in seconds of wall time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def cut(self, timeout: float | None) -> float:
        """This time-out, or what is left when that is less; raises httpcore.ReadTimeout when nothing is."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if timeout is None else min(timeout, left)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return time.monotonic() >= self._end


class GuardedTransport(httpx.BaseTransport):
    """Carries one request by httpcore, whose network backend is public there; httpx's own transport hides it."""

    def __init__(self, allowed: Allowed, deadline: Deadline) -> None:
        self._backend = _Backend(allowed, deadline)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls(), max_connections=1, network_backend=self._backend
        )

    @property
    def vouched(self) -> bool:
        """Whether it led to an address that the operator allows though it is not public."""
        return self._backend.vouched

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Backend(httpcore.NetworkBackend):
    def __init__(self, allowed: Allowed, deadline: Deadline) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()
        self.vouched = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002  httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        problem: Exception = httpcore.ConnectError()
        addresses, self.vouched = addresses_of(host.lower().rstrip("."), port, self._allowed)
        for address in addresses[:_MOST_TRIED]:
            try:
                stream = self._sockets.connect_tcp(address, port, self._deadline.cut(timeout))
                return _Stream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.cut(timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.cut(timeout))
        return _Stream(stream, self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


@functools.cache
def tls() -> ssl.SSLContext:
    """The usual public authorities, and those this machine's operator added to its own store."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context

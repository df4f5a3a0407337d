"""What every answer and every request must keep to, whatever the route: headers, origin, host, size, cookies.

Plain ASGI layers, so that a route cannot forget them. From the outside in: ``Headers`` (fills in what the
route did not say itself, the strictest by default), ``KnownHost``, ``BodyLimit``, ``SameOrigin``.
"""

import asyncio
import ipaddress
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers as RequestHeaders
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backpack.config import Settings
from backpack.errors import BackpackError, Missing, Refused, TooLarge

_SELF_ONLY = (
    "default-src 'none'; {scripts}; style-src 'self'; img-src 'self'; font-src 'self'; "
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
CSP_PUBLIC = _SELF_ONLY.format(scripts="script-src 'none'; connect-src 'none'")
"""For pages that must work without a script: public, sign-in, check and error pages."""
CSP_APP = _SELF_ONLY.format(scripts="script-src 'self'; connect-src 'self'")
"""For the earner's own pages."""
CSP_ANSWER = CSP_PUBLIC.replace("img-src 'self'", "img-src 'self' data:")
"""For the answer to a check: its picture is kept nowhere, so it stands in the page itself."""
CSP_EMBED = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
"""For the small card that stands inside other sites."""
CSP_PICTURE = "default-src 'none'; sandbox"
"""For pictures and originals: even opened on their own they may do nothing."""

PRIVATE = "no-store"
NOT_LISTED = "noindex, nofollow, noarchive"

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "origin-agent-cluster": "?1",
    "x-frame-options": "DENY",
    "content-security-policy": CSP_PUBLIC,
    "cache-control": PRIVATE,
    "x-robots-tag": NOT_LISTED,
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"

PROGRAMS = ("/api/", "/credentials/", "/presentations/", "/inbound/", "/oembed", "/metrics", "/readyz")
"""Addresses for programs: they know tokens only and never look at a cookie."""
TAKES_FILES = ("/credentials/", "/presentations/")

PUBLIC = ("/static/", "/b/", "/c/", "/verify", "/api/docs", "/api/openapi.json")
"""Addresses whose answers are the same for everyone."""

MIB = 1024 * 1024
FORM_BODY = 96 * 1024
"""A form of ours: texts of up to 20,000 characters, in any script."""
LIST_BODY = MIB
"""What a program says in JSON: at the most a collection of a thousand badges with remarks."""
UPLOAD_BODY = 9 * MIB
"""One file of 8 MiB with what a form adds around it."""
INBOUND_BODY = 46 * MIB
"""One award mail of 15 MiB as a provider wraps it: a form may take three letters for one."""
UPLOADS_BODY = 104 * MIB
"""Many files at once, each of them up to 8 MiB, or one archive of 100 MiB, with what a form adds around it."""
_DRAIN_BYTES, _DRAIN_SECONDS = 512 * MIB, 30

_LOCAL_PATH = re.compile(
    r"/(badges|collections|imports?|shares?|settings)([/?][\w/.~?&=%+,:;-]*)?(#[\w-]*)?\Z", re.ASCII
)

Answer = Callable[[Request, BackpackError], Response]


def is_for_programs(path: str) -> bool:
    """Whether a program is served here: by token, with problem+json errors."""
    return path.startswith(PROGRAMS)


def body_limit(path: str) -> int:
    """The most bytes that a request to this path may carry."""
    if path == "/import" or path.startswith("/import/"):
        return UPLOADS_BODY
    if path == "/api/v1/badges":
        return UPLOADS_BODY
    if path.startswith("/inbound/"):
        return INBOUND_BODY
    if path == "/verify" or path.startswith(TAKES_FILES):
        return UPLOAD_BODY
    return LIST_BODY if is_for_programs(path) else FORM_BODY


def session_cookie(settings: Settings) -> str:
    """Name of the one cookie that lasts. The ``__Host-`` prefix needs https, which a local run has not."""
    return "__Host-sid" if settings.is_https else "sid"


def local_path(next: str) -> str:
    """The path when it leads to a page of an earner, otherwise nothing: no other site may be reached through us."""
    return next if _LOCAL_PATH.match(next) and ".." not in next else ""


class Headers:
    """Gives every answer the security headers that it does not carry already."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.always = ALWAYS | ({"strict-transport-security": STRICT_TRANSPORT} if settings.is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the start of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.always.items():
                    headers.setdefault(name, value)
                if "frame-ancestors *" in headers["content-security-policy"]:
                    del headers["x-frame-options"]
            await send(message)

        await self.app(scope, receive, completed)


class HeadAsGet:
    """Answers HEAD like GET, without the body: link checkers and preview robots ask so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as GET, and drop what the answer holds."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, without_body)


class Packed:
    """Compresses what anyone may read. What is private is not: its length could tell what stands in it."""

    def __init__(self, app: ASGIApp) -> None:
        self.plain, self.packed = app, GZipMiddleware(app, minimum_size=1000, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, through the compressor when its path is public."""
        is_public = scope["type"] == "http" and (scope["path"].startswith(PUBLIC) or scope["path"] == "/")
        await (self.packed if is_public else self.plain)(scope, receive, send)


class KnownHost:
    """Answers only under its own name: a page that rebinds a foreign name to us gets nothing.

    Nor does an address with NUL in it lead anywhere.
    """

    def __init__(self, app: ASGIApp, settings: Settings, answer: Answer) -> None:
        self.app, self.settings, self.answer = app, settings, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when it names us; 421 otherwise."""
        if scope["type"] == "http" and _has_nul(scope):
            await self.answer(Request(scope), Missing("There is no page at this address."))(
                scope, receive, send
            )
            return
        if scope["type"] != "http" or self._is_ours(Request(scope)):
            await self.app(scope, receive, send)
            return
        error = Refused(
            "This backpack has another address.",
            f"It answers at {self.settings.base_url}. Whoever runs it sets that as BACKPACK_BASE_URL, and has a proxy "
            "in front of it pass on the header Host.",
            code="other_host",
        )
        await self.answer(Request(scope), error)(scope, receive, send)

    def _is_ours(self, request: Request) -> bool:
        # A load balancer asks for health by bare address.
        if request.url.path in ("/healthz", "/readyz"):
            return True
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        if self.settings.is_local:
            return host in ("localhost", "127.0.0.1", "::1", self.settings.host_name)
        return host == self.settings.host_name.lower()


class BodyLimit:
    """Counts the bytes of a body before any parser sees them, announced or not."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self.app, self.answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a body that ends in an error once it is too long."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = body_limit(scope["path"])
        announced = RequestHeaders(scope=scope).get("content-length", "0")
        if announced.isascii() and announced.isdigit() and int(announced) > limit:
            await _drain(receive)
            await self.answer(Request(scope), too_large(limit))(scope, receive, send)
            return
        await self.app(scope, _counted(receive, limit), send)


class SameOrigin:
    """Refuses a change that did not come from a page of ours (cross-site request forgery).

    The browser says so itself in ``Sec-Fetch-Site``; an older one in ``Origin``. Paths for programs are
    left alone: they know no cookie.
    """

    def __init__(self, app: ASGIApp, settings: Settings, answer: Answer) -> None:
        self.app, self.settings, self.answer = app, settings, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when it changes nothing or is ours; 403 otherwise."""
        if (
            scope["type"] != "http"
            or scope["method"] in ("GET", "HEAD", "OPTIONS")
            or self._is_ours(Request(scope))
        ):
            await self.app(scope, receive, send)
            return
        error = Refused(
            "This request did not come from our page.", "Reload the page and try again.", code="foreign_page"
        )
        await self.answer(Request(scope), error)(scope, receive, send)

    def _is_ours(self, request: Request) -> bool:
        if is_for_programs(request.url.path):
            return True
        if site := request.headers.get("sec-fetch-site"):
            return site == "same-origin"
        origin = request.headers.get("origin")
        if origin is None:
            return "cookie" not in request.headers
        return origin == self.settings.base_url or (self.settings.is_local and origin == _own_origin(request))


def _has_nul(scope: Scope) -> bool:
    # No database of ours keeps NUL in a text, and no address of ours holds one. What a program asks, the shapes
    # of its call refuse, and say where.
    path: str = scope["path"]
    return "\0" in path or (b"%00" in scope["query_string"] and not is_for_programs(path))


def network_of(request: Request) -> str:
    """The network a request came from, coarse enough not to be a person: /24 or /48."""
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))


def too_large(limit: int) -> TooLarge:
    """What to say to a body over this limit."""
    if limit in (FORM_BODY, LIST_BODY):
        return TooLarge("This text is too long.", "Shorten it and send it again.")
    if limit == UPLOADS_BODY:
        return TooLarge("This is more than 100 MB.", "Add a few files at a time, or make smaller archives.")
    return TooLarge(
        "The file is larger than 8 MB.", "A badge is a small file: ask the issuer for the original one."
    )


def _own_origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', '')}"


def _counted(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                if message.get("more_body"):
                    await _drain(receive)
                # Starlette's own exception: the form parsers let it pass, errors.py gives it its words.
                raise HTTPException(413, detail=too_large(limit).says)
        return message

    return counted


async def _drain(receive: Receive) -> None:
    # A browser that is still sending never reads the answer, so the rest is taken in and thrown away,
    # within reason.
    seen = 0
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            while seen < _DRAIN_BYTES:
                message = await receive()
                seen += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body"):
                    return
    except TimeoutError:
        return

"""The one place where an error becomes an answer: a page, a fragment of one, or problem+json.

Pages and fragments say what happened and what to do next; programs get RFC 9457 with a stable ``code``.
"""

import logging
import secrets
from urllib.parse import quote, urlsplit, urlunsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backpack.errors import (
    BackpackError,
    Clash,
    Misconfigured,
    Missing,
    NotConnected,
    NotSignedIn,
    Refused,
    TooLarge,
    TooMany,
    Unreadable,
    reason,
)
from backpack.storage.blobs import Unreachable

from . import rendering
from .complaints import complaint
from .security import is_for_programs

_log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[BackpackError], int], ...] = (
    (TooLarge, 413),
    (Unreadable, 422),
    (NotConnected, 422),
    (NotSignedIn, 401),
    (TooMany, 429),
    (Refused, 403),
    (Missing, 404),
    (Clash, 409),
    (Misconfigured, 500),
)
_BY_CODE = {"other_host": 421, "no_such_format": 501, "later": 503}
_TITLES = {
    401: "Please sign in",
    403: "Not allowed",
    404: "There is nothing here",
    405: "Not possible here",
    409: "That does not fit",
    413: "Too large",
    421: "Another address",
    422: "That could not be read",
    429: "A little too fast",
    500: "Something went wrong on our side",
    503: "Not at the moment",
}


class Unexpected(BackpackError):
    """A fault of ours; its text never reaches a person."""

    code = "fault"
    says_by_default = "Something went wrong on our side."


class Away(BackpackError):
    """The database, or the bucket of files, does not answer at the moment (503); it will again."""

    code = "later"
    retry_after = 5
    says_by_default = "This cannot be done at the moment, and nothing was saved."

    def __init__(self) -> None:
        super().__init__("", "Try again in a minute.")


class NotPossible(BackpackError):
    """The address is known, but not this way of asking (405)."""

    code = "method"
    says_by_default = "This address cannot be used that way."


class Unfit(BackpackError):
    """A form or a body that lacks something, or has it in the wrong shape (422)."""

    code = "unfit"
    says_by_default = "Something in what was sent is missing or has the wrong form."


def install(app: FastAPI) -> None:
    """Make the app answer every error through this module."""
    app.exception_handler(BackpackError)(_on_error)
    app.exception_handler(HTTPException)(_on_http)
    app.exception_handler(RequestValidationError)(_on_unfit)
    app.add_middleware(Faults)


class Faults:
    """Turns a fault of ours into an answer that tells nothing of it; the trace goes to the log.

    Starlette would answer outside of every other layer, without their headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer 500 when that fails before an answer has begun."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except ClientDisconnect:
            return  # nobody is left to be told
        except (OperationalError, InterfaceError):
            if begun or scope["type"] != "http":
                raise
            _log.exception("The database did not answer.")
            await answer(Request(scope), Away())(scope, receive, send)
        except Unreachable as silence:
            if begun or scope["type"] != "http":
                raise
            await answer(Request(scope), away(silence))(scope, receive, send)
        except Exception:
            if begun or scope["type"] != "http":
                raise
            mark = secrets.token_hex(4)
            _log.exception("A fault, marked %s", mark)
            error = Unexpected(
                "", f"Try again in a minute. If it happens again, tell whoever runs this site: fault {mark}."
            )
            await answer(Request(scope), error)(scope, receive, send)


def away(error: Unreachable) -> Away:
    """What to tell people while files cannot be kept or read; why is for the operator."""
    _log.error("The bucket of files did not answer: %s", reason(error))
    return Away()


def status_of(error: BackpackError) -> int:
    """The HTTP status of an error."""
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    if isinstance(error, NotPossible):
        return 405
    if isinstance(error, Unfit):
        return 422
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def answer(request: Request, error: BackpackError) -> Response:
    """The answer to this request for this error, in the form that the caller reads."""
    status = status_of(error)
    headers = {"retry-after": str(error.retry_after)} if isinstance(error, TooMany | Away) else {}
    if is_for_programs(request.url.path) or _wants_json(request):
        return problem(error, headers)
    if isinstance(error, NotSignedIn):
        return _to_signin(request)
    if "hx-request" in request.headers:
        # Errors have their own place on a page: what was there stays there.
        return rendering.fragment(
            "parts/problem.html",
            {"error": error},
            status=status,
            headers=headers | {"HX-Retarget": _place_of(request), "HX-Reswap": "innerHTML"},
        )
    return rendering.framed_page(
        request,
        "error.html",
        {
            "error": error,
            "title": _TITLES.get(status, "That did not work"),
            "back": _came_from(request),
        },
        status,
        headers,
    )


def problem(error: BackpackError, headers: dict[str, str] | None = None) -> JSONResponse:
    """RFC 9457 problem details of an error."""
    status = status_of(error)
    body = {
        "type": f"urn:backpack:problem:{error.code}",
        "title": _TITLES.get(status, "That did not work"),
        "status": status,
        "detail": error.says,
        "try_this": error.try_this,
        "code": error.code,
    }
    challenge = {"www-authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(body, status, (headers or {}) | challenge, media_type="application/problem+json")


def _came_from(request: Request) -> str:
    """The page of ours whose form was sent, as a path; empty for other requests and for strangers' pages."""
    page = urlsplit(request.headers.get("referer", ""))
    if request.method == "GET" or page.netloc != request.url.netloc or not page.path.startswith("/"):
        return ""
    return urlunsplit(("", "", f"/{page.path.lstrip('/')}", page.query, ""))


def _wants_json(request: Request) -> bool:
    accepts = request.headers.get("accept", "")
    return request.url.path.endswith(".json") or ("json" in accepts and "text/html" not in accepts)


def _place_of(request: Request) -> str:
    # An open drawer makes the rest of the page inert.
    return "#drawer-problem" if request.url.path.startswith("/import") else "#problem"


def _to_signin(request: Request) -> Response:
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    where = f"/signin?next={quote(asked, safe='/')}" if request.method in ("GET", "HEAD") else "/signin"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": "/signin"})
    return RedirectResponse(where, 303)


async def _on_error(request: Request, error: BackpackError) -> Response:
    return answer(request, error)


async def _on_http(request: Request, error: HTTPException) -> Response:
    response = answer(request, _from_http(error))
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    if error.status_code == 405:
        response.headers["allow"] = ", ".join(_possible(request))
    return response


def _possible(request: Request) -> list[str]:
    """The methods of an address: each may be a route of its own, and Starlette tells those of the first alone."""
    routes = [route for route in request.app.router.routes if not isinstance(route, Mount)]
    found = [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    return ["GET", "HEAD", *found[1:]] if found[:1] in (["GET"], []) else found


def _from_http(error: HTTPException) -> BackpackError:
    if error.status_code == 404:
        return Missing("", "Check the address for missing letters.")
    if error.status_code == 405:
        return NotPossible()
    if error.status_code == 413:
        return TooLarge(error.detail, "A badge is a small file: ask the issuer for the original one.")
    if error.status_code == 401:
        return NotSignedIn()
    return Unfit() if error.status_code < 500 else Unexpected()


async def _on_unfit(request: Request, error: RequestValidationError) -> Response:
    return answer(request, Unfit(complaint(error.errors()[0]), "Correct it and send it again."))

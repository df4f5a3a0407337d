"""What one page leaves for the next: in a cookie for a few minutes, of that page alone.

A form answers with a redirect, so that nobody sends it again by going back or loading anew. What is still to
be said then would stand in logs if it went by the address.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from backpack.config import Settings
from backpack.services.joining.challenges import CODE_LASTS

_LASTS = int(CODE_LASTS.total_seconds())


def leave(settings: Settings, page: str, name: str, said: Mapping[str, str], path: str = "") -> Response:
    """On to a page, with a note for it under this name; it is sent to nothing but ``path``, by default the page."""
    response = RedirectResponse(page, 303)
    response.set_cookie(
        name,
        urlencode(said),
        max_age=_LASTS,
        path=path or page,
        secure=settings.is_https,
        httponly=True,
        samesite="strict",
    )
    return response


def read(request: Request, name: str) -> dict[str, str]:
    """What was left, as far as the browser still has it; only it knows whether that was us."""
    return dict(parse_qsl(request.cookies.get(name, "")))


def forget(response: Response, settings: Settings, name: str, path: str) -> None:
    """Take it away: it was read, or is of no use any more."""
    response.delete_cookie(name, path=path, secure=settings.is_https, httponly=True, samesite="strict")

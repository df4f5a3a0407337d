"""The way back to the wall of badges as somebody left it: searched, narrowed, sorted, on its page."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse

WALL = "/badges"
_ASKED = ("q", "status", "issuer", "tag", "sort", "cursor")


def as_asked(query: str) -> str:
    """Of a query only what narrows and sorts the wall."""
    return urlencode([(name, value) for name, value in parse_qsl(query) if name in _ASKED])


def came_from(request: Request) -> str:
    """How the wall was narrowed that led to this page; nothing for whoever came from elsewhere."""
    page = urlsplit(request.headers.get("referer", ""))
    return as_asked(page.query) if (page.netloc, page.path) == (request.url.netloc, WALL) else ""


def back_to(back: str, done: str = "", badges: Iterable[str] = ()) -> RedirectResponse:
    """Back to the wall narrowed so, where what was just done with these badges can be undone."""
    query = "&".join(filter(None, (as_asked(back), urlencode([(done, each) for each in badges]))))
    return RedirectResponse(f"{WALL}?{query}" if query else WALL, 303)

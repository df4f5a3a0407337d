"""All that a route may ask for: who is signed in, the database, the files, the time, and a page to show."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from backpack.config import Settings
from backpack.errors import NotSignedIn
from backpack.services import joining
from backpack.storage.blobs import Blobs
from backpack.storage.database import session
from backpack.storage.tables import Earner, Signin, now

from . import rendering
from .security import session_cookie


class ShowPage(Protocol):
    """Shows a page: a template, and what it is to say."""

    def __call__(self, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
        """The page as an answer."""


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _database(request: Request) -> Iterator[Session]:
    with session(request.app.state.engine) as db:
        yield db


def _blobs(request: Request) -> Blobs:
    blobs: Blobs = request.app.state.blobs
    return blobs


Config = Annotated[Settings, Depends(_settings)]
# Closed before the answer is sent: a slow reader does not hold a connection.
Db = Annotated[Session, Depends(_database, scope="function")]
Files = Annotated[Blobs, Depends(_blobs)]
Now = Annotated[datetime, Depends(now)]


def _visitor(request: Request, db: Db, settings: Config, at: Now) -> tuple[Earner, Signin] | None:
    token = request.cookies.get(session_cookie(settings))
    return joining.who(db, token, at) if token else None


Visitor = Annotated[tuple[Earner, Signin] | None, Depends(_visitor, scope="function")]
"""Who is signed in and by which sign-in, or None."""


def _signed_in(visitor: Visitor) -> Earner:
    if visitor is None:
        raise NotSignedIn
    return visitor[0]


SignedIn = Annotated[Earner, Depends(_signed_in, scope="function")]
"""The signed-in earner; everyone else is led to the sign-in page."""


def _page(request: Request, earner: SignedIn) -> ShowPage:
    def show(template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
        return rendering.page(request, template, {"earner": earner, **facts}, status)

    return show


def _bare_page(request: Request) -> ShowPage:
    def show(template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
        return rendering.bare_page(request, template, facts, status)

    return show


Page = Annotated[ShowPage, Depends(_page, scope="function")]
"""Shows a page of the signed-in earner."""
BarePage = Annotated[ShowPage, Depends(_bare_page)]
"""Shows a page for anyone, without a script."""


def _is_part(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


Part = Annotated[bool, Depends(_is_part)]
"""Whether htmx asks for a part of a page."""

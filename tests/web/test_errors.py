"""Error pages: whoever is signed in keeps their menus, whatever went wrong; nobody else is shown any."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy.exc import OperationalError

from .conftest import Person, Visitor

MENU = '<nav aria-label="Main">'
FOREIGN = {"sec-fetch-site": "cross-site"}


@pytest.fixture
def faulty(app: FastAPI) -> None:
    """Two addresses where things go wrong: by a fault of ours, and because the database is away."""

    @app.get("/fault")
    def fail() -> None:
        raise RuntimeError

    @app.get("/away")
    def away() -> None:
        raise OperationalError("SELECT", None, Exception("connection refused"))


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda visitor: visitor.get("/nowhere"), 404),
        (lambda visitor: visitor.post("/collections", headers=FOREIGN), 403),
        (lambda visitor: visitor.put("/badges"), 405),
        (lambda visitor: visitor.get("/fault"), 500),
        (lambda visitor: visitor.get("/away"), 503),
    ],
)
def test_an_error_does_not_look_like_being_signed_out(
    maria: Person, anyone: Visitor, ask: Callable[[Visitor], Response], status: int
) -> None:
    hers, theirs = ask(maria), ask(anyone)
    assert (hers.status_code, theirs.status_code) == (status, status)
    assert MENU in hers.text
    assert "Sign out" in hers.text
    assert 'href="/badges">To your badges</a>' in hers.text
    assert MENU not in theirs.text


def test_what_everyone_reads_alike_shows_no_menu_even_when_it_fails(maria: Person) -> None:
    assert MENU not in maria.get("/verify/nowhere").text
    assert MENU not in maria.get("/b/nowhere").text

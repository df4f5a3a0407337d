"""Every documented call, by somebody without a token and by somebody with another earner's."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from backpack.demo.shapes import Issued
from tests.web.api.conftest import Program
from web.api import shapes
from web.api.openapi import document
from web.security import session_cookie

DOCUMENT = document("https://backpack.example")
OPEN = {"/oembed", "/healthz", "/readyz", "/metrics", "/credentials/verify", "/presentations/verify"}


CALLS = [
    (method.upper(), path)
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
    if path not in OPEN
]
WITH_ID = [(method, path) for method, path in CALLS if "{" in path]


@pytest.mark.parametrize("sent", [None, "Bearer", "Bearer wrong", "Basic bWFyaWE6eA==", "bearer bp_\xff"])
def test_without_a_working_token_every_call_is_refused(anyone: TestClient, sent: str | None) -> None:
    headers = {} if sent is None else {"authorization": sent.encode("latin-1")}
    answers = {
        (method, path): anyone.request(method, path, headers=headers, json=_body(path))
        for method, path in CALLS
    }
    refused = {
        call: (answer.status_code, answer.headers.get("www-authenticate")) for call, answer in answers.items()
    }
    assert refused == dict.fromkeys(CALLS, (401, "Bearer"))
    assert {answer.json()["code"] for answer in answers.values()} == {"not_signed_in"}


def test_what_is_somebody_elses_is_as_good_as_absent(
    maria: Program, stranger: Program, badge: Issued
) -> None:
    ids = _everything(maria, badge)
    theirs, absent = (
        {(method, path): _asked(stranger, method, path, known) for method, path in WITH_ID}
        for known in (ids, dict.fromkeys(ids, "x" * 22))
    )
    assert theirs == absent
    assert {status for status, _ in theirs.values()} == {404}


def test_nothing_changes_by_whatever_a_stranger_tries(
    maria: Program, stranger: Program, badge: Issued
) -> None:
    ids = _everything(maria, badge)
    before = _view(maria, ids)
    for path in {path for _, path in WITH_ID}:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            _asked(stranger, method, path, ids)
    assert _view(maria, ids) == before


@pytest.mark.parametrize("what", ["badges", "collections", "shares"])
def test_lists_tell_nothing_of_other_earners(
    maria: Program, stranger: Program, badge: Issued, what: str
) -> None:
    _everything(maria, badge)
    assert stranger.get(f"/api/v1/{what}").json()[what] == []


@pytest.mark.parametrize("what", ["badge", "collection"])
def test_nobody_shares_what_is_somebody_elses(
    maria: Program, stranger: Program, badge: Issued, what: str
) -> None:
    theirs = _everything(maria, badge)[f"{what}_id"]
    assert stranger.post("/api/v1/shares", json={what: theirs}).status_code == 404


def test_a_cookie_is_no_token(maria: Program, anyone: TestClient) -> None:
    token = maria.headers["authorization"].partition(" ")[2]
    anyone.cookies.set(session_cookie(maria.settings), token)
    assert anyone.get("/api/v1/badges").status_code == 401


def test_a_token_opens_no_page(maria: Program) -> None:
    answer = maria.get("/badges", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin?next=/badges")


def _everything(maria: Program, badge: Issued) -> dict[str, str]:
    """One of each, by the names that the documentation gives their ids."""
    arrival = maria.post("/api/v1/badges", files={"file": ("a.png", badge.data)}).json()["arrival"]
    maria.work()
    (badge_id,) = maria.get(f"/api/v1/arrivals/{arrival}").json()["badges"]
    made = maria.post("/api/v1/collections", json={"title": "All", "badges": [{"badge": badge_id}]}).json()
    return {
        "arrival_id": arrival,
        "badge_id": badge_id,
        "collection_id": made["id"],
        "share_id": maria.post("/api/v1/shares", json={"badge": badge_id}).json()["id"],
        "address_id": maria.post("/api/v1/addresses", json={"email": "m@work.example"}).json()["id"],
    }


def _view(maria: Program, ids: dict[str, str]) -> list[Any]:
    paths = [
        "badges",
        "shares",
        "addresses",
        f"badges/{ids['badge_id']}",
        f"collections/{ids['collection_id']}",
    ]
    return [maria.get(f"/api/v1/{path}").json() for path in paths]


def _asked(program: Program, method: str, path: str, ids: dict[str, str]) -> tuple[int, Any]:
    answer = program.request(method, path.format(**ids), json=_body(path))
    return answer.status_code, answer.json()


def _body(path: str) -> Any:
    if path.endswith("/{collection_id}/badges"):
        return []
    known = {
        "/api/v1/badges": {"text": "x"},
        "/api/v1/badges/{badge_id}": {"note": "Taken over!", "hidden": True},
        "/api/v1/collections": {"title": "x"},
        "/api/v1/collections/{collection_id}": {"title": "Taken over!"},
        "/api/v1/shares": {"badge": shapes.BADGE_ID},
        "/api/v1/arrivals/{arrival_id}/links": {"links": []},
        "/api/v1/addresses": {"email": "m@work.example"},
    }
    return known.get(path)

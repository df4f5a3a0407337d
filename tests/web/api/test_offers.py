"""Badges that came by mail, for programs: asked for, accepted, declined."""

from typing import Any

import pytest

from backpack.demo.shapes import Issued
from tests.issuing import MARIA
from tests.web.api.conftest import Program
from tests.web.mailing import CONFIRMATION, VOUCHED, award_mail, deliver, offer_links

LINKS = ["https://montalvo.example/badges/7", "https://montalvo.example/badges/8"]


@pytest.fixture
def mailed(maria: Program, badge: Issued) -> dict[str, Any]:
    """An arrival by mail, read and checked."""
    arrival = deliver(maria.settings, MARIA, award_mail(badge), vouched=VOUCHED, confirmation=None)
    maria.work()
    told: dict[str, Any] = maria.get(f"/api/v1/arrivals/{arrival}").json()
    return told


def listed(program: Program, status: str = "") -> list[str]:
    return [badge["id"] for badge in program.get(f"/api/v1/badges?status={status}").json()["badges"]]


def test_it_is_listed_only_when_asked_for(maria: Program, mailed: dict[str, Any]) -> None:
    assert listed(maria) == listed(maria, "verified") == []
    assert listed(maria, "offered") == mailed["badges"]
    told = maria.get(f"/api/v1/badges/{mailed['badges'][0]}").json()
    assert (told["offered"], told["verdict"]) == (True, "verified")


def test_the_arrival_tells_who_sent_it_and_what_that_proves(mailed: dict[str, Any]) -> None:
    letter = mailed["letter"]
    assert (letter["sender"], letter["vouched"]["aligned"]) == ("awards@montalvo.example", True)
    assert "signed by montalvo.example" in letter["proves"]


def test_accepted_it_is_a_badge_like_any_other(maria: Program, mailed: dict[str, Any]) -> None:
    (there,) = mailed["badges"]
    assert maria.post("/api/v1/shares", json={"badge": there}).status_code == 409
    assert maria.post(f"/api/v1/badges/{there}/accept").json()["offered"] is False
    assert listed(maria) == [there]
    assert maria.post(f"/api/v1/badges/{there}/decline").status_code == 409


def test_declined_it_comes_back_by_being_brought_in(
    maria: Program, mailed: dict[str, Any], badge: Issued
) -> None:
    (there,) = mailed["badges"]
    assert maria.post(f"/api/v1/badges/{there}/decline").status_code == 204
    assert maria.get(f"/api/v1/badges/{there}").status_code == 404
    assert maria.bring(badge) == there
    assert listed(maria) == [there]


def test_nobody_else_answers_for_them(stranger: Program, mailed: dict[str, Any]) -> None:
    for answer in ("accept", "decline"):
        assert stranger.post(f"/api/v1/badges/{mailed['badges'][0]}/{answer}").status_code == 404
    opened = stranger.post(f"/api/v1/arrivals/{mailed['arrival']}/links", json={})
    assert opened.status_code == 404


def test_links_are_listed_and_opened_when_asked_for(maria: Program) -> None:
    arrival = offer_links(maria.settings, MARIA, *LINKS, confirmation=CONFIRMATION)
    told = maria.get(f"/api/v1/arrivals/{arrival}").json()
    assert (told["links"], told["letter"]["confirmation"]["code"]) == (LINKS, "123456789")
    opened = maria.post(f"/api/v1/arrivals/{arrival}/links", json={"links": LINKS[:1]})
    assert [one["origin"] for one in opened.json()["arrivals"]] == LINKS[:1]
    assert maria.get(f"/api/v1/arrivals/{arrival}").json()["links"] == LINKS[1:]
    assert maria.post(f"/api/v1/arrivals/{arrival}/links", json={"links": LINKS[:1]}).status_code == 404

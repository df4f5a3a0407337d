"""Public links by the API: made, looked at as a stranger, closed."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from backpack.demo.shapes import Issued
from tests.web.api.conftest import Program

SHARES = "/api/v1/shares"
TARGETS = {
    "linkedin_profile", "linkedin_post", "facebook", "x", "bluesky", "mastodon", "threads", "reddit",
    "whatsapp", "telegram", "pinterest", "email",
}  # fmt: skip


def test_a_share_comes_with_every_way_to_show_it(maria: Program, badge: Issued) -> None:
    answer = maria.post(SHARES, json={"badge": maria.bring(badge), "audience": "world", "label": "For all"})
    assert answer.status_code == 201
    told = answer.json()
    assert told["url"] == f"{maria.settings.base_url}/b/{told['slug']}"
    assert (told["audience"], told["label"], told["kind"]) == ("world", "For all", "badge")
    assert set(told["targets"]) == TARGETS
    assert all(re.match(r"https://|mailto:", address) for address in told["targets"].values())


def test_linkedin_is_told_the_whole_badge(maria: Program, badge: Issued) -> None:
    told = maria.post(SHARES, json={"badge": maria.bring(badge)}).json()
    asked = parse_qs(urlsplit(told["targets"]["linkedin_profile"]).query)
    assert asked["name"] == ["Open Science Foundations"]
    assert (asked["issueYear"], asked["issueMonth"]) == (["2025"], ["3"])
    assert asked["certUrl"] == [told["url"]]


def test_the_embed_code_frames_the_public_page(maria: Program, badge: Issued) -> None:
    told = maria.post(SHARES, json={"badge": maria.bring(badge)}).json()
    assert f'src="{told["url"]}/embed"' in told["embed_html"]
    assert 'title="Open Science Foundations"' in told["embed_html"]


def test_a_collection_is_shared_too(maria: Program, anyone: TestClient, badge: Issued) -> None:
    made = maria.post(
        "/api/v1/collections", json={"title": "All", "badges": [{"badge": maria.bring(badge)}]}
    ).json()
    told = maria.post(SHARES, json={"collection": made["id"]}).json()
    assert told["url"].startswith(f"{maria.settings.base_url}/c/")
    assert [one["name"] for one in anyone.get(f"{told['url']}.json").json()["badges"]] == [
        "Open Science Foundations"
    ]


def test_whoever_has_the_link_sees_the_badge_and_nobodys_address(
    maria: Program, anyone: TestClient, badge: Issued
) -> None:
    told = maria.post(SHARES, json={"badge": maria.bring(badge)}).json()
    shown = anyone.get(f"{told['url']}.json")
    assert shown.json()["verdict"] == "verified"
    assert "maria@" not in shown.text


def test_a_closed_link_is_closed_everywhere_at_once(
    maria: Program, anyone: TestClient, badge: Issued
) -> None:
    told = maria.post(SHARES, json={"badge": maria.bring(badge)}).json()
    parts = ["", ".json", "/embed", "/image", "/card.png"]
    assert [anyone.get(told["url"] + part).status_code for part in parts] == [200] * 5
    assert maria.delete(f"{SHARES}/{told['id']}").status_code == 204
    assert [anyone.get(told["url"] + part).status_code for part in parts] == [404] * 5
    assert anyone.get("/oembed", params={"url": told["url"]}).status_code == 404


def test_a_closed_link_is_still_listed_as_closed(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    first, second = (maria.post(SHARES, json={"badge": there}).json() for _ in range(2))
    maria.delete(f"{SHARES}/{first['id']}")
    newest, oldest = maria.get(SHARES).json()["shares"]
    assert newest == second
    assert oldest["closed_at"] is not None
    assert maria.delete(f"{SHARES}/{first['id']}").status_code == 204


def test_deleting_a_badge_closes_what_shows_it(maria: Program, anyone: TestClient, badge: Issued) -> None:
    there = maria.bring(badge)
    told = maria.post(SHARES, json={"badge": there}).json()
    maria.delete(f"/api/v1/badges/{there}")
    assert anyone.get(told["url"]).status_code == 404


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "It takes exactly one of “badge” and “collection”."),
        ({"badge": "a", "collection": "b"}, "It takes exactly one of “badge” and “collection”."),
        ({"badge": "a", "audience": "friends"}, "“audience” must be 'link' or 'world'."),
        ({"badge": "a", "expires_at": "2020-01-01T00:00:00Z"}, "“expires_at” is in the past."),
        (
            {"badge": "a", "expires_at": "2090-01-01T00:00:00"},
            "“expires_at” needs a time zone: end it in Z, or in +01:00 and the like.",
        ),
        (
            {"badge": "a", "expires_at": "9999-12-31T23:59:59-14:00"},
            "“expires_at”: must lie within the years 1 to 9999.",
        ),
        ({"badge": "a", "expire_at": "2090-01-01T00:00:00Z"}, "There is no field “expire_at” here."),
    ],
)
def test_what_makes_no_link_is_told_so(maria: Program, sent: dict, says: str) -> None:
    answer = maria.post(SHARES, json=sent)
    assert (answer.status_code, answer.json()["detail"]) == (422, says)


@pytest.mark.parametrize("id", ["unknown", "\u202e", "a b\0"])
def test_an_id_that_cannot_be_is_simply_absent(maria: Program, id: str) -> None:
    assert maria.post(SHARES, json={"badge": id}).status_code == 404

"""oEmbed: other sites learn how to show a public page, and nothing about any other."""

import pytest
from starlette.testclient import TestClient

from backpack.demo.shapes import Issued
from tests.web.api.conftest import Program


@pytest.fixture
def shown(maria: Program, badge: Issued) -> str:
    """The address of a public badge."""
    return str(maria.post("/api/v1/shares", json={"badge": maria.bring(badge)}).json()["url"])


def test_a_public_badge_can_be_embedded(anyone: TestClient, shown: str) -> None:
    answer = anyone.get("/oembed", params={"url": shown})
    told = answer.json()
    assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", "Open Science Foundations")
    assert f'src="{shown}/embed"' in told["html"]
    assert told["thumbnail_url"] == f"{shown}/card.png"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_public_collection_can_be_embedded(maria: Program, anyone: TestClient, badge: Issued) -> None:
    made = maria.post(
        "/api/v1/collections", json={"title": "\u202eAll", "badges": [{"badge": maria.bring(badge)}]}
    ).json()
    url = maria.post("/api/v1/shares", json={"collection": made["id"]}).json()["url"]
    assert anyone.get("/oembed", params={"url": url}).json()["title"] == "All"


def test_an_embed_fits_the_room_there_is(anyone: TestClient, shown: str) -> None:
    told = anyone.get("/oembed", params={"url": shown, "maxwidth": 200, "maxheight": 5000}).json()
    assert told["width"] == 200
    assert told["height"] < 5000
    assert 'width="200"' in told["html"]


@pytest.mark.parametrize("change", ["/", "?from=feed", "#top"])
def test_decoration_of_an_address_does_not_matter(anyone: TestClient, shown: str, change: str) -> None:
    assert anyone.get("/oembed", params={"url": shown + change}).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/b/n2cJ8vT5qL0xY7bR3mWk9ZsE",
        "{base}/b/n2cJ8vT5qL0xY7bR3mWk9ZsE",
        "{base}/badges",
        "{base}.evil.example/b/n2cJ8vT5qL0xY7bR3mWk9ZsE",
        "{base}/b/",
        "x",
        "{base}/b/%00",
    ],
)
def test_any_other_address_has_no_answer(anyone: TestClient, url: str) -> None:
    answer = anyone.get("/oembed", params={"url": url.format(base=anyone.base_url)})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_badge_is_not_embedded_as_a_collection(anyone: TestClient, shown: str) -> None:
    assert anyone.get("/oembed", params={"url": shown.replace("/b/", "/c/")}).status_code == 404


def test_there_is_no_xml(anyone: TestClient, shown: str) -> None:
    answer = anyone.get("/oembed", params={"url": shown, "format": "xml"})
    assert (answer.status_code, answer.json()["detail"]) == (501, "There is only JSON here.")


def test_a_title_cannot_break_out_of_the_embed_code() -> None:
    from web.embedding import embed_html

    assert "<script>" not in embed_html("https://x.example/b/y", '"><script>alert(1)</script>', "badge")

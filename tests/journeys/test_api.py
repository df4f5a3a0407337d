"""A program's journey with a running server: token, badge, collection, share, and what a stranger then sees."""

import threading
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from pytest_httpserver import HTTPServer

from tests.issuing import award, issuer, renamed
from tests.serving import Server


@pytest.fixture
def email() -> str:
    """An earner nobody else is."""
    return f"maria-{uuid4().hex[:12]}@backpack.example"


@pytest.fixture
def program(live_server: Server, email: str) -> Iterator[httpx.Client]:
    """A program with a token of its own earner."""
    headers = {"authorization": f"Bearer {live_server.token(email)}"}
    with httpx.Client(base_url=f"{live_server.base_url}/api/v1", headers=headers, timeout=60) as client:
        yield client


def test_from_a_baked_picture_to_a_public_page(
    program: httpx.Client, live_server: Server, email: str
) -> None:
    badge = issuer().ob3(award(recipient=email))
    brought = program.post("/badges?wait=30", files={"file": ("robot.png", badge.data)})
    assert (brought.status_code, brought.json()["state"], brought.json()["problem"]) == (201, "done", None)
    (there,) = brought.json()["badges"]
    told = program.get(f"/badges/{there}").json()
    assert (told["verdict"], told["mine"]) == ("verified", True)
    assert program.get(f"/badges/{there}/original").content == badge.data

    made = program.post("/collections", json={"title": "Science"}).json()["id"]
    placed = program.put(f"/collections/{made}/badges", json=[{"badge": there, "remark": "Look!"}])
    assert placed.json()["count"] == 1
    share = program.post("/shares", json={"collection": made, "audience": "world"}).json()

    page = httpx.get(share["url"])
    assert "Open Science Foundations" in page.text
    public = httpx.get(f"{share['url']}.json").json()
    assert [(one["name"], one["verdict"], one["remark"]) for one in public["badges"]] == [
        ("Open Science Foundations", "verified", "Look!")
    ]
    assert email not in page.text
    program.delete(f"/shares/{share['id']}")
    assert httpx.get(share["url"]).status_code == 404


def test_waiting_ends_with_the_checks_and_not_with_the_time(program: httpx.Client, email: str) -> None:
    badge = issuer().ob3_jwt(award(recipient=email), carrier="bare")
    told = program.post("/badges?wait=30", json={"text": badge.text}).json()
    assert told["state"] == "done"
    assert program.get(f"/badges/{told['badges'][0]}").json()["verdict"] is not None


def test_a_link_to_a_badge_becomes_the_badge(
    program: httpx.Client, httpserver: HTTPServer, email: str
) -> None:
    badge = issuer().ob3(award(recipient=email), carrier="bare")
    httpserver.expect_request("/badge.json").respond_with_data(badge.text, content_type="application/json")
    url = httpserver.url_for("/badge.json").replace("localhost", "127.0.0.1")
    told = program.post("/badges?wait=30", json={"url": url}).json()
    assert (told["source"], told["origin"], told["state"], told["problem"]) == ("link", url, "done", None)
    assert program.get(f"/badges/{told['badges'][0]}").json()["verdict"] == "verified"


def test_a_link_that_leads_into_the_house_is_not_followed(program: httpx.Client) -> None:
    told = program.post("/badges?wait=30", json={"url": "http://10.0.0.1/badge.json"}).json()
    assert (told["state"], told["badges"]) == ("failed", [])
    assert told["problem"].endswith(".")


def test_the_same_badge_again_is_answered_with_the_one_that_is_there(
    program: httpx.Client, email: str
) -> None:
    badge = issuer().ob3(award(recipient=email))
    first = program.post("/badges?wait=30", files={"file": ("a.png", badge.data)})
    again = program.post("/badges?wait=30", json={"text": badge.text})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["badges"] == first.json()["badges"]


def test_a_forgery_is_kept_and_explained(program: httpx.Client, email: str) -> None:
    forged = renamed(issuer().ob3(award(recipient=email)))
    (there,) = program.post("/badges?wait=30", files={"file": ("a.png", forged.data)}).json()["badges"]
    report = program.get(f"/badges/{there}/report").json()
    assert (report["valid"], report["verdict"]) == (False, "invalid")


def test_what_is_no_badge_fails_with_a_sentence(program: httpx.Client) -> None:
    told = program.post("/badges?wait=30", files={"file": ("a.txt", b"Dear diary")}).json()
    assert (told["state"], told["badges"]) == ("failed", [])
    assert told["problem"].endswith(".")


def test_a_check_that_is_waited_for_has_ended(program: httpx.Client, email: str) -> None:
    badge = issuer().ob3(award(recipient=email))
    (there,) = program.post("/badges?wait=30", files={"file": ("a.png", badge.data)}).json()["badges"]
    before = program.get(f"/badges/{there}").json()["checked_at"]
    assert program.post(f"/badges/{there}/check?wait=30").json()["checked_at"] > before
    assert len(program.get(f"/badges/{there}/history").json()["reports"]) == 2


def test_a_file_of_two_hundred_megabytes_is_refused_in_a_sentence(program: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        for _ in range(200):
            yield bytes(1024 * 1024)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = program.post("/badges", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (413, "This is more than 100 MB.")


def test_sixty_who_wait_at_once_do_not_use_up_the_connections_to_the_database(
    program: httpx.Client, email: str
) -> None:
    badges = [issuer().ob3(award(recipient=email, name=f"Badge {number}")) for number in range(60)]
    answers: list[int] = []

    def bring(data: bytes) -> None:
        answers.append(program.post("/badges?wait=30", files={"file": ("a.png", data)}).status_code)

    waiting = [threading.Thread(target=bring, args=(badge.data,)) for badge in badges]
    for thread in waiting:
        thread.start()
    assert program.get("/badges").status_code == 200
    for thread in waiting:
        thread.join()
    assert answers == [201] * len(badges)
    assert program.get("/badges?limit=1").json()["total"] == len(badges)

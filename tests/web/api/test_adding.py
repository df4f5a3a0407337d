"""Bringing badges in by the API."""

import pytest

from backpack.demo.shapes import Issued
from tests.archives import zipped
from tests.issuing import award, issuer, renamed
from tests.web.api.conftest import Program

BADGES = "/api/v1/badges"


def test_a_file_is_acknowledged_before_it_is_read(maria: Program, badge: Issued) -> None:
    answer = maria.post(BADGES, files={"file": ("robot.png", badge.data)})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["state"], told["badges"], told["problem"]) == ("waiting", [], None)
    assert (told["source"], told["origin"]) == ("file", "robot.png")


def test_a_baked_picture_becomes_a_verified_badge(maria: Program, badge: Issued) -> None:
    told = maria.get(f"{BADGES}/{maria.bring(badge)}").json()
    assert (told["verdict"], told["mine"], told["version"]) == ("verified", True, "3.0")


def test_an_archive_is_acknowledged_and_its_files_are_counted(maria: Program, badge: Issued) -> None:
    files = {"file": ("all.zip", zipped({"a.json": badge.text.encode(), "notes.txt": b"milk"}))}
    sent = maria.post(BADGES, files=files)
    assert (sent.status_code, sent.json()["state"]) == (201, "waiting")
    maria.work()
    told = maria.get(f"/api/v1/arrivals/{sent.json()['arrival']}").json()
    assert told["children"] == {"total": 2, "waiting": 0, "stopped": 0, "done": 1, "failed": 1}
    assert maria.get(BADGES).json()["total"] == 1


def test_the_text_of_a_badge_becomes_a_badge(maria: Program, badge: Issued) -> None:
    arrival = maria.post(BADGES, json={"text": badge.text}).json()["arrival"]
    maria.work()
    told = maria.get(f"/api/v1/arrivals/{arrival}").json()
    assert told["state"] == "done"
    assert maria.get(f"{BADGES}/{told['badges'][0]}").json()["verdict"] == "verified"


def test_the_same_file_again_is_the_same_badge(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    again = maria.post(BADGES, files={"file": ("again.png", badge.data)})
    assert (again.status_code, again.json()["badges"]) == (200, [there])
    maria.work()
    assert maria.get(BADGES).json()["total"] == 1


def test_what_another_earner_has_is_new_to_this_one(maria: Program, stranger: Program, badge: Issued) -> None:
    maria.bring(badge)
    assert stranger.post(BADGES, files={"file": ("mine.png", badge.data)}).status_code == 201


def test_a_deleted_badge_that_is_brought_in_again_is_new(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    maria.delete(f"{BADGES}/{there}")
    assert maria.post(BADGES, files={"file": ("again.png", badge.data)}).status_code == 201
    maria.work()
    assert maria.get(f"{BADGES}/{there}").status_code == 200


def test_a_forged_badge_is_kept_and_explained(maria: Program, badge: Issued) -> None:
    told = maria.get(f"{BADGES}/{maria.bring(renamed(badge))}").json()
    assert told["verdict"] == "invalid"
    assert next(check for check in told["report"]["checks"] if check["outcome"] == "failed")["message"]


def test_a_badge_of_somebody_else_is_kept_and_not_called_mine(stranger: Program, badge: Issued) -> None:
    told = stranger.get(f"{BADGES}/{stranger.bring(badge)}").json()
    assert (told["verdict"], told["mine"]) == ("wrong_recipient", False)


def test_an_expired_badge_is_still_mine(maria: Program) -> None:
    expired = issuer().ob3(award(expires_at=award().issued_at.replace(month=4)))
    told = maria.get(f"{BADGES}/{maria.bring(expired)}").json()
    assert (told["verdict"], told["mine"]) == ("expired", True)


def test_a_picture_without_a_badge_says_so_on_the_arrival(maria: Program) -> None:
    arrival = maria.post(BADGES, files={"file": ("holiday.txt", b"just a text")}).json()["arrival"]
    maria.work()
    told = maria.get(f"/api/v1/arrivals/{arrival}").json()
    assert (told["state"], told["badges"]) == ("failed", [])
    assert told["problem"]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"json": {}}, "It takes exactly one of “url” and “text”."),
        ({"json": {"url": "https://a.example", "text": "x"}}, "It takes exactly one of “url” and “text”."),
        ({"json": {"url": "https://a.example", "owner_id": 1}}, "There is no field “owner_id” here."),
        ({"json": {"url": 5}}, "“url” must be text."),
        ({"json": {"text": "a\0b"}}, "“text”: must not contain the character NUL."),
        ({"json": []}, "The body must be an object."),
        ({"content": b"{", "headers": {"content-type": "application/json"}}, "The body is not JSON."),
        (
            {"content": b"x", "headers": {"content-type": "image/png"}},
            "This is neither a form with a file nor JSON.",
        ),
        ({"content": b""}, "This is neither a form with a file nor JSON."),
        ({"files": {"picture": ("a.png", b"x")}}, "The form has a field that we do not know."),
        (
            {"files": {"file": ("a.png", b"x")}, "data": {"public": "1"}},
            "The form has a field that we do not know.",
        ),
        ({"data": {"file": "x"}, "files": {}}, "This is neither a form with a file nor JSON."),
        ({"files": {"file": ("empty.png", b"")}}, "There is nothing in it."),
        ({"json": {"text": "   "}}, "There is nothing in it."),
    ],
)
def test_what_cannot_be_understood_is_told_in_a_sentence(maria: Program, sent: dict, says: str) -> None:
    answer = maria.post(BADGES, **sent)
    assert (answer.status_code, answer.json()["detail"]) == (422, says)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_broken_form_is_told_in_a_sentence(maria: Program) -> None:
    broken = {"content-type": "multipart/form-data; boundary=x"}
    answer = maria.post(BADGES, content=b"--y\r\nnot a form", headers=broken)
    assert (answer.status_code, answer.json()["code"]) == (422, "unfit")


@pytest.mark.parametrize("size", [8 * 1024 * 1024 + 1, 20 * 1024 * 1024])
def test_a_file_that_is_too_large_is_refused(maria: Program, size: int) -> None:
    answer = maria.post(BADGES, files={"file": ("large.png", b"\x89PNG" + bytes(size))})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_text_that_is_too_large_is_refused(maria: Program) -> None:
    assert maria.post(BADGES, json={"text": "x" * 70_000}).status_code == 413


def test_nothing_of_a_refused_file_is_kept(maria: Program) -> None:
    maria.post(BADGES, files={"file": ("large.png", bytes(9 * 1024 * 1024))})
    assert maria.get(BADGES).json()["total"] == 0
    assert not list((maria.settings.data_dir / "blobs").glob("*/*"))


def test_nobody_waits_longer_than_they_asked(maria: Program, badge: Issued) -> None:
    told = maria.post(f"{BADGES}?wait=0.3", files={"file": ("robot.png", badge.data)}).json()
    assert told["state"] == "waiting"


def test_a_wait_must_not_be_negative(maria: Program, badge: Issued) -> None:
    answer = maria.post(f"{BADGES}?wait=-1", files={"file": ("robot.png", badge.data)})
    assert (answer.status_code, answer.json()["detail"]) == (422, "“wait” must be at least 0.")


def test_who_brings_in_thousands_an_hour_is_asked_to_wait(
    maria: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backpack.services.importing.ARRIVALS_AN_HOUR", 2)
    answers = [maria.post(BADGES, json={"text": f"text {number}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 3600

"""The verification bundle as a program fetches it."""

import io
import json
import zipfile

from starlette.testclient import TestClient

from backpack.demo.shapes import Issued
from tests.web.api.conftest import Program

BADGES = "/api/v1/badges"


def test_a_badge_is_fetched_with_all_that_is_needed_to_check_it(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    answer = maria.get(f"{BADGES}/{there}/bundle")
    assert answer.headers["content-type"] == "application/zip"
    name = "open-science-foundations-bundle.zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read("open-science-foundations.png") == badge.data
        assert json.loads(archive.read("report.json")) == maria.get(f"{BADGES}/{there}/report").json()


def test_before_the_first_check_there_is_none(maria: Program, badge: Issued) -> None:
    arrival = maria.post(BADGES, files={"file": ("badge.png", badge.data)}).json()
    assert arrival["badges"] == []
    answer = maria.get(f"{BADGES}/unknown/bundle")
    assert (answer.status_code, answer.json()["code"]) == (404, "missing")


def test_it_is_for_the_owner_alone(
    maria: Program, stranger: Program, anyone: TestClient, badge: Issued
) -> None:
    there = maria.bring(badge)
    assert stranger.get(f"{BADGES}/{there}/bundle").status_code == 404
    assert anyone.get(f"{BADGES}/{there}/bundle").status_code == 401

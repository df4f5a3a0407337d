"""Looking at badges, ordering, downloading and checking them by the API."""

from datetime import UTC, datetime

import pytest

from backpack.demo.shapes import Issued
from backpack.services.organising import SORTS
from backpack.verifier.report import Verdict
from tests.issuing import award, issuer
from tests.web.api.conftest import Program
from web.api.v1.badges import Sort, Status

BADGES = "/api/v1/badges"


def test_a_badge_has_the_shape_that_others_rely_on(maria: Program, badge: Issued) -> None:
    told = maria.get(f"{BADGES}/{maria.bring(badge)}").json()
    assert (told["name"], told["issuer"]) == ("Open Science Foundations", "Universidade de Montalvo")
    assert told["issued_at"] == "2025-03-14T09:00:00Z"
    assert told["expires_at"] is None
    assert told["report"]["valid"] is True
    assert told["report"]["badge"]["name"] == told["name"]


def test_a_badge_names_its_recipient_by_a_hint_only(maria: Program) -> None:
    plain = issuer().ob3(award(naming="plain"))
    assert maria.get(f"{BADGES}/{maria.bring(plain)}").json()["recipient"] == "m•••@backpack.example"


def test_a_badge_that_was_not_checked_yet_has_no_verdict_and_no_report(maria: Program) -> None:
    from backpack.services import importing
    from backpack.storage import database
    from backpack.storage.blobs import Blobs

    maria.post(BADGES, files={"file": ("a.png", issuer().ob2_hosted(award()).data)})
    with database.session(maria.settings) as db:
        (number,) = importing.due(db, datetime.now(UTC))
    importing.unpack(
        database.engine_for(maria.settings), Blobs(maria.settings), maria.settings, number, datetime.now(UTC)
    )
    (told,) = maria.get(BADGES).json()["badges"]
    assert (told["verdict"], told["mine"], told["checked_at"]) == (None, False, None)
    assert maria.get(f"{BADGES}/{told['id']}").json()["report"] is None
    assert maria.get(f"{BADGES}/{told['id']}/report").json()["detail"] == "This badge has no report yet."


def test_the_list_tells_the_same_as_the_badge(maria: Program, badge: Issued) -> None:
    whole = maria.get(f"{BADGES}/{maria.bring(badge)}").json()
    (listed,) = maria.get(BADGES).json()["badges"]
    assert {**listed, "report": whole["report"]} == whole


def test_pages_follow_one_another_without_gap_or_repetition(maria: Program) -> None:
    brought = [maria.bring(issuer().ob3(award(name=f"Badge {number}"))) for number in range(3)]
    first = maria.get(f"{BADGES}?limit=2&sort=oldest").json()
    second = maria.get(f"{BADGES}?limit=2&sort=oldest&cursor={first['next']}").json()
    assert [one["id"] for one in first["badges"] + second["badges"]] == brought
    assert (first["total"], second["next"]) == (3, None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=science", 1),
        ("q=SCIENCE%20montalvo", 1),
        ("q=astronomy", 0),
        ("status=verified", 1),
        ("status=invalid", 0),
        ("issuer=Universidade%20de%20Montalvo", 1),
        ("issuer=Nobody", 0),
        ("tag=work", 1),
        ("tag=play", 0),
        ("collection=unknown", 0),
        ("status=hidden", 0),
    ],
)
def test_badges_are_found_by_what_is_asked(maria: Program, badge: Issued, query: str, found: int) -> None:
    maria.patch(f"{BADGES}/{maria.bring(badge)}", json={"tags": ["work"]})
    assert maria.get(f"{BADGES}?{query}").json()["total"] == found


@pytest.mark.parametrize(
    "query", ["sort=best", "status=nice", "limit=0", "limit=201", "q=%00", "collection=a%00", "cursor=%00"]
)
def test_a_question_that_makes_no_sense_is_told_so(maria: Program, query: str) -> None:
    assert maria.get(f"{BADGES}?{query}").status_code == 422


@pytest.mark.parametrize("path", ["?q=%00", "?issuer=a%00b", "/%00", "/%ff", "/..%2f..", "/%E2%80%AE/report"])
def test_what_no_database_keeps_never_reaches_it(maria: Program, path: str) -> None:
    assert maria.get(f"{BADGES}{path}").status_code in (404, 422)


@pytest.mark.parametrize(
    ("address", "methods"),
    [
        ("/badges", "GET, HEAD, POST"),
        ("/badges/any", "GET, HEAD, PATCH, DELETE"),
        ("/collections/any", "GET, HEAD, PATCH, DELETE"),
        ("/collections/any/badges", "PUT"),
    ],
)
def test_whoever_asks_in_a_way_that_is_none_hears_every_way_there_is(
    maria: Program, address: str, methods: str
) -> None:
    answer = maria.options(f"/api/v1{address}")
    assert (answer.status_code, answer.headers["allow"]) == (405, methods)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_change_that_is_not_announced_as_json_is_told_how(maria: Program, badge: Issued, kind: str) -> None:
    there = maria.bring(badge)
    refused = maria.patch(
        f"{BADGES}/{there}", content='{"note": "x"}', headers={"content-type": kind} if kind else {}
    )
    assert refused.status_code == 422
    assert "Content-Type: application/json" in refused.json()["detail"]


@pytest.mark.parametrize("query", ["cursor=unknown", "cursor=%27%3B--"])
def test_an_unknown_cursor_leads_nowhere(maria: Program, badge: Issued, query: str) -> None:
    maria.bring(badge)
    assert maria.get(f"{BADGES}?{query}").json()["badges"] == []


def test_every_order_and_every_verdict_may_be_asked_for() -> None:
    assert set(Sort.__args__) == set(SORTS)
    assert {*Verdict} - {"not_a_badge"} <= set(Status.__args__)


def test_note_and_tags_are_kept(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    told = maria.patch(f"{BADGES}/{there}", json={"note": "Mine!", "tags": ["work", "2025"]}).json()
    assert (told["note"], told["tags"]) == ("Mine!", ["work", "2025"])
    assert maria.patch(f"{BADGES}/{there}", json={}).json() == told


@pytest.mark.parametrize("change", ['{"note": "\\ud800"}', '{"tags": ["\\udfff"]}'])
def test_half_a_character_is_told_to_be_none(maria: Program, badge: Issued, change: str) -> None:
    there = f"{BADGES}/{maria.bring(badge)}"
    answer = maria.patch(there, content=change, headers={"content-type": "application/json"})
    assert (answer.status_code, "half a character" in answer.json()["detail"]) == (422, True)


def test_a_hidden_badge_leaves_the_list_and_comes_back(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    assert maria.patch(f"{BADGES}/{there}", json={"hidden": True}).json()["hidden"] is True
    assert maria.get(BADGES).json()["total"] == 0
    assert maria.get(f"{BADGES}?status=hidden").json()["total"] == 1
    assert maria.patch(f"{BADGES}/{there}", json={"hidden": False}).json()["hidden"] is False
    assert maria.get(BADGES).json()["total"] == 1


@pytest.mark.parametrize("change", ["verdict", "owner_id", "name"])
def test_what_a_badge_says_cannot_be_changed(maria: Program, badge: Issued, change: str) -> None:
    answer = maria.patch(f"{BADGES}/{maria.bring(badge)}", json={change: "verified"})
    assert (answer.status_code, answer.json()["detail"]) == (422, f"There is no field “{change}” here.")


def test_a_deleted_badge_is_gone_at_once(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    assert maria.delete(f"{BADGES}/{there}").status_code == 204
    assert maria.get(f"{BADGES}/{there}").status_code == 404
    assert maria.get(BADGES).json()["total"] == 0


def test_the_original_comes_back_byte_for_byte(maria: Program, badge: Issued) -> None:
    answer = maria.get(f"{BADGES}/{maria.bring(badge)}/original")
    assert answer.content == badge.data
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == 'attachment; filename="open-science-foundations.png"'
    assert "sandbox" in answer.headers["content-security-policy"]


def test_the_picture_has_no_badge_in_it(maria: Program, badge: Issued) -> None:
    url = maria.get(f"{BADGES}/{maria.bring(badge)}").json()["image_url"]
    answer = maria.get(url)
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert b"openbadge" not in answer.content


def test_a_badge_without_a_picture_has_no_address_for_one(maria: Program) -> None:
    there = maria.bring(issuer().ob3(award(picture="none"), carrier="bare"), "badge.json")
    assert maria.get(f"{BADGES}/{there}").json()["image_url"] is None
    assert maria.get(f"{BADGES}/{there}/image").status_code == 404


def test_the_report_is_what_the_command_line_prints(maria: Program, badge: Issued) -> None:
    report = maria.get(f"{BADGES}/{maria.bring(badge)}/report").json()
    assert {"valid", "verdict", "version", "carrier", "checks", "badge", "documents", "at"} <= set(report)
    assert {"structure", "proof", "issuer", "recipient", "dates"} <= {
        check["id"] for check in report["checks"]
    }


def test_a_check_adds_a_report_and_keeps_the_one_before(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    first = maria.get(f"{BADGES}/{there}/report").json()
    assert maria.post(f"{BADGES}/{there}/check").status_code == 202
    maria.work()
    newest, oldest = maria.get(f"{BADGES}/{there}/history").json()["reports"]
    assert oldest == first
    assert newest["at"] > oldest["at"]


def test_who_asks_for_thousands_of_checks_is_asked_to_wait(
    maria: Program, badge: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.api.limits.CHECKS", 1)
    there = maria.bring(badge)
    answers = [maria.post(f"{BADGES}/{there}/check") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 429]

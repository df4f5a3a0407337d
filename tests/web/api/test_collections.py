"""Collections by the API."""

import pytest

from backpack.demo.shapes import Issued
from tests.issuing import award, issuer
from tests.web.api.conftest import Program

COLLECTIONS = "/api/v1/collections"


def test_a_collection_is_made_with_its_badges(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    sent = {"title": "Science", "intro": "All of it.", "badges": [{"badge": there, "remark": "First!"}]}
    answer = maria.post(COLLECTIONS, json=sent)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["title"], told["intro"], told["count"]) == ("Science", "All of it.", 1)
    assert told["badges"][0] == {
        "badge": there,
        "remark": "First!",
        "name": "Open Science Foundations",
        "issuer": "Universidade de Montalvo",
        "verdict": "verified",
    }
    assert maria.get(f"{COLLECTIONS}/{told['id']}").json() == told


def test_badges_stand_in_the_order_they_were_put(maria: Program) -> None:
    first, second = (maria.bring(issuer().ob3(award(name=name))) for name in ("One", "Two"))
    made = maria.post(COLLECTIONS, json={"title": "Both"}).json()["id"]
    told = maria.put(
        f"{COLLECTIONS}/{made}/badges", json=[{"badge": second}, {"badge": first, "remark": "x"}]
    )
    assert [(one["badge"], one["remark"]) for one in told.json()["badges"]] == [(second, ""), (first, "x")]
    told = maria.put(f"{COLLECTIONS}/{made}/badges", json=[{"badge": first}])
    assert [(one["badge"], one["remark"]) for one in told.json()["badges"]] == [(first, "")]


def test_collections_are_listed_and_filter_badges(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    made = maria.post(COLLECTIONS, json={"title": "Science", "badges": [{"badge": there}]}).json()
    (listed,) = maria.get(COLLECTIONS).json()["collections"]
    assert {**listed, "badges": made["badges"]} == made
    assert maria.get(f"/api/v1/badges?collection={made['id']}").json()["total"] == 1


def test_title_and_introduction_change(maria: Program) -> None:
    made = maria.post(COLLECTIONS, json={"title": "Old", "intro": "Stays."}).json()["id"]
    told = maria.patch(f"{COLLECTIONS}/{made}", json={"title": "New"}).json()
    assert (told["title"], told["intro"]) == ("New", "Stays.")


def test_a_deleted_collection_leaves_its_badges(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    made = maria.post(COLLECTIONS, json={"title": "Science", "badges": [{"badge": there}]}).json()["id"]
    assert maria.delete(f"{COLLECTIONS}/{made}").status_code == 204
    assert maria.get(f"{COLLECTIONS}/{made}").status_code == 404
    assert maria.get(f"/api/v1/badges/{there}").status_code == 200


def test_somebody_elses_badge_does_not_get_in(maria: Program, stranger: Program, badge: Issued) -> None:
    theirs = stranger.bring(badge)
    answer = maria.post(COLLECTIONS, json={"title": "Stolen", "badges": [{"badge": theirs}]})
    assert answer.status_code == 404
    assert maria.get(COLLECTIONS).json()["collections"] == []


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "“title” is missing."),
        ({"title": " "}, "“title” must not be blank."),
        ({"title": "x" * 301}, "“title” is too long: at most 300."),
        ({"title": "x", "badges": [{"remark": ""}]}, "“badges”, item 1, “badge” is missing."),
        ({"title": "x", "public": True}, "There is no field “public” here."),
    ],
)
def test_what_makes_no_collection_is_told_so(maria: Program, sent: dict, says: str) -> None:
    answer = maria.post(COLLECTIONS, json=sent)
    assert (answer.status_code, answer.json()["detail"]) == (422, says)


def test_a_list_beyond_all_measure_is_refused(maria: Program) -> None:
    made = maria.post(COLLECTIONS, json={"title": "Many"}).json()["id"]
    answer = maria.put(f"{COLLECTIONS}/{made}/badges", json=[{"badge": "x", "remark": "y" * 2000}] * 1000)
    assert (answer.status_code, answer.json()["detail"]) == (413, "This text is too long.")

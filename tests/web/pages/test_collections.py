"""Collections: made, filled, put in order, remarked on."""

import html
import re

import pytest

from tests.issuing import award, issuer
from tests.web.conftest import Person

NAMES = ("Alpha", "Beta", "Gamma")
UNDO = ("remark", "position")


@pytest.fixture
def collection(maria: Person) -> str:
    """The path of a collection of Alpha, Beta and Gamma."""
    badges = maria.bring(*(issuer().ob3(award(name=name, number=at)) for at, name in enumerate(NAMES)))
    by_name = {
        re.search(r"<h1><bdi>(\w+)</bdi></h1>", maria.get(f"/badges/{each}").text)[1]: each for each in badges
    }  # type: ignore[index]
    ordered = [by_name[name] for name in NAMES]
    return str(
        maria.post("/badges/together", data={"badge": ordered, "title": "Letters"}).headers["location"]
    )


def order(maria: Person, collection: str) -> list[str]:
    return re.findall(r'<h3>\s*<a href="/badges/[\w-]{22}">(\w+)</a>', maria.get(collection).text)


def ids(maria: Person, collection: str) -> list[str]:
    return re.findall(r'name="badge"\s+value="([\w-]{22})"\s+form="arrange"', maria.get(collection).text)


def test_a_collection_is_made_with_title_and_introduction(maria: Person) -> None:
    there = maria.post("/collections", data={"title": "Research", "intro": "Three years."}).headers[
        "location"
    ]
    page = maria.get(there).text
    assert "<h1>Research</h1>" in page
    assert "Three years.</textarea>" in page
    assert "Research" in maria.get("/collections").text


def test_a_badge_in_a_public_collection_is_not_said_to_be_seen_by_its_earner_alone(
    maria: Person, collection: str
) -> None:
    page, badge = f"/share{collection}".replace("collections", "collection"), ids(maria, collection)[0]
    assert "Nowhere: only you see this badge." in maria.get(f"/badges/{badge}").text
    maria.post(page, data={"audience": "world"})
    shown = maria.get(f"/badges/{badge}").text
    assert "Nowhere: only you see this badge." not in shown
    assert f'In the collection <a href="{collection}">Letters</a>' in shown
    (close,) = re.findall(r"/shares/[\w-]{22}/close", maria.get("/shares").text)
    maria.post(close)
    assert "Nowhere: only you see this badge." in maria.get(f"/badges/{badge}").text


def test_title_and_introduction_are_changed(maria: Person, collection: str) -> None:
    answer = maria.post(collection, data={"title": "Other", "intro": "New words."})
    page = maria.get(answer.headers["location"]).text
    assert "<h1>Other</h1>" in page
    assert page.count("<b>Saved</b>") == 1


def test_a_remark_is_said_to_be_saved_beside_its_badge(maria: Person, collection: str) -> None:
    badge = ids(maria, collection)[1]
    answer = maria.post(f"{collection}/badges/{badge}/remark", data={"remark": "My second letter."})
    assert answer.headers["location"].endswith(f"#entry-{badge}")
    page = maria.get(answer.headers["location"]).text
    beside = page[page.index(f'id="entry-{badge}"') :].partition("</li>")[0]
    assert "My second letter.</textarea>" in beside
    assert page.count("<b>Saved</b>") == beside.count("<b>Saved</b>") == 1


@pytest.mark.parametrize(
    ("way", "which", "after"), [("later", 0, "Beta Alpha Gamma"), ("earlier", 2, "Alpha Gamma Beta")]
)
def test_buttons_move_a_badge_one_place(
    maria: Person, collection: str, way: str, which: int, after: str
) -> None:
    badge = ids(maria, collection)[which]
    answer = maria.post(f"{collection}/badges/{badge}/{way}")
    assert answer.headers["location"] == f"{collection}?{way}={badge}"
    assert order(maria, collection) == after.split()


def test_the_ends_cannot_be_moved_further(maria: Person, collection: str) -> None:
    page = maria.get(collection).text
    first, *_, last = ids(maria, collection)
    assert re.search(rf'id="earlier-{first}" disabled', page)
    assert re.search(rf'id="later-{last}" disabled', page)


def test_dragging_sends_the_whole_order_and_keeps_remarks(maria: Person, collection: str) -> None:
    alpha, beta, gamma = ids(maria, collection)
    maria.post(f"{collection}/badges/{alpha}/remark", data={"remark": "The first."})
    answer = maria.post(
        f"{collection}/order", data={"badge": [gamma, alpha, beta]}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 204
    assert order(maria, collection) == ["Gamma", "Alpha", "Beta"]
    assert ">The first.</textarea>" in maria.get(collection).text


def test_a_badge_is_taken_out_and_put_in_again(maria: Person, collection: str) -> None:
    beta = ids(maria, collection)[1]
    maria.post(f"{collection}/badges/{beta}/out")
    assert order(maria, collection) == ["Alpha", "Gamma"]
    maria.post(f"{collection}/badges", data={"badge": beta})
    assert order(maria, collection) == ["Alpha", "Gamma", "Beta"]


def test_a_badge_taken_out_comes_back_at_the_press_of_undo_with_its_remark(
    maria: Person, collection: str
) -> None:
    beta = ids(maria, collection)[1]
    maria.post(f"{collection}/badges/{beta}/remark", data={"remark": "For “Deck & Crew”,\nin May."})
    page = maria.post(f"{collection}/badges/{beta}/out").text
    assert "Beta taken out." in page
    back = {name: html.unescape(re.findall(rf'name="{name}" value="([^"]*)"', page)[-1]) for name in UNDO}
    maria.post(f"{collection}/badges/{beta}", data=back)
    assert order(maria, collection) == list(NAMES)
    assert "For “Deck &amp; Crew”,\nin May.</textarea>" in maria.get(collection).text


def test_a_page_that_showed_a_badge_taken_out_can_be_opened_anew(maria: Person, collection: str) -> None:
    beta = ids(maria, collection)[1]
    maria.post(f"{collection}/badges/{beta}/out")
    assert maria.get(f"{collection}/badges/{beta}/out").headers["location"] == collection


def test_a_collection_goes_only_after_a_word_on_what_that_takes_away(maria: Person, collection: str) -> None:
    page = maria.get(collection).text
    asked = re.search(r'<details class="for-good">(.*?)</details>', page, re.DOTALL)
    assert asked
    assert f'action="{collection}/delete"' in asked[1]
    assert "gone for good" in asked[1]
    assert page.count("/delete") == 1


def test_deleting_a_collection_leaves_its_badges(maria: Person, collection: str) -> None:
    assert maria.post(f"{collection}/delete").headers["location"] == "/collections"
    assert maria.get(collection).status_code == 404
    assert 'Your badges <span class="quiet">3</span>' in maria.get("/badges").text

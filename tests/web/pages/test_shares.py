"""Sharing: who may see it, what LinkedIn will be told, and closing it."""

import html
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from backpack.demo.shapes import Issued
from backpack.storage import database
from backpack.storage.tables import Share
from tests.issuing import award, issuer, renamed
from tests.web.conftest import Person, Visitor


@pytest.fixture
def badge_id(maria: Person) -> str:
    facts = award(expires_at=datetime(2029, 3, 1, 0, 30, tzinfo=UTC), name="Data & Stewardship, Level 2")
    return maria.bring(issuer().ob3(facts))[0]


def test_nothing_is_shared_until_someone_presses(maria: Person, badge_id: str) -> None:
    page = maria.get(f"/share/badge/{badge_id}").text
    assert "Make the link" in page
    assert "LinkedIn" not in page
    assert "Nothing is shared" in maria.get("/shares").text


def test_linkedin_is_told_every_field_and_the_page_shows_them(maria: Person, badge_id: str) -> None:
    link = maria.share(badge_id)
    page = maria.get(f"/share/badge/{badge_id}").text
    found = re.search(r'href="(https://www\.linkedin\.com/profile/add[^"]+)"', page)
    assert found
    sent = {name: values[0] for name, values in parse_qs(urlsplit(html.unescape(found[1])).query).items()}
    assert sent["name"] == "Data & Stewardship, Level 2"
    assert sent["organizationName"] == "Universidade de Montalvo"
    assert (sent["issueYear"], sent["issueMonth"]) == ("2025", "3")
    assert (sent["expirationYear"], sent["expirationMonth"]) == ("2029", "3")
    assert sent["certUrl"] == f"http://127.0.0.1:8000{link}"
    for shown in ("March 2025", "March 2029", "Data &amp; Stewardship, Level 2", sent["certUrl"]):
        assert shown in page


def test_the_other_targets_are_plain_links(maria: Person, badge_id: str) -> None:
    maria.share(badge_id)
    page = maria.get(f"/share/badge/{badge_id}").text
    targets = re.findall(
        r'<a href="((?:https|mailto):[^"]+)"\s+target="_blank"\s+rel="noopener noreferrer">(\w[\w-]*)</a>',
        page,
    )
    assert {"Bluesky", "Facebook", "X", "E-mail"} <= {label for _, label in targets}
    assert "<iframe" not in page


def test_only_you_closes_the_link(maria: Person, anyone: Visitor, badge_id: str) -> None:
    link = maria.share(badge_id)
    terms = re.search(r'action="(/shares/[\w-]{22})"', maria.get(f"/share/badge/{badge_id}").text)
    assert terms
    answer = maria.post(terms[1], data={"audience": "nobody", "back": f"/share/badge/{badge_id}"})
    assert answer.headers["location"] == f"/share/badge/{badge_id}?done=closed"
    assert "The link is closed." in maria.get(answer.headers["location"]).text
    assert anyone.get(link).status_code == 404


def test_the_terms_of_a_link_are_summed_up_where_they_are_changed(maria: Person, badge_id: str) -> None:
    maria.share(badge_id, shows_name="", expires_at="2126-12-31")
    page = re.sub(r"<time[^>]*>|</time>", "", maria.get(f"/share/badge/{badge_id}").text)
    assert "Shows the evidence. Ends on 31 December 2126." in page


def test_who_has_chosen_no_name_is_not_told_that_it_is_shown(maria: Person, badge_id: str) -> None:
    maria.share(badge_id)
    assert "Shows the evidence. No end." in maria.get(f"/share/badge/{badge_id}").text
    maria.post("/settings/profile", data={"name": "Maria Silva"})
    assert "Shows your name and the evidence. No end." in maria.get(f"/share/badge/{badge_id}").text


@pytest.mark.parametrize(("audience", "says"), [("link", "Anyone with the link"), ("world", "Everyone")])
def test_the_page_of_a_badge_says_who_can_see_its_link(
    maria: Person, badge_id: str, audience: str, says: str
) -> None:
    maria.share(badge_id, audience=audience)
    assert says in maria.get(f"/badges/{badge_id}").text


def test_changing_who_may_see_it_keeps_the_address(maria: Person, anyone: Visitor, badge_id: str) -> None:
    link = maria.share(badge_id)
    terms = re.search(r'action="(/shares/[\w-]{22})"', maria.get(f"/share/badge/{badge_id}").text)
    assert terms
    maria.post(terms[1], data={"audience": "world", "shows_name": "1"})
    assert anyone.get(link).headers["x-robots-tag"] == "all"


def test_a_named_link_has_an_address_of_its_own(maria: Person, anyone: Visitor, badge_id: str) -> None:
    maria.share(badge_id)
    there = f"/share/badge/{badge_id}"
    maria.post(there, data={"label": "Recruiting", "expires_at": "2126-12-31"})
    assert len(maria.links(there)) == 2
    page = re.sub(r"<time[^>]*>|</time>", "", maria.get(there).text)
    assert "Recruiting" in page
    assert "Ends on 31 December 2126" in page


def test_the_list_of_links_says_what_each_shows_and_leads_to_where_that_is_changed(
    maria: Person, badge_id: str
) -> None:
    maria.post(f"/share/badge/{badge_id}", data={"label": "Recruiting", "expires_at": "2126-12-31"})
    listed = re.sub(r"<time[^>]*>|</time>", "", maria.get("/shares").text)
    assert "Shows neither your name nor the evidence. Ends on 31 December 2126." in listed
    change = re.search(r'href="(/shares/[\w-]{22})">Change', listed)
    assert change
    assert 'value="2126-12-31"' in maria.get(change[1]).text
    sent = {"audience": "world", "shows_evidence": "1", "back": change[1]}
    saved = maria.get(maria.post(change[1], data=sent).headers["location"]).text
    assert "<b>Saved</b>" in saved
    assert "Everyone, since" in maria.get("/shares").text
    assert "Shows the evidence. No end." in maria.get("/shares").text


def test_a_link_whose_time_is_over_opens_again_with_a_later_end(
    maria: Person, anyone: Visitor, badge_id: str
) -> None:
    link = maria.share(badge_id, expires_at="2126-12-31")
    with database.session(maria.settings) as db:
        db.exec(select(Share)).one().expires_at = datetime(2026, 1, 1, tzinfo=UTC)
        db.commit()
    change = re.search(r'href="(/shares/[\w-]{22})">Change', maria.get("/shares").text)
    assert change
    assert "Its time is over." in maria.get(change[1]).text
    maria.post(change[1], data={"audience": "link", "expires_at": "2127-01-01"})
    assert anyone.get(link).status_code == 200


def test_a_closed_link_has_no_terms_left_to_change(maria: Person, badge_id: str) -> None:
    maria.share(badge_id)
    close = re.search(r"(/shares/[\w-]{22})/close", maria.get("/shares").text)
    assert close
    maria.post(close[0])
    assert "Change" not in maria.get("/shares").text
    assert "It is closed." in maria.get(close[1]).text
    assert 'name="audience"' not in maria.get(close[1]).text


@pytest.mark.parametrize("day", ["2020-01-01", "tomorrow", "2026-02-30"])
def test_an_end_that_cannot_be_is_explained(maria: Person, badge_id: str, day: str) -> None:
    answer = maria.post(f"/share/badge/{badge_id}", data={"expires_at": day})
    assert answer.status_code in (409, 422)
    assert "Nothing is shared" in maria.get("/shares").text


def test_the_code_for_paper_comes_as_svg_and_png(maria: Person, badge_id: str) -> None:
    maria.share(badge_id)
    page = maria.get(f"/share/badge/{badge_id}").text
    for address in re.findall(r'href="(/shares/[\w-]{22}/qr\.\w+)"', page):
        answer = maria.get(address)
        assert answer.status_code == 200
        assert answer.content[:4] in (b"<svg", b"\x89PNG")
    assert 'aria-label="QR code of http://127.0.0.1:8000/b/' in page


def test_all_links_are_listed_and_closed_in_one_place(maria: Person, badge_id: str) -> None:
    maria.share(badge_id)
    close = re.search(r"/shares/[\w-]{22}/close", maria.get("/shares").text)
    assert close
    page = maria.get(maria.post(close[0]).headers["location"]).text
    assert "The link is closed." in page
    assert "Nothing is shared" in page
    assert "Closed" in page


def test_a_link_to_a_deleted_badge_is_not_said_to_be_open(
    maria: Person, anyone: Visitor, badge_id: str
) -> None:
    link = maria.share(badge_id)
    (there,) = set(re.findall(r"/shares/[\w-]{22}", maria.get("/shares").text))
    maria.post(f"/badges/{badge_id}/delete")
    assert anyone.get(link).status_code == 404
    page = maria.get("/shares").text
    assert "Nothing is shared" in page
    assert "Shows nothing: its badge is deleted" in page
    assert "Change" not in page
    assert 'href="/badges?status=deleted">Bring it back</a>' in maria.get(there).text


def test_a_link_closes_only_after_a_word_on_its_address(maria: Person, badge_id: str) -> None:
    maria.share(badge_id, label="Recruiting")
    for place in ("/shares", f"/share/badge/{badge_id}", f"/badges/{badge_id}"):
        asked = re.search(r'<details class="for-good">(.*?)</details>', maria.get(place).text, re.DOTALL)
        assert asked
        assert "this address never opens again" in asked[1]
        assert re.search(r'action="/shares/[\w-]{22}/close"', asked[1])


def test_going_back_leads_nowhere_else(maria: Person, badge_id: str) -> None:
    maria.share(badge_id)
    close = re.search(r"/shares/[\w-]{22}/close", maria.get("/shares").text)
    assert close
    assert (
        maria.post(close[0], data={"back": "https://evil.example"}).headers["location"]
        == "/shares?done=closed"
    )


def test_who_shares_a_collection_knows_what_others_read_of_a_forged_badge_in_it(
    maria: Person, badge: Issued
) -> None:
    chosen = maria.bring(renamed(badge), issuer().ob3(award(name="Second")))
    sent = {"badge": chosen, "title": "Both", "action": "share"}
    page = maria.get(maria.post("/badges/together", data=sent).headers["location"]).text
    assert "Whoever opens the link reads first: “One verified, one not valid”." in page


def test_a_signature_for_mails_leads_to_the_page_and_shows_its_picture(maria: Person, badge_id: str) -> None:
    link = f"http://127.0.0.1:8000{maria.share(badge_id)}"
    page = maria.get(f"/share/badge/{badge_id}").text
    code = re.search(r'<textarea[^>]*id="signature"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert code
    table = html.unescape(code[1])
    assert f'<a href="{link}">Data &amp; Stewardship, Level 2</a><br>Universidade de Montalvo' in table
    assert f'<img src="{link}/image"' in table

"""What came by mail and waits: apart from the badges, with who sent it and what that is worth."""

import re

import pytest

from backpack.demo.shapes import Issued
from tests.issuing import MARIA, award, issuer
from tests.web.conftest import Person
from tests.web.mailing import CONFIRMATION, VOUCHED, award_mail, deliver, offer_links

BOTH = (issuer().ob3(award()), issuer("harbour.example").ob3(award(name="Coastal Pilotage", number=2)))
LINKS = ("https://montalvo.example/badges/7", "https://montalvo.example/badges/8")


def offered(page: str) -> list[str]:
    """The titles of the badges that wait."""
    return re.findall(r'<h3>\s*<a href="/badges/[\w-]{22}">(.*?)</a>', page)


def on_the_wall(page: str) -> list[str]:
    return re.findall(r'<h2>\s*<a href="/badges/[\w-]{22}">(.*?)</a>', page)


@pytest.fixture
def waiting(maria: Person) -> list[str]:
    """Two badges in one mail; their ids."""
    deliver(maria.settings, MARIA, award_mail(*BOTH), vouched=VOUCHED)
    maria.work()
    return re.findall(r'name="badge" value="([\w-]{22})"', maria.get("/badges").text)[:2]


def test_a_mailed_badge_waits_with_verdict_sender_and_what_that_proves(
    maria: Person, waiting: list[str]
) -> None:
    page = maria.get("/badges").text
    assert "New, waiting for you" in page
    assert sorted(offered(page)) == ["Coastal Pilotage", "Open Science Foundations"]
    assert page.count("<b>Verified</b>") == 2
    assert "From <b>awards@montalvo.example</b>" in page
    assert "The e-mail came through montalvo.example’s servers (signed by montalvo.example)." in page
    assert on_the_wall(page) == []


def test_without_anything_known_of_the_sender_that_is_said(maria: Person, badge: Issued) -> None:
    deliver(maria.settings, MARIA, award_mail(badge))
    maria.work()
    assert "We could not tell who sent this e-mail." in maria.get("/badges").text


def test_while_it_is_read_and_checked_the_part_asks_again(maria: Person, badge: Issued) -> None:
    deliver(maria.settings, MARIA, award_mail(badge))
    assert 'hx-get="/badges/offered" hx-trigger="every 2s"' in maria.get("/badges").text
    maria.work()
    part = maria.get("/badges/offered").text
    assert offered(part) == [badge.title]
    assert "hx-get" not in part
    assert "<html" not in part


def test_an_empty_backpack_looks_for_its_first_message_by_itself(maria: Person, badge: Issued) -> None:
    empty = maria.get("/badges").text
    assert 'hx-get="/badges/offered" hx-trigger="every 5s"' in empty
    assert '<span class="scriptless"> Load it again to see.</span>' in empty
    maria.bring(badge)
    assert "/badges/offered" not in maria.get("/badges").text


def test_all_are_accepted_at_once(maria: Person, waiting: list[str]) -> None:
    there = maria.post("/badges/chosen", data={"badge": waiting, "action": "accept"}).headers["location"]
    page = maria.get(there).text
    assert len(on_the_wall(page)) == 2
    assert "waiting for you" not in page


def test_one_is_declined_and_that_is_undone(maria: Person, waiting: list[str]) -> None:
    there = maria.post("/badges/chosen", data={"badge": waiting[:1], "action": "decline"}).headers["location"]
    page = maria.get(there).text
    assert "1 badge declined." in page
    assert len(offered(page)) == 1
    maria.post("/badges/chosen", data={"badge": waiting[:1], "action": "restore"})
    page = maria.get("/badges").text
    assert len(offered(page)) == 2
    assert on_the_wall(page) == []


def test_its_own_page_works_and_asks_above_all(maria: Person, waiting: list[str]) -> None:
    page = maria.get(f"/badges/{waiting[0]}").text
    assert page.index("Waiting for you") < page.index("Verified, and yours")
    assert f"/share/badge/{waiting[0]}" not in page
    assert maria.get(f"/badges/{waiting[0]}/original").status_code == 200
    maria.post(f"/badges/{waiting[0]}/accept")
    page = maria.get(f"/badges/{waiting[0]}").text
    assert "Waiting for you" not in page
    assert f"/share/badge/{waiting[0]}" in page


def test_declined_on_its_page_it_is_gone_with_an_undo(maria: Person, waiting: list[str]) -> None:
    there = maria.post(f"/badges/{waiting[0]}/decline").headers["location"]
    assert "1 badge declined." in maria.get(there).text
    assert maria.get(f"/badges/{waiting[0]}").status_code == 404


@pytest.mark.parametrize(
    "ask", ["/share/badge/{0}", "/badges?q=science", "/badges?status=offered", "/badges?status=verified"]
)
def test_no_other_page_shows_it(maria: Person, waiting: list[str], ask: str) -> None:
    page = maria.get(ask.format(waiting[0]), headers={"hx-request": "true"})
    assert on_the_wall(page.text) == []
    assert page.status_code in (200, 409)


def test_it_is_neither_gathered_nor_shared_with_others(maria: Person, waiting: list[str]) -> None:
    for action in ("collect", "share"):
        answer = maria.post("/badges/chosen", data={"badge": waiting, "action": action})
        assert (answer.status_code, "Accept it first." in answer.text) == (409, True)
    assert maria.post("/badges/together", data={"badge": waiting, "title": "x"}).status_code == 409
    assert maria.post(f"/share/badge/{waiting[0]}", data={"audience": "link"}).status_code == 409


def test_one_for_another_address_says_so_and_how_to_get_it(maria: Person) -> None:
    other = issuer().ob3(award(recipient="maria@old.example"))
    deliver(maria.settings, MARIA, award_mail(other))
    maria.work()
    page = maria.get("/badges").text
    assert "Not yet yours</b> awarded to another address" in page
    assert 'href="/settings/addresses?badge=' in page


def test_links_of_an_unknown_sender_are_shown_with_their_host(maria: Person) -> None:
    mail = offer_links(maria.settings, MARIA, *LINKS)
    page = maria.get("/badges").text
    assert page.count("<b>montalvo.example</b>") == 2
    assert page.count(f'action="/imports/{mail}/look"') == 3
    assert "Look at all" in page


def test_looking_at_one_leads_to_its_progress_and_leaves_the_other(maria: Person) -> None:
    mail = offer_links(maria.settings, MARIA, *LINKS)
    there = maria.post(f"/imports/{mail}/look", data={"link": LINKS[0]}).headers["location"]
    assert LINKS[0] in maria.get(there).text
    page = maria.get("/badges").text
    assert (LINKS[0] in page, LINKS[1] in page) == (False, True)


def test_put_away_a_mail_without_a_badge_is_gone(maria: Person) -> None:
    mail = offer_links(maria.settings, MARIA, *LINKS)
    there = maria.post(f"/imports/{mail}/dismiss", data={"back": "badges"}).headers["location"]
    assert there == "/badges"
    assert "waiting for you" not in maria.get(there).text


def test_the_code_that_begins_a_forwarding_is_shown(maria: Person) -> None:
    offer_links(maria.settings, MARIA, confirmation=CONFIRMATION)
    page = maria.get("/badges").text
    assert "Gmail asks whether it may forward e-mail of maria@mail.example" in page
    assert "123456789</output>" in page
    assert 'href="https://mail-settings.google.com/mail/vf-x"' in page


def test_a_senders_words_are_never_markup(maria: Person, badge: Issued) -> None:
    deliver(maria.settings, MARIA, award_mail(badge), subject="<img src=x>", **{"from": "<b onclick=x>"})
    maria.work()
    page = maria.get("/badges").text
    assert "<img src=x>" not in page
    assert "&lt;b onclick=x&gt;" in page

"""Settings: addresses, name, sign-ins, tokens, and one's own data."""

import re

import pytest
from fastapi import FastAPI

from backpack.demo.shapes import Issued
from backpack.services import joining
from backpack.storage import database
from tests.issuing import MARIA, award, issuer
from tests.web.conftest import STRANGER, Person, Visitor

OLD = "maria@old.example"


def test_an_added_address_waits_until_its_code_is_typed(maria: Person) -> None:
    maria.post("/settings/addresses", data={"email": OLD})
    page = maria.get("/settings/addresses").text
    assert "Waiting for you" in page
    code = re.search(r"\b\d{6}\b", maria.mail())
    assert code
    maria.post("/settings/addresses/confirm", data={"email": OLD, "code": code[0]})
    assert maria.get("/settings/addresses").text.count("<b>Confirmed</b>") == 2


def test_a_wrong_code_is_explained_beside_its_field(maria: Person) -> None:
    maria.post("/settings/addresses", data={"email": OLD})
    answer = maria.post("/settings/addresses/confirm", data={"email": OLD, "code": "000000"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/addresses")
    assert 'aria-invalid="true"' in maria.get("/settings/addresses").text
    assert 'aria-invalid="true"' not in maria.get("/settings/addresses").text


def test_the_link_in_the_message_confirms_after_a_press(maria: Person, anyone: Visitor) -> None:
    maria.post("/settings/addresses", data={"email": OLD})
    link = re.search(r"/confirm/\S+", maria.mail())
    assert link
    assert "Yes, it is mine" in anyone.get(link[0]).text
    assert "Waiting for you" in maria.get("/settings/addresses").text
    there = anyone.post(link[0]).headers["location"]
    assert "It is confirmed" in anyone.get(there).text


def test_what_is_no_address_is_explained_and_kept_in_its_field(maria: Person) -> None:
    answer = maria.post("/settings/addresses", data={"email": "maria.silva@montalvo"})
    assert answer.status_code == 422
    assert 'id="new-error"' in answer.text
    assert 'value="maria.silva@montalvo"' in answer.text


def test_the_last_address_stays(maria: Person) -> None:
    assert "/remove" not in maria.get("/settings/addresses").text
    with database.session(maria.settings) as db:
        (only,) = joining.addresses(db, maria.earner(db))
    assert maria.post(f"/settings/addresses/{only.public_id}/remove").status_code == 409


def test_a_confirmed_address_goes_only_after_a_word_on_what_that_takes_away(maria: Person) -> None:
    maria.post("/settings/addresses", data={"email": OLD})
    link = re.search(r"/confirm/\S+", maria.mail())
    assert link
    maria.post(link[0])
    asked = re.findall(
        r'<details class="for-good">(.*?)</details>', maria.get("/settings/addresses").text, re.S
    )
    assert len(asked) == 2
    assert all("you must be able to read its mail" in each and "/remove" in each for each in asked)


def test_a_link_that_was_used_leads_its_earner_to_how_the_address_stands(
    maria: Person, anyone: Visitor
) -> None:
    maria.post("/settings/addresses", data={"email": OLD})
    link = re.search(r"/confirm/\S+", maria.mail())
    assert link
    maria.post(link[0])
    assert anyone.get(link[0]).status_code == 403
    assert maria.get(link[0]).headers["location"] == "/settings/addresses"


def test_badges_of_an_address_become_ones_own_once_it_is_confirmed(maria: Person) -> None:
    (there,) = maria.bring(issuer().ob3(award(recipient=OLD)))
    assert "Open Science Foundations" in maria.get("/settings/addresses").text
    maria.post("/settings/addresses", data={"email": OLD})
    code = re.search(r"\b\d{6}\b", maria.mail())
    assert code
    maria.post("/settings/addresses/confirm", data={"email": OLD, "code": code[0]})
    maria.work()
    assert "Verified, and yours" in maria.get(f"/badges/{there}").text


def test_the_import_address_can_be_replaced(maria: Person) -> None:
    before = re.search(r"import\+\w+@", maria.get("/settings/mail").text)
    told = maria.get(maria.post("/settings/inbox").headers["location"]).text
    after = re.search(r"import\+\w+@", told)
    assert before
    assert after
    assert before[0] != after[0]
    assert "The old one takes nothing any more." in told


def test_what_is_done_with_mail_is_for_the_earner_to_choose(maria: Person) -> None:
    def ticked() -> list[str]:
        return re.findall(r'name="(\w+)"\s+value="1"\s+checked', maria.get("/settings/mail").text)

    assert ticked() == ["tells", "news"]
    maria.post("/settings/mail", data={"accepts": "1", "follows": "1"})
    assert ticked() == ["accepts", "follows"]
    with database.session(maria.settings) as db:
        earner = maria.earner(db)
        assert (earner.accepts_forwarded, earner.follows_links) == (True, True)
        assert (earner.hears_of_offers, earner.hears_of_news) == (False, False)


@pytest.mark.parametrize("where", ["/badges", "/imports", "/import?way=mail", "/settings/mail"])
def test_the_import_address_stands_wherever_there_is_nothing_yet(maria: Person, where: str) -> None:
    page = maria.get(where).text
    assert re.search(r'<output id="([\w-]+)"[^>]*>import\+\w+@127\.0\.0\.1</output>', page)
    assert "data-copy=" in page


def test_a_name_is_kept_and_shown_as_text(maria: Person) -> None:
    maria.post("/settings/profile", data={"name": "Maria <Silva>"})
    assert 'value="Maria &lt;Silva&gt;"' in maria.get("/settings/profile").text


def test_who_missed_a_name_while_sharing_is_led_back_there(maria: Person) -> None:
    (badge,) = maria.bring(issuer().ob3(award()))
    back = f"/share/badge/{badge}"
    assert f'href="/settings/profile?back={back}"' in maria.get(back).text
    assert f'name="back" value="{back}"' in maria.get(f"/settings/profile?back={back}").text
    sent = {"name": "Maria Silva", "back": back}
    assert maria.post("/settings/profile", data=sent).headers["location"] == back


def test_another_browser_is_signed_out_from_here(app: FastAPI, maria: Person) -> None:
    other = Person(app, maria.settings, MARIA)
    page = maria.get("/settings/signins").text
    assert page.count("in use now") == 1
    assert "(this one)" in page
    end = re.search(r"/settings/signins/[\w-]{22}/end", page)
    assert end
    maria.post(end[0])
    assert other.get("/badges").status_code == 303
    assert maria.get("/badges").status_code == 200


def test_a_token_is_shown_once_and_works_until_it_is_ended(maria: Person) -> None:
    there = maria.post("/settings/tokens", data={"label": "Platform"}).headers["location"]
    made = re.search(r"bp_[\w-]{40,}", maria.get(there).text)
    assert made
    page = maria.get("/settings/tokens").text
    assert made[0] not in page
    program = {"authorization": f"Bearer {made[0]}"}
    assert maria.get("/api/v1/badges", headers=program).status_code == 200
    end = re.search(r"/settings/tokens/[\w-]{22}/end", page)
    assert end
    maria.post(end[0])
    assert maria.get("/api/v1/badges", headers=program).status_code == 401


def test_everything_is_taken_along_as_a_zip(maria: Person, badge: Issued) -> None:
    maria.bring(badge)
    answer = maria.post("/settings/export")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.content[:2] == b"PK"


def test_a_new_name_is_said_to_be_saved(maria: Person) -> None:
    assert "Saved." not in maria.get("/settings/profile").text
    there = maria.post("/settings/profile", data={"name": "Maria Silva"}).headers["location"]
    assert "Saved." in maria.get(there).text


def test_leaving_asks_to_be_sure(maria: Person) -> None:
    answer = maria.post("/settings/leave")
    assert answer.status_code == 422
    assert "Tick the box first" in answer.text
    assert maria.get("/badges").status_code == 200


def test_whoever_leaves_is_gone_with_every_page(maria: Person, anyone: Visitor, badge: Issued) -> None:
    link = maria.share(maria.bring(badge)[0])
    assert maria.post("/settings/leave", data={"sure": "1"}).headers["location"] == "/?done=erased"
    assert "Your backpack is erased" in anyone.get("/?done=erased").text
    assert maria.get("/badges").status_code == 303
    assert anyone.get(link).status_code == 404


@pytest.mark.parametrize("section", ["addresses", "profile", "signins", "tokens", "data"])
def test_every_section_has_its_page(stranger: Person, section: str) -> None:
    assert 'aria-current="page"' in stranger.get(f"/settings/{section}").text


def test_somebody_elses_confirmed_address_stays_theirs(maria: Person, stranger: Person) -> None:
    assert maria.post("/settings/addresses", data={"email": STRANGER}).status_code in (303, 409)
    assert "Confirmed" in stranger.get("/settings/addresses").text

"""The page for employers: an answer at once, and nothing kept."""

import base64
import html
import json
import re

import pytest

from backpack.demo.shapes import Issued
from backpack.services import answering
from backpack.sources import archive
from backpack.storage import database
from tests.archives import zipped
from tests.issuing import MARIA, award, issuer, renamed
from tests.web.conftest import Visitor


def test_a_sound_badge_is_verified_for_whom_it_should_be(anyone: Visitor, badge: Issued) -> None:
    page = anyone.post("/verify", files={"file": ("b.png", badge.data)}, data={"recipient": MARIA}).text
    assert '<p class="verdict">Verified</p>' in page
    assert "Awarded to that address" in page
    assert "data:image/png;base64," in page


def test_the_answer_comes_before_the_form_for_the_next_one(anyone: Visitor, badge: Issued) -> None:
    page = anyone.post("/verify", data={"text": badge.text}).text
    assert page.index('class="verdict"') < page.index('<form class="stack no-print"')


def test_the_report_is_there_for_programs_too(anyone: Visitor, badge: Issued) -> None:
    page = anyone.post("/verify", files={"file": ("b.png", badge.data)}).text
    found = re.search(r'href="data:application/json;base64,([^"]+)"\s+download="report.json"', page)
    assert found
    report = json.loads(base64.b64decode(found[1]))
    assert (report["valid"], report["verdict"], report["version"]) == (True, "verified", "3.0")
    assert {"checks", "badge", "documents", "at"} <= report.keys()


def test_a_badge_of_someone_else_is_said_to_be(anyone: Visitor, badge: Issued) -> None:
    page = anyone.post("/verify", data={"text": badge.text, "recipient": "other@backpack.example"}).text
    assert "Genuine, but awarded to someone else" in page


def test_a_link_beside_a_file_is_not_passed_over_in_silence(anyone: Visitor, badge: Issued) -> None:
    link = "https://nobody.example/x"
    page = anyone.post("/verify", files={"file": ("b.png", badge.data)}, data={"text": link}).text
    assert '<p class="verdict">Verified</p>' in page
    assert "Only b.png was checked." in page
    assert f">{link}</textarea>" in page


def test_when_nobody_says_whose_it_should_be_that_row_is_not_checked(anyone: Visitor, badge: Issued) -> None:
    page = anyone.post("/verify", data={"text": badge.text}).text
    assert "Recipient not compared" in page
    assert '<p class="verdict">Verified</p>' in page


def test_what_the_checks_say_is_printed_as_the_rest_of_the_page_is(anyone: Visitor, badge: Issued) -> None:
    page = html.unescape(anyone.post("/verify", data={"text": badge.text}).text)
    assert "The issuer’s identifier is the very key that signed it." in page
    assert "issuer's" not in page


def test_a_forged_badge_is_not_valid(anyone: Visitor, badge: Issued) -> None:
    page = anyone.post("/verify", data={"text": renamed(badge).text}).text
    assert "Not valid: changed after it was signed" in page


def test_a_forged_badge_leads_nobody_to_whom_it_names_as_its_issuer(anyone: Visitor, badge: Issued) -> None:
    link = 'href="https://montalvo.example'
    assert link in anyone.post("/verify", data={"text": badge.text}).text
    assert link not in anyone.post("/verify", data={"text": renamed(badge).text}).text


def test_each_badge_in_an_archive_is_checked(anyone: Visitor, badge: Issued) -> None:
    files = {"a.png": badge.data, "b.json": renamed(badge).text.encode(), "notes.txt": b"Dear Sir"}
    page = anyone.post("/verify", files={"file": ("all.zip", zipped(files))}).text
    assert "One verified, one not valid" in page
    assert "1 other file in it held no badge." in page
    assert 'role="alert"' not in page.split('id="problem"')[1].split(">", 1)[1]


def test_several_badges_begin_with_a_table_that_leads_to_each_folded_answer(
    anyone: Visitor, badge: Issued
) -> None:
    files = {"a.png": badge.data, "b.json": renamed(badge).text.encode()}
    page = anyone.post("/verify", files={"file": ("all.zip", zipped(files))}).text
    table = page[page.index("<table") : page.index("</table>")]
    assert re.findall("<b>(.*?)</b>", table) == ["Verified", "Not valid"]
    assert re.findall('href="#(.*?)"', table) == re.findall('class="letter whole" id="(.*?)"', page)
    assert page.count('<details class="fold panel">') == 2


def test_of_an_archive_with_many_badges_it_is_said_that_not_all_were_checked(
    anyone: Visitor, badge: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "MOST_BADGES", 1)
    files = {"a.png": badge.data, "b.json": renamed(badge).text.encode()}
    page = anyone.post("/verify", files={"file": ("all.zip", zipped(files))}).text
    assert "only the first 1 " in page
    assert page.count('class="verdict"') == 1


def test_a_badge_behind_very_many_other_files_is_found(anyone: Visitor, badge: Issued) -> None:
    files = {f"{number}.txt": b"Dear Sir" for number in range(archive.PORTION)} | {
        badge.file_name: badge.data
    }
    page = anyone.post("/verify", files={"file": ("all.zip", zipped(files))}).text
    assert "Verified" in page
    assert "There is no badge in this archive." not in page


def test_an_archive_without_a_badge_is_said_to_be_one(anyone: Visitor) -> None:
    page = anyone.post("/verify", files={"file": ("all.zip", zipped({"notes.txt": b"Dear Sir"}))}).text
    assert "There is no badge in this archive." in page


def test_an_issuer_that_does_not_answer_leaves_it_unconfirmed(anyone: Visitor) -> None:
    hosted = issuer("silent.example").ob2_hosted(award())
    page = anyone.post("/verify", files={"file": ("b.png", hosted.data)}).text
    assert "Could not be confirmed today" in page


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "Nothing was chosen."), ("{}", "badge"), ("https://nobody.example/x", "nobody.example")],
)
def test_what_is_no_badge_is_explained(anyone: Visitor, text: str, says: str) -> None:
    page = anyone.post("/verify", data={"text": text}).text
    assert 'role="alert"' in page.split('<form class="stack no-print"')[0].split("problem")[1]
    assert says in page


def test_nobody_is_promised_that_it_is_tried_again(anyone: Visitor) -> None:
    page = anyone.post("/verify", data={"text": "https://nobody.example/x"}).text
    assert "We try again" not in page
    assert page.count("https://nobody.example/x") == 2  # in the sentence, and where it was pasted


def test_what_is_no_address_is_explained(anyone: Visitor, badge: Issued) -> None:
    answer = anyone.post("/verify", data={"text": badge.text, "recipient": "maria at home"})
    assert answer.status_code == 422


def test_nothing_is_kept(anyone: Visitor, badge: Issued) -> None:
    anyone.post("/verify", files={"file": ("b.png", badge.data)}, data={"recipient": MARIA})
    with database.session(anyone.settings) as db:
        for table in ("blob", "badge", "arrival", "document", "report"):
            count = db.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            assert count == 0, table


def test_asking_without_end_is_asked_to_wait(anyone: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "FOR_EACH_NETWORK", 1)
    anyone.post("/verify", data={"text": "{}"})
    assert anyone.post("/verify", data={"text": "{}"}).status_code == 429

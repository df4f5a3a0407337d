"""The wall of badges and each one's own page."""

import html
import json
import re
from datetime import UTC, datetime
from functools import partial

import pytest

from backpack import network
from backpack.demo.shapes import Issued
from backpack.services import organising
from backpack.verifier import Document
from backpack.verifier.credential import Alignment
from tests.issuing import answer_of, award, changed, documents, issuer, record, renamed
from tests.verifier.asking import raw
from tests.web.conftest import Person, Visitor


@pytest.fixture
def two(maria: Person) -> list[str]:
    """Two verified badges: Open Science Foundations, Coastal Pilotage."""
    return maria.bring(
        issuer().ob3(award()), issuer("harbour.example").ob3(award(name="Coastal Pilotage", number=2))
    )


def titles(page: str) -> list[str]:
    """The titles on the wall, in order."""
    return re.findall(r'<h2>\s*<a href="/badges/[\w-]{22}">(.*?)</a>', page)


def test_an_empty_backpack_teaches_one_thing(maria: Person) -> None:
    page = maria.get("/badges").text
    assert "Forward the message that came with your badge" in page
    assert re.search(r"import\+\w+@127\.0\.0\.1", page)


def test_the_wall_shows_each_badge_with_its_verdict_in_words(maria: Person, two: list[str]) -> None:
    page = maria.get("/badges").text
    assert sorted(titles(page)) == ["Coastal Pilotage", "Open Science Foundations"]
    assert page.count("<b>Verified</b>") == 2


def test_a_badge_is_not_said_to_have_been_verified_as_only_its_file_tells_of_it(
    maria: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted = issuer().ob2_hosted(award(name="First Aid"), carrier="bare")
    doctor = {**answer_of(hosted, raw(hosted)["badge"]), "id": "_:doctor", "name": "Doctor"}
    known, silent = documents(hosted), Document("", 0, problem="nobody is there")
    monkeypatch.setattr(network, "fetch_all", lambda urls, *_: [known.get(url) or silent for url in urls])
    (badge,) = maria.bring(changed(hosted, badge=doctor))
    assert "Verified, and yours" in maria.get(f"/badges/{badge}").text
    known = documents()
    maria.post(f"/badges/{badge}/check")
    maria.work()
    page = maria.get(f"/badges/{badge}").text
    assert "Could not be confirmed today" in page
    assert "Doctor" in page
    assert "We last verified it" not in page


def test_a_search_for_the_word_of_an_order_is_not_taken_for_it(maria: Person, two: list[str]) -> None:
    assert 'href="/badges?q=newest&amp;status=verified"' in maria.get("/badges?q=newest").text


@pytest.mark.parametrize("asked", ["q=pilot", "q=PILÓTAGE", "status=verified&q=coast"])
def test_the_search_finds_it(maria: Person, two: list[str], asked: str) -> None:
    assert titles(maria.get(f"/badges?{asked}").text) == ["Coastal Pilotage"]


def test_a_badge_is_found_by_the_skill_it_stands_for(maria: Person, two: list[str]) -> None:
    skill = Alignment("Chart reading", url="https://skills.example/chart-reading")
    maria.bring(issuer().ob3(award(name="Night Watch", number=3, alignments=(skill,))))
    assert titles(maria.get("/badges?q=chart+reading").text) == ["Night Watch"]


def test_a_search_without_results_shows_a_way_out(maria: Person, two: list[str]) -> None:
    page = maria.get("/badges?q=<zebra>").text
    assert "Nothing for “&lt;zebra&gt;”" in page
    assert "Show all badges" in page


def test_the_tabs_narrow_what_was_searched_and_count_that(maria: Person, two: list[str]) -> None:
    maria.bring(renamed(issuer().ob3(award(number=4)), "Open Doors"))
    page = html.unescape(maria.get("/badges?q=open&sort=title").text)
    tabs = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+) <span class="quiet">(\d+)</span>', page)
    assert [(word, count) for _, word, count in tabs] == [
        ("All", "2"),
        ("Verified", "1"),
        ("Needs a look", "1"),
        ("Shared", "0"),
    ]
    assert titles(maria.get(tabs[1][0]).text) == ["Open Science Foundations"]
    assert 'Your badges <span class="quiet">3</span>' in page


def test_what_was_chosen_before_a_search_is_still_chosen_and_in_sight(maria: Person, two: list[str]) -> None:
    page = maria.get(f"/badges?q=pilot&badge={two[0]}&badge={two[1]}").text
    assert titles(page) == ["Coastal Pilotage"]
    assert sorted(re.findall(r'value="([\w-]{22})" checked', page)) == sorted(two)
    assert "Chosen before, and still chosen" in page
    maria.post(f"/badges/{two[0]}/delete")
    assert re.findall(r'value="([\w-]{22})" checked', maria.get(f"/badges?badge={two[0]}").text) == []


def test_searching_as_one_types_gets_the_results_alone(maria: Person, two: list[str]) -> None:
    part = maria.get("/badges?q=pilot", headers={"hx-request": "true"}).text
    assert "<html" not in part
    assert titles(part) == ["Coastal Pilotage"]


def test_badges_are_sorted_by_name(maria: Person, two: list[str]) -> None:
    assert titles(maria.get("/badges?sort=title").text) == ["Coastal Pilotage", "Open Science Foundations"]


def test_a_badge_of_another_address_offers_to_confirm_it(maria: Person) -> None:
    (badge,) = maria.bring(issuer().ob3(award(recipient="maria@old-campus.example")))
    assert f'href="/settings/addresses?badge={badge}"' in maria.get(f"/badges/{badge}").text


def test_an_address_is_masked_in_the_same_way_everywhere(maria: Person) -> None:
    (badge,) = maria.bring(issuer().ob3(award(recipient="maria@old-campus.example", naming="plain")))
    for page in ("/badges", f"/badges/{badge}", "/settings/addresses"):
        assert set(re.findall(r"\w*•••@", maria.get(page).text)) == {"m•••@"}, page


def test_the_letter_says_verdict_reasons_and_facts(maria: Person, two: list[str]) -> None:
    page = maria.get(f"/badges/{two[0]}").text
    for said in (
        "Verified, and yours",
        "maria@backpack.example is one of your addresses.",
        "Not altered",
        "Criteria",
    ):
        assert said in page


def test_the_original_comes_back_byte_for_byte(maria: Person, badge: Issued) -> None:
    (there,) = maria.bring(badge)
    answer = maria.get(f"/badges/{there}/original")
    assert answer.content == badge.data
    assert answer.headers["content-disposition"] == 'attachment; filename="open-science-foundations.png"'
    assert "sandbox" in answer.headers["content-security-policy"]


def test_note_and_tags_are_kept_and_found(maria: Person, two: list[str]) -> None:
    kept = {"note": "Ask for <the> transcript.", "tags": "phd, data,,"}
    page = maria.get(maria.post(f"/badges/{two[0]}/note", data=kept).headers["location"]).text
    assert "<b>Saved</b>" in page
    assert "Ask for &lt;the&gt; transcript.</textarea>" in page
    assert 'value="data, phd"' in page or 'value="phd, data"' in page
    assert len(titles(maria.get("/badges?tag=phd").text)) == 1


def test_a_deleted_badge_comes_back_by_undo(maria: Person, two: list[str]) -> None:
    there = maria.post(f"/badges/{two[0]}/delete").headers["location"]
    page = maria.get(there).text
    assert "1 badge deleted." in page
    assert len(titles(page)) == 1
    maria.post("/badges/chosen", data={"badge": two[0], "action": "restore"})
    assert len(titles(maria.get("/badges").text)) == 2


def test_deleted_badges_are_brought_back_for_as_long_as_that_is_promised(
    maria: Person, two: list[str]
) -> None:
    assert "status=deleted" not in maria.get("/badges").text
    for each in two:
        maria.post(f"/badges/{each}/delete")
    assert '<a href="/badges?status=deleted">2 deleted badges</a>' in maria.get("/badges").text
    page = maria.get("/badges?status=deleted").text
    assert "Coastal Pilotage" in page
    assert "gone for good on" in page
    assert f"/badges/{two[0]}" not in page
    assert "You have deleted this badge." in maria.get(f"/badges/{two[0]}").text
    sent = {"badge": two[0], "action": "restore", "back": "status=deleted"}
    assert maria.post("/badges/chosen", data=sent).headers["location"] == "/badges?status=deleted"
    assert maria.get(f"/badges/{two[0]}").status_code == 200
    tabs = maria.get("/badges").text
    assert 'Deleted <span class="quiet">1</span>' in tabs


def test_what_is_done_with_chosen_badges_leads_back_to_the_wall_as_it_was(
    maria: Person, two: list[str]
) -> None:
    asked = "/badges?q=pilotage&sort=title"
    back = re.search(r'name="back" value="([^"]+)"', maria.get(asked).text)
    assert back
    sent = {"badge": two[0], "action": "delete", "back": html.unescape(back[1])}
    there = maria.post("/badges/chosen", data=sent).headers["location"]
    page = maria.get(there).text
    assert there.startswith(f"{asked}&deleted=")
    assert "1 badge deleted." in page
    assert 'value="pilotage"' in page
    undone = maria.post("/badges/chosen", data={**sent, "action": "restore"}).headers["location"]
    assert undone == asked


def test_a_badges_page_leads_back_to_the_wall_as_it_was(maria: Person, two: list[str]) -> None:
    asked = "/badges?status=verified&sort=title"
    came = {"referer": f"{maria.settings.base_url}{asked}"}
    page = html.unescape(maria.get(f"/badges/{two[0]}", headers=came).text)
    assert f'<a class="back" href="{asked}">' in page
    assert page.count('name="back" value="status=verified&sort=title"') == 2
    there = maria.post(f"/badges/{two[0]}/hide", data={"back": "status=verified&sort=title"})
    assert there.headers["location"] == f"{asked}&hidden={two[0]}"


def test_no_other_page_and_no_other_word_is_led_back_to(maria: Person, two: list[str]) -> None:
    came = {"referer": "https://evil.example/badges?q=x"}
    assert '<a class="back" href="/badges">' in maria.get(f"/badges/{two[0]}", headers=came).text
    there = maria.post(f"/badges/{two[0]}/hide", data={"back": "deleted=x&next=//evil.example"})
    assert there.headers["location"] == f"/badges?hidden={two[0]}"


def test_hidden_badges_have_a_tab_of_their_own(maria: Person, two: list[str]) -> None:
    maria.post("/badges/chosen", data={"badge": two, "action": "hide"})
    page = maria.get("/badges?status=hidden").text
    assert "Hidden" in page
    assert len(titles(page)) == 2
    maria.post(f"/badges/{two[0]}/show")
    assert len(titles(maria.get("/badges").text)) == 1


def test_several_badges_are_put_into_a_new_collection(maria: Person, two: list[str]) -> None:
    ask = maria.post("/badges/chosen", data={"badge": two * 75, "action": "collect"})
    assert "Title of the new collection" in ask.text
    there = maria.post("/badges/together", data={"badge": two, "title": "Both"}).headers["location"]
    assert "Coastal Pilotage" in maria.get(there).text


def test_several_badges_are_shared_together(maria: Person, two: list[str]) -> None:
    sent = {"badge": two, "title": "Both", "action": "share"}
    there = maria.post("/badges/together", data=sent).headers["location"]
    assert there.startswith("/share/collection/")
    assert "2 badges" in maria.get(there).text


def test_nothing_chosen_does_nothing(maria: Person, two: list[str]) -> None:
    assert maria.post("/badges/chosen", data={"action": "delete"}).headers["location"] == "/badges"
    assert len(titles(maria.get("/badges").text)) == 2


def test_a_check_can_be_asked_for_and_is_watched(maria: Person, two: list[str]) -> None:
    maria.post(f"/badges/{two[0]}/check")
    page = maria.get(f"/badges/{two[0]}").text
    assert "Being checked again now." in page
    assert 'hx-trigger="every 2s"' in page
    maria.work()
    page = maria.get(f"/badges/{two[0]}").text
    assert 'hx-trigger="every' not in page
    assert "The same once since" in page


VERDICTS = {
    "expired": (
        {"expires_at": datetime(2026, 1, 2, tzinfo=UTC)},
        "Genuine, expired on 2 January 2026",
        "Expired",
    ),
    "not_yet_valid": (
        {"issued_at": datetime(2126, 1, 2, tzinfo=UTC)},
        "Genuine, valid only from 2 January 2126",
        "Not yet valid",
    ),
    "wrong_recipient": (
        {"recipient": "maria@old.example"},
        "Genuine, but awarded to another address",
        "Not yet yours",
    ),
}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_each_verdict_has_its_words_on_the_page_and_on_the_card(maria: Person, verdict: str) -> None:
    facts, headline, word = VERDICTS[verdict]
    (there,) = maria.bring(issuer().ob3(award(**facts)))
    page = re.sub(r"<time[^>]*>|</time>", "", maria.get(f"/badges/{there}").text)
    assert f'<p class="verdict">{headline}</p>' in page
    assert f'class="seal {verdict}"' in page
    assert f"<b>{word}</b>" in maria.get("/badges").text


def test_a_forged_badge_says_why_it_is_not_valid(maria: Person, badge: Issued) -> None:
    (there,) = maria.bring(renamed(badge))
    page = maria.get(f"/badges/{there}").text
    assert "Not valid: changed after it was signed" in page
    assert '<li class="check failed" id="check-proof">' in page


def test_a_badge_that_holds_offers_first_to_share_it(maria: Person, two: list[str]) -> None:
    page = maria.get(f"/badges/{two[0]}").text
    assert f'<a class="button primary" href="/share/badge/{two[0]}">' in page
    assert "You can still share it" not in page


def test_one_that_does_not_hold_is_shared_only_by_those_who_know_what_others_read(
    maria: Person, badge: Issued
) -> None:
    (there,) = maria.bring(renamed(badge))
    page = maria.get(f"/badges/{there}").text
    assert f'<a class="button" href="/share/badge/{there}">' in page
    assert "Whoever opens the link reads first: “Not valid: changed after it was signed”." in page
    assert "Whoever opens the link reads first" in maria.get(f"/share/badge/{there}").text


def test_a_badge_of_another_address_offers_first_to_confirm_that(maria: Person) -> None:
    (there,) = maria.bring(issuer().ob3(award(recipient="maria@old.example")))
    first = re.findall(r'class="button primary"\s+href="([^"]+)"', maria.get(f"/badges/{there}").text)
    assert first == [f"/settings/addresses?badge={there}"]


def test_an_issuer_that_does_not_answer_is_said_not_to_mean_false(maria: Person) -> None:
    (there,) = maria.bring(issuer("silent.example").ob2_hosted(award()))
    page = maria.get(f"/badges/{there}").text
    assert "Could not be confirmed today" in page
    assert "That does not mean it is false." in page
    assert "Genuine" not in page


def test_before_the_first_check_the_letter_waits(maria: Person) -> None:
    maria.post("/import", files={"file": ("badge.png", issuer().ob2_hosted(award()).data)})
    maria.unpack()
    there = re.search(r'href="(/badges/[\w-]{22})"', maria.get("/badges").text)
    assert there
    page = maria.get(there[1]).text
    assert "Being checked now" in page
    assert 'hx-trigger="every 700ms"' in page
    assert page.count('class="check waiting"') == 6


def test_a_strangers_words_are_never_markup(maria: Person) -> None:
    evil = "<img src=x onerror=alert(1)>[a](javascript:alert(1))[b](//evil.example)"
    (there,) = maria.bring(issuer().ob3(award(name=evil, description=evil, criteria=evil, tags=(evil,))))
    page = maria.get(f"/badges/{there}").text + maria.get("/badges").text
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert 'href="//evil' not in page


def test_a_badge_that_names_no_address_is_not_said_to_become_yours_by_one(maria: Person) -> None:
    (there,) = maria.bring(issuer().ob3(award(recipient="did:example:maria", naming="did")))
    page, wall = maria.get(f"/badges/{there}").text, maria.get("/badges").text
    assert "Genuine, but not shown to be yours" in page
    assert "We compare e-mail addresses only" in page
    assert "Confirm that address" not in page
    assert "Not shown to be yours</b> it names no e-mail address" in wall
    assert "another address" not in (page + wall).casefold()


def test_strangers_read_of_it_no_more_than_that_its_recipient_is_not_confirmed(
    maria: Person, anyone: Visitor
) -> None:
    (there,) = maria.bring(issuer().ob3(award(recipient="did:example:maria", naming="did")))
    page = anyone.get(maria.share(there)).text
    assert "Genuine, but its recipient is not confirmed here" in page
    assert "Whoever shows it has not confirmed that it was awarded to them." in page
    assert "awarded to an address" not in page
    together = {"badge": there, "title": "One", "action": "share"}
    share = maria.post("/badges/together", data=together).headers["location"]
    maria.post(share, data={"audience": "link"})
    shown = anyone.get(maria.links(share)[0]).text
    assert "<b>Recipient not confirmed</b> </span>" in shown
    assert "another address" not in shown


def test_a_record_leads_to_the_badges_that_came_of_it(maria: Person) -> None:
    inside = [issuer().ob3(award(name=name), carrier="bare") for name in ("Welding", "Soldering")]
    maria.post("/import", data={"text": record(*(json.loads(one.text) for one in inside)).decode()})
    maria.work()
    cards = re.findall(r'href="/badges/([\w-]{22})">([^<]+)</a></h2>', maria.get("/badges").text)
    ids = {title: id for id, title in cards}
    maria.post(f"/badges/{ids['Soldering']}/delete")
    page = maria.get(f"/badges/{ids['Transcript']}").text
    by = "awarded by Universidade de Montalvo, by the signer’s own word"
    assert f'<a href="/badges/{ids["Welding"]}">Welding</a> <small>Verified, {by}</small>' in page
    assert f"Soldering <small>Verified, {by}</small>" in page


def test_of_many_badges_the_next_page_begins_with_them_and_leads_back(
    maria: Person, two: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organising, "badges", partial(organising.badges, limit=1))
    first = maria.get("/badges?sort=title").text
    more = re.search(r'href="(/badges\?sort=title&amp;cursor=[\w-]{22}#results)"', first)
    assert more
    assert "The first ones" not in first
    page = maria.get(more[1].replace("&amp;", "&")).text
    assert [titles(first), titles(page)] == [["Coastal Pilotage"], ["Open Science Foundations"]]
    assert 'href="/badges?sort=title#results">The first ones</a>' in page


def test_loading_anew_what_to_do_with_chosen_badges_leads_back_to_all(maria: Person, two: list[str]) -> None:
    assert maria.post("/badges/chosen", data={"action": "collect", "badge": two}).status_code == 200
    assert maria.get("/badges/chosen").headers["location"] == "/badges"

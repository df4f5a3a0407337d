"""Public pages are made once and then sent from memory; nobody can tell, but by the speed."""

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from backpack.services import joining
from backpack.storage import database
from backpack.storage.tables import Address
from tests.issuing import award, issuer
from tests.web.conftest import Person, Visitor
from web import rendering, shortcut


@pytest.fixture
def shown(maria: Person) -> tuple[str, str]:
    """A badge of Maria's and its public path."""
    maria.post("/settings/profile", data={"name": "Maria"})
    (badge,) = maria.bring(issuer().ob3(award(description="Write to m.silva@old-campus.example.")))
    return badge, maria.share(badge)


def test_a_second_visit_makes_nothing_and_gets_the_same(
    anyone: Visitor, shown: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = anyone.get(shown[1])
    monkeypatch.setattr(rendering, "bare_page", lambda *_: pytest.fail("it was made again"))
    again = anyone.get(shown[1])
    assert again.content == first.content
    assert dict(again.headers) == dict(first.headers)
    assert again.headers["cache-control"] == "no-store"
    assert "script-src 'none'" in again.headers["content-security-policy"]


def _confirm(person: Person, email: str) -> None:
    with database.session(person.settings) as db:
        at = datetime.now(UTC)
        whose = person.earner(db).id
        db.add(Address(earner_id=whose, email=email, email_key=email, confirmed_at=at, created_at=at))
        db.commit()


def _close(person: Person) -> None:
    found = re.search(r"/shares/[\w-]{22}/close", person.get("/shares").text)
    assert found
    person.post(found[0])


def test_every_change_is_seen_at_the_next_visit(
    maria: Person, anyone: Visitor, shown: tuple[str, str]
) -> None:
    badge, link = shown
    found = re.search(r'action="(/shares/[\w-]{22})"', maria.get(f"/share/badge/{badge}").text)
    assert found
    terms = found[1]
    named = {"audience": "world", "shows_name": "1"}
    changes: dict[str, Callable[[], object]] = {
        "the name": lambda: maria.post("/settings/profile", data={"name": "Maria da Silva"}),
        "an address that strangers must not read": lambda: _confirm(maria, "m.silva@old-campus.example"),
        "who may list it": lambda: maria.post(terms, data={**named, "shows_evidence": "1"}),
        "no name": lambda: maria.post(terms, data={"audience": "world", "shows_evidence": "1"}),
        "the badge in the bin": lambda: maria.post(f"/badges/{badge}/delete"),
    }
    before = anyone.get(link)
    for change, make in changes.items():
        assert anyone.get(link).text == before.text
        make()
        after = anyone.get(link)
        assert (after.text, dict(after.headers)) != (before.text, dict(before.headers)), change
        assert after.headers.get("etag") != before.headers["etag"], change
        before = after
    assert before.status_code == 404


def test_every_change_of_a_collection_is_seen_at_the_next_visit(
    maria: Person, anyone: Visitor, shown: tuple[str, str]
) -> None:
    badge = shown[0]
    (other,) = maria.bring(issuer().ob3(award(name="Coastal Pilotage")))
    made = maria.post("/badges/together", data={"badge": [badge, other], "title": "Research"})
    here = made.headers["location"]
    there = f"/share/collection/{here.rpartition('/')[2]}"
    maria.post(there, data={"audience": "world", "shows_name": "1"})
    link = maria.links(there)[0]
    changes: dict[str, Callable[[], object]] = {
        "its title": lambda: maria.post(here, data={"title": "Other"}),
        "its introduction": lambda: maria.post(here, data={"title": "Other", "intro": "New."}),
        "a remark": lambda: maria.post(f"{here}/badges/{badge}/remark", data={"remark": "!"}),
        "its order": lambda: maria.post(f"{here}/badges/{other}/earlier"),
        "a badge less": lambda: maria.post(f"{here}/badges/{badge}/out"),
    }
    for change, make in changes.items():
        before = [anyone.get(link).text for _ in range(2)]
        make()
        assert anyone.get(link).text not in before, change


def test_a_new_check_is_seen_at_the_next_visit(
    maria: Person, anyone: Visitor, shown: tuple[str, str]
) -> None:
    badge, link = shown
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=5)):
        assert "5 hours ago" in anyone.get(link).text
        maria.post(f"/badges/{badge}/check")
        maria.work()
        assert "just now" in anyone.get(link).text


def test_behind_a_closed_link_is_nothing_in_any_form(
    maria: Person, anyone: Visitor, shown: tuple[str, str]
) -> None:
    forms = [shown[1] + form for form in ("", ".json", "/image", "/embed", "/card.png")]
    tags = [anyone.get(form).headers.get("etag", "") for form in forms]
    assert [anyone.get(form).status_code for form in forms] == [200] * 5
    _close(maria)
    for form, tag in zip(forms, tags, strict=True):
        assert anyone.get(form, headers={"if-none-match": tag}).status_code == 404
        assert anyone.head(form).status_code == 404


def test_behind_the_links_of_who_left_is_nothing(
    maria: Person, anyone: Visitor, shown: tuple[str, str]
) -> None:
    assert anyone.get(shown[1]).status_code == 200
    with database.session(maria.settings) as db:
        joining.leave(db, maria.earner(db), maria.settings)
    assert anyone.get(shown[1]).status_code == 404


def test_how_long_ago_it_was_checked_is_told_anew(anyone: Visitor, shown: tuple[str, str]) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        assert "just now" in anyone.get(shown[1]).text
        for wait, says in [(61, "1 minute ago"), (3540, "1 hour ago"), (86_400, "1 day ago")]:
            clock.shift(wait)
            assert says in anyone.get(shown[1]).text


def test_the_end_of_a_link_is_kept_to_the_second(
    maria: Person, anyone: Visitor, shown: tuple[str, str]
) -> None:
    maria.post(f"/share/badge/{shown[0]}", data={"label": "Recruiting", "expires_at": "2126-01-01"})
    link = next(each for each in maria.links(f"/share/badge/{shown[0]}") if each != shown[1])
    with time_machine.travel("2126-01-01 23:59:58+00:00", tick=False) as clock:
        assert anyone.get(link).status_code == 200
        clock.shift(1)
        assert anyone.get(link).status_code == 404


def test_plain_and_packed_readers_get_the_same(anyone: Visitor, shown: tuple[str, str]) -> None:
    with time_machine.travel(
        datetime.now(UTC), tick=False
    ):  # the page says how many minutes ago it was checked
        for _ in range(2):
            plain = anyone.get(shown[1], headers={"accept-encoding": "identity"})
            with anyone.stream("GET", shown[1], headers={"accept-encoding": "gzip"}) as packed:
                body = b"".join(packed.iter_raw())
            assert "content-encoding" not in plain.headers
            assert packed.headers["content-encoding"] == "gzip"
            assert gzip.decompress(body) == plain.content


def test_an_unchanged_page_is_not_sent_twice(anyone: Visitor, shown: tuple[str, str]) -> None:
    tag = anyone.get(shown[1]).headers["etag"]
    for known in (tag, f'W/{tag}, "other"', "*"):
        answer = anyone.get(shown[1], headers={"if-none-match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert "content-type" not in answer.headers
        assert "content-encoding" not in answer.headers
    assert anyone.get(shown[1], headers={"if-none-match": '"other"'}).status_code == 200


def test_programs_are_not_given_the_page_nor_people_the_json(anyone: Visitor, shown: tuple[str, str]) -> None:
    for _ in range(2):
        assert anyone.get(shown[1]).headers["content-type"].startswith("text/html")
        asked = anyone.get(shown[1], headers={"accept": "application/json"})
        assert asked.headers["content-type"] == "application/json"


def test_under_another_host_there_is_nothing(anyone: Visitor, shown: tuple[str, str]) -> None:
    ours = anyone.get(shown[1]).request.headers["host"]
    for hosts in (["evil.example"], ["evil.example", ours]):
        asked = [("host", host) for host in hosts]
        assert anyone.get(shown[1], headers=asked).status_code == 421
    anyone.get(shown[1], headers=[("host", ours), ("host", "evil.example")])
    assert anyone.get(shown[1], headers={"host": "evil.example"}).status_code == 421


def test_an_odd_address_is_answered_as_ever(anyone: Visitor, shown: tuple[str, str]) -> None:
    for odd in (f"{shown[1]}%00", f"{shown[1]}/", f"{shown[1]}/99999", "/b/%C3%A9", "/c/" + "x" * 5000):
        assert anyone.get(odd).status_code in (307, 404)


def test_only_so_many_pages_are_kept(
    anyone: Visitor, shown: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    monkeypatch.setattr(shortcut, "MOST_PAGES", 2)
    make = shortcut._made
    monkeypatch.setattr(shortcut, "_made", lambda *each: made.append(each) or make(*each))
    for form in ("", ".json", "", ".json", "/embed", ""):
        assert anyone.get(shown[1] + form).status_code == 200
    assert len(made) == 4

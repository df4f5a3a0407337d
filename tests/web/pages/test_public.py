"""What strangers see: everything an employer needs, nobody's address, and nothing after it was closed."""

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
import time_machine

from backpack import network
from backpack.demo.issuing import DemoIssuer
from backpack.demo.shapes import Evidence, Issued
from backpack.services import picturing
from backpack.verifier import Document
from tests.issuing import AT, MARIA, award, changed, documents, issuer, renamed
from tests.web.conftest import Person, Visitor

EVIDENCE = Evidence(
    name="Release notes", url="https://montalvo.example/notes", narrative="Wrote **all** of it."
)


@pytest.fixture
def named(maria: Person) -> str:
    """A badge of Maria's that names her address plainly, and shows evidence."""
    maria.post("/settings/profile", data={"name": "Maria Silva"})
    facts = award(naming="plain", evidence=(EVIDENCE,), description="For planning & publishing <data>.")
    return maria.bring(issuer().ob3(facts))[0]


def collect(maria: Person, *badges: str, title: str = "Research data", **terms: str) -> str:
    """Put badges into a new collection, share it and return its public path."""
    made = maria.post("/badges/together", data={"badge": list(badges), "title": title}).headers["location"]
    there = f"/share/collection/{made.rpartition('/')[2]}"
    maria.post(there, data={"audience": "link", "shows_name": "1", **terms})
    return maria.links(there)[0]


def test_the_page_answers_what_an_employer_asks(maria: Person, anyone: Visitor, named: str) -> None:
    page = anyone.get(maria.share(named)).text
    for said in (
        '<p class="verdict">Verified</p>',
        "Signed by <b>Universidade de Montalvo</b>.",
        "Open Science Foundations",
        "Maria Silva",
        "m•••@backpack.example",
        "An address confirmed by the person showing it",
        "For planning &amp; publishing &lt;data&gt;.",
        "Wrote <strong>all</strong> of it.",
        "Nothing in it was changed since it was signed.",
        "Check again",
    ):
        assert said in page, said


REPRESENTATIONS = ("", ".json", "/embed", "/card.png", "/image")


@pytest.mark.parametrize("form", REPRESENTATIONS)
def test_no_form_of_it_tells_the_address(maria: Person, anyone: Visitor, named: str, form: str) -> None:
    for path in (maria.share(named), collect(maria, named)):
        answer = anyone.get(path + form)
        assert answer.status_code == 200, path
        for told in _tellings(MARIA, "sea-salt"):
            assert told.encode().lower() not in answer.content.lower(), (path, told)


def _tellings(address: str, salt: str) -> set[str]:
    """Every way in which an address could slip out."""
    plain = {address, quote(address), html.escape(address), base64.b64encode(address.encode()).decode()}
    hashes = {
        hashlib.new(how, f"{address}{pinch}".encode()).hexdigest()
        for how in ("sha256", "md5")
        for pinch in ("", salt)
    }
    return plain | hashes | {salt}


def test_a_hashed_recipient_and_its_salt_stay_hidden(maria: Person, anyone: Visitor, badge: Issued) -> None:
    (there,) = maria.bring(badge)
    for form in ("", ".json"):
        body = anyone.get(maria.share(there) + form).text
        assert "sea-salt" not in body
        assert "sha256$" not in body


def test_whoever_shows_a_badge_with_a_hidden_recipient_is_said_to_have_confirmed_it(
    maria: Person, anyone: Visitor, badge: Issued
) -> None:
    page = anyone.get(maria.share(maria.bring(badge)[0])).text
    assert "<dd>An address that the badge does not show" in page
    assert "The person showing it has confirmed it." in page


def test_evidence_and_name_are_shown_only_when_allowed(maria: Person, anyone: Visitor, named: str) -> None:
    link = maria.share(named, shows_name="", shows_evidence="")
    for form in ("", ".json", "/embed"):
        body = anyone.get(link + form).text
        assert "Maria Silva" not in body
        assert "Release notes" not in body


def test_the_original_is_offered_only_where_its_earner_says_so(
    maria: Person, anyone: Visitor, badge: Issued
) -> None:
    mine = maria.bring(badge)[0]
    link = maria.share(mine)
    assert "/original" not in anyone.get(link).text
    assert anyone.get(f"{link}/original").status_code == 404
    maria.share(mine, shows_original="1", label="Recruiting")
    (offering,) = [each for each in maria.links(f"/share/badge/{mine}") if each != link]
    assert f'href="{offering}/original"' in anyone.get(offering).text
    original = anyone.get(f"{offering}/original")
    assert original.content == badge.data
    assert original.headers["content-disposition"].startswith("attachment; ")
    assert "noindex" in original.headers["x-robots-tag"]
    assert anyone.get(f"{offering}.json").json()["original_url"].endswith(f"{offering}/original")
    maria.post(f"/badges/{mine}/delete")
    assert anyone.get(f"{offering}/original").status_code == 404


def test_the_originals_of_a_collection_are_offered_each_on_its_page(
    maria: Person, anyone: Visitor, badge: Issued
) -> None:
    there = maria.post("/badges/together", data={"badge": maria.bring(badge), "title": "One"})
    collection = there.headers["location"].rpartition("/")[2]
    maria.post(f"/share/collection/{collection}", data={"audience": "world", "shows_original": "1"})
    (link,) = maria.links(f"/share/collection/{collection}")
    assert f'href="{link}/1/original"' in anyone.get(f"{link}/1").text
    assert anyone.get(f"{link}/1/original").content == badge.data


def test_an_original_in_which_an_address_is_readable_is_offered_only_once_that_is_agreed_to(
    maria: Person, anyone: Visitor
) -> None:
    badge = issuer().ob3(award(naming="plain", number=77))
    mine = maria.bring(badge)[0]
    page = f"/share/badge/{mine}"
    assert f"Yes, they may read {MARIA}" in maria.get(page).text
    refused = maria.post(page, data={"audience": "link", "shows_original": "1"})
    assert (refused.status_code, MARIA in refused.text, maria.links(page)) == (409, True, [])
    link = maria.share(mine, shows_original="1", tells="1")
    assert anyone.get(f"{link}/original").content == badge.data
    assert MARIA not in anyone.get(link).text


def test_an_address_that_an_original_names_beside_a_hidden_one_is_named_too(maria: Person) -> None:
    one = {"type": "IdentityObject", "identityType": "emailAddress"}
    hidden = {**one, "hashed": True, "identityHash": "sha256$c0ff"}
    said = json.loads(issuer().ob3(award(number=78), carrier="bare").text)
    said["credentialSubject"]["identifier"] = [hidden, {**one, "hashed": False, "identityHash": MARIA}]
    mine = maria.bring(replace(issuer().ob3(award(number=78)), data=json.dumps(said).encode()))[0]
    assert "Yes, they may read m•••@" in maria.get(f"/share/badge/{mine}").text


def test_a_file_that_tells_of_another_badge_too_is_not_offered(maria: Person, anyone: Visitor) -> None:
    one, other = (issuer().ob3(award(name=name), carrier="bare") for name in ("Alpha", "Beta"))
    both = f'{{"type": "VerifiablePresentation", "verifiableCredential": [{one.text}, {other.text}]}}'
    mine = maria.bring(replace(one, data=both.encode()))
    assert len(mine) == 2
    link = maria.share(mine[0], shows_original="1")
    assert "/original" not in anyone.get(link).text
    assert anyone.get(f"{link}/original").status_code == 404


def test_the_note_and_tags_are_never_shown(maria: Person, anyone: Visitor, named: str) -> None:
    maria.post(f"/badges/{named}/note", data={"note": "Took it twice.", "tags": "secretly"})
    for form in ("", ".json"):
        body = anyone.get(maria.share(named) + form).text
        assert "Took it twice." not in body
        assert "secretly" not in body


def test_robots_are_told_what_they_may_list(maria: Person, anyone: Visitor, named: str) -> None:
    hidden = anyone.get(maria.share(named))
    assert "noindex" in hidden.headers["x-robots-tag"]
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in hidden.text


def test_a_page_for_the_world_may_be_listed(maria: Person, anyone: Visitor, named: str) -> None:
    listed = anyone.get(maria.share(named, audience="world"))
    assert listed.headers["x-robots-tag"] == "all"
    assert "noindex" not in listed.text


def test_a_link_posted_elsewhere_has_its_preview(maria: Person, anyone: Visitor, named: str) -> None:
    link = maria.share(named)
    page = anyone.get(link).text
    told = dict(re.findall(r'<meta property="(og:[\w:]+)"\s+content="([^"]*)"', page))
    assert told["og:url"] == f"http://127.0.0.1:8000{link}"
    assert told["og:title"] == (
        "Verified: “Open Science Foundations”, awarded by Universidade de Montalvo, by the signer’s own word"
    )
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    card = anyone.get(told["og:image"])
    assert card.headers["content-type"] == "image/png"
    assert card.content[16:24] == (1200).to_bytes(4, "big") + (630).to_bytes(4, "big")
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{link}">' in page


def test_what_others_wrote_is_told_from_our_words_in_a_preview(maria: Person, anyone: Visitor) -> None:
    maria.post("/settings/profile", data={"name": "Maria. Signed by the ministry"})
    said = "Verified. It was signed” by the ministry. " * 9
    forger = DemoIssuer("Ministry of Education", "evil.example", AT)
    made = maria.bring(forger.ob3(award(name=said, description=said)))[0]
    told = dict(
        re.findall(r'<meta property="([\w:]+)" content="([^"]*)">', anyone.get(maria.share(made)).text)
    )
    assert told["og:title"] == (
        f"Verified: “{said.replace('”', '’')[:69]}…”, awarded by Ministry of Education, by the signer’s own word"
    )
    assert told["og:description"] == (
        "Verified. The name is the signer’s own word: nothing shows who holds the key. "
        f"Shown by “Maria. Signed by the ministry”. “{said.replace('”', '’')[:179]}…”"
    )


def test_no_issuer_writes_more_than_a_name_into_our_verdict(maria: Person, anyone: Visitor) -> None:
    name = "Ministry of Education. We asked it, and it confirmed that this is genuine. " * 9
    made = maria.bring(DemoIssuer(name, "evil.example", AT).ob3(award()))[0]
    assert f"<b>{name[:120].rstrip()}…</b>" in anyone.get(maria.share(made)).text


def published(monkeypatch: pytest.MonkeyPatch, badge: Issued) -> Issued:
    """The badge, now that its issuer's site answers."""
    known = documents(badge)

    def answers(urls: list[str], *_: object, **__: object) -> list[Document]:
        return [known.get(url) or Document(url, 404, problem="there is nothing") for url in urls]

    monkeypatch.setattr(network, "fetch_all", answers)
    return badge


@pytest.mark.parametrize("form", ["", "/embed"])
def test_beside_an_issuer_s_name_stands_the_site_that_speaks_for_it(
    maria: Person, anyone: Visitor, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    link = maria.share(maria.bring(published(monkeypatch, issuer().ob3(award(), speaks="did:web")))[0])
    shown = re.sub(r"<[^>]+>", "", anyone.get(link + form).text)
    assert "Universidade de Montalvo (montalvo.example)" in shown


def test_no_name_is_so_long_that_the_picture_of_a_link_leaves_out_what_is_behind_it(
    maria: Person, anyone: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = picturing.card
    monkeypatch.setattr(
        picturing, "card", lambda *given, **how: drawn.append(how["issuer"]) or draw(*given, **how)
    )
    name = "School of Science " * 15
    long = published(monkeypatch, DemoIssuer(name, "montalvo.example", AT).ob3(award(), speaks="did:web"))
    anyone.get(f"{maria.share(maria.bring(long)[0])}/card.png")
    assert drawn == [f"{name[:48].rstrip()}… (montalvo.example)"]


def test_programs_get_json_by_suffix_or_by_asking(maria: Person, anyone: Visitor, named: str) -> None:
    link = maria.share(named)
    by_suffix = anyone.get(f"{link}.json")
    by_asking = anyone.get(link, headers={"accept": "application/ld+json"})
    assert by_suffix.json() == by_asking.json()
    told = by_suffix.json()
    assert (told["verdict"], told["valid"], told["version"]) == ("verified", True, "3.0")
    assert told["recipient"] == "m•••@backpack.example"
    assert len(told["report"]["checks"]) >= 6
    assert by_suffix.headers["access-control-allow-origin"] == "*"


def test_the_badges_picture_is_our_own_copy(maria: Person, anyone: Visitor, named: str) -> None:
    answer = anyone.get(f"{maria.share(named)}/image")
    assert answer.headers["content-type"] == "image/png"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert b"openbadge" not in answer.content


@pytest.mark.parametrize("form", ["/image", "/card.png"])
def test_pictures_may_stand_in_other_sites_and_mails_also_when_they_are_known(
    maria: Person, anyone: Visitor, named: str, form: str
) -> None:
    link = maria.share(named, audience="world")
    first = anyone.get(link + form)
    again = anyone.get(link + form, headers={"if-none-match": first.headers["etag"]})
    assert [answer.status_code for answer in (first, again)] == [200, 304]
    for answer in (first, again):
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


CLOSED = ("", ".json", "/image", "/card.png", "/embed")


@pytest.mark.parametrize("form", CLOSED)
def test_a_closed_link_is_gone_at_once_in_every_form(
    maria: Person, anyone: Visitor, named: str, form: str
) -> None:
    link = maria.share(named)
    assert anyone.get(link + form).status_code == 200
    close = re.search(r"/shares/[\w-]{22}/close", maria.get("/shares").text)
    assert close
    maria.post(close[0])
    closed, unknown = anyone.get(link + form), anyone.get(f"/b/{'u' * 24}{form}")
    assert (closed.status_code, unknown.status_code) == (404, 404)
    assert closed.text == unknown.text
    assert "Maria" not in closed.text


def test_a_closed_link_says_what_to_do(anyone: Visitor) -> None:
    page = anyone.get("/b/unknown").text
    assert "This page is closed" in page
    assert "ask them for a new one" in page


def test_a_link_that_has_ended_is_closed(maria: Person, anyone: Visitor, named: str) -> None:
    link = maria.share(named, expires_at="2126-01-01")
    assert anyone.get(link).status_code == 200
    with time_machine.travel("2126-01-02"):
        assert anyone.get(link).status_code == 404


def test_deleting_the_badge_closes_its_page_and_undo_opens_it(
    maria: Person, anyone: Visitor, named: str
) -> None:
    link = maria.share(named)
    maria.post(f"/badges/{named}/delete")
    assert anyone.get(link).status_code == 404
    maria.post("/badges/chosen", data={"badge": named, "action": "restore"})
    assert anyone.get(link).status_code == 200


def test_what_has_not_changed_is_not_sent_again(maria: Person, anyone: Visitor, named: str) -> None:
    link = maria.share(named, audience="world")
    tag = anyone.get(link).headers["etag"]
    again = anyone.get(link, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    maria.post("/settings/profile", data={"name": "Maria da Silva"})
    assert anyone.get(link, headers={"if-none-match": tag}).status_code == 200


def test_a_closed_link_is_not_kept_alive_by_a_copy(maria: Person, anyone: Visitor, named: str) -> None:
    link = maria.share(named, audience="world")
    tag = anyone.get(link).headers["etag"]
    maria.post(f"/badges/{named}/delete")
    assert anyone.get(link, headers={"if-none-match": tag}).status_code == 404
    assert anyone.get(link, headers={"if-none-match": "*"}).status_code == 404


@pytest.mark.parametrize(
    ("audience", "kept"), [("world", "public, max-age=0, must-revalidate"), ("link", "no-store")]
)
def test_only_what_is_for_the_world_may_be_kept(
    maria: Person, anyone: Visitor, named: str, audience: str, kept: str
) -> None:
    assert anyone.get(maria.share(named, audience=audience)).headers["cache-control"] == kept


def test_viewing_never_asks_the_issuer(
    maria: Person, anyone: Visitor, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = maria.share(named)
    monkeypatch.setattr(network, "fetch_all", lambda *_: pytest.fail("somebody was asked"))
    monkeypatch.setattr(network, "fetch", lambda *_: pytest.fail("somebody was asked"))
    for form in CLOSED:
        assert anyone.get(link + form).status_code == 200


def test_anyone_may_have_it_checked_again_and_sees_how_that_ended(
    maria: Person, anyone: Visitor, named: str
) -> None:
    link = maria.share(named)
    there = anyone.post(f"{link}/check").headers["location"]
    assert "Being checked again now." in anyone.get(there).text
    assert '<meta http-equiv="refresh"' in anyone.get(there).text
    maria.work()
    assert "Checked just now. Nothing changed." in anyone.get(there).text


def test_but_not_time_and_again(maria: Person, anyone: Visitor, named: str) -> None:
    link = maria.share(named)
    anyone.post(f"{link}/check")
    again = anyone.post(f"{link}/check")
    assert again.status_code == 429
    assert int(again.headers["retry-after"]) > 0
    assert "It was checked only just now." in again.text


def test_who_was_too_fast_finds_the_way_back_and_only_to_a_page_of_ours(
    maria: Person, anyone: Visitor, named: str
) -> None:
    link = maria.share(named)
    anyone.post(f"{link}/check")
    here, elsewhere = (
        anyone.post(f"{link}/check", headers={"referer": page}).text
        for page in (f"{anyone.settings.base_url}{link}?since=1", f"https://evil.example{link}")
    )
    assert f'<a class="button primary" href="{link}?since=1">' in here
    assert "evil.example" not in elsewhere
    assert "To the first page" in elsewhere


def test_a_collection_shows_its_badges_in_order_with_remarks(
    maria: Person, anyone: Visitor, named: str
) -> None:
    (other,) = maria.bring(issuer().ob3(award(name="Peer Reviewer", number=2)))
    link = collect(maria, other, named, title="Research data")
    page = anyone.get(link).text
    assert page.index("Peer Reviewer") < page.index("Open Science Foundations")
    assert '<b>Verified</b> awarded in <time datetime="2025-03">March 2025</time>' in page
    assert '<p class="verdict">Both verified</p>' in page
    entry = anyone.get(f"{link}/2").text
    assert "Open Science Foundations" in entry
    assert "What we checked" in entry
    assert anyone.get(f"{link}/3").status_code == 404
    assert anyone.get(f"{link}/1/image").status_code == 200


def test_each_badge_of_a_collection_has_a_report_of_its_own(
    maria: Person, anyone: Visitor, named: str
) -> None:
    (other,) = maria.bring(issuer().ob3(award(name="Peer Reviewer", number=2)))
    link = collect(maria, other, named)
    told = anyone.get(f"{link}/2.json").json()
    assert (told["kind"], told["name"]) == ("badge", "Open Science Foundations")
    assert told["url"] == f"{anyone.settings.base_url}{link}/2"
    assert told["report"]["verdict"] == "verified"
    assert anyone.get(f"{link}/2", headers={"accept": "application/json"}).json() == told
    assert anyone.get(f"{link}.json").json()["badges"][1]["report"] == told["report"]
    assert anyone.get(f"{link}/2").text.count(f'href="{link}/2.json"') == 2
    assert MARIA not in anyone.get(f"{link}/2.json").text
    assert anyone.get(f"{link}/3.json").status_code == 404


def test_a_collection_is_never_greener_than_its_worst_badge(
    maria: Person, anyone: Visitor, named: str
) -> None:
    (old,) = maria.bring(
        issuer().ob3(award(name="First Aid", number=3, expires_at=datetime(2026, 1, 1, tzinfo=UTC)))
    )
    page = anyone.get(collect(maria, named, old)).text
    assert '<header class="seal expired">' in page
    assert "One verified, one genuine but expired" in page


def test_the_title_of_a_collection_is_nowhere_taken_for_that_of_a_verified_badge(
    maria: Person, anyone: Visitor, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[dict[str, str]] = []
    draw = picturing.card
    monkeypatch.setattr(picturing, "card", lambda *given, **how: drawn.append(how) or draw(*given, **how))
    link = collect(maria, named, title="Doctor of Everything")
    page = anyone.get(link).text
    told = dict(re.findall(r'<meta property="([\w:]+)" content="([^"]*)">', page))
    assert "<title>A collection of 1 badge: “Doctor of Everything” · " in page
    assert told["og:title"] == "A collection of 1 badge: “Doctor of Everything”"
    assert told["og:description"].startswith("A collection of 1 badge. One badge, verified.")
    anyone.get(f"{link}/card.png")
    assert drawn[0]["issuer"].startswith("A collection of 1 badge")
    assert drawn[0]["words"] == "One badge, verified"


def test_that_a_badge_ended_hides_nowhere_that_nobody_confirmed_it(
    maria: Person, anyone: Visitor, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted = issuer().ob2_hosted(award(name="First Aid", number=3), carrier="bare")
    silent = published(monkeypatch, replace(hosted, documents={}))
    (made_up,) = maria.bring(changed(silent, expires="2026-01-01T00:00:00Z"))
    link = maria.share(made_up)
    page = anyone.get(link).text
    assert "<title>Not confirmed, expired: " in page
    assert "Not confirmed, expired on 1 January 2026" in page
    assert "<b>Not confirmed, expired</b>" in anyone.get(f"{link}/embed").text
    assert "One verified, one not confirmed and expired" in anyone.get(collect(maria, named, made_up)).text


def test_a_badge_does_not_open_at_the_address_of_a_collection(
    maria: Person, anyone: Visitor, named: str
) -> None:
    slug = maria.share(named).rpartition("/")[2]
    assert anyone.get(f"/c/{slug}").status_code == 404


def test_no_title_is_so_long_that_it_pushes_the_verdict_out_of_an_embed(
    maria: Person, anyone: Visitor, badge: Issued
) -> None:
    forged = renamed(badge, "✓ Verified, Doctor of Everything " * 9)
    page = anyone.get(f"{maria.share(maria.bring(forged)[0])}/embed").text.partition("<body")[2]
    assert page.index("<b>Not valid</b>") < page.index("✓ Verified")


def test_an_embed_stands_in_any_site_and_does_nothing(maria: Person, anyone: Visitor, named: str) -> None:
    answer = anyone.get(f"{maria.share(named)}/embed")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "form-action 'none'" in policy
    assert "x-frame-options" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_a_public_page_does_not_know_who_looks(maria: Person, anyone: Visitor, named: str) -> None:
    link = maria.share(named)
    assert maria.get(link).text == anyone.get(link).text

"""Where links lead: badges, pages that show one, collections, forms to sign in; and what is printed on paper."""

import io
import json
from pathlib import Path

import pytest
import segno
from pypdf import PdfWriter

from backpack.config import Settings
from backpack.services.gathering import Gathered
from backpack.services.opening import gather
from backpack.verifier import Document
from tests.issuing import award, issuer
from tests.services.conftest import Web

HOSTED = issuer().ob2_hosted(award(name="First Aid"), carrier="bare")
SIGNED = issuer().ob3(award())
ADDRESS = json.loads(HOSTED.text)["id"]
PAGE = "<!doctype html><html><head>{}</head><body>{}</body></html>"
ID = "4f5kxWJtRZWc-7BpL0xUHw"


@pytest.fixture
def look(web: Web, tmp_path: Path):
    """Gather what a delivery holds."""
    settings = Settings(_env_file=None, data_dir=tmp_path)
    web.serve(HOSTED)

    def look(data: str | bytes, source: str = "link") -> Gathered:
        return gather(data.encode() if isinstance(data, str) else data, source, "", settings)

    return look


def test_a_page_that_gives_data_only_to_those_who_ask_for_nothing_else(web: Web, look, monkeypatch) -> None:
    def answer(url: str, settings: Settings, kind: str = "json", **how: object):
        web.say(url, SIGNED.text.encode() if kind == "json" else PAGE.format("", "").encode())
        return web.answers[url]

    monkeypatch.setattr(
        "backpack.network.fetch_all", lambda urls, settings, **how: [answer(u, settings, **how) for u in urls]
    )
    assert len(look("https://show.example/badge/7").badges) == 1


@pytest.mark.parametrize(
    "made",
    [
        {"type": "Collection", "badges": [ADDRESS, {"type": "Assertion", "id": f"{ADDRESS}?x=2"}]},
        [ADDRESS, f"{ADDRESS}?x=2"],
        {"data": [{"url": ADDRESS}, {"url": f"{ADDRESS}?x=2&identity__email=m%40x.example"}]},
    ],
)
def test_a_list_of_badges_gives_each_its_own_import(web: Web, look, made: object) -> None:
    web.say("https://show.example/list", json.dumps(made).encode(), "application/json")
    gathered = look("https://show.example/list")
    assert gathered.listed == (ADDRESS, f"{ADDRESS}?x=2")
    assert gathered.troubles == ()


def test_signed_badges_in_a_list_are_taken_at_once(web: Web, look) -> None:
    made = {"credentials": [json.loads(SIGNED.text), json.loads(issuer().ob3(award(name="Other")).text)]}
    web.say("https://show.example/list", json.dumps(made).encode(), "application/json")
    assert [found.opened.facts.title for found in look("https://show.example/list").badges] == [
        "Open Science Foundations",
        "Other",
    ]


def test_every_badge_that_a_collection_s_page_links_to_is_meant_but_on_a_badge_s_page_only_one(
    web: Web, look
) -> None:
    links = "".join(f'<a href="https://badgr.com/public/assertions/{ID[:-1]}{end}">x</a>' for end in "Ag")
    for path in ("collections/7", "badge/7"):
        web.say(f"https://show.example/{path}", PAGE.format("", links).encode())
    assert len(look("https://show.example/collections/7").listed) == 2
    assert look("https://show.example/badge/7").listed == ()


def test_a_collection_of_badgr_is_asked_for_where_its_data_is(web: Web, look) -> None:
    key = "0a" * 16
    web.say(f"https://api.badgr.io/public/collections/{key}", json.dumps({"badges": [ADDRESS]}).encode())
    assert look(f"https://badgr.com/public/collections/{key}?identity__email=m%40x.example").listed == (
        ADDRESS,
    )


def shared(kind: str, *reports: dict) -> bytes:
    about = {"kind": kind, "shown_by": None, "url": "https://backpack.example/c/x"}
    badges = [{"name": "A badge", "report": report} for report in reports]
    return json.dumps(about | (badges[0] if kind == "badge" else {"badges": badges})).encode()


HOSTED_REPORT = {"signatures": [{"suite": "hosted", "method": ADDRESS}]}
SIGNED_REPORT = {"signatures": [{"suite": "eddsa-rdfc-2022", "method": "https://issuer.example/keys/1"}]}
ALTERNATE = '<link rel="alternate" type="application/json" href="/{}.json">'


@pytest.mark.parametrize(("path", "kind"), [("b/x", "badge"), ("c/x", "collection")])
def test_a_public_link_of_a_backpack_leads_to_the_hosted_badges_on_it(
    web: Web, look, path: str, kind: str
) -> None:
    web.say(f"https://backpack.example/{path}", PAGE.format(ALTERNATE.format(path), "").encode())
    web.say(f"https://backpack.example/{path}.json", shared(kind, HOSTED_REPORT))
    assert look(f"https://backpack.example/{path}").listed == (ADDRESS,)


def test_a_signed_badge_on_it_is_not_given_away_and_the_way_to_its_file_is_told(web: Web, look) -> None:
    web.say("https://backpack.example/b/x", PAGE.format(ALTERNATE.format("b/x"), "").encode())
    web.say("https://backpack.example/b/x.json", shared("badge", SIGNED_REPORT))
    [trouble] = look("https://backpack.example/b/x").troubles
    assert "Original" in trouble.try_this


def test_a_form_to_sign_in_is_told_from_a_page_without_a_badge(web: Web, look) -> None:
    web.say("https://campus.example/badge/7", PAGE.format("", '<input type="password">').encode())
    web.say("https://campus.example/badge/8", b"", status=403)
    for number in (7, 8):
        [trouble] = look(f"https://campus.example/badge/{number}").troubles
        assert "sign in" in trouble.says
        assert "public link" in trouble.try_this


@pytest.mark.parametrize(
    ("status", "problem", "way_out"),
    [
        (404, "show.example has nothing at this address (404)", "the whole link was copied"),
        (410, "show.example says that it is gone for good (410)", "revoked"),
        (0, "show.example answered with more than 8 MB", "save the badge"),
        (0, "show.example could not be reached", "We try again"),
    ],
)
def test_a_link_without_an_answer_says_why_and_what_to_do(
    web: Web, look, status: int, problem: str, way_out: str
) -> None:
    url = "https://show.example/badge/7"
    web.answers[url] = Document(url, status, problem=problem)
    [trouble] = look(url).troubles
    assert problem in trouble.says
    assert way_out in trouble.try_this
    assert trouble.is_passing == way_out.startswith("We try")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            b'{"revoked": true, "revocationReason": "Issued twice."}',
            "The issuer has taken this badge back: “Issued twice”.",
        ),
        (b'{"obi:revocationReason": "Issued \\u202etwice"}', "taken this badge back: “Issued \ufffdtwice”."),
        (b'{"revocationReason": " "}', "answered 410"),
        (b'{"revocationReason": {}}', "answered 410"),
        (b'{"revocationReason"', "answered 410"),
        (b"<html>Issued twice.", "answered 410"),
    ],
)
def test_a_badge_that_is_gone_says_why_where_its_issuer_does(web: Web, look, body: bytes, says: str) -> None:
    url = f"https://api.badgr.io/public/assertions/{ID}"
    web.say(url, body, status=410)
    web.say(f"https://badgr.com/public/assertions/{ID}", PAGE.format("", "").encode())
    [trouble] = look(f"https://badgr.com/public/assertions/{ID}").troubles
    assert says in trouble.says
    assert trouble.try_this


def pdf(says: str = "") -> bytes:
    out = io.BytesIO()
    if says:
        segno.make(says, micro=False).save(out, kind="pdf", scale=4)
    else:
        writer = PdfWriter()
        writer.add_blank_page(595, 842)
        writer.write(out)
    return out.getvalue()


def test_a_code_on_paper_or_in_a_photo_leads_to_its_badge(look) -> None:
    photo = io.BytesIO()
    segno.make(ADDRESS, micro=False).save(photo, kind="png", scale=5)
    for data in (pdf(ADDRESS), photo.getvalue()):
        [found] = look(data, "file").badges
        assert found.opened.facts.address == ADDRESS


def test_paper_without_a_badge_says_so_with_a_way_out(look) -> None:
    for data in (pdf(), pdf("WIFI:S:campus;;")):
        [trouble] = look(data, "file").troubles
        assert "no badge in this PDF" in trouble.says
        assert trouble.try_this

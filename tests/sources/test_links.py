"""Addresses that people copy or get by mail, and where the badge's data is."""

import base64
import json
from urllib.parse import quote

import pytest

from backpack.sources import _links, link, platforms

ID = "Ab3dEf5hIj7kLm9nOp1qRs"
UUID = "a388d729-fc22-4503-9eb8-684947932712"

DATA_ADDRESSES = [
    (f"https://badgr.com/public/assertions/{ID}", f"https://api.badgr.io/public/assertions/{ID}"),
    (f"https://badgr.io/public/assertions/{ID}", f"https://api.badgr.io/public/assertions/{ID}"),
    (f"https://api.badgr.io/public/assertions/{ID}.json", f"https://api.badgr.io/public/assertions/{ID}"),
    (
        f"https://eu.badgr.com/public/assertions/{ID}?action=download",
        f"https://api.eu.badgr.io/public/assertions/{ID}",
    ),
    (
        f"https://api.eu.badgr.io/public/assertions/{ID}/image",
        f"https://api.eu.badgr.io/public/assertions/{ID}",
    ),
    (f"https://org.au.badgr.com/public/assertions/{ID}", f"https://api.au.badgr.io/public/assertions/{ID}"),
    (f"https://campus.badgr.com/public/assertions/{ID}/", f"https://api.badgr.io/public/assertions/{ID}"),
    (
        f"https://badges.parchment.com/public/assertions/{ID}?identity__email=a%40b.test",
        f"https://api.badges.parchment.com/public/assertions/{ID}",
    ),
    (
        f"https://api.badges.parchment.com/public/assertions/{ID}",
        f"https://api.badges.parchment.com/public/assertions/{ID}",
    ),
    (
        f"https://openbadges.education/public/assertions/{ID}",
        f"https://api.openbadges.education/public/assertions/{ID}",
    ),
    (f"https://www.edubadges.nl/details/{ID}", f"https://api.edubadges.nl/public/assertions/{ID}"),
    (
        f"https://api.badgr.io/uploads/badges/assertion-{ID}.png",
        f"https://api.badgr.io/public/assertions/{ID}",
    ),
    (
        f"https://www.credly.com/badges/{UUID}/public_url",
        f"https://www.credly.com/api/v1/obi/v2/badge_assertions/{UUID}",
    ),
    (
        f"https://www.youracclaim.com/badges/{UUID.upper()}",
        f"https://www.credly.com/api/v1/obi/v2/badge_assertions/{UUID}",
    ),
    (
        f"https://moodle.uni.test/badges/badge.php?hash={'0a' * 20}",
        f"https://moodle.uni.test/badges/assertion.php?b={'0a' * 20}",
    ),
    ("https://badgr.com/public/issuers/abc", None),
    ("https://www.credly.com/organizations/x", None),
    ("https://moodle.uni.test/badges/badge.php?hash=../x", None),
    (f"https://badgr.com.evil.test/public/assertions/{ID}", None),
    (f"https://evilbadgr.com/public/assertions/{ID}", None),
    (f"https://evil.test/badgr.com/public/assertions/{ID}", None),
    ("https://[", None),
    ("", None),
]


@pytest.mark.parametrize(("shown", "data"), DATA_ADDRESSES)
def test_a_known_hosts_page_is_mapped_to_its_data(shown, data):
    assert platforms.data_address(shown) == data


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://i.test/a?identity__email=a%40b.test", "https://i.test/a"),
        ("https://i.test/a?x=1&identity__email=a&identity__url=b&y=%20", "https://i.test/a?x=1&y=%20"),
        ("https://i.test/a?action=download#top", "https://i.test/a"),
        ("https://i.test/a?utm_source=mail&utm_campaign=x&id=7", "https://i.test/a?id=7"),
        ("https://i.test/a?embedVersion=2&embedWidth=3", "https://i.test/a"),
        (" https://i.test/a?b=c+d%2Fe&f ", "https://i.test/a?b=c+d%2Fe&f"),
    ],
)
def test_what_an_address_says_of_a_person_is_taken_off(url, clean):
    assert _links.cleaned(url) == clean


def test_the_data_is_tried_before_the_page():
    shown = f"https://badgr.com/public/assertions/{ID}?identity__email=a%40b.test"
    data, page = f"https://api.badgr.io/public/assertions/{ID}", f"https://badgr.com/public/assertions/{ID}"
    assert link.candidates(shown) == (data, page)
    assert link.candidates("https://i.test/badge#x") == ("https://i.test/badge",)


HOSTILE = [
    f"https://badgr.com.evil.test/public/assertions/{ID}",
    f"https://www.credly.com.evil.test/badges/{UUID}",
    f"https://badgr.com@evil.test/public/assertions/{ID}",
    f"https://user:pass@badgr.com/public/assertions/{ID}",
    f"https://0x7f.1/public/assertions/{ID}",
    f"https://2130706433/public/assertions/{ID}",
    f"https://badgr.com\\@evil.test/public/assertions/{ID}",
    f"javascript://badgr.com/public/assertions/{ID}",
    f"ftp://badgr.com/public/assertions/{ID}",
    f"data:text/html,https://badgr.com/public/assertions/{ID}",
    f"https://badgr.com/public/assertions/{ID}\u202e",
    "https://badgr.com:99999/public/assertions/1",
    "https://[/public/assertions/1",
]
DOES_SOMETHING = [
    f"https://api.badgr.io/v1/earner/share/badge/{ID}?provider=facebook&source=awardemail",
    f"https://api.badgr.io/v1/earner/share/badge/{ID}?provider=linkedin&amp;source=awardemail",
    f"https://api.badgr.io/unsubscribe/aGVsbG8/1700000000/{'ab' * 20}?a=1",
    "https://i.test/newsletter/unsubscribe/badge/1",
    "https://i.test/badges/1/accept",
    "https://i.test/badges/1/claim",
    "https://openbadges.education/v1/user/collect-badges-in-backpack?a=x1",
    "https://i.test/login/badges/1",
    "https://i.test/signup?next=/badges/1",
]
ELSEWHERE = [
    "https://i.test/",
    "https://i.test/about/badges",
    "https://i.test/badges/",
    "https://badgr.com/public/issuers/Ab3dEf5hIj7kLm9nOp1qRs",
    f"https://badgr.com/public/badges/{ID}",
    "https://www.facebook.com/x/posts/1",
    "mailto:a@b.test",
    "#top",
    "",
]
MAY_BE = [
    "https://i.test/assertions/42.json",
    "https://i.test/v1/assertion/9b1deb4d3b7d",
    "https://i.test/app/badge/info/12345",
    "https://i.test/files/my-badge.png",
    "https://i.test/credential.jwt",
    "http://old.test/award/7",
    f"https://moodle.test/badges/assertion.php?b={'0a' * 20}",
]


@pytest.mark.parametrize("url", [*HOSTILE, *DOES_SOMETHING, *ELSEWHERE])
def test_an_address_that_is_hostile_or_does_something_or_shows_no_badge_is_left_out(url):
    assert _links.to_badges([url]) == []


@pytest.mark.parametrize("url", MAY_BE)
def test_an_address_that_may_be_a_badges_is_taken(url):
    assert _links.to_badges([url]) == [url]


def test_the_same_badge_under_several_addresses_is_one():
    several = [
        f"https://badgr.com/public/assertions/{ID}{end}"
        for end in ("", ".json", "/image", "?action=download")
    ]
    assert _links.to_badges(several) == [f"https://api.badgr.io/public/assertions/{ID}"]


def test_no_more_than_twenty_are_taken():
    assert len(_links.to_badges(f"https://i.test/badge/{n}" for n in range(99))) == 20


def test_a_click_counter_is_stepped_over_when_it_wraps_a_known_host():
    wrapped = f"https%3A%2F%2Fbadgr.com%2Fpublic%2Fassertions%2F{ID}%3Faction%3Ddownload"
    for counter in (f"https://click.test/ls?u={wrapped}&t=1", f"https://click.test/badge/1?url={wrapped}"):
        assert _links.to_badges([counter]) == [f"https://api.badgr.io/public/assertions/{ID}"]
    assert _links.to_badges(["https://click.test/ls?u=https%3A%2F%2Fevil.test%2Fbadge%2F1"]) == []


AWARD = f"https://badgr.com/public/assertions/{ID}?action=download"
ENCODED = quote(AWARD, safe="")
MANDRILL = base64.urlsafe_b64encode(json.dumps({"p": json.dumps({"u": 7, "url": AWARD})}).encode()).decode()
WRAPPED = {
    "safelinks": f"https://eur01.safelinks.protection.outlook.com/?url={ENCODED}&data=05%7C02&reserved=0",
    "google": f"https://www.google.com/url?q={ENCODED}&sa=D",
    "proofpoint 2": "https://urldefense.proofpoint.com/v2/url?u="
    + AWARD.replace("-", "-2D").replace(":", "-3A").replace("?", "-3F").replace("=", "-3D").replace("/", "_")
    + "&d=x",
    "proofpoint 3": f"https://urldefense.com/v3/__{AWARD}__;!!AbC!x$",
    "barracuda": f"https://linkprotect.cudasvc.com/url?a={ENCODED}&c=E,1",
    "cisco": f"https://secure-web.cisco.com/1abc/{ENCODED}",
    "amazon": f"https://x7.r.eu-west-1.awstrack.me/L0/{ENCODED.replace('%3A', ':', 1)}/1/0102/abc=1",
    "postmark": f"https://click.pstmrk.it/3s/{quote(AWARD.removeprefix('https://'), safe='')}/abc/def",
    "mandrill": f"https://mandrillapp.com/track/click/1/badgr.com?p={MANDRILL.rstrip('=')}",
    "one in another": "https://www.google.com/url?q="
    + quote(f"https://nam02.safelinks.protection.outlook.com/?url={ENCODED}", safe=""),
    "a counter in protection": "https://nam02.safelinks.protection.outlook.com/?url="
    + quote(f"https://click.test/ls?u={ENCODED}", safe=""),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_a_link_is_taken_out_of_what_others_wrapped_around_it(name):
    assert _links.to_badges([WRAPPED[name]]) == [f"https://api.badgr.io/public/assertions/{ID}"]


def test_mail_protection_is_taken_off_any_link_and_a_counter_only_off_a_platforms():
    page = quote("https://moodle.uni.test/badges/badge.php?hash=" + "0a" * 20, safe="")
    (found,) = _links.to_badges([f"https://eur01.safelinks.protection.outlook.com/?url={page}"])
    assert found.startswith("https://moodle.uni.test/badges/assertion.php")
    assert _links.to_badges([f"https://click.test/ls?u={page}"]) == []


@pytest.mark.parametrize("inner", [*HOSTILE, *DOES_SOMETHING])
def test_nothing_hostile_hides_in_a_wrapping(inner):
    wrapped = quote(inner, safe="")
    for url in (f"https://www.google.com/url?q={wrapped}", f"https://click.test/?u={wrapped}"):
        assert _links.to_badges([url]) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://i.test/badge/1.", "https://i.test/badge/1"),
        ("(https://i.test/badge/1)", "https://i.test/badge/1"),
        ("<https://i.test/badge/1>", "https://i.test/badge/1"),
        ("https://i.test/badge/(1)!", "https://i.test/badge/(1)"),
        ('"https://i.test/badge/1",', "https://i.test/badge/1"),
        ("*https://i.test/badge/1*", "https://i.test/badge/1"),
        ("HTTPS://I.test/badge/1", "HTTPS://I.test/badge/1"),
    ],
)
def test_addresses_are_found_in_sentences(text, found):
    assert list(_links.in_text(text)) == [found]


class TestPages:
    """A page that shows a badge leads to its data."""

    URL = "https://issuer.test/people/7/badge"

    def found(self, html):
        return link.from_page(html.encode(), self.URL)

    def test_what_it_offers_is_tried_in_a_sensible_order(self):
        finds = self.found(
            f"""<html><head><link rel="canonical" href="https://badgr.com/public/assertions/{ID}">
            <meta property="og:image" content="https://issuer.test/baked.png">
            <link rel="alternate" type="application/rss+xml" href="/feed">
            <link rel="alternate" type="application/ld+json" href="../assertion.json"></head>
            <body><img src="logo.svg"><img src="data:image/png;base64,AA"><a href="/about">About</a></body></html>"""
        )
        assert finds.links == (
            "https://issuer.test/people/assertion.json",
            f"https://api.badgr.io/public/assertions/{ID}",
            "https://issuer.test/baked.png",
            "https://issuer.test/people/7/logo.svg",
        )

    def test_a_badge_written_into_it_is_a_piece(self):
        badge = '{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"}'
        crumbs = '{"@context": "https://schema.org", "@type": "BreadcrumbList"}'
        finds = self.found(
            f'<script type="application/ld+json">{crumbs}</script>'
            f'<script type="application/ld+json">{badge}</script>'
            '<script type="application/ld+json">{"badge"</script>'
            '<script type="application/ld+json">["badge"]</script>'
        )
        assert [piece.data.decode() for piece in finds.pieces] == [badge]

    def test_hostile_addresses_in_it_are_left_out_and_itself_too(self):
        finds = self.found(
            f'<img src="javascript:x"><img src="https://a@b.test/x.png"><img src="{self.URL}#x"><img src="//[">'
        )
        assert finds.links == ()

    def test_a_page_full_of_pictures_costs_few_requests(self):
        assert (
            len(self.found("".join(f'<img src="{n}.png">' for n in range(99))).links) == link.MOST_FROM_PAGE
        )

    def test_a_page_that_is_no_text_leads_nowhere(self):
        assert link.from_page(bytes(range(256)), self.URL).links == ()

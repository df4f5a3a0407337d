"""Award mails of every platform: which badge is in them, what is never opened, and what is said instead."""

import pytest

from backpack.errors import NothingInside
from backpack.sources import Parcel, mail, platforms
from tests import awards
from tests.awards import BADGR_ID, COLLEGE, EARNER, HASH, UUID

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\0iTXtopenbadgecredential\0\0\0\0\0{}"
BADGR = f"https://api.badgr.io/public/assertions/{BADGR_ID}"
CREDLY = f"https://www.credly.com/api/v1/obi/v2/badge_assertions/{UUID}"
ACCREDIBLE = f"https://api.accredible.com/v1/obi/badge_assertions/{UUID}"
FACTORY = f"https://openbadgefactory.com/v1/assertion/{HASH}"
MOODLE = f"https://moodle.montalvo.example/badges/assertion.php?b={HASH}"
EDUBADGE = f"https://api.edubadges.nl/public/assertions/{BADGR_ID}"
EDUCATION = f"https://api.openbadges.education/public/assertions/{BADGR_ID}"


def found(message):
    return mail.finds(Parcel(bytes(message)))


AWARDS = {
    "badgr": (awards.badgr(), "Badgr", [BADGR]),
    "badgr, no account": (awards.badgr(has_account=False), "Badgr", [BADGR]),
    "badgr, reminder": (awards.badgr(reminder=True), "Badgr", [BADGR]),
    "badgr, site in the subject": (awards.badgr(site="Campus badges"), "Badgr", [BADGR]),
    "badgr, region": (
        awards.badgr("https://eu.badgr.com", "https://api.eu.badgr.io"),
        "Badgr",
        [f"https://api.eu.badgr.io/public/assertions/{BADGR_ID}"],
    ),
    "parchment": (
        awards.badgr("https://badges.parchment.com", "https://api.badges.parchment.com"),
        "Badgr",
        [f"https://api.badges.parchment.com/public/assertions/{BADGR_ID}"],
    ),
    "a fork of badgr": (
        awards.badgr("https://badges.uni.example", "https://badges.uni.example", sender="badges@uni.example"),
        "Badgr",
        [f"https://badges.uni.example/public/assertions/{BADGR_ID}"],
    ),
    "open educational badges": (awards.open_educational_badges(PNG), "Open Educational Badges", [EDUCATION]),
    "micro degree": (awards.open_educational_badges(PNG, micro=True), "Open Educational Badges", [EDUCATION]),
    "edubadges": (awards.edubadges(), "edubadges", [EDUBADGE]),
    "edubadges, revoked": (awards.edubadges("revoked"), "edubadges", [EDUBADGE]),
    "credly": (awards.credly(accepted=True), "Credly", [CREDLY]),
    "accredible": (awards.accredible(), "Accredible", [ACCREDIBLE]),
    "accredible, a customer's host": (
        awards.accredible("https://uni.accredible.com"),
        "Accredible",
        [ACCREDIBLE],
    ),
    "open badge factory": (awards.open_badge_factory(), "Open Badge Factory", [FACTORY]),
    "open badge factory, a customer's host": (
        awards.open_badge_factory("https://merkit.example", "info@merkit.example"),
        "Open Badge Factory",
        [f"https://merkit.example/v1/assertion/{HASH}"],
    ),
    "moodle": (awards.moodle(), "Moodle", [MOODLE]),
    "moodle, attached": (awards.moodle(PNG), "Moodle", [MOODLE]),
}


@pytest.mark.parametrize("name", AWARDS)
def test_an_award_gives_the_address_of_its_data_and_nothing_else(name):
    message, label, data = AWARDS[name]
    finds = found(message)
    assert (finds.letter.platform, list(finds.links), finds.offered) == (label, data, ())
    assert not [url for url in finds.links if awards.NEVER_OPENED.search(url)]


@pytest.mark.parametrize("name", AWARDS)
def test_the_letter_tells_who_wrote_it_to_whom_and_when(name):
    message = AWARDS[name][0]
    letter = found(message).letter
    assert (letter.sender in message["From"], letter.subject) == (True, message["Subject"])
    assert (letter.to, letter.date.isoformat()) == ((EARNER,), "2026-05-04T07:00:00+00:00")


@pytest.mark.parametrize("forward", [awards.gmail_forward, awards.outlook_forward, awards.apple_forward])
@pytest.mark.parametrize(
    "name", ["badgr", "parchment", "a fork of badgr", "credly", "accredible", "open badge factory", "moodle"]
)
def test_an_award_forwarded_within_another_mail_is_the_same_award(name, forward):
    message, label, data = AWARDS[name]
    finds = found(forward(message))
    assert (finds.letter.platform, list(finds.links), finds.offered) == (label, data, ())
    assert (finds.letter.sender, finds.letter.forwards) == (EARNER, message["From"])
    assert finds.letter.to == (EARNER,)


def test_an_award_forwarded_as_an_attachment_is_told_by_its_own_letter():
    finds = found(awards.attached_forward(awards.moodle(PNG)))
    assert (finds.letter.platform, finds.links) == ("Moodle", (MOODLE,))
    assert finds.letter.forwards == "Moodle of Montalvo <noreply@moodle.montalvo.example>"
    assert [piece.name for piece in finds.pieces] == ["Night Sky.png"]


def test_the_baked_picture_comes_before_the_paper():
    finds = found(awards.open_educational_badges(PNG))
    assert [(piece.data[:4], piece.name.rpartition(".")[2]) for piece in finds.pieces] == [
        (b"\x89PNG", "png"),
        (b"%PDF", "pdf"),
    ]


SIGN_IN_FIRST = {
    "credly": (awards.credly(), "accept the badge and set it to public"),
    "edubadges, to claim": (awards.edubadges("claim"), "claim the badge"),
    "edubadges, expiring": (awards.edubadges("expiring"), "Sign in at edubadges.nl"),
    "open badge passport": (awards.open_badge_passport(), "Sign in at openbadgepassport.com"),
    "open edx": (awards.open_edx(), "under Accomplishments"),
}


@pytest.mark.parametrize("name", SIGN_IN_FIRST)
def test_where_a_sign_in_stands_before_the_badge_the_next_step_is_said(name):
    message, step = SIGN_IN_FIRST[name]
    with pytest.raises(NothingInside, match="only links for those who sign in") as raised:
        found(message)
    assert step in raised.value.try_this


def test_an_edubadge_that_is_private_is_said_to_be_so():
    assert "private until you make it public" in platforms.next_step(EDUBADGE)


def test_links_of_an_unknown_sender_are_offered_and_their_attachments_taken():
    message = awards.moodle(PNG)
    text = f"{COLLEGE}/awards/77\n{COLLEGE}/unsubscribe/77\n{COLLEGE}/awards/77/claim\nhttps://evil.example/login"
    message.clear_content()
    message.set_content(text)
    message.add_attachment(PNG, "image", "png", filename="badge.png")
    finds = found(message)
    assert (finds.links, finds.offered, len(finds.pieces)) == ((), (f"{COLLEGE}/awards/77",), 1)
    assert finds.letter.platform == ""


def test_links_that_say_nothing_of_a_badge_are_there_for_want_of_better_and_never_those_that_do_something():
    message = awards.moodle()
    message.clear_content()
    page = "https://college.example/view?id=77"
    words = f"{page}#top {page} https://college.example/ https://college.example/logo.jpg"
    never = f"{COLLEGE}/unsubscribe/77 {COLLEGE}/claim/77 https://college.example/login https://badgr.com.evil.example/x"
    message.set_content(f"{words} {never} " + " ".join(f"https://more.example/{n}" for n in range(9)))
    assert found(message).offered == ()
    assert found(message).others == (page, *(f"https://more.example/{n}" for n in range(5)))


def test_the_shape_of_a_platform_in_a_mail_that_is_not_theirs_is_only_offered():
    message = awards.moodle()
    message.clear_content()
    address = f"https://tracker.example/public/assertions/{BADGR_ID}"
    message.set_content(f"Win now! {address}")
    assert (found(message).links, found(message).offered) == ((), (address,))


@pytest.mark.parametrize(
    "urls",
    [
        (
            f"https://badgr.io/public/assertions/{BADGR_ID}",
            f"https://badges.parchment.com/public/assertions/{BADGR_ID}",
        ),
        (f"https://eu.badgr.com/public/assertions/{BADGR_ID}?identity__email=a", f"{BADGR}.json"),
        (f"https://www.youracclaim.com/badges/{UUID}", CREDLY),
        (f"https://www.credential.net/{UUID}", f"https://uni.accredible.com/{UUID}#gs.1"),
        (f"https://openbadgefactory.com/v1/assertion/{HASH}.html", FACTORY),
        (f"https://www.edubadges.nl/details/{BADGR_ID}", EDUBADGE),
    ],
)
def test_an_award_keeps_its_name_under_every_host_of_its_platform(urls):
    keys = {platforms.award_key(url) for url in urls}
    assert len(keys) == 1
    assert keys != {""}


@pytest.mark.parametrize(
    "url",
    [
        f"https://evil.example/public/assertions/{BADGR_ID}",
        f"https://badgr.com.evil.example/public/assertions/{BADGR_ID}",
        "https://badgr.com/public/assertions/summer-course",
        f"https://openbadgepassport.com/app/badge/info/{7}",
        f"https://courses.edx.org/certificates/{UUID.replace('-', '')}",
        "https://badgr.com/",
        "nonsense",
    ],
)
def test_nobody_can_give_another_badge_the_name_of_an_award(url):
    assert platforms.award_key(url) == ""

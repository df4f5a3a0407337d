"""Mails as Outlook saves them: opened like any other, and no other document is taken for one."""

import pytest

from backpack.errors import Damaged, TooComplex, TooLarge, UnknownFormat, Unreadable
from backpack.sources import Parcel, file, mail
from tests import outlook
from tests.awards import BADGR_ID, HASH

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\0iTXtopenbadges\0\0\0\0\0{}"
SVG = b'<svg xmlns:openbadges="http://openbadges.org"><openbadges:assertion/></svg>'
DATA = f"https://api.badgr.io/public/assertions/{BADGR_ID}"
AWARD = outlook.saved(
    subject="Congratulations, you earned a badge!",
    sender="noreply@badgr.com",
    text=f"Grüße! https://badgr.com/public/assertions/{BADGR_ID}?action=download",
    attached=(("Élève.png", PNG), ("readme.txt", b"hello")),
)


def found(data, name="award.msg"):
    return file.finds(Parcel(data, name))


def test_attachments_and_links_are_found():
    finds = found(AWARD)
    assert (finds.links, finds.letter.platform) == ((DATA,), "Badgr")
    assert [(piece.data[: len(PNG)], piece.name) for piece in finds.pieces] == [(PNG, "Élève.png")]


def test_its_letter_is_told():
    head = "From: Moodle <a@moodle.example>\r\nTo: maria@people.example\r\nDate: Mon, 4 May 2026 09:00:00 +0200\r\n"
    letter = found(outlook.saved(subject="Well earned", text=DATA, head=head)).letter
    assert (letter.sender, letter.name, letter.subject) == ("a@moodle.example", "Moodle", "Well earned")
    assert (letter.to, letter.date.day) == (("maria@people.example",), 4)


def test_a_mail_attached_to_it_is_opened_too():
    page = f"https://moodle.montalvo.example/badges/badge.php?hash={HASH}"
    inner = {"subject": "A badge", "sender": "a@moodle.example", "text": page, "attached": (("b.svg", SVG),)}
    finds = found(outlook.saved(subject="Fwd", sender="maria@people.example", text="See", inner=inner))
    assert (finds.letter.forwards, finds.letter.platform, len(finds.pieces)) == (
        "a@moodle.example",
        "Moodle",
        1,
    )


def test_another_document_of_office_is_not_taken_for_a_mail():
    with pytest.raises(UnknownFormat, match="not an e-mail"):
        found(outlook.compound({"WordDocument": b"x" * 5000}), "cv.doc")


@pytest.mark.parametrize("cut", [0, 8, 9, 100, 511, 512, 513, 1500, 4000, 9000])
def test_one_that_is_cut_short_is_damaged_or_gives_what_is_left(cut):
    try:
        assert mail.finds(Parcel(AWARD[:cut] if cut != 0 else AWARD[:8])).letter
    except Unreadable as error:
        assert error.try_this  # noqa: PT017  either is right


@pytest.mark.parametrize("at", range(24, 700, 23))
def test_one_that_is_spoilt_is_damaged_or_gives_what_is_left(at):
    spoilt = AWARD[:at] + b"\xfe\xff\xff\x7f" + AWARD[at + 4 :]
    try:
        assert mail.finds(Parcel(spoilt)).letter
    except Unreadable as error:
        assert error.try_this  # noqa: PT017  either is right


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (AWARD + b"\0" * (15 * 1024 * 1024), TooLarge),
        (AWARD[:8] + b"\0" * 5000, Damaged),
        (outlook.saved(text=DATA, attached=tuple((f"{n}.txt", b"x") for n in range(60))), TooComplex),
    ],
)
def test_one_beyond_any_award_is_refused(data, error):
    with pytest.raises(error):
        found(data)


def test_mails_inside_one_another_end_somewhere():
    inner = {"text": DATA}
    for _ in range(30):
        inner = {"text": "x", "inner": inner}
    with pytest.raises(Unreadable):
        found(outlook.saved(text="x", inner=inner))

"""A mail in, badges and addresses of badges out; whatever else is in it stays closed."""

import json
from email.message import EmailMessage

import pytest

from backpack.errors import NothingInside, TooComplex, TooLarge
from backpack.sources import SOURCES, Parcel, file, mail

ID = "Ab3dEf5hIj7kLm9nOp1qRs"
DATA = f"https://api.badgr.io/public/assertions/{ID}"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\0iTXtopenbadges\0\0\0\0\0{}"
PLAIN_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\0IHDR"
SVG = b'<?xml version="1.0"?><svg xmlns:openbadges="http://openbadges.org"><openbadges:assertion/></svg>'
JSON = json.dumps({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"}).encode()
JWT = b"eyJhbGciOiJSUzI1NiJ9.eyJpZCI6IjEifQ.c2lnbmF0dXJl"


def message(text="Congratulations!", html=None, attached=()):
    mail_ = EmailMessage()
    mail_["From"] = "Badges <noreply@issuer.test>"
    mail_["To"] = "maria@uni.test"
    mail_["Subject"] = "Congratulations, you earned a badge!"
    mail_.set_content(text)
    if html:
        mail_.add_alternative(html, subtype="html")
    for name, kind, data in attached:
        mail_.add_attachment(data, *kind.split("/"), filename=name)
    return mail_


def found(mail_):
    return mail.finds(Parcel(mail_ if isinstance(mail_, bytes) else bytes(mail_), "noreply@issuer.test"))


class TestAttachments:
    """Every form a badge has, wherever it is attached."""

    @pytest.mark.parametrize(
        ("name", "kind", "data"),
        [
            ("badge.png", "image/png", PNG),
            ("badge.svg", "image/svg+xml", SVG),
            ("badge.json", "application/json", JSON),
            ("badge.jsonld", "application/octet-stream", JSON),
            ("badge.jwt", "application/jwt", JWT),
            ("badge.txt", "text/plain", JWT),
            ("noname", "application/octet-stream", PNG),
            ("lying.pdf", "application/pdf", PNG),
        ],
    )
    def test_each_form_is_found_by_what_it_is(self, name, kind, data):
        (piece,) = found(message(attached=[(name, kind, data)])).pieces
        assert (piece.data.replace(b"\r\n", b"\n"), piece.name) == (data.replace(b"\r\n", b"\n"), name)

    def test_bytes_come_out_as_they_were_attached(self):
        (piece,) = found(message(attached=[("badge.png", "image/png", PNG)])).pieces
        assert piece.data == PNG

    def test_one_in_a_forwarded_mail_inside_a_forwarded_mail_is_found(self):
        inner = message(attached=[("badge.png", "image/png", PNG)])
        for _ in range(4):
            outer = message("See below.")
            outer.add_attachment(inner)
            inner = outer
        assert [piece.data for piece in found(inner).pieces] == [PNG]

    def test_pictures_and_papers_that_hold_no_badge_are_left_out(self):
        mail_ = message(
            attached=[
                ("logo.png", "image/png", PLAIN_PNG),
                ("terms.txt", "text/plain", b"Terms"),
                ("invite.ics", "text/calendar", b"BEGIN:VCALENDAR"),
                ("data.json", "application/json", b'{"colour": "red"}'),
                ("page.svg", "image/svg+xml", b"<svg></svg>"),
                ("badge.png", "image/png", PNG),
            ]
        )
        assert [piece.name for piece in found(mail_).pieces] == ["badge.png"]

    def test_the_same_attachment_twice_is_one(self):
        assert len(found(message(attached=[("badge.png", "image/png", PNG)] * 2)).pieces) == 1

    def test_a_mail_full_of_badges_gives_them_all(self):
        attached = [(f"{n}.json", "application/json", JSON + b" " * n) for n in range(45)]
        assert len(found(message(attached=attached)).pieces) == 45

    def test_a_name_cannot_steer_anything(self):
        evil = message(attached=[("../../etc/pass\x1b[31mwd.png", "image/png", PNG)])
        assert found(evil).pieces[0].name == "pass[31mwd.png"


class TestLinks:
    """Addresses in the words."""

    def test_an_award_of_badgr_gives_exactly_its_assertion(self):
        shown = f"https://badgr.com/public/assertions/{ID}"
        hop = f"https://api.badgr.io/v1/earner/share/badge/{ID}?provider=facebook&amp;source=awardemail"
        unsubscribe = f"https://api.badgr.io/unsubscribe/bWFyaWE/1700000000/{'ab' * 20}?a=1"
        text = f"First aid\n\nIssuer: https://lantern.test\n\n{shown}?action=download\n\nhttps://badgr.com\n{unsubscribe}"
        html = f"""<a href="{shown}"><img src="{DATA}/image"></a><a href="https://badgr.com/public/issuers/{ID}">Issuer</a>
            <a href="https://badgr.com/auth/signup">Create Account</a><a href="{shown}?action=download">Download</a>
            <a href="{hop}">Share</a><a href="https://openbadges.org">x</a><a href="{unsubscribe}">Unsubscribe</a>"""
        finds = found(message(text, html))
        assert (finds.links, finds.pieces) == ((DATA,), ())

    def test_an_award_of_an_unknown_issuer_offers_what_may_be_its_badge(self):
        finds = found(
            message(
                "Here: https://badges.college.test/award/77\nUnsubscribe: https://college.test/unsubscribe/9"
            )
        )
        assert (finds.links, finds.offered) == ((), ("https://badges.college.test/award/77",))

    def test_the_picture_of_a_known_host_is_enough(self):
        assert found(message("x", f'<img src="{DATA}/image?type=png">')).links == (DATA,)

    def test_a_forwarded_mails_words_are_read_too(self):
        outer = message("See below.")
        outer.add_attachment(message(f"https://badgr.com/public/assertions/{ID}"))
        assert found(outer).links == (DATA,)

    @pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "utf-16", "no-such-charset"])
    def test_words_in_any_encoding_are_read(self, charset):
        body = f"Félicitations: https://badgr.com/public/assertions/{ID}"
        encoded = body.encode("utf-8" if charset.startswith("no") else charset)
        head = f"From: a@b.test\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
        assert found(head.encode() + encoded).links == (DATA,)

    def test_an_address_broken_by_quoted_printable_is_put_together(self):
        head = b"From: a@b.test\nSubject: x\nContent-Transfer-Encoding: quoted-printable\n\n"
        body = f"https://badgr.com/public/assert=\nions/{ID}?action=3Ddownload\n".encode()
        assert found(head + body).links == (DATA,)

    def test_a_mail_from_a_mailbox_file_is_read(self):
        assert found(b"From noreply@issuer.test Mon May  4\n" + bytes(message(DATA))).links == (DATA,)


class TestNothing:
    """A mail without a badge says so, and what to do."""

    def test_a_letter(self):
        with pytest.raises(NothingInside) as raised:
            found(message("Dear Maria, congratulations!"))
        assert raised.value.try_this

    def test_a_letter_whose_pictures_hold_no_badge(self):
        with pytest.raises(NothingInside, match="nor in its pictures"):
            found(message(attached=[("logo.png", "image/png", PLAIN_PNG)]))

    def test_an_empty_mail_and_one_that_is_no_mail(self):
        for data in (
            b"",
            b"\n",
            b"x",
            bytes(range(256)),
            b"Content-Type: multipart/mixed; boundary=x\n\n--x\n--x--",
        ):
            with pytest.raises(NothingInside):
                found(data)


def nested(depth, kind="multipart"):
    """A mail with parts inside parts."""
    head, tail = b"From: a@b.test\n", b""
    for n in range(depth):
        if kind == "multipart":
            head += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
            tail = b"\n--b%d--" % n + tail
        else:
            head += b"Content-Type: message/rfc822\n\n"
    return head + b"\n" + DATA.encode() + tail


class TestLimits:
    """Counted before a parser sees it."""

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b"From: a@b.test\n\n" + b"x" * (15 * 1024 * 1024), TooLarge),
            (b"From: " + b"a" * (64 * 1024) + b"\n\nx", TooComplex),
            (
                b"From: a@b.test\nContent-Type: multipart/mixed; boundary=b\n\n"
                + b"--b\n\nx\n" * 51
                + b"--b--",
                TooComplex,
            ),
            (
                b"From: a@b.test\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 200_000,
                TooComplex,
            ),
            (
                b'From: a@b.test\nContent-Type: multipart/mixed; boundary*0="b"\n\n'
                + b"--b\n\nx\n" * 200_000,
                TooComplex,
            ),
            (
                b"From: a@b.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\nX: "
                + b"y" * 70_000
                + b"\n\nx",
                TooComplex,
            ),
            (nested(9), TooComplex),
            (nested(3_000), TooComplex),
            (nested(60, "message"), TooComplex),
            (nested(3_000, "message"), TooComplex),
        ],
        ids=[
            "size",
            "head",
            "parts",
            "flood",
            "hidden flood",
            "inner head",
            "deep",
            "abyss",
            "mails",
            "mail abyss",
        ],
    )
    def test_a_mail_beyond_any_award_is_refused(self, data, problem):
        with pytest.raises(problem):
            found(data)

    def test_just_inside_passes(self):
        parts = b"From: a@b.test\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 49
        assert found(parts + b"--b\n\n" + DATA.encode() + b"\n--b--").links == (DATA,)
        assert found(nested(8)).links == (DATA,)
        assert found(nested(20, "message")).links == (DATA,)


class TestFiles:
    """A file may be a saved mail, whatever its name."""

    def test_a_saved_mail_is_opened(self):
        for name in ("award.eml", "award.txt"):
            assert file.finds(Parcel(bytes(message(DATA)), name)).links == (DATA,)

    @pytest.mark.parametrize("data", [PNG, SVG, JSON, JWT, b"", b"Subject: only one field\n\nx", b"x"])
    def test_anything_else_is_handed_on_as_it_is(self, data):
        (piece,) = file.finds(Parcel(data, "name")).pieces
        assert (piece.data, piece.name) == (data, "name")

    def test_a_push_is_handed_on_as_it_is(self):
        assert SOURCES["push"].finds(Parcel(JWT, "https://moodle.test")).pieces[0].data == JWT

    def test_every_source_has_a_label(self):
        assert all(source.LABEL for source in SOURCES.values())

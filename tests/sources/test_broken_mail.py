"""Mail as nobody should write it: what is in it is found, or a sentence says why not. Never anything else."""

import base64
import binascii
import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpack.errors import Damaged, NothingInside, TooComplex, TooLarge, Unreadable
from backpack.sources import Finds, Parcel, mail
from tests.awards import BADGR_ID

AWARD = f"https://badgr.com/public/assertions/{BADGR_ID}"
DATA = f"https://api.badgr.io/public/assertions/{BADGR_ID}"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\0iTXtopenbadges\0\0\0\0\0{}"
B64 = base64.encodebytes(PNG)
HEAD = b"From: a@b.example\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
MIB = 1024 * 1024


def found(data):
    return mail.finds(Parcel(data))


def attached(*fields, body=B64, cte=b"base64"):
    return (
        MIXED
        + b"--b\n"
        + b"\n".join([*fields, b"Content-Transfer-Encoding: " + cte])
        + b"\n\n"
        + body
        + b"\n--b--\n"
    )


def tnef(*attachments, cut=0):
    data = b"\x78\x9f\x3e\x22\x01\x00"
    for name, content in attachments:
        for attribute, value in ((0x9002, b"\0" * 14), (0x8010, name + b"\0"), (0x800F, content)):
            data += struct.pack("<BHHI", 2, attribute, 6, len(value)) + value + b"\0\0"
    return data[: len(data) - cut]


def zipped(data, name="inner.zip"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, data)
    return packed.getvalue()


LINK = AWARD.encode()
LINKS = {
    "no boundary is named": HEAD + b"Content-Type: multipart/mixed\n\n--x\n\n" + LINK,
    "the boundary never comes": MIXED + LINK,
    "the last boundary is missing": MIXED + b"--b\n\n" + LINK,
    "text after the end": MIXED + b"--b\n\n" + LINK + b"\n--b--\nbye",
    "a boundary that begins another": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\n"
    + LINK
    + b"\n--bb--\n--b--",
    "a boundary in pieces": HEAD
    + b'Content-Type: multipart/mixed; boundary*0="b"; boundary*1="c"\n\n--bc\n\n'
    + LINK
    + b"\n--bc--",
    "a boundary with blanks": HEAD
    + b'Content-Type: multipart/mixed; boundary="b b "\n\n--b b\n\n'
    + LINK
    + b"\n--b b--",
    "lone carriage returns": (MIXED + b"--b\n\n" + LINK + b"\n--b--\n").replace(b"\n", b"\r"),
    "every kind of line end": b"From: a@b.example\r\nSubject: x\nTo: c@d.example\r\r\n" + LINK + b"\n",
    "NUL in head and body": b"From: a@b\0.example\nSub\0ject: \0\n\n\0" + LINK + b"\0",
    "bytes in the head": b"From: \xff\xfe <a@b.example>\nSubject: caf\xe9 \xf0\x9f\x8f\x85\n\n" + LINK,
    "no head": b"\n" + LINK,
    "a head that never ends": b"From: a@b.example\nSubject: " + LINK + b"\nX: y\n\n" + LINK,
    "a type that is none": HEAD + b"Content-Type: text\n\n" + LINK,
    "a charset that is none": HEAD + b"Content-Type: text/plain; charset=klingon\n\n" + LINK,
    "a charset that is a program": HEAD + b"Content-Type: text/plain; charset=unicode_escape\n\n" + LINK,
    "a charset with NUL": HEAD + b'Content-Type: text/plain; charset="utf-8\0x"\n\n' + LINK,
    "a charset in three languages": HEAD + b"Content-Type: text/plain; charset*=utf-8'en'a%00b\n\n" + LINK,
    "the wrong charset": HEAD
    + b"Content-Type: text/plain; charset=us-ascii\n\nF\xc3\xa9licitations: "
    + LINK,
    "an encoding that is none": HEAD + b"Content-Transfer-Encoding: rot13\n\n" + LINK,
    "broken quoted-printable": HEAD
    + b"Content-Transfer-Encoding: quoted-printable\n\n=G1 = =\n"
    + LINK
    + b"=",
    "base64 without its end": HEAD
    + b"Content-Transfer-Encoding: base64\n\n"
    + base64.b64encode(LINK + b" and more").rstrip(b"="),
    "a parameter with no number": HEAD + b"Content-Type: text/plain; name*" + b"9" * 3000 + b"=x\n\n" + LINK,
    "a date that is none": HEAD + b"Date: Mon, 99 Foo 99999 99:99:99 +9999\n\n" + LINK,
    "a date beyond time": HEAD + b"Date: Mon, 1 Jan 99999999999999999999 00:00:00 +0000\n\n" + LINK,
    "brackets without end": b"From: " + b"(" * 4000 + b"\nTo: " + b"<" * 4000 + b"\n\n" + LINK,
    "encoded words without end": b"From: a@b.example\nSubject: " + b"=?utf-8?b?" * 300 + b"\n\n" + LINK,
    "an encoded word that lies": b"From: =?utf-8?q?Credly_=3Cadmin=40credly=2Ecom=3E?= <x@evil.example>\n\n"
    + LINK,
    "a part that lies elsewhere": MIXED
    + b'--b\nContent-Type: message/external-body; access-type=URL; URL="http://evil.example/badge/1"\n\n'
    + b"Content-Type: image/png\n\n\n--b\n\n"
    + LINK
    + b"\n--b--",
    "one piece of a mail": HEAD
    + b"Content-Type: message/partial; id=a; number=1; total=3\n\nSubject: x\n\n"
    + LINK,
    "a report that it was not delivered": HEAD
    + b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nA: b\n\nC: d\n"
    + b"--b\nContent-Type: message/rfc822\n\nSubject: x\n\n"
    + LINK
    + b"\n--b--",
    "one line of a megabyte": HEAD + b"\n" + b"x" * MIB + b" " + b"\n" + LINK,
    "a page that is deep": HEAD
    + b"Content-Type: text/html\n\n"
    + b"<div>" * 100_000
    + b'<a href="%s">' % LINK,
    "a page that is cut": HEAD + b'Content-Type: text/html\n\n<a href="%s">x</a><a href="https://' % LINK,
}


@pytest.mark.parametrize("name", LINKS)
def test_a_link_is_found_in_spite_of(name):
    assert DATA in found(LINKS[name]).links


PIECES = {
    "base64 with rubbish in it": attached(b"Content-Type: image/png", body=B64.replace(b"A", b"A!\n ", 2)),
    "a type that lies": attached(b"Content-Type: text/calendar2; name=a.exe"),
    "no type at all": attached(b"X: y"),
    "a type twice": attached(b"Content-Type: image/png", b"Content-Type: text/html"),
    "uuencode": attached(
        b"Content-Type: image/png",
        cte=b"x-uuencode",
        body=b"begin 644 x\n" + binascii.b2a_uu(PNG[:45]) + b" \nend\n",
    ),
    "winmail.dat": attached(
        b"Content-Type: application/ms-tnef",
        body=base64.encodebytes(tnef((b"n.txt", b"x"), (b"badge.png", PNG))),
    ),
    "a winmail.dat that is cut": attached(
        b"Content-Type: x/y", body=base64.encodebytes(tnef((b"badge.png", PNG), (b"b.png", PNG * 9), cut=20))
    ),
    "a calendar": HEAD
    + b"Content-Type: text/calendar\n\nBEGIN:VEVENT\nATTACH;FMTTYPE=image/png;ENCODING=BASE64;VALUE=BINARY:\n "
    + b"\n ".join(B64.split())
    + b"\nEND:VEVENT\n",
    "a page with the picture in it": HEAD
    + b'Content-Type: text/html\n\n<img src="data:image/png;base64,%s">' % base64.b64encode(PNG),
}


@pytest.mark.parametrize("name", PIECES)
def test_an_attachment_is_found_in_spite_of(name):
    assert [piece.data[:41] for piece in found(PIECES[name]).pieces] == [PNG[:41]]


def test_data_in_a_page_is_a_piece():
    credential = b'{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"}'
    script = b'<script type="application/ld+json">' + credential + b"</script>"
    (piece,) = found(HEAD + b"Content-Type: text/html\n\n" + script).pieces
    assert piece.data == credential


@pytest.mark.parametrize(
    ("field", "name"),
    [
        (b"filename*=utf-8''%E2%80%AEgnp.exe%00.png", "gnp.exe.png"),
        (b"filename*0*=utf-8''Open%20; filename*1*=Science.png", "Open Science.png"),
        (b'filename="=?utf-8?b?w4lsw6l2ZS5wbmc=?="', "Éléve.png"),
        (b'filename="..\\..\\windows\\badge.png"', "badge.png"),
        (b"filename*=klingon''x.png", "x.png"),
        (b'filename="' + b"a" * 3000 + b'.png"', "a" * 120),
        (b"filename*=''%00", ""),
    ],
)
def test_a_file_name_says_no_more_than_a_name(field, name):
    (piece,) = found(attached(b"Content-Disposition: attachment; " + field)).pieces
    assert piece.name == name


def test_an_archive_is_handed_on_whole_however_deep_it_goes():
    archive = PNG
    for _ in range(5):
        archive = zipped(archive)
    (piece,) = found(
        attached(b"Content-Type: image/png; name=badge.png", body=base64.encodebytes(archive))
    ).pieces
    assert piece.data == archive


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no badge in this e-mail"),
        (b"\r\n\r\n", "no badge in this e-mail"),
        (HEAD, "no badge in this e-mail"),
        (HEAD + b"Content-Type: application/pkcs7-mime\n\nMIIB", "encrypted"),
        (attached(b"Content-Type: application/pgp-encrypted", body=b"x"), "encrypted"),
        (
            attached(b"Content-Type: x/y", body=base64.encodebytes(tnef((b"a", b"x"), cut=1))),
            "no badge in this e-mail",
        ),
        (HEAD + b'Content-Type: message/external-body; URL="http://evil.example/badge/1"\n\n', "no badge"),
    ],
)
def test_what_has_no_badge_says_so(data, says):
    with pytest.raises(NothingInside, match=says) as raised:
        found(data)
    assert raised.value.try_this


FLOODS = {
    "size": (b"x" * (15 * MIB + 1), TooLarge),
    "lines": (HEAD + b"\n" + b"a\n" * 600_000, TooComplex),
    "parts": (MIXED + b"--b\n\nx\n" * 10_000, TooComplex),
    "parts after carriage returns": ((MIXED + b"--b\n\nx\n" * 10_000).replace(b"\n", b"\r"), TooComplex),
    "boundaries inside one another": (
        HEAD
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(60)),
        TooComplex,
    ),
    "hidden boundaries": (
        HEAD
        + b"".join(b"Content-Type: multipart/mixed; boundary*0*=''b%d\n\n--b%d\n" % (n, n) for n in range(49))
        + b"\n"
        + b"a\n" * 200_000,
        TooComplex,
    ),
    "mails inside one another": (HEAD + b"Content-Type: message/rfc822\n\n" * 5_000, TooComplex),
    "words about boundaries": (HEAD + b"\n" + b"boundary=x " * 100_000, TooComplex),
    "heads": (b"a:\n" * 100_000 + b"\n", TooComplex),
    "heads of mails inside": (HEAD + b"Content-Type: message/rfc822\n\n" + b"a:\n" * 100_000, TooComplex),
    "heads in a digest": (
        HEAD + b"Content-Type: multipart/digest; boundary=b\n\n--b\n\n" + b"a:\n" * 100_000,
        TooComplex,
    ),
    "heads in all parts": (MIXED + (b"--b\n" + b"a:\n" * 15_000 + b"\nx\n") * 40, TooComplex),
    "a field without end": (HEAD + b"Content-Type: text/plain;" + b'";' * 20_000 + b"\n\n", TooComplex),
    "a folded field without end": (
        HEAD + b"Content-Disposition: x;" + b"\n a=b;" * 5_000 + b"\n\n",
        TooComplex,
    ),
    "notices of non-delivery": (
        HEAD + b"Content-Type: message/delivery-status\n\n" + b"a: b\n\n" * 5_000,
        TooComplex,
    ),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_turned_away_before_it_is_parsed(name, monkeypatch):
    data, error = FLOODS[name]
    monkeypatch.setattr("backpack.sources._mime.message_from_bytes", _never)
    with pytest.raises(error) as raised:
        found(data)
    assert raised.value.try_this


def test_whatever_the_parser_trips_over_is_damage(monkeypatch):
    for trouble in (ValueError, LookupError, RecursionError, AttributeError):
        monkeypatch.setattr("backpack.sources._mime.message_from_bytes", _raising(trouble))
        with pytest.raises(Damaged):
            found(HEAD)


FRAGMENTS = [
    *(value for value in LINKS.values() if len(value) < 2_000),
    *PIECES.values(),
    b"\n--b\n",
    b"\n--b--\n",
    b"\r",
    b"\n\n",
    b"Content-Type: multipart/digest; boundary=b\n",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Type: text/html\n\n<a href='https://[::1'>",
    b"https://www.google.com/url?q=https%3A//[",
    b"https://urldefense.com/v3/__https://[__;!!",
    b"https://a.example/?p=eyJ1IjoiaHR0cHM6Ly9bIn0",
    b"=?utf-16?b?AAA?=",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    tnef((b"a", b"b")),
]
MAILS = st.one_of(
    st.binary(max_size=400),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=30)), max_size=12).map(b"".join),
    st.sampled_from(FRAGMENTS).flatmap(
        lambda whole: st.tuples(st.integers(0, len(whole)), st.binary(max_size=8), st.integers(0, 9)).map(
            lambda cut: whole[: cut[0]] + cut[1] + whole[cut[0] + cut[2] :]
        )
    ),
)


@settings(max_examples=250)
@given(MAILS)
def test_any_bytes_are_found_something_in_or_said_to_be_unreadable(data):
    with contextlib.suppress(Unreadable):
        assert isinstance(found(data), Finds)


def _never(*_, **__):
    raise AssertionError("The parser saw it.")


def _raising(trouble):
    def trip(*_, **__):
        raise trouble

    return trip

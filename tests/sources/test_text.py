"""One box that takes an address, JSON, a signed text, a mail, or words with addresses in them."""

import pytest

from backpack.errors import UnknownFormat
from backpack.sources import Parcel, link, text

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6IjEifQ.c2lnbmF0dXJl"
ID = "Ab3dEf5hIj7kLm9nOp1qRs"


def found(given):
    return text.finds(Parcel(given.encode()))


@pytest.mark.parametrize(
    "given", ['{"type": "Assertion"}', '\ufeff \n{"a": 1}\n', "[1]", '<svg xmlns="x"/>', JWT]
)
def test_data_is_a_piece(given):
    finds = found(given)
    assert finds.pieces[0].data.decode() == given.strip("\ufeff \n")
    assert finds.links == ()


def test_a_signed_text_pasted_in_several_lines_is_put_together():
    assert found(f"{JWT[:20]}\n  {JWT[20:40]}\r\n{JWT[40:]}\n").pieces[0].data.decode() == JWT


@pytest.mark.parametrize(
    ("given", "links"),
    [
        ("https://issuer.test/any/page", ("https://issuer.test/any/page",)),
        ("  https://issuer.test/a#b\n", ("https://issuer.test/a",)),
        ("http://127.0.0.1:8001/assertion", ("http://127.0.0.1:8001/assertion",)),
        ("issuer.test/badges/7", ("https://issuer.test/badges/7",)),
        ("badges.parchment.com", ("https://badges.parchment.com",)),
        ("https://a.test/1\nhttps://a.test/2\nhttps://a.test/1", ("https://a.test/1", "https://a.test/2")),
        (
            f"My badge: https://badgr.com/public/assertions/{ID}!",
            (f"https://api.badgr.io/public/assertions/{ID}",),
        ),
        (
            f"From: a@b.test\nSubject: Award\n\nhttps://badgr.com/public/assertions/{ID}",
            (f"https://api.badgr.io/public/assertions/{ID}",),
        ),
    ],
)
def test_addresses_are_links(given, links):
    assert found(given).links == links


@pytest.mark.parametrize(
    "given",
    [
        "",
        "hello",
        "hello world",
        "https://user@issuer.test/",
        "https://0x7f.1/",
        "javascript:alert(1)",
        "a@b.test",
    ],
)
def test_anything_else_is_said_to_be_neither(given):
    with pytest.raises(UnknownFormat) as raised:
        found(given)
    assert raised.value.try_this


def test_the_link_source_takes_addresses_only():
    assert link.finds(Parcel(b"https://issuer.test/a?utm_source=x")).links == ("https://issuer.test/a",)
    for given in (b"{}", JWT.encode(), b"hello"):
        with pytest.raises(UnknownFormat):
            link.finds(Parcel(given))

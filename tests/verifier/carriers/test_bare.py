"""A badge as text: JSON, a compact signed form, an address."""

from base64 import b64encode

import pytest

from backpack.errors import Damaged
from backpack.verifier.carriers import CARRIERS, bare_address, bare_json, compact_jwt

JWT = "eyJhbGciOiJFUzI1NiJ9.eyJ0eXBlIjoiQSJ9.c2ln"


def carrier_of(data: bytes) -> str | None:
    return next((name for name, carrier in CARRIERS.items() if carrier.recognises(data)), None)


@pytest.mark.parametrize(
    ("data", "carrier"),
    [
        (b'{"type": "Assertion"}', "json"),
        (b'\xef\xbb\xbf \n{"type": "Assertion"}', "json"),
        (JWT.encode(), "jwt"),
        (f"  {JWT}\n".encode(), "jwt"),
        (f"data:application/vc+jwt,{JWT}".encode(), "jwt"),
        (f"{JWT[:20]}\r\n {JWT[20:]}\n".encode(), "jwt"),
        (f"Bearer {JWT}".encode(), "jwt"),
        (f"{JWT} and more".encode(), None),
        (b"https://montalvo.example/badge", "url"),
        (b" http://montalvo.example/badge \n", "url"),
        (b"one.two.three", None),
        (b"https://montalvo.example/badge and more", None),
        (b"ftp://montalvo.example/badge", None),
        (b"https:///badge", None),
        ("https://montalvo.example/é".encode(), None),
        (b"see https://montalvo.example", None),
        (b"[1]", None),
    ],
)
def test_each_kind_of_text_is_known_by_how_it_begins(data, carrier):
    assert carrier_of(data) == carrier


@pytest.mark.parametrize(
    "envelope",
    [
        f"data:application/vc+ld+json+jwt;x=y,{JWT}",
        f"data:application/vc+ld+jwt,{JWT}",
        f"data:application/vc+jwt,{JWT.replace('.', '%2E')}",
        f"data:application/vc+jwt;base64,{b64encode(JWT.encode()).decode()}",
        f"data:application/vc+jwt;x=y;base64,{b64encode(JWT.encode()).decode()}",
        f"data:application/vc+jwt;base64,{JWT}",
    ],
    ids=["parameter", "draft", "escaped", "base64", "parameter and base64", "not base64"],
)
def test_the_compact_form_comes_out_of_its_envelope(envelope):
    assert compact_jwt.unbake(envelope.encode())[0].text == JWT


def test_a_signed_text_that_a_mail_program_broke_is_put_together_and_it_is_said():
    for text in (f"{JWT[:20]}\r\n {JWT[20:]}\n", f"Bearer {JWT}"):
        found = compact_jwt.unbake(text.encode())[0]
        assert (found.text, len(found.notes)) == (JWT, 1)
    assert compact_jwt.unbake(f" {JWT}\n".encode())[0].notes == ()


def test_an_address_comes_out_without_blanks():
    assert bare_address.unbake(b" https://montalvo.example \n")[0].text == "https://montalvo.example"


def test_json_in_another_encoding_is_damaged():
    with pytest.raises(Damaged):
        bare_json.unbake("{é}".encode("latin-1"))

"""Whose badge it is, seen through plain and hashed identities."""

import hashlib
from dataclasses import replace

import pytest

from backpack.verifier.credential import Recipient
from backpack.verifier.identities import can_be_compared, how, masked, same_recipient

MARIA = "Maria.Silva@montalvo.example"


def matches(recipient: Recipient, identity: str) -> bool:
    return how(recipient, identity) is not None


def hashed(text: str, salt: str | None = None, algorithm: str = "sha256", prefix: bool = True) -> Recipient:
    digest = hashlib.new(algorithm, (text + (salt or "")).encode()).hexdigest()
    return Recipient("emailAddress", f"{algorithm}${digest}" if prefix else digest, hashed=True, salt=salt)


def test_the_published_example_of_the_standard_holds():
    assert hashed("a@example.com", "Kosher").identity.startswith("sha256$b5809d8a")


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
@pytest.mark.parametrize("salt", [None, "sea"])
@pytest.mark.parametrize("prefix", [True, False])
def test_an_address_matches_its_hash(algorithm, salt, prefix):
    assert matches(hashed(MARIA, salt, algorithm, prefix), MARIA)
    assert not matches(hashed(MARIA, salt, algorithm, prefix), "other@montalvo.example")


@pytest.mark.parametrize("written", [MARIA.lower(), MARIA.upper(), "Maria.silva@montalvo.example"])
def test_capital_letters_do_not_hide_whose_it_is(written):
    assert matches(hashed(written), written.lower())


def test_a_hash_in_capitals_is_the_same_hash():
    recipient = hashed(MARIA, "sea")
    shouted = Recipient("email", "SHA256$" + recipient.identity[7:].upper(), hashed=True, salt="sea")
    assert matches(shouted, MARIA)


def test_blanks_around_an_address_are_forgiven():
    assert matches(hashed(MARIA.lower()), f" {MARIA} ")
    assert matches(Recipient("email", f" {MARIA}"), MARIA.lower())


def test_salt_before_the_address_is_not_how_it_is_done():
    digest = hashlib.sha256(("sea" + MARIA).encode()).hexdigest()
    assert not matches(Recipient("email", f"sha256${digest}", hashed=True, salt="sea"), MARIA)


def test_the_same_text_as_another_kind_of_identity_is_not_the_address():
    assert not matches(Recipient("systemId", MARIA), MARIA)
    assert not matches(Recipient("url", "https://maria.example"), MARIA)
    assert matches(Recipient("url", "https://maria.example"), "https://maria.example")
    assert matches(Recipient("did", "did:key:z6M"), "did:key:z6M")


@pytest.mark.parametrize("identity", ["1337$c0ffee", "sha256$nothex", "plain@address.example", ""])
def test_what_is_no_hash_that_we_know_matches_nobody(identity):
    recipient = Recipient("email", identity, hashed=True)
    assert not matches(recipient, identity)
    assert not can_be_compared(recipient)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Recipient("email", MARIA), Recipient("email", MARIA.lower()), True),
        (Recipient("email", MARIA), Recipient("email", "x@y.example"), False),
        (hashed(MARIA, "a"), Recipient("email", MARIA), True),
        (Recipient("email", "x@y.example"), hashed(MARIA, "a"), False),
        (hashed(MARIA, "a"), hashed(MARIA, "a"), True),
        (hashed(MARIA, "a"), hashed("x@y.example", "a"), False),
        (hashed(MARIA, "a"), replace(hashed(MARIA, "a"), identity=hashed(MARIA, "a").identity.upper()), True),
        (hashed(MARIA, None), hashed(MARIA, ""), True),
        (hashed(MARIA, "a"), hashed(MARIA, "b"), None),
        (hashed(MARIA, "a"), hashed(MARIA, "a", "md5"), None),
    ],
)
def test_two_namings_are_compared_as_far_as_they_can_be(one, other, same):
    assert same_recipient(one, other) is same


@pytest.mark.parametrize("naming", [hashed, lambda address: Recipient("email", address)])
@pytest.mark.parametrize(
    ("confirmed", "named", "is_theirs"),
    [
        ("mariasilva@gmail.com", "maria.silva@gmail.com", True),
        ("Maria.Silva@gmail.com", "mariasilva@googlemail.com", True),
        ("m.a.riasilva+moodle@gmail.com", "mariasilva@gmail.com", True),
        ("maria+moodle@outlook.com", "maria@outlook.com", True),
        ("maria.silva@outlook.com", "mariasilva@outlook.com", False),
        ("maria@proton.me", "maria@pm.me", False),
        ("maria+moodle@montalvo.example", "maria@montalvo.example", False),
        ("maria.silva@montalvo.example", "mariasilva@montalvo.example", False),
        ("maria@gmail.com", "maria@gmail.com.evil.example", False),
    ],
)
def test_dots_and_plus_do_not_count_where_the_provider_ignores_them(naming, confirmed, named, is_theirs):
    assert matches(naming(named), confirmed) is is_theirs


@pytest.mark.parametrize("naming", [hashed, lambda address: Recipient("email", address)])
@pytest.mark.parametrize(
    ("confirmed", "named"),
    [
        ("straße@montalvo.example", "strasse@montalvo.example"),
        ("straße@montalvo.example", "STRASSE@MONTALVO.EXAMPLE"),
        ("ırene@montalvo.example", "Irene@montalvo.example"),
        ("\N{KELVIN SIGN}arl@montalvo.example", "karl@montalvo.example"),
        ("karl@montalvo.example", "\N{KELVIN SIGN}arl@montalvo.example"),
        ("\N{LATIN SMALL LETTER LONG S}ilva@montalvo.example", "Silva@montalvo.example"),
    ],
)
def test_letters_that_share_a_capital_with_others_are_not_those(naming, confirmed, named):
    assert not matches(naming(named), confirmed)
    assert same_recipient(naming(named), Recipient("email", confirmed)) is False


@pytest.mark.parametrize("naming", [hashed, lambda address: Recipient("email", address)])
@pytest.mark.parametrize("named", ["josé@montalvo.example", "JOSÉ@MONTALVO.EXAMPLE", "José@montalvo.example"])
def test_capital_letters_of_any_alphabet_do_not_hide_whose_it_is(naming, named):
    assert matches(naming(named), "josé@montalvo.example")


@pytest.mark.parametrize("naming", [hashed, lambda name: Recipient("url", name)])
def test_what_is_no_address_is_another_name_in_other_letters(naming):
    named = replace(naming("https://school.example/users/maria"), kind="url")
    assert matches(named, " https://school.example/users/maria ")
    assert not matches(named, "https://school.example/users/Maria")


def test_a_tag_after_a_plus_is_known_only_where_the_badge_shows_it():
    assert matches(Recipient("email", "maria+x@icloud.com"), "maria@icloud.com")
    assert not matches(hashed("maria+x@icloud.com"), "maria@icloud.com")


@pytest.mark.parametrize(
    ("identity", "seen"),
    [
        (MARIA, "M•••@montalvo.example"),
        (f"mailto:{MARIA}", "M•••@montalvo.example"),
        ("sha256$c0ff", ""),
        ("https://maria.example", ""),
        ("@x", ""),
    ],
)
def test_an_address_is_masked_to_its_first_letter_and_domain(identity, seen):
    assert masked(identity) == seen

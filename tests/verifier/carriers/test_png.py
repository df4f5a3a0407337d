"""A badge in a PNG's text chunks."""

import contextlib
import struct
import zlib

import pytest

from backpack.errors import Damaged, NothingInside, TooComplex, TooLarge, Unreadable
from backpack.verifier.carriers import png
from tests.verifier import signing

URL = "https://montalvo.example/badge/1"
LITTLE = png.SIGNATURE + b"".join(
    png._chunk_bytes(kind, body)
    for kind, body in (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\x00\x00\x00\x00")),
        (b"IEND", b""),
    )
)


def with_chunks(*chunks: tuple[bytes, bytes], end: bool = True) -> bytes:
    body = b"".join(png._chunk_bytes(kind, data) for kind, data in chunks)
    return LITTLE[:-12] + body + (LITTLE[-12:] if end else b"")


def itxt(keyword: str, text: str, flag: bytes = b"\x00", between: bytes = b"\x00\x00") -> tuple[bytes, bytes]:
    body = zlib.compress(text.encode()) if flag == b"\x01" else text.encode()
    return b"iTXt", keyword.encode() + b"\x00" + flag + b"\x00" + between + body


def test_what_was_baked_can_be_read_again():
    baked = png.bake(LITTLE, '{"name": "Ærø"}', "openbadges")
    assert [u.text for u in png.unbake(baked)] == ['{"name": "Ærø"}']


def test_baking_changes_nothing_else_in_the_picture():
    baked = png.bake(LITTLE, "{}", "openbadges")
    chunk = png._chunk_bytes(b"iTXt", b"openbadges\x00\x00\x00\x00\x00{}")
    assert baked.replace(chunk, b"") == LITTLE


def test_baking_again_replaces_the_old_badge_whatever_its_keyword():
    first = png.bake(LITTLE, '{"old": 1}', "openbadges")
    assert png.bake(first, "{}", "openbadgecredential") == png.bake(LITTLE, "{}", "openbadgecredential")


def test_baking_into_half_a_picture_is_refused():
    with pytest.raises(Damaged):
        png.bake(LITTLE[:-12], "{}", "openbadges")


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt"])
def test_an_address_in_an_old_chunk_is_a_badge_of_the_first_days(kind):
    body = URL.encode() if kind == b"tEXt" else b"\x00" + zlib.compress(URL.encode())
    found = png.unbake(with_chunks((kind, b"openbadges\x00" + body)))
    assert (found[0].text, found[0].problems) == (URL, ())


def test_language_tag_and_translated_keyword_mean_nothing_here():
    chunk = itxt("openbadgecredential", "{}", between=b"en\x00Badge\x00")
    assert png.unbake(with_chunks(chunk))[0].text == "{}"


def test_text_that_is_not_utf_8_is_read_as_latin_1():
    found = png.unbake(with_chunks((b"tEXt", b"openbadges\x00{\xe9}")))
    assert found[0].text == "{é}"


def test_a_new_badge_must_not_be_compressed():
    found = png.unbake(with_chunks(itxt("openbadgecredential", "{}", flag=b"\x01")))
    assert found[0].problems == ("The baked badge is compressed, which Open Badges 3.0 forbids.",)


def test_an_old_badge_may_be_compressed_but_it_is_said():
    found = png.unbake(with_chunks(itxt("openbadges", "{}", flag=b"\x01")))
    assert found[0].problems == ()
    assert "compressed" in found[0].notes[0]


TOKEN = signing.signer().jwt({"type": ["VerifiableCredential", "OpenBadgeCredential"]}, "EdDSA")


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("openbadgecredential", "{}"),
        ("openbadges", '{"type": "VerifiableCredential"}'),
        ("openbadges", '{"type": "EnvelopedVerifiableCredential"}'),
        ("openbadges", TOKEN),
        ("openbadges", f"data:application/vc+jwt,{TOKEN}"),
    ],
)
def test_a_new_badge_must_not_stand_in_an_old_chunk_nor_be_compressed_under_any_name(keyword, text):
    found = png.unbake(with_chunks((b"tEXt", f"{keyword}\x00{text}".encode())))
    assert "asks for iTXt" in found[0].problems[0]
    found = png.unbake(with_chunks(itxt(keyword, text, flag=b"\x01")))
    assert "compressed, which Open Badges 3.0 forbids" in found[0].problems[0]


@pytest.mark.parametrize("text", [signing.signer().jwt({"type": "Assertion"}, "EdDSA"), "eyJhbGciOi.eyJ."])
def test_a_signed_badge_of_the_second_generation_may_stand_in_an_old_chunk(text):
    found = png.unbake(with_chunks((b"tEXt", b"openbadges\x00" + text.encode())))
    assert found[0].problems == ()


def test_of_two_badges_the_first_counts_and_it_is_said():
    found = png.unbake(with_chunks(itxt("openbadges", '{"n": 1}'), itxt("openbadges", '{"n": 2}')))
    assert [u.text for u in found] == ['{"n": 1}', '{"n": 2}']
    assert "two badges" in found[0].notes[0]


def test_the_newest_generation_comes_before_the_older():
    found = png.unbake(
        with_chunks(itxt("openbadges", "old"), itxt("clrcredential", "clr"), itxt(png.OB3, "new"))
    )
    assert [u.text for u in found] == ["new", "clr", "old"]


def test_an_old_and_a_new_chunk_of_one_keyword_are_both_read_the_new_first():
    found = png.unbake(with_chunks((b"tEXt", b"openbadges\0" + URL.encode()), itxt("openbadges", "{}")))
    assert [u.text for u in found] == ["{}", URL]
    assert "two badges" in found[0].notes[0]


def test_a_badge_behind_the_end_of_the_picture_is_read_and_it_is_said():
    found = png.unbake(LITTLE + png._chunk_bytes(*itxt("openbadges", "{}")))
    assert (found[0].text, found[0].notes) == ("{}", ("There is more behind the end of the picture.",))


def test_padding_behind_the_end_is_nothing():
    assert png.unbake(png.bake(LITTLE, "{}", "openbadges") + bytes(12 * png.MAX_CHUNKS + 12))[0].notes == ()


def test_what_stood_behind_the_end_is_not_baked_again():
    behind = LITTLE + png._chunk_bytes(*itxt("openbadges", "{}")) + png._chunk_bytes(b"teSt", b"x")
    assert png.bake(behind, "{}", "openbadges") == png.bake(LITTLE, "{}", "openbadges")


def test_a_moving_picture_carries_a_badge_like_any_other():
    frames = [(b"acTL", struct.pack(">II", 2, 0)), (b"fcTL", bytes(26)), (b"fdAT", bytes(16))]
    moving = with_chunks(frames[0], itxt("openbadgecredential", "{}"), *frames[1:])
    assert [(u.text, u.notes) for u in png.unbake(moving)] == [("{}", ())]
    assert png.bake(moving, "{}", "openbadges").count(b"fdAT") == 1


def test_blanks_behind_the_keyword_do_no_harm():
    assert png.unbake(with_chunks(itxt("openbadges ", "{}")))[0].text == "{}"


@pytest.mark.parametrize("kind", [b"IDAT", b"IHDR"])
def test_a_wrong_checksum_elsewhere_is_a_matter_for_those_who_draw(kind):
    whole = png.bake(LITTLE, "{}", "openbadges")
    at = whole.index(kind) + 4 + int.from_bytes(whole[whole.index(kind) - 4 : whole.index(kind)])
    assert png.unbake(whole[:at] + b"\0\0\0\0" + whole[at + 4 :])[0].text == "{}"


def test_a_wrong_checksum_is_said_but_does_no_harm():
    whole = with_chunks(itxt("openbadges", "{}"))
    at = whole.index(b"{}") + 2
    found = png.unbake(whole[:at] + b"\xde\xad\xbe\xef" + whole[at + 4 :])
    assert found[0].text == "{}"
    assert "checksum" in found[0].notes[0]


def test_a_picture_cut_off_after_the_badge_still_gives_the_badge():
    found = png.unbake(with_chunks(itxt("openbadges", "{}"), end=False))
    assert found[0].text == "{}"
    assert "cut off" in found[0].notes[0]


@pytest.mark.parametrize("cut", [8, 20, 40, -3, -13])
def test_a_picture_cut_off_before_its_badge_is_damaged(cut):
    whole = LITTLE[:-12] + png._chunk_bytes(*itxt("openbadges", "{}"))
    with pytest.raises(Damaged):
        png.unbake(whole[:cut])


def test_a_chunk_that_claims_two_gigabytes_is_damage():
    with pytest.raises(Damaged):
        png.unbake(LITTLE[:-12] + b"\x7f\xff\xff\xffiTXtopenbadges\x00\x00\x00\x00\x00{}")


def test_a_picture_without_a_badge_says_where_it_may_have_gone():
    with pytest.raises(NothingInside) as raised:
        png.unbake(LITTLE)
    assert raised.value.says == "We found no badge in this picture."
    assert "Social sites often remove it" in raised.value.try_this


def test_an_empty_chunk_is_no_badge():
    with pytest.raises(NothingInside, match="empty"):
        png.unbake(with_chunks(itxt("openbadges", "  ")))


@pytest.mark.parametrize("keyword", ["OpenBadges", "openbadge", "Comment"])
def test_other_keywords_are_not_badges(keyword):
    with pytest.raises(NothingInside):
        png.unbake(with_chunks(itxt(keyword, "{}")))


def test_what_unpacks_to_more_than_a_badge_is_refused():
    with pytest.raises(TooLarge):
        png.unbake(with_chunks(itxt("openbadges", " " * (png.MAX_INFLATED + 1), flag=b"\x01")))


@pytest.mark.parametrize("first", [png.MAX_INFLATED, png.MAX_INFLATED - 1, png.MAX_INFLATED // 2])
def test_all_that_is_packed_unpacks_to_no_more_than_one_badge_may(first):
    with pytest.raises(TooLarge):
        png.unbake(
            with_chunks(*(itxt("openbadges", " " * size, flag=b"\x01") for size in (first, 600 * 1024)))
        )


def test_text_that_cannot_be_unpacked_is_damage():
    with pytest.raises(Damaged):
        png.unbake(with_chunks((b"zTXt", b"openbadges\x00\x00nonsense")))


def test_more_texts_than_any_picture_needs_are_refused():
    with pytest.raises(TooComplex):
        png.unbake(with_chunks(*[(b"tEXt", b"Comment\x00x")] * (png.MAX_TEXT_CHUNKS + 1)))


def test_more_parts_than_any_picture_needs_are_refused():
    with pytest.raises(TooComplex):
        png.unbake(with_chunks(*[(b"IDAT", b"")] * png.MAX_CHUNKS))


@pytest.mark.parametrize("at", range(8, len(LITTLE), 7))
def test_no_broken_byte_raises_anything_but_unreadable(at):
    baked = png.bake(LITTLE, "{}", "openbadges")
    broken = baked[:at] + bytes([baked[at] ^ 0xFF]) + baked[at + 1 :]
    with contextlib.suppress(Unreadable):
        assert png.unbake(broken)

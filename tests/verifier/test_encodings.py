"""One value has one spelling in base58, base64url and multibase."""

import base64
from contextlib import suppress

import base58 as witness
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpack.verifier.encodings import Misspelt, base58, base64url, multibase, to_base64url


@given(st.binary(max_size=100))
def test_base58_is_read_as_others_write_it(data):
    assert base58(witness.b58encode(data).decode()) == data


@given(st.binary(max_size=600))
def test_base64url_is_read_as_others_write_it(data):
    written = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    assert base64url(written) == data
    assert to_base64url(data) == written


@given(st.text(st.characters(max_codepoint=0x7E), max_size=40))
def test_no_two_texts_mean_the_same_bytes(text):
    for read, write in ((base64url, to_base64url), (base58, lambda data: witness.b58encode(data).decode())):
        with suppress(Misspelt):
            assert write(read(text)) == text


@given(st.binary(min_size=1, max_size=600), st.data())
def test_one_other_letter_anywhere_means_other_bytes_or_nothing(data, draw):
    written = to_base64url(data)
    place = draw.draw(st.integers(0, len(written) - 1))
    other = draw.draw(st.characters(max_codepoint=0x17F).filter(lambda letter: letter != written[place]))
    with suppress(Misspelt):
        assert base64url(written[:place] + other + written[place + 1 :]) != data


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "a b", "é", "z" * 1025])
def test_what_is_no_base58_is_refused(text):
    with pytest.raises(Misspelt):
        base58(text)


@pytest.mark.parametrize("text", ["A", "AB==", "A+BC", "A/BC", "AB\n", "AB", "AAB", "AAAAé", "=AAA"])
def test_what_is_no_base64url_is_refused(text):
    with pytest.raises(Misspelt):
        base64url(text)


def test_multibase_says_its_base():
    assert multibase("z2g") == multibase("uYQ") == b"a"
    with pytest.raises(Misspelt, match="z or u"):
        multibase("f61")

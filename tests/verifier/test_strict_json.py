"""JSON is read so that no two programs can read it differently, and so that nothing hostile costs much."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpack.errors import Damaged, TooComplex, TooLarge
from backpack.verifier.strict_json import load_object, loads

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


@given(VALUES, st.booleans(), st.sampled_from([(",", ":"), (", ", ": ")]))
def test_whatever_json_can_say_is_read_as_the_standard_library_reads_it(value, escaped, separators):
    text = json.dumps(value, ensure_ascii=escaped, separators=separators)
    assert repr(loads(text)) == repr(loads(text.encode())) == repr(json.loads(text))


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Bronze", "name": "Gold"}',
        '{"a": {"b": 1, "c": 2, "b": 1}}',
        '{"name":"Gold","name":"Gold"}',
        '{"a":{"b":1,"b":1}}',
        '{"\\u0061":1,"a":1}',
        '{"a":"\\ud800"}',
        '{"a":9007199254740993}',
        '{"a":18446744073709551616}',
        "[NaN]",
        "[-Infinity]",
        '["\\ud800"]',
        '["\\udc00\\ud800"]',
        '{"\\udfff": 1}',
        "[1e400]",
        "[9007199254740993]",
        "[-123456789012345678901234567890]",
        '{"open": ',
        "[1,]",
        "['single']",
        '["line\nbreak"]',
        "",
        b'"\xff"',
        b'"\xed\xa0\x80"',
        '"\ud800"',
    ],
)
def test_what_programs_disagree_on_is_refused(text):
    with pytest.raises(Damaged) as refused:
        loads(text)
    assert refused.value.code == "bad_json"


def test_the_sentence_says_where_it_is_broken():
    with pytest.raises(Damaged, match="line 2"):
        loads('{"name": "Gold",\n oops}')


def test_the_sentence_says_which_name_stands_twice():
    with pytest.raises(Damaged, match="“name” stands twice"):
        loads('{"id": 1, "name": "Bronze", "name": "Gold"}')


@pytest.mark.parametrize("marked", ["\ufeff[1]", b"\xef\xbb\xbf[1]"])
def test_a_byte_order_mark_is_passed_over(marked):
    assert loads(marked) == [1]


def test_half_characters_that_make_a_whole_are_fine():
    assert loads('["\\ud83c\\udfc5"]') == ["🏅"]


@pytest.mark.parametrize(("open_", "close"), [("[", "]"), ('{"a":', "}")])
def test_nesting_ends_at_64_levels(open_, close):
    assert loads(open_ * 64 + "1" + close * 64)
    with pytest.raises(TooComplex, match="64 levels"):
        loads(open_ * 65 + "1" + close * 65)


def test_nesting_that_would_overflow_the_stack_is_refused_like_any_other():
    with pytest.raises(TooComplex):
        loads("[" * 500_000)


def test_brackets_inside_texts_do_not_count():
    assert loads(json.dumps(["[{" * 500, '\\"[' * 100]))


def test_more_than_twenty_thousand_values_are_refused():
    assert len(loads(json.dumps([0] * 19_999))) == 19_999
    with pytest.raises(TooComplex, match="20,000"):
        loads(json.dumps([0] * 20_001))


def test_commas_inside_texts_do_not_count():
    assert loads(json.dumps(["," * 30_000, ":" * 30_000]))


def test_a_document_ends_at_512_kilobytes_but_for_its_pictures():
    text = ["word " * 10_000] * 9
    picture = "data:image/png;base64," + "A" * 600_000
    assert loads(json.dumps({"text": text, "image": picture}))
    with pytest.raises(TooLarge, match="512 KB"):
        loads(json.dumps({"text": [*text, *text]}))


@pytest.mark.parametrize("again", ['"x\\', '"data:image/\\', '"data:image\\/\\', '"\\"[,'])
@pytest.mark.parametrize("end", ["", "\\"])
def test_texts_that_never_end_are_gone_through_once_and_not_from_every_mark_in_them(again, end):
    text = '{"a":' + again * (450_000 // len(again)) + end
    with pytest.raises((Damaged, TooLarge)):  # from every mark it would take hours
        loads(text)


def test_one_text_ends_at_64_kilobytes_but_a_picture():
    assert loads(json.dumps(["x" * 65_536]))
    with pytest.raises(TooLarge, match="64 KB"):
        loads(json.dumps(["x" * 65_537]))


def test_a_reader_that_expects_longer_texts_may_say_so():
    assert loads(json.dumps(["x" * 100_000]), longest=200_000)


def test_eight_megabytes_are_too_much_whatever_is_inside():
    with pytest.raises(TooLarge, match="8 MB"):
        loads(json.dumps(["data:image/png;base64," + "A" * 8_400_000]))


def test_only_an_object_is_an_object():
    assert load_object("{}") == {}
    with pytest.raises(Damaged):
        load_object("[]")

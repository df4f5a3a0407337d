"""Members of any shape read alike."""

import pytest

from backpack.verifier import fields
from backpack.verifier.credential import Evidence, Picture


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("plain", "plain"),
        ({"@value": "with language", "@language": "pt"}, "with language"),
        ({"pt": "olá", "en": "hello"}, "hello"),
        ({"pt": "olá", "nl": "hallo"}, "olá"),
        ([{"@value": "olá", "@language": "pt"}, {"@value": "hello", "@language": "en"}], "hello"),
        ([{"@value": "olá", "@language": "pt"}, {"@value": "hello", "@language": "EN-us"}], "hello"),
        ({"pt": "olá", "EN": "hello"}, "hello"),
        ([None, {}, "second"], "second"),
        ({"@none": "in no language"}, "in no language"),
        ({"pt": [None, "olá", "oi"]}, "olá"),
        (12, "12"),
        (12.0, "12"),
        (0.5, "0.5"),
        (float("inf"), None),
        (True, None),
        ("", None),
        ([], None),
        ({"@language": "pt"}, None),
        (None, None),
    ],
)
def test_text_is_found_however_it_is_written(value, says):
    assert fields.text(value) == says


def test_every_text_is_told_whatever_language_it_is_in():
    assert fields.texts({"@none": ["steel", "craft"], "pt": "aço"}) == ("steel", "craft", "aço")
    assert fields.texts([{"@value": "steel", "@language": "en"}, {"pt": "aço"}, None]) == ("steel", "aço")
    assert fields.translations({"@none": "steel", "pt": ["aço"]}) == {"pt": "aço"}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ({"id": "https://a.example/1"}, "https://a.example/1"),
        ({"@id": "urn:x"}, "urn:x"),
        ([{}, {"id": "urn:x"}], "urn:x"),
        ({"id": 3}, None),
        ({}, None),
        (7, None),
    ],
)
def test_a_thing_is_named_by_reference_or_by_value(value, found):
    assert fields.identifier(value) == found


def test_the_first_usable_picture_is_taken():
    found = fields.picture(None, "javascript:alert(1)", {"id": "https://a.example/p.png", "caption": "A pin"})
    assert found == Picture("https://a.example/p.png", "A pin")
    assert fields.picture("data:text/html,x") is None


def test_evidence_is_an_address_or_a_story():
    found = fields.evidence(["https://a.example/work", {"narrative": "I did it", "id": "urn:x"}, 3])
    assert found == (Evidence(url="https://a.example/work"), Evidence(narrative="I did it"))


def test_types_and_contexts_are_one_or_many():
    assert fields.types({"type": "A"}) == fields.types({"@type": ["A", 1]}) == ("A",)
    assert fields.types("A") == ()
    assert fields.contexts({"@context": "x"}) == ("x",)


def test_facts_are_those_that_are_there():
    assert fields.facts({"version": 2, "other": "x"}, "version", "missing") == {"version": "2"}
    assert fields.texts(["a", None, "b"]) == ("a", "b")
    assert fields.language({"inLanguage": "pt"}) == "pt"

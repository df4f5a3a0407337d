"""Whether a badge is written as its standard demands, with all that belongs to it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from backpack.demo.shapes import Issued
from backpack.verifier import Check, Outcome, Verdict, read, verify, wanted
from tests.issuing import AT, answer_of, answering, award, changed, documents, issuer, without
from tests.verifier.asking import check, raw, report
from tests.verifier.carriers.test_png import with_chunks

OLD = ["ob10", "ob11", "ob1_signed", "ob2_hosted", "ob2_signed"]
EXTENSION = "https://montalvo.example/extension"
SCHEMA = "https://montalvo.example/schema"


def structure(badge: Issued) -> Check:
    return check("structure", badge)


@pytest.mark.parametrize("generation", [*OLD, "ob05", "ob3", "ob3_jwt"])
def test_a_sound_badge_passes(generation):
    assert structure(getattr(issuer(), generation)(award())).outcome is Outcome.passed


def test_the_vocabularies_that_gave_it_meaning_are_named_with_their_hashes():
    found = structure(issuer().ob3(award())).detail
    assert found["Vocabulary 1"].startswith("https://www.w3.org/ns/credentials/v2 (SHA-256 ")
    assert "Vocabulary 1" not in structure(issuer().ob2_hosted(award())).detail


@pytest.mark.parametrize("generation", OLD)
def test_a_class_or_issuer_that_nobody_serves_leaves_it_unknown(generation):
    badge = getattr(issuer(), generation)(award())
    for url in badge.documents:
        if "badges/" in url or "issuer" in url or "profile" in url:
            assert structure(without(badge, url)).outcome is Outcome.unknown


def test_every_problem_is_listed_and_the_first_is_the_sentence():
    found = structure(changed(issuer().ob3(award(), carrier="bare"), id="x y", validFrom="soon"))
    assert (found.outcome, found.verdict) == (Outcome.failed, Verdict.invalid)
    assert found.message == "The credential's id is not one address or URN."
    assert found.detail["Problem 2"] == "Its validFrom is not a date with a time."


def test_words_without_any_vocabulary_mean_nothing():
    badge = issuer().ob3(award(), carrier="bare")
    assert structure(changed(badge, **{"@context": []})).message.startswith("It has no @context")


def test_how_it_is_baked_belongs_to_its_structure():
    badge = issuer().ob3(award(), carrier="bare")
    old = with_chunks((b"tEXt", b"openbadgecredential\x00" + badge.text.encode()))
    assert "asks for iTXt" in structure(replace(badge, data=old)).message


@pytest.mark.parametrize("generation", ["ob3", "ob3_jwt"])
def test_a_word_that_no_vocabulary_defines_is_wrong(generation):
    badge = issuer().ob3(award(), carrier="bare")
    assert structure(changed(badge, favouriteColour="blue")).outcome is Outcome.failed


def test_the_issuer_s_own_vocabulary_is_wanted_and_used():
    badge = issuer().ob3(award(), carrier="bare")
    own = "https://montalvo.example/words"
    said = changed(badge, **{"@context": [*raw(badge)["@context"], own], "favouriteColour": "blue"})
    assert own in wanted(read(said.data), documents(said))
    assert structure(said).outcome is Outcome.unknown
    words = answering(said, own, {"@context": {"favouriteColour": "https://montalvo.example/words#colour"}})
    assert structure(words).outcome is Outcome.passed
    assert structure(answering(said, own, b"<html>")).outcome is Outcome.unknown


def with_schema(schema: Any, kind: str = "JsonSchema", address: str = SCHEMA) -> Issued:
    badge = changed(
        issuer().ob3(award(), carrier="bare"),
        credentialSchema={"id": address, "type": kind},
        name="Certificate",
    )
    return answering(badge, address, schema)


def test_a_schema_that_the_badge_names_is_wanted_and_applied():
    demand = {"type": "object", "properties": {"name": {"const": "Certificate"}}, "required": ["name"]}
    badge = with_schema(demand)
    assert SCHEMA in wanted(read(badge.data), documents(without(badge, SCHEMA)))
    assert structure(badge).outcome is Outcome.passed
    assert structure(with_schema({**demand, "required": ["colour"]})).outcome is Outcome.failed


def test_a_schema_that_asks_for_a_list_of_proofs_as_the_published_ones_do_is_content_with_one():
    demand = {"properties": {"proof": {"type": "array"}}, "required": ["proof"]}
    assert structure(with_schema(demand)).outcome is Outcome.passed
    assert structure(with_schema({**demand, "required": ["colour"]})).outcome is Outcome.failed


@pytest.mark.parametrize(
    "schema", [b"<html>", "[]", {"type": 7}, {"$ref": "https://evil.example/schema"}, "7"]
)
def test_a_schema_that_cannot_be_read_leaves_it_unknown(schema):
    assert structure(with_schema(schema)).outcome is Outcome.unknown


def test_a_schema_that_nobody_serves_leaves_it_unknown():
    assert structure(without(with_schema({}), SCHEMA)).outcome is Outcome.unknown


def test_a_schema_of_a_kind_that_is_not_looked_at_is_mentioned():
    found = structure(with_schema({}, "JsonSchemaCredential"))
    assert found.outcome is Outcome.passed
    assert "do not look at (“JsonSchemaCredential”)" in str(found.detail)


@pytest.mark.parametrize(("vc", "is_said"), [("1.1", True), ("2.0", False)])
def test_a_status_without_an_id_is_mentioned_where_the_data_model_asks_for_one(vc, is_said):
    badge = issuer().ob3(award(standing="good"), vc=vc, carrier="bare")
    entry = {name: value for name, value in raw(badge)["credentialStatus"].items() if name != "id"}
    without_id = changed(badge, credentialStatus=entry)
    assert structure(without_id).outcome is Outcome.passed
    assert ("has no id" in str(report(without_id).notes)) is is_said


def test_the_published_schemas_of_the_standard_are_our_own_rules():
    published = (
        "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
    )
    badge = with_schema(b"", "1EdTechJsonSchemaValidator2019", published)
    assert published not in wanted(read(badge.data), documents(without(badge, published)))


def extended(value: Any, *, kinds: Any = ("Extension", "extensions:Colour")) -> Issued:
    """A hosted badge with an extension whose schema wants text."""
    badge = issuer().ob2_hosted(award(), carrier="bare")
    extension = {"@context": EXTENSION, "type": kinds, "colour": value}
    said = {**raw(badge), "extensions:colour": extension}
    badge = answering(replace(badge, data=json.dumps(said).encode()), str(badge.address), said)
    rule = {"obi:validatesType": "extensions:Colour", "obi:validationSchema": SCHEMA}
    badge = answering(badge, EXTENSION, {"@context": {}, "obi:validation": [rule]})
    return answering(badge, SCHEMA, {"type": "object", "properties": {"colour": {"type": "string"}}})


def test_an_extension_must_be_as_its_own_schema_asks():
    assert structure(extended("blue")).outcome is Outcome.passed
    assert structure(extended(7)).outcome is Outcome.failed
    assert structure(extended(7, kinds=("Extension", "extensions:Other"))).outcome is Outcome.passed


def test_description_and_schema_of_an_extension_are_wanted_in_turn():
    badge = extended("blue")
    bare = without(without(badge, EXTENSION), SCHEMA)
    assert wanted(read(badge.data), documents(bare)) == {EXTENSION}
    assert wanted(read(badge.data), documents(without(badge, SCHEMA))) == {SCHEMA}


@pytest.mark.parametrize("url", [EXTENSION, SCHEMA])
@pytest.mark.parametrize("body", [None, b"<html>", b"[7]"])
def test_an_extension_whose_makers_are_gone_does_not_spoil_the_badge(url, body):
    badge = extended("blue")
    found = structure(without(badge, url) if body is None else answering(badge, url, body))
    assert found.outcome is Outcome.passed


def test_an_extension_whose_schema_takes_too_much_work_is_noted_and_does_not_spoil_the_badge():
    parts = {f"a{n}": {"allOf": [{"$ref": f"#/definitions/a{n + 1}"}] * 2} for n in range(60)} | {"a60": {}}
    badge = answering(extended("blue"), SCHEMA, {"$ref": "#/definitions/a0", "definitions": parts})
    found = structure(badge)
    assert found.outcome is Outcome.passed
    assert (
        "The schema of an extension of this badge would take too much work to apply." in found.detail.values()
    )


def test_a_hostile_badge_is_a_result_and_not_an_exception():
    deep: Any = "x"
    for _ in range(20):
        deep = {"related": [deep]}
    badge = changed(
        issuer().ob3(award(), carrier="bare"), credentialSubject={"id": "did:x:1", "type": "x", "a": deep}
    )
    assert not verify(read(badge.data), documents(badge), None, AT).valid
    assert report(badge).checks[0].id == "structure"


def test_what_the_issuer_s_documents_lack_is_told():
    badge = issuer().ob2_hosted(award())
    described = answer_of(badge, answer_of(badge, str(badge.address))["badge"])
    nameless = answering(badge, described["id"], {**described, "name": ""})
    assert structure(nameless).message == "The badge's description has no name."

"""A schema that a stranger wrote is applied when that is little work, whatever it says; else it is not begun."""

import gzip
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from backpack.errors import TooComplex
from backpack.verifier import Outcome, Verdict, schemas
from backpack.verifier.budget import LEAST, Budget
from backpack.verifier.checks import revocation
from backpack.verifier.schemas import fault
from backpack.verifier.verifying import answered
from backpack.verifier.weighing import Weight, pattern_weight, weigh
from tests.verifier.signing import V2, badge, case, secured, served, signer
from tests.verifier.test_costs import report

SCHEMA = "https://school.example/schema"
CANNOT = "The schema that it names (JsonSchema) cannot be read."
TOO_MUCH = "The schema that it names (JsonSchema) would take too much work to apply."


def doubling(lines: int, how: str = "allOf", last: Any = True) -> dict[str, Any]:
    """Each part refers to the next one twice."""
    parts = {f"a{n}": {how: [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(lines)}
    return {"$ref": "#/$defs/a0", "$defs": {**parts, f"a{lines}": last}}


def looking_for_the_rest(times: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"properties": {"a": True}, "unevaluatedProperties": {}}
    for _ in range(times):
        schema = {"anyOf": [schema], "unevaluatedProperties": {}}
    return schema


WIDE = {f"n{n}": {"x": "v"} for n in range(2000)}
NESTED: Any = "x"
for _ in range(40):
    NESTED = {"a": NESTED}
WITHOUT_END = {
    "doubling": (doubling(60), {}),
    "alternatives": (doubling(60, "anyOf", {"type": "string"}), {}),
    "one of many": (doubling(60, "oneOf"), {}),
    "not": ({"not": doubling(60)["$defs"]["a0"], **doubling(60)}, {}),
    "looking for the rest": (looking_for_the_rest(30), {"a": 1}),
    "into itself": ({"additionalProperties": {"allOf": [{"$ref": "#"}] * 2}}, NESTED),
    "a pattern's places": ({"pattern": "[ab]*a[ab]{2000}c"}, "ab" * 30_000),
    "patterns without number": ({"properties": {f"q{n}": {"pattern": f"{n}\\p{{L}}{{90}}"} for n in range(99)}}, {}),
    "an endless pattern": ({"pattern": "a" * 1001}, ""),
    "names against patterns": ({"patternProperties": {f"^k{n}x": {} for n in range(3000)}}, WIDE),
    "a long list of words": ({"additionalProperties": {"enum": [f"v{n}" for n in range(9000)]}}, WIDE),
    "many parts": ({"additionalProperties": {"allOf": [{"required": ["x"]}] * 3000}}, WIDE),
    "many yeses": ({"additionalProperties": {"allOf": [True] * 9000}}, WIDE),
    "many dependencies": ({"additionalProperties": {"dependencies": {f"a{n}": ["b"] for n in range(5000)}}}, WIDE),
    "twins": ({"allOf": [{"uniqueItems": True}] * 500}, [f"t{n}" for n in range(5000)]),
    "names": ({"allOf": [{"propertyNames": {"minLength": 1}}] * 500}, WIDE),
}  # fmt: skip


@pytest.mark.parametrize("what", WITHOUT_END)
def test_what_would_take_too_much_work_is_not_begun(what, monkeypatch):
    monkeypatch.setattr("jsonschema_rs.validator_for", None)  # nothing of the library is used
    schema, instance = WITHOUT_END[what]
    with pytest.raises(TooComplex):
        fault(served(SCHEMA, schema), instance, Budget())


def test_the_weight_is_that_of_every_time_a_part_is_applied():
    assert weigh(doubling(3), {}, Budget()).units * 2 < weigh(doubling(4), {}, Budget()).units * 1.01 + 20
    assert weigh(doubling(40), {}, _Endless()).units == 10**9


class _Endless(Budget):
    def spend(self, steps: int = 1) -> None:
        """Never at its end."""


APPLIED: list[tuple[Any, Any, Any]] = [
    ({"$ref": "#/allOf/0/$defs/a~1b", "allOf": [{"$defs": {"a/b": {"type": "object"}}}]}, {}, []),
    ({"$id": "urn:s#", "$ref": "urn:s#/$defs/%61", "$defs": {"a": {"type": "object"}}}, {}, 1),
    ({"additionalProperties": {"$ref": "#"}, "type": ["object", "number"]}, {"a": {"b": 1}}, {"a": {"b": "1"}}),
    ({"properties": {"a": {"id": "/a", "type": "string"}}}, {"a": "1"}, {"a": 1}),
    ({"prefixItems": [{"type": "string"}], "items": {"type": "number"}}, ["a", 1], [1, 1]),
    ({"items": {"anyOf": [{"const": 1}, {"const": 2}]}}, [1, 2], [3]),
    ({"contains": {"const": 1}, "uniqueItems": True}, [1, 2], [2]),
    ({"patternProperties": {"^a": {"const": ""}}, "additionalProperties": {"const": 7}}, {"a": "", "b": 7}, {"b": 8}),
    ({"propertyNames": {"pattern": "^[a-z]{1,3}(?:[0-9]+)?$"}}, {"abc1": 1}, {"ABC": 1}),
    ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"a": 1, "b": 1}, {"a": 1}),
    ({"if": {"type": "string"}, "then": {"format": "date"}}, "2026-05-03", "soon"),
    ({"$ref": "#", "not": {"type": "string"}} | {"$ref": "#/$defs/a", "$defs": {"a": {}}}, 1, "1"),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "fits", "does_not"), APPLIED)
def test_a_schema_is_applied_as_it_stands(schema, fits, does_not):
    assert fault(served(SCHEMA, schema), fits, Budget()) is None
    assert fault(served(SCHEMA, schema), does_not, Budget()) is not None


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"allOf": [{"$ref": "#/allOf/1"}, {"$ref": "#/allOf/0"}]},
        {"$ref": "#/$defs/b"},
        {"$ref": "#/$defs/0/a", "$defs": ["x"]},
        {"$ref": "#anchor"},
        {"$ref": "https://json-schema.org/draft/2020-12/schema"},
        {"$recursiveRef": "#"},
        {"allOf": [{"$id": "https://x.example/b", "$ref": "#/$defs/a"}], "$defs": {"a": {}}},
        {"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"$id": "https://x.example/b"}}},
        {"pattern": "(?=a)b"},
        {"pattern": "a{2000}{2000}"},
    ],
)
def test_a_schema_whose_work_cannot_be_told_is_none_that_can_be_applied(schema):
    with pytest.raises(ValueError, match=r".") as told:
        fault(served(SCHEMA, schema), "", _Endless())
    assert not isinstance(told.value, TooComplex)


def test_a_row_of_references_longer_than_a_stack_is_not_followed():
    row = {f"a{n}": {"$ref": f"#/$defs/a{n + 1}"} for n in range(2000)} | {"a2000": {}}
    with pytest.raises(ValueError, match="too deeply"):
        fault(served(SCHEMA, {"$ref": "#/$defs/a0", "$defs": row}), {}, _Endless())


def test_where_telling_what_is_wrong_would_take_long_only_that_it_is_wrong_is_told():
    few = served(SCHEMA, {"anyOf": [{"type": "string"}] * 10})
    many = served(SCHEMA, {"anyOf": [{"type": "string"}] * 300})
    assert "valid under any" in str(fault(few, {}, Budget()))
    assert fault(many, {}, Budget()) == "what exactly would take too long to tell"
    assert fault(many, "text", Budget()) is None
    assert fault(few, {"a": ["v" * 50_000]}, Budget()) == "what exactly would take too long to tell"


@pytest.mark.parametrize(
    ("pattern", "places"),
    [
        ("abc", 3), ("[a-z]+", 2), (r"[a\]b]x", 2), (r"\d{4}-\d{2}", 7), ("a{3,}", 3), ("(ab){3}", 9),
        ("((a{2}){3}){4}", 40), (r"\p{L}{2}", 120), (r"[\p{L}_]", 60), (")a(", 3), ("[[[", 1), ("(?:a|b)", 6),
        ("a{999999999}{999999999}", 10**9),
    ],
)  # fmt: skip
def test_a_pattern_weighs_what_the_machine_for_it_has_places(pattern, places):
    assert pattern_weight(pattern) == places


def structure(schema: Any, **members: Any):
    named = badge(credentialSchema={"id": SCHEMA, "type": "JsonSchema"}, **members)
    found = report(secured(named), served(SCHEMA, schema))
    return found, next(check for check in found.checks if check.id == "structure")


def test_a_badge_whose_schema_takes_too_much_work_is_not_verified_and_its_signature_is():
    found, check = structure(doubling(60))
    assert (found.verdict, check.outcome, check.message) == (Verdict.unconfirmed, Outcome.unknown, TOO_MUCH)
    assert next(one for one in found.checks if one.id == "proof").outcome is Outcome.passed


def test_a_badge_whose_schema_refers_to_itself_without_end_is_not_verified():
    found, check = structure({"$ref": "#"})
    assert (found.verdict, check.message) == (Verdict.unconfirmed, CANNOT)


def test_the_schema_of_a_status_list_is_paid_for_by_the_file_whoever_read_it_before():
    place = "https://school.example/list"
    packed = "u" + urlsafe_b64encode(gzip.compress(bytes(16_384))).decode().rstrip("=")
    listed = {
        "@context": [V2],
        "id": place,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": signer().did,
        "credentialSchema": {"id": SCHEMA, "type": "JsonSchema"},
        "credentialSubject": {
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": packed,
        },
    }
    documents = (served(place, secured(listed)), served(SCHEMA, doubling(5)))
    entry = {"type": "BitstringStatusListEntry", "statusListIndex": "1", "statusListCredential": place}
    document = secured(badge(credentialStatus={**entry, "statusPurpose": "revocation"}))
    left = []
    for _ in range(2):
        found = case(document, *documents)
        assert answered(revocation, found).outcome is Outcome.passed
        left.append(found.budget.beside().left)
    assert left[0] == left[1] < LEAST


def test_all_schemas_of_a_file_share_what_they_may_take(monkeypatch):
    applied: list[Any] = []

    def weighed(schema: Any, instance: Any, budget: Budget) -> Weight:
        budget.spend(LEAST // 3)
        applied.append(schema)
        return Weight(1, 1, 1)

    monkeypatch.setattr(schemas, "weigh", weighed)
    named = [{"id": f"{SCHEMA}{n}", "type": "JsonSchema"} for n in range(8)]
    found = report(secured(badge(credentialSchema=named)), *[served(one["id"], {}) for one in named])
    assert (len(applied), found.verdict) == (3, Verdict.unconfirmed)

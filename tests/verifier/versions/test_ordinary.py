"""Ordinary badges, which one schema tells: rules and vocabularies have nothing against whatever it lets through."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpack.demo.shapes import Issued
from backpack.verifier import Alignment, Documents, Evidence, Result, as_json, verify
from backpack.verifier.canonical import Budget, Vocabularies, said_when_asked
from backpack.verifier.canonical.statements import walked
from backpack.verifier.carriers import Unbaked
from backpack.verifier.rules import Findings
from backpack.verifier.rules.data_model import check_data_model
from backpack.verifier.rules.members import astray
from backpack.verifier.rules.open_badges_3 import EXTENSIONS, SCHEMAS, check_badge
from backpack.verifier.rules.ordinary import SCHEMA, is_ordinary
from backpack.verifier.vc import credential_of
from tests.issuing import AT, MARIA, award, document, issuer
from tests.verifier.asking import report
from tests.verifier.test_mutations import changed, paths

SMALL = award(
    picture="none", naming="did", recipient="did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
)
RICH = award(
    alignments=(Alignment("Skill", "https://skills.example/1", "What one can do.", "Skills", "S1"),),
    evidence=(Evidence("https://work.example/1", "Work", "What was made.", "The final piece."),),
    results=(Result("Grade", "A", kind="LetterGrade"),),
    tags=("science", "data"),
    narrative="Well done",
    expires_at=AT.replace(year=2030),
    number=86,
)
ODD: tuple[Any, ...] = (
    "", " ", "other", "_:b1", "ext:own", "schema:name", "https://", "https://a b/", "http:/one", "urn:uuid:",
    "did:web:", "data:image/png;base64,", "2025-02-30T00:00:00Z", "2025-02-28T24:00:00Z", "2025-02-28T00:00:00",
    "0999-01-01T00:00:00Z", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", "VerifiablePresentation",
    0, 1.5, True, None, [], {}, [[]], [None], ["other"], {"id": "urn:a"}, {"@value": "x"},
    {"@value": "x", "@language": "en"}, {"en": "x"}, {"@id": "urn:a"}, {"@context": {}},
)  # fmt: skip
ENDS = ("\n", " ", "\0", "é", "|", "%", "\\", "٣")
WORDS = (
    "@id",
    "@type",
    "@context",
    "@graph",
    "vc",
    "vp",
    "creator",
    "source",
    "parentOrg",
    "issuer",
    "id",
    "own",
)


def test_what_most_issuers_award_is_ordinary():
    for facts in (SMALL, award(), RICH, award(standing="good", number=87)):
        assert is_ordinary(signed(issuer().ob3(facts, carrier="bare")))


@given(st.deferred(lambda: of(SCHEMA)))
def test_the_rules_have_nothing_against_an_ordinary_badge(badge):
    assert is_ordinary(badge)
    assert_faultless(badge)


@pytest.mark.parametrize("facts", [SMALL, RICH], ids=["small", "rich"])
def test_the_rules_have_nothing_against_what_is_still_ordinary_after_a_change(facts):
    badge = signed(issuer().ob3(facts, carrier="bare"))
    still = [other for other in changes(badge) if is_ordinary(other)]
    assert len(still) > 100
    for other in still:
        assert_faultless(other)


@pytest.mark.parametrize("proof", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "EdDSA"])
@pytest.mark.parametrize("standing", ["none", "good", "revoked"])
def test_a_report_on_an_ordinary_badge_says_what_it_says_of_one_that_was_looked_at_word_by_word(
    proof, standing, monkeypatch
):
    facts = replace(RICH, standing=standing)
    how = {"speaks": "did:key", "carrier": "bare"}
    badge = issuer().ob3_jwt(facts, proof, **how) if proof == "EdDSA" else issuer().ob3(facts, proof, **how)
    at_once = report(badge, (MARIA,))
    assert at_once.credential.is_ordinary
    monkeypatch.setattr("backpack.verifier.versions.ob3.is_ordinary", lambda _: False)
    assert as_json(report(badge, (MARIA,))) == as_json(at_once)


def test_of_a_badge_that_names_more_schemas_than_we_look_at_that_is_said():
    whole = signed(issuer().ob3(award(standing="good", number=88), carrier="bare"))
    named = {"id": f"{SCHEMAS[0]}achievementcredential.json", "type": "1EdTechJsonSchemaValidator2019"}
    one, many = whole | {"credentialSchema": named}, whole | {"credentialSchema": [named] * 9}
    extended = {"@context": [*whole["@context"], EXTENSIONS]}
    assert is_ordinary(one | extended)
    assert not is_ordinary(many | extended)


def test_of_a_badge_with_another_edition_of_its_vocabulary_in_hand_every_word_is_looked_up():
    badge = signed(issuer().ob3(award(), carrier="bare"))
    edition = document(badge["@context"][1], 200, "application/ld+json", b'{"@context": {}}')
    assert said_when_asked(badge, Documents(), Budget()) is not None
    assert said_when_asked(badge, Documents().plus(edition), Budget()) is None


def signed(badge: Issued) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(badge.text)
    return found


def changes(badge: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Everything in it replaced, lengthened, taken out, or put in once more under another word."""
    for path in paths(badge):
        value = badge
        for step in path:
            value = value[step]
        for odd in ODD:
            yield changed(badge, path, odd)
        if isinstance(value, str):
            for end in ENDS:
                yield changed(badge, path, value + end)
                yield changed(badge, path, end + value)
        yield changed(badge, path, [value])
        yield changed(badge, path, [value, value])
        yield changed(badge, path, KeyError)
        if isinstance(path[-1], str):
            for word in WORDS:
                yield changed(badge, (*path[:-1], word), value)


def assert_faultless(badge: dict[str, Any]) -> None:
    found = Findings()
    check_data_model(badge, found)
    check_badge(badge, found)
    assert (found.problems, found.notes, astray(badge)) == ([], [], None)
    unsigned = {name: value for name, value in badge.items() if name != "proof"}
    walked(unsigned, Vocabularies(Documents()), Budget(), by_statements=False)
    unbaked = Unbaked("", "json")
    looked_through = credential_of(unsigned, unbaked, None, "3.0", found)
    at_once = credential_of(unsigned, unbaked, None, "3.0", found, is_ordinary=True)
    assert at_once == replace(looked_through, is_ordinary=True)
    assert (
        verify(at_once, Documents(), None, AT).checks == verify(looked_through, Documents(), None, AT).checks
    )


def of(schema: Any) -> st.SearchStrategy[Any]:
    """Whatever a part of the schema lets through."""
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "if" in schema:
        return of(schema["then"]) | of(schema["else"])
    if "pattern" in schema:
        return st.from_regex(schema["pattern"][1:-1], fullmatch=True)
    kind = schema.get("type")
    if kind == "object":
        return st.one_of(
            [with_members(schema, one["required"]) for one in schema.get("anyOf", [{"required": ()}])]
        )
    if kind == "array":
        return st.lists(of(schema["items"]), min_size=schema["minItems"], max_size=3)
    if kind == "string":
        return st.text(min_size=schema.get("minLength", 0), max_size=12)
    if kind == "boolean":
        return st.booleans()
    if "anyOf" in schema:
        return st.one_of([of(one) for one in schema["anyOf"]])
    return st.just({"type": "OfTomorrow"})  # whatever signs it


def with_members(schema: Any, more: tuple[str, ...]) -> st.SearchStrategy[Any]:
    members = {name: of(one) for name, one in schema["properties"].items()}
    must = {name: members.pop(name) for name in (*schema.get("required", ()), *more)}
    return st.fixed_dictionaries(must, optional=members)

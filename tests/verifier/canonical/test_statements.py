"""JSON-LD becomes the statements that pyld makes of it, and whatever pyld would drop is refused."""

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import permutations
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyld.jsonld import JsonLdError

from backpack.errors import TooComplex
from backpack.verifier.canonical import Budget, Unsound, Vocabularies, nquads, said, statements, terms
from backpack.verifier.canonical.vocabulary import root
from backpack.verifier.contexts import shipped
from backpack.verifier.documents import Documents
from tests.issuing import award, issuer
from tests.verifier import witness
from tests.verifier.canonical.generated import LISTS, V2, documents

walk = import_module("backpack.verifier.canonical.statements")  # its package has a function of that name
OB3 = LISTS[0]
KINDS = sorted({name for url in OB3 for name in shipped(url).context if name[0].isupper()})


def ours(document: dict[str, Any], digest: str = "sha256") -> str:
    return nquads(document, Vocabularies(Documents()), Budget(file=document), digest).decode()


def refused(document: dict[str, Any]) -> str:
    with pytest.raises(Unsound) as error:
        ours(document)
    return str(error.value)


def badge(**members: Any) -> dict[str, Any]:
    return {
        "@context": OB3,
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "did:web:school.example", "type": "Profile", "name": "School"},
        "credentialSubject": {
            "type": "AchievementSubject",
            "achievement": {
                "id": "urn:uuid:2",
                "type": "Achievement",
                "name": "Welding",
                "description": "Joins steel.",
                "criteria": {"narrative": "Weld."},
            },
        },
        **members,
    }


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@example(
    badge(description=[{"@value": "", "@language": "en", **way} for way in ({}, {"@direction": "rtl"})]),
    "sha256",
)
@given(documents(), st.sampled_from(["sha256", "sha384"]))
def test_any_document_in_the_published_contexts_says_what_pyld_says_it_says(document, digest):
    try:
        expected = witness.canonical(copy.deepcopy(document), digest)
    except (witness.Dropped, JsonLdError):
        refused(document)
    else:
        # What is told of one thing in several places is refused after the walk, whatever it says.
        with patch.object(walk, "check_places"):
            assert ours(document, digest) == expected


def test_two_numbers_that_are_written_alike_make_one_statement():
    alike = [1.7976931348623155e308, 1.7976931348623157e308]
    once, twice = (badge(proof={"type": "DataIntegrityProof", "nonce": said}) for said in (alike[:1], alike))
    assert ours(once) == ours(twice) == witness.canonical(twice)


@pytest.mark.parametrize("vc", ["1.1", "2.0"])
@pytest.mark.parametrize("standing", ["none", "good"])
def test_issued_badges_say_what_pyld_says_they_say(vc, standing):
    document = json.loads(issuer().ob3(award(standing=standing), vc=vc, carrier="bare").text)
    assert ours(document) == witness.canonical(document)


def test_control_characters_are_written_as_rdfc_says_and_not_as_pyld_does():
    document = badge(name="".join(map(chr, (*range(0x80), 0xFFFD, 0xFFFE, 0xFFFF, 0x1FFFE))))
    assert ours(document) == witness.canonical(document)
    assert r"\u0000\u0001" in ours(document)
    assert "\ufffd\\uFFFE\\uFFFF\U0001fffe" in ours(document)


def test_a_blank_node_may_have_a_name_of_its_own_which_means_nothing():
    named, other = (
        badge(issuer={"id": "_:school", "type": "Profile"}),
        badge(issuer={"id": "_:x", "type": "Profile"}),
    )
    assert ours(named) == ours(other) == witness.canonical(named)


def test_one_thing_named_twice_is_one_thing():
    document = badge(
        evidence=[{"id": "urn:uuid:9", "type": "Evidence", "name": name} for name in ("One", "Two")]
    )
    assert ours(document) == witness.canonical(document)


def test_an_embedded_credential_brings_its_own_contexts():
    document = {
        "@context": [V2],
        "type": "VerifiablePresentation",
        "verifiableCredential": [badge(), badge(name="B")],
    }
    assert ours(document) == witness.canonical(document)


@pytest.mark.parametrize("address", ["https://a.example/x|y{z}", "https://a.example/^`", "urn:a:ü", "tel:+1"])
def test_addresses_are_taken_as_they_are(address):
    assert f"<{address}>" in ours(badge(id=address))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "badge/1",
        "#x",
        "/x",
        "no scheme",
        "1urn:x",
        "https://a.example/a b",
        "urn:x\n",
        "urn:x\u2003y",
        "\x00urn:x",
        "urn:x>",
        "urn:<x",
        'urn:"x',
        "urn:\\u003E",
        "urn:x> <urn:p> <urn:o> .\n<urn:y",
    ],
)
@pytest.mark.parametrize("place", ["id", "issuer"])
def test_what_is_no_address_is_refused_where_an_address_must_be(address, place):
    assert "stands where an address must be" in refused(badge(**{place: address}))


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"honours": "cum laude"}, "defines “honours”"),
        ({"type": ["VerifiableCredential", "Valedictorian"]}, "“Valedictorian” is defined by no"),
        ({"@id": "urn:uuid:3"}, "writes “@id” where it must write “id”"),
        ({"@type": "OpenBadgeCredential"}, "writes “@type” where it must write “type”"),
        (
            {"https://www.w3.org/2018/credentials#validUntil": "2030-01-01T00:00:00Z"},
            "must be called “validUntil”",
        ),
        ({"@graph": [{"id": "urn:a", "name": "x"}]}, "“@graph” is a form"),
        ({"@included": [{"id": "urn:a", "name": "x"}]}, "“@included” is a form"),
        ({"@reverse": {"name": {"id": "urn:a"}}}, "“@reverse” is a form"),
        ({"@index": "x"}, "“@index” is a form"),
        ({"@unheard": "x"}, "defines “@unheard”"),
        ({"evidence": {"@list": [{"id": "urn:a"}]}}, "“@list” is a form"),
        ({"evidence": {"@set": [{"id": "urn:a"}]}}, "“@set” is a form"),
        ({"name": [["nested"]]}, "a list inside a list"),
        ({"name": {"@value": None}}, "is empty or no text"),
        ({"name": {"@value": ["x"]}}, "is empty or no text"),
        ({"name": {"@value": "x", "@language": 5}}, "says its language"),
        ({"name": {"@value": "x", "@language": "en us"}}, "a language that is none"),
        ({"name": {"@value": "x", "@language": "en", "@type": "xsd:string"}}, "says its language"),
        ({"name": {"@value": "x", "@direction": "up"}}, "in a form that badges do not use"),
        ({"name": {"@value": "x", "@index": "i"}}, "in a form that badges do not use"),
        ({"name": {"@value": "x", "description": "y"}}, "in a form that badges do not use"),
        ({"name": {"@value": "x", "@type": ["a"]}}, "a type that is not a word"),
        ({"name": {"@value": "x", "@type": "relative"}}, "no vocabulary of the badge defines"),
        ({"id": ["urn:a"]}, "an id that is not one address"),
        ({"id": None}, "an id that is not one address"),
        ({"type": [1]}, "a type that is not a word"),
        ({"type": None}, "a type that is not a word"),
        ({"proof": "none"}, "is not an object"),
        ({"proof": {"id": "urn:a"}}, "is not an object"),
        ({"proof": {}}, "is not an object"),
        ({"issuer": {"@context": V2, "id": "urn:a"}}, "changes the meaning of words"),
    ],
)
def test_what_would_be_lost_or_bent_on_the_way_is_refused_by_name(members, says):
    assert says in refused(badge(**members))


@pytest.mark.parametrize("also", [{"@language": "en"}, {"@direction": "rtl"}])
def test_nothing_beside_a_json_value_is_left_unsigned(also):
    assert "text of the badge" in refused(badge(name={"@value": {"a": 1}, "@type": "@json", **also}))


@pytest.mark.parametrize("value", [{"@value": 5}, {"@value": "x", "@type": "urn:x"}])
def test_only_a_text_has_a_direction(value):
    assert "given a direction" in refused(badge(name={**value, "@direction": "rtl"}))


def test_null_and_an_empty_list_say_nothing():
    assert ours(badge(description=None, evidence=[])) == ours(badge())


OWN = {
    "steps": {"@id": "urn:steps", "@container": "@list"},
    "data": {"@id": "urn:data", "@type": "@json"},
    "weight": {"@id": "urn:weight", "@type": "http://www.w3.org/2001/XMLSchema#double"},
    "kind": {"@id": "urn:kind", "@type": "@vocab"},
    "plain": {"@id": "urn:plain", "@type": "@none"},
    "bare": {"@id": "urn:bare", "@type": "@none", "@language": "PT"},
    "said": {"@id": "urn:said", "@language": "EN"},
    "motto": {"@id": "urn:motto", "@container": "@language", "@language": "FR"},
    "mottos": {"@id": "urn:mottos", "@container": ["@language", "@set"]},
    "thing": {
        "@id": "urn:thing",
        "@container": ["@set"],
        "@context": {"inner": {"@id": "urn:inner", "@container": ["@set"]}},
    },
}


@pytest.mark.parametrize(
    "members",
    [
        {"steps": []},
        {"steps": "one"},
        {"steps": ["one", None, 2, {"id": "urn:x"}, {"type": "Image", "caption": "c"}]},
        {"steps": None},
        {"data": None},
        {"data": [{"b": [1, 2.5, None], "a": "é\u0001"}, True]},
        {"weight": 5},
        {"weight": [1e30, -0.25]},
        {"kind": ["Image", "urn:x", "Achievement"]},
        {"plain": ["urn:x", 5, True]},
        {"bare": ["hello", 5, {"id": "urn:x"}]},
        {"said": ["hello", 5, {"@value": "olá", "@language": "PT"}]},
        {"motto": {"EN-us": "Work\n", "pt": "Trabalho", "de": None, "@none": "W"}},
        {"motto": "Travail", "mottos": {"en": ["Work", None, "Labour"], "pt": []}},
        {"motto": {}, "mottos": ["Travail", {"@value": "Work", "@language": "EN"}]},
        {"thing": [{"inner": ["a", "b"]}, {"id": "urn:x"}]},
        {
            "plain": [
                {"@value": {"b": 1, "a": 2}, "@type": "@json"},
                {"@value": True},
                {"@value": 5, "@type": "xsd:x"},
            ]
        },
        {"plain": [1e21, -1e21, 123456789012345680000, 0.1, 100.0, -0.0, 5e-324]},
    ],
)
def test_every_form_of_value_says_what_pyld_says_it_says(members):
    document = badge(**{"@context": [*OB3, OWN, {"xsd": "http://www.w3.org/2001/XMLSchema#"}], **members})
    assert ours(document) == witness.canonical(document)


def test_a_text_that_is_to_be_a_number_is_what_is_written():
    double = "<http://www.w3.org/2001/XMLSchema#double>"
    said = ours(badge(**{"@context": [*OB3, OWN], "weight": ["1.50", "heavy"]}))
    assert f'"1.50"^^{double}' in said
    assert f'"heavy"^^{double}' in said


@pytest.mark.parametrize(
    "said", [{"en": 5}, {"en": {"@value": "Work"}}, {"en": [["Work"]]}, {"not a tag": "Work"}]
)
def test_a_map_from_languages_to_anything_else_than_texts_is_refused(said):
    assert refused(badge(**{"@context": [*OB3, OWN], "motto": said}))


def test_a_word_that_must_be_one_of_the_vocabulary_s_is_one():
    assert "is a word that no vocabulary" in refused(badge(**{"@context": [*OB3, OWN], "kind": "Unheard"}))


def test_many_different_mixtures_of_types_cost_more_than_is_there_to_spend():
    mixed = [
        {"id": f"urn:{one}:{other}", "type": [one, other]} for one in KINDS for other in KINDS if one < other
    ]
    with pytest.raises((TooComplex, Unsound)):
        ours(badge(evidence=mixed))
    with pytest.raises(TooComplex):
        ours(badge(evidence=[{"type": ["Evidence", "VerifiableCredential", f"urn:{n}"]} for n in range(200)]))


def test_many_different_lists_of_vocabularies_cost_more_than_is_there_to_spend():
    lists = permutations([url for listed in LISTS for url in listed[1:]], 2)
    inside = [badge(**{"@context": [V2, *chosen]}) for chosen in lists]
    with pytest.raises((TooComplex, Unsound)):
        ours({"@context": [V2], "type": "VerifiablePresentation", "verifiableCredential": inside})
    other = [badge(**{"@context": [*OB3, {f"w{n}": "urn:w"}]}) for n in range(60)]
    with pytest.raises(TooComplex):
        ours({"@context": [V2], "type": "VerifiablePresentation", "verifiableCredential": other})


def test_tables_that_stay_are_few_however_much_strangers_send():
    assert terms._typed.cache_info().maxsize == terms._stepped.cache_info().maxsize == terms.STEPS_KEPT
    words = [f"https://stranger.example/{n}" for n in range(300)]
    table = root(OB3, Vocabularies(Documents()), Budget())
    before = len(table._terms)
    ours(badge(**dict.fromkeys(words, "x")))
    assert len(table._terms) == before


def test_a_type_written_thousands_of_times_is_the_type_once_and_is_not_remembered():
    plain = badge()
    once, kinds = statements(plain, Vocabularies(Documents()), Budget()), plain["type"]
    before = terms._planned.cache_info().currsize
    many = statements({**plain, "type": kinds * 3000}, Vocabularies(Documents()), Budget())
    assert (many, terms._planned.cache_info().currsize) == (once, before)


def test_a_document_without_contexts_has_no_words():
    assert "names no vocabulary" in refused({"type": "VerifiableCredential"})


def test_more_statements_than_a_badge_can_need_are_too_complex():
    document = {"@context": [V2, OWN], "plain": [str(number) for number in range(20_001)]}
    with pytest.raises(TooComplex, match="20,000"):
        statements(document, Vocabularies(Documents()), Budget(10**6))


@pytest.mark.parametrize("size", [6, 8])
def test_evidence_tied_into_a_knot_is_refused_before_it_costs_anything(size):
    others = [[{"id": f"_:{b}"} for b in range(size) if b != a] for a in range(size)]
    knot = [{"id": f"_:{a}", "type": "VerifiableCredential", "evidence": others[a]} for a in range(size)]
    with pytest.raises(TooComplex):
        ours(badge(evidence=knot))


def test_thousands_of_tags_are_no_trouble():
    achievement = {"id": "urn:a", "type": "Achievement", "tag": [f"tag {number}" for number in range(5000)]}
    subject = {"type": "AchievementSubject", "achievement": achievement}
    assert len(ours(badge(credentialSubject=subject)).splitlines()) > 5000


def test_eight_threads_get_what_one_gets():
    contexts = [
        [*listed, "https://w3id.org/vc/status-list/2021/v1"] for listed in LISTS
    ]  # tables nobody made yet
    several = [
        badge(**{"@context": one, "name": str(number)}) for number in range(10) for one in contexts[:2]
    ]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(ours, several * 5))
    assert made == [witness.canonical(document) for document in several] * 5


def test_the_same_document_makes_the_same_statements_whatever_was_read_before():
    first = statements(badge(), Vocabularies(Documents()), Budget())
    assert statements(badge(), Vocabularies(Documents()), Budget()) == first


def test_the_names_of_nodes_are_worked_out_once_for_each_digest():
    found = said(badge(), Documents(), Budget())
    first = found.names(Budget())
    assert found.names(Budget(0)) is first
    assert set(found.names(Budget(), "sha384")) == set(first)


def test_two_names_for_an_id_are_refused():
    table = terms.Table({"mappings": {name: {"@id": "@id"} for name in ("id", "name")}}, published=False)
    assert table.shape(("id",), Budget()).name == "id"
    with pytest.raises(Unsound, match="not one address"):
        table.shape(("id", "name"), Budget())


def test_a_meaning_inside_a_term_of_ones_own_holds_for_each_of_its_values():
    inner = {"@id": "https://a.example/part", "@context": {"size": "https://a.example/size"}}
    thing = {"@context": [{"part": inner}], "part": [{"size": "1"}, {"size": "2"}]}
    assert ours(thing).count("<https://a.example/size>") == 2

"""An issuer's own vocabulary may add words; it may not take, bend or hide those of the standards."""

import json
from importlib import resources
from typing import Any

import pytest

from backpack.errors import TooComplex
from backpack.verifier import read, verify
from backpack.verifier.canonical import Budget, Unavailable, Unsound, Unsupported, Vocabularies, nquads
from backpack.verifier.canonical.standards import OTHER_NAMES, WORDS_OF_RECORDS, standard_names
from backpack.verifier.documents import Document, Documents
from backpack.verifier.report import Outcome, Verdict
from tests.issuing import AT
from tests.verifier import witness
from tests.verifier.canonical.generated import V1, V2
from tests.verifier.canonical.test_statements import OB3, badge
from tests.verifier.signing import badge as award
from tests.verifier.signing import secured, signer, tried
from tests.verifier.test_costs import report

ACADEMY = "https://academy.example/terms#"
OWN = "https://academy.example/words"
LOCK = {"lockModel": "https://academy.example/terms#lockModel"}
STATUS = "https://www.w3.org/2018/credentials#credentialStatus"


def served(context: Any, url: str = OWN) -> Document:
    return Document(url, 200, json.dumps({"@context": context}).encode())


def ours(document: dict[str, Any], *documents: Document) -> str:
    return nquads(document, Vocabularies(Documents(*documents)), Budget()).decode()


def with_own(context: Any, **members: Any) -> dict[str, Any]:
    return badge(**{"@context": [*OB3, context], **members})


def refused(context: Any, **members: Any) -> str:
    """What is said of a context, whether it is written into the badge or fetched."""
    with pytest.raises(Unsound) as inline:
        ours(with_own(context, **members))
    with pytest.raises(Unsound) as fetched:
        ours(with_own(OWN, **members), served(context))
    assert str(inline.value) == str(fetched.value)
    return str(inline.value)


@pytest.mark.parametrize("context", [OWN, LOCK])
def test_an_own_vocabulary_adds_words(context):
    document = with_own(context, lockModel="Yale")
    assert ours(document, served(LOCK)) == witness.canonical(document, "sha256", served(LOCK))
    assert '"Yale"' in ours(document, served(LOCK))


def test_own_words_may_be_things_with_words_of_their_own():
    inner = {"@id": "https://academy.example/terms#lock", "@context": {"@protected": True, **LOCK}}
    document = with_own({"lock": inner}, lock={"id": "urn:a", "type": "Image", "lockModel": "Yale"})
    assert ours(document) == witness.canonical(document)


def test_a_value_s_type_may_be_of_the_words_inside_its_own_word():
    inner = {"@id": "https://academy.example/terms#lock", "@context": {"@vocab": "https://academy.example/"}}
    document = with_own({"lock": inner}, lock={"@value": "Yale", "@type": "Model"})
    assert '"Yale"^^<https://academy.example/Model>' in ours(document)
    assert ours(document) == witness.canonical(document)


def test_an_own_vocabulary_may_cover_every_word_it_does_not_name():
    document = with_own({"@vocab": "https://academy.example/terms#"}, anything="goes", type=["Whatever"])
    assert ours(document) == witness.canonical(document)


def test_an_own_vocabulary_may_be_made_of_others():
    documents = served(["https://academy.example/more", {}]), served(LOCK, "https://academy.example/more")
    assert '"Yale"' in ours(with_own(OWN, lockModel="Yale"), *documents)


def test_a_vocabulary_that_nobody_has_is_wanted():
    with pytest.raises(Unavailable) as wanted:
        ours(with_own(OWN))
    assert (wanted.value.url, wanted.value.problem) == (OWN, None)


@pytest.mark.parametrize(
    "answer",
    [
        Document(OWN, 404, problem="academy.example answered 404"),
        Document(OWN, 200, b"<html>"),
        Document(OWN, 200, b"{}"),
        Document(OWN, 200, b"[]"),
    ],
)
def test_a_vocabulary_that_answers_badly_is_a_problem_and_not_wanted_again(answer):
    with pytest.raises(Unavailable) as trouble:
        ours(with_own(OWN), answer)
    assert trouble.value.problem


@pytest.mark.parametrize("keyword", ["@base", "@import", "@propagate", "@unheard"])
def test_what_only_published_vocabularies_may_say_is_refused(keyword):
    assert f"“{keyword}”, which it may not" in refused({keyword: True})
    assert f"“{keyword}”, which it may not" in refused({"a": {"@id": "urn:a", "@context": {keyword: True}}})


@pytest.mark.parametrize("home", ["", "words/", 7, ["https://academy.example/terms#"]])
def test_words_are_at_home_at_an_address(home):
    assert "words without an address" in refused({"@vocab": home}, anything="goes")


@pytest.mark.parametrize(
    "word",
    [
        {"@container": "@index"},
        {"@context": "https://academy.example/more"},
        {"@context": None},
        {"@context": {"@language": "fr"}},
        {"@context": {"motto": "https://academy.example/terms#other"}},
        {"@direction": "rtl"},
        {"@nest": "mottoes"},
        {"@index": "https://academy.example/terms#index"},
        {"@id": "@id"},
    ],
)
def test_what_we_do_not_read_is_not_called_wrong(word):
    own = {"motto": {"@id": "https://academy.example/terms#motto", **word}}
    document = secured(award(**{"@context": [*OB3, own], "motto": {"en": "Work"}}), "eddsa-jcs-2022")
    assert report(document).verdict is Verdict.unconfirmed
    bound_to_words = {**document["proof"], "cryptosuite": "eddsa-rdfc-2022"}
    assert tried({**document, "proof": bound_to_words}).outcome is Outcome.unknown


def test_a_word_of_the_standards_cannot_get_another_meaning():
    assert "gives a protected word another meaning" in refused({"name": "https://evil.example/nickname"})
    assert "gives a protected word another meaning" in refused(
        {"@protected": True, "validUntil": "urn:never"}
    )


@pytest.mark.parametrize("word", ["AchievementSubject", "OpenBadgeCredential", "image"])
def test_nor_where_the_standard_forgot_to_protect_it(word):
    beta = "https://imsglobal.github.io/openbadges-specification/ob_v3p0.html"
    with pytest.raises(Unsound, match=f"own gives “{word}” another meaning"):
        ours(badge(**{"@context": [V1, beta, {word: "https://evil.example/x"}]}))


def test_a_later_published_vocabulary_cannot_bend_an_earlier_one():
    with pytest.raises(Unsound, match="protected word"):
        ours(badge(**{"@context": [*OB3, "https://purl.imsglobal.org/spec/ob/v3p0/context.json"]}))


def test_a_word_of_the_issuer_s_own_cannot_be_shown_as_what_the_standards_say():
    own = {"supervisor": "https://academy.example/terms#supervisor"}
    subject = award()["credentialSubject"]
    contexts = {"@context": [*OB3, own], "credentialSubject": {**subject, "supervisor": "Ada"}}
    honest = secured(award(**contexts))
    assert report(honest).verdict is Verdict.verified
    alias = {"familyName": own["supervisor"]}
    contexts = {"@context": [*OB3, alias], "credentialSubject": {**subject, "familyName": "Ada"}}
    assert report({**honest, **contexts}).verdict is Verdict.unconfirmed


OF_A_PLAIN_ONE = {
    "of its issuer's": ("issuer", "motto", "email"),
    "of its earner's": ("earner", "nickname", "identityHash"),
    "of what was reached": ("result", "remark", "status"),
}


@pytest.mark.parametrize(("place", "honest", "shown"), OF_A_PLAIN_ONE.values(), ids=OF_A_PLAIN_ONE)
def test_nor_in_a_credential_that_is_no_badge_of_the_standard(place, honest, shown):
    whole = secured(plain_credential(place, honest))
    assert report(whole).verdict is Verdict.verified
    forged = plain_credential(place, shown, f"{ACADEMY}{honest}")
    assert report({**forged, "proof": whole["proof"]}).verdict is Verdict.unconfirmed


@pytest.mark.parametrize("hidden", ["remark", "Status", f"{ACADEMY}status"])
def test_nor_be_hidden_under_a_word_that_nobody_reads(hidden):
    whole = secured(plain_credential("result", "status"))
    assert report(whole).credential.results[0].status == "said"
    forged = plain_credential("result", hidden, f"{ACADEMY}status")
    assert report({**forged, "proof": whole["proof"]}).verdict is Verdict.unconfirmed


def test_nor_in_another_way_to_write_the_same_json():
    whole = plain_credential("result", "status")
    whole["@context"][1]["result"] = {"@id": f"{ACADEMY}result", "@type": "@json"}
    whole = secured(whole)
    assert report(whole).credential.results[0].status == "said"
    forged = plain_credential("result", "status")
    subject = forged["credentialSubject"]
    subject["result"] = {"@value": subject["result"], "@type": "@json"}
    assert report({**forged, "proof": whole["proof"]}).verdict is Verdict.unconfirmed


def test_but_where_the_words_themselves_are_signed_they_are_the_issuer_s_to_choose():
    plain = plain_credential("result", "status", f"{ACADEMY}remark")
    as_text, as_token = secured(plain, "eddsa-jcs-2022"), signer().jwt(plain, "EdDSA", kid=signer().method)
    for data in (json.dumps(as_text), as_token):
        found = verify(read(data.encode()), Documents(), None, AT)
        assert found.verdict is Verdict.verified
        assert found.credential.results[0].status == "said"


def plain_credential(place, word, address=None):
    """A verifiable credential in words of its issuer's own, one of which is said in this place."""
    own = {name: f"{ACADEMY}{name}" for name in ("identifier", "result")} | {
        word: address or f"{ACADEMY}{word}"
    }
    said = {name: {word: "said"} if name == place else {} for name in ("issuer", "earner", "result")}
    return {
        "@context": [V2, {name: meaning for name, meaning in own.items() if name != meaning}],
        "id": "urn:credential:1",
        "type": ["VerifiableCredential"],
        "issuer": {"id": signer().did, **said["issuer"]},
        "validFrom": "2025-03-14T09:00:00Z",
        "credentialSubject": {
            "id": "did:example:maria",
            "identifier": said["earner"],
            "result": said["result"],
        },
    }


@pytest.mark.parametrize(
    "address",
    ["http://schema.org/familyName", "https://academy.example/terms#family_name", "urn:academy:familyName"],
)
def test_but_may_be_called_as_its_address_says(address):
    subject = {**award()["credentialSubject"], "familyName": "Silva"}
    own = {"familyName": address}
    badge = secured(award(credentialSubject=subject, **{"@context": [*OB3, own]}))
    assert report(badge).verdict is Verdict.verified
    assert report(badge).credential.recipient_name == "Silva"


def test_a_status_of_a_kind_that_we_do_not_know_cannot_pass_for_one_that_we_do():
    def said_to_be(kind):
        return with_own({kind: f"{ACADEMY}Diary"}, credentialStatus={"id": "urn:page:6", "type": kind})

    assert f"<{ACADEMY}Diary>" in ours(said_to_be("Diary"))
    with pytest.raises(Unsupported, match="calls something else “StatusList2021Entry”"):
        ours(said_to_be("StatusList2021Entry"))


def test_a_revocation_cannot_hide_behind_a_word_of_the_forgers():
    entry = {"id": "urn:status:1", "type": "BitstringStatusListEntry"}
    assert "must be called “credentialStatus”" in refused({"harmless": {"@id": STATUS}}, harmless=entry)


@pytest.mark.parametrize("name", [STATUS, "cred:credentialStatus"])
def test_nor_behind_its_full_or_shortened_address(name):
    own = {"cred": {"@id": "https://www.w3.org/2018/credentials#", "@prefix": True}}
    entry = {"id": "urn:status:1", "type": "BitstringStatusListEntry"}
    assert "must be called “credentialStatus”" in refused(own, **{name: entry})


def test_an_address_is_written_in_full_as_people_and_lists_know_it():
    own = {"school": {"@id": "https://school.example/", "@prefix": True}}
    assert "in full" in refused(own, evidence={"id": "school:joint", "type": "Evidence"})
    assert "in full" in refused(own, evidence="school:joint")
    assert "<school://joint>" in ours(with_own(own, evidence="school://joint"))


def test_a_type_cannot_go_by_another_name_either():
    alias = {"Nothing": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement"}
    assert "must be called “Achievement”" in refused(alias, evidence={"type": ["Evidence", "Nothing"]})


def test_the_words_of_records_are_known_although_their_vocabulary_does_not_ship():
    path = resources.files("openbadgeslib.ob3.contexts") / "clr_context_2.0.1.json"
    types = json.loads(path.read_bytes())["@context"]
    for kind, words in WORDS_OF_RECORDS.items():
        inside = types[kind]["@context"]
        assert {name for name, said in inside.items() if "clr/vocab" in str(said)} == set(words)
        assert standard_names()[types[kind]["@id"]] == {kind}
        assert all(standard_names()[inside[name]["@id"]] == {name} for name in words)


def test_nor_a_property_by_the_name_that_a_published_vocabulary_has_for_its_class():
    v3 = [V2, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"]
    subject = award()["credentialSubject"]
    picture = {"id": "https://school.example/welding.png", "type": "Image"}
    achievement = {**subject["achievement"], "Image": picture}
    hidden = award(**{"@context": v3, "credentialSubject": {**subject, "achievement": achievement}})
    for context in ([], [{}]):
        with pytest.raises(Unsound, match="“Image” for what must be called “image”"):
            ours({**hidden, "@context": [*v3, *context]})


def test_a_property_is_no_type():
    v3 = [V2, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"]
    with pytest.raises(Unsound, match="“image” stands where a type must be"):
        ours(award(**{"@context": v3, "evidence": {"id": "urn:a", "type": ["Evidence", "image"]}}))


def test_a_name_that_people_are_shown_goes_neither_by_its_address_nor_by_a_word_of_somebodys_own():
    for name in ("https://schema.org/name", "called"):
        issuer = {"id": "urn:a", "type": "Profile", name: "Academy"}
        said = refused({"called": "https://schema.org/name"}, issuer=issuer)
        assert f"“{name}” for what must be called “name”" in said


def test_every_second_name_that_published_vocabularies_give_is_known():
    second = {
        name: sorted(names - {name})
        for names in standard_names().values()
        for name in names
        if len(names) > 1 and any(other[0].isupper() != name[0].isupper() for other in names)
    }
    assert {name: [proper] for name, proper in OTHER_NAMES.items() if name[0].isupper()} == {
        name: others for name, others in second.items() if name[0].isupper()
    }


@pytest.mark.parametrize("keyword", ["@id", "@type", "@value", "@graph", "@language"])
def test_keywords_cannot_go_by_other_names(keyword):
    assert f"renames “{keyword}”" in refused({"other": keyword})
    assert f"renames “{keyword}”" in refused({"other": {"@id": keyword}})


def test_the_usual_names_of_keywords_may_be_repeated():
    assert ours(with_own({"id": "@id", "type": "@type"})) == ours(badge())


def test_vocabularies_that_refer_to_ever_others_end():
    chain = [served(f"{OWN}/{n}", f"{OWN}/{n + 1}") for n in range(20)]
    with pytest.raises(Unsound, match="too many others"):
        ours(badge(**{"@context": [*OB3, f"{OWN}/20"]}), *chain)


def test_a_word_that_was_switched_off_means_nothing():
    assert "defines “off”" in refused({"off": None}, off="x")


@pytest.mark.parametrize("container", ["@index", "@id", "@type"])
def test_maps_whose_keys_would_be_lost_are_refused(container):
    own = {"word": {"@id": "https://academy.example/w", "@container": container}}
    assert "in a form of JSON-LD that badges do not use" in refused(own, word={"key": "value"})


def test_a_vocabulary_cannot_fetch_another_from_inside_a_word():
    assert "holds another one inside a word" in refused({"a": {"@id": "urn:a", "@context": OWN}})


def test_vocabularies_that_refer_to_each_other_end():
    with pytest.raises(Unsound, match="refers to itself"):
        ours(with_own(OWN), served(OWN))


@pytest.mark.parametrize(
    "context",
    [
        5,
        [None],
        [["nested"]],
        "",
        {"@version": 1.0},
        {"a": 5},
        {"a": {"@id": 5}},
        {"@vocab": None},
        {"@vocab": 5},
        {"@language": None},
        {"a": {"@id": "urn:a", "@context": {"name": {"@id": 5}}}},
    ],
)
def test_what_is_no_vocabulary_is_refused(context):
    with pytest.raises((Unsound, Unavailable)):
        ours(with_own(context))


def test_the_data_model_s_own_vocabulary_is_no_own_vocabulary():
    document = badge(**{"@context": [V2, *OB3[1:], V2]})
    assert ours(document) == ours(badge())


def test_an_own_vocabulary_is_small():
    many = {f"word{number}": f"https://academy.example/terms#{number}" for number in range(2000)}
    assert "larger than any needs to be" in refused(many)
    with pytest.raises(Unsound, match="more than 16"):
        ours(badge(**{"@context": [*OB3, *({f"w{n}": "urn:w"} for n in range(20))]}))


def test_an_own_vocabulary_with_many_layers_costs_more_than_is_there_to_spend():
    words = {f"T{n}": {"@id": f"https://a.example/{n}", "@context": {f"w{n}": "urn:w"}} for n in range(200)}
    things = [{"type": f"T{n}", f"w{n}": "x"} for n in range(200)]
    with pytest.raises(TooComplex):
        ours(with_own({**words, "thing": "https://a.example/thing"}, thing=things))

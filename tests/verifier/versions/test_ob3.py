"""Open Badges 3.0 read into our shape, and what it demands."""

import copy
from typing import Any

import pytest

from backpack.verifier import (
    Alignment,
    Credential,
    Documents,
    Evidence,
    Picture,
    Recipient,
    Report,
    Result,
    as_json,
    verify,
)
from backpack.verifier.carriers import Unbaked
from backpack.verifier.credential import Identifier, Related
from backpack.verifier.reading import of_object
from tests.issuing import AT

V1, V2 = "https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2"
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


def badge(**members: Any) -> dict[str, Any]:
    return {
        "@context": [V2, OB3],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "did:web:montalvo.example", "type": ["Profile"], "name": "Montalvo"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Certificate",
        "credentialSubject": subject(),
    } | members


def subject(**members: Any) -> dict[str, Any]:
    return {"id": "did:key:z6M", "type": ["AchievementSubject"], "achievement": achievement()} | members


def achievement(**members: Any) -> dict[str, Any]:
    return {
        "id": "https://montalvo.example/a/1",
        "type": ["Achievement"],
        "name": "Open Science",
        "description": "Knows how.",
        "criteria": {"narrative": "Hand in *everything*."},
    } | members


def read(raw: dict[str, Any]) -> Credential:
    return of_object(raw, Unbaked("", "json"), None)[0]


def report_on(credential: Credential) -> Report:
    return verify(credential, Documents(), None, AT)


def test_a_sound_badge_has_no_problems_and_nothing_to_remark():
    found = read(badge())
    assert (found.version, found.problems, found.notes) == ("3.0", (), ())


def test_who_what_and_when_are_read():
    found = read(badge(validUntil="2027-01-01T00:00:00Z", awardedDate="2025-12-24T00:00:00Z"))
    assert (found.title, found.achievement.name, found.issuer.name) == (
        "Certificate",
        "Open Science",
        "Montalvo",
    )
    assert found.achievement.criteria_narrative == "Hand in *everything*."
    assert (found.issued_at.year, found.expires_at.year) == (2025, 2027)


def test_an_issuer_may_be_an_address_alone():
    found = read(badge(issuer="https://montalvo.example/issuer"))
    assert (found.issuer.id, found.issuer.url) == ("https://montalvo.example/issuer",) * 2


def test_every_identity_of_the_subject_is_read():
    hashed = {"type": "IdentityObject", "hashed": True, "identityHash": "sha256$c0", "salt": "s"}
    plain = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": "Maria",
        "identityType": "name",
        "salt": "x",
    }
    written = "mailto:m%40montalvo.example?subject=Badge"
    found = read(badge(credentialSubject=subject(id=written, identifier=[hashed, plain])))
    assert found.recipients == (
        Recipient("emailAddress", "m@montalvo.example"),
        Recipient("emailAddress", "sha256$c0", hashed=True, salt="s"),
        Recipient("name", "Maria"),
    )
    assert found.recipient_name == "Maria"


def test_results_are_joined_with_what_they_are_results_of():
    described = {"id": "urn:r", "type": ["ResultDescription"], "name": "Grade", "resultType": "LetterGrade"}
    level = {"id": "urn:l", "type": ["RubricCriterionLevel"], "name": "Mastered"}
    rubric = described | {"id": "urn:q", "rubricCriterionLevel": level, "requiredLevel": "urn:l"}
    skill = {"type": ["Alignment"], "targetName": "Skill", "targetUrl": "https://skills.example/1"}
    described |= {"valueMin": "F", "valueMax": "A", "requiredValue": "C", "allowedValue": ["A", "C", "F"]}
    described |= {"alignment": [skill]}
    results = [
        {"type": ["Result"], "resultDescription": "urn:r", "value": "A"},
        {"type": ["Result"], "resultDescription": "urn:q", "achievedLevel": "urn:l", "status": "Completed"},
        {"type": ["Result"], "value": "7"},
    ]
    made = subject(achievement=achievement(resultDescription=[described, rubric]), result=results)
    assert read(badge(credentialSubject=made)).results == (
        Result(
            "Grade",
            "A",
            kind="LetterGrade",
            required="C",
            scale=("A", "C", "F"),
            lowest="F",
            highest="A",
            alignments=(Alignment("Skill", "https://skills.example/1"),),
        ),
        Result("Grade", "Mastered", "Completed", "LetterGrade", level="Mastered", required="Mastered"),
        Result(value="7"),
    )


def test_a_result_that_names_no_level_has_not_reached_one_that_has_no_id():
    level = {"type": ["RubricCriterionLevel"], "name": "Mastered"}
    described = {"id": "urn:r", "type": ["ResultDescription"], "name": "Grade", "resultType": "LetterGrade"}
    made = achievement(resultDescription=described | {"rubricCriterionLevel": level})
    result = {"type": ["Result"], "resultDescription": "urn:r", "status": "Completed"}
    found = read(badge(credentialSubject=subject(achievement=made, result=result)))
    assert found.results == (Result("Grade", status="Completed", kind="LetterGrade"),)


def test_skills_evidence_picture_and_further_facts_are_read():
    made = achievement(
        alignment={"type": "Alignment", "targetName": "Skill", "targetUrl": "https://skills.example/1"},
        image={"id": "https://montalvo.example/p.png", "caption": "A pin"},
        tag="science",
        achievementType="Certificate",
        fieldOfStudy="Physics",
        creator={"id": "https://maker.example", "type": ["Profile"], "name": "Maker"},
    )
    found = read(
        badge(credentialSubject=subject(achievement=made), evidence={"type": "Evidence", "narrative": "x"})
    )
    assert found.achievement.alignments == (Alignment("Skill", "https://skills.example/1"),)
    assert found.picture == Picture("https://montalvo.example/p.png", "A pin")
    assert (found.achievement.tags, found.achievement.kind) == (("science",), "Certificate")
    assert found.achievement.extra == {"fieldOfStudy": "Physics"}
    assert found.achievement.creator.name == "Maker"
    assert found.evidence == (Evidence(narrative="x"),)


def test_names_may_be_given_by_language():
    name = [{"@value": "Ciência", "@language": "pt"}, {"@value": "Science", "@language": "en"}]
    found = read(badge(name=name))
    assert found.title == "Science"
    assert found.titles == {"pt": "Ciência", "en": "Science"}


def test_the_same_achievement_in_other_languages_is_named():
    others = [{"id": "urn:pt", "type": ["Related"], "inLanguage": "pt", "version": "2"}, "urn:de", {}]
    found = read(badge(credentialSubject=subject(achievement=achievement(related=others))))
    assert found.achievement.related == (Related("urn:pt", "pt", "2"), Related("urn:de"))


def test_what_only_this_award_says_is_read():
    said = {"licenseNumber": "L-7", "role": "Lead", "term": "2026", "creditsEarned": 6.5}
    span = {"activityStartDate": "2025-09-01T00:00:00Z", "activityEndDate": "2026-06-30T00:00:00Z"}
    source = {"id": "https://centre.example", "type": ["Profile"], "name": "Test centre"}
    found = read(badge(credentialSubject=subject(source=source, **said, **span)))
    assert found.facts == said | span | {"creditsEarned": "6.5"}
    assert found.source.name == "Test centre"
    assert as_json(report_on(found))["badge"]["facts"]["licenseNumber"] == "L-7"


def test_an_issuer_may_be_reached_and_known_in_other_ways():
    place = {
        "type": ["Address"],
        "streetAddress": "Rua 1",
        "postalCode": "1000",
        "addressCountry": "Portugal",
    }
    known = {"type": "IdentifierEntry", "identifier": "0001", "identifierType": "sourcedId"}
    issuer = badge()["issuer"] | {"phone": "+351 1", "address": place, "otherIdentifier": [known]}
    made = subject(achievement=achievement(otherIdentifier=known, humanCode="OS-1"))
    found = read(badge(issuer=issuer, credentialSubject=made))
    assert (found.issuer.phone, found.issuer.address) == ("+351 1", "Rua 1, 1000, Portugal")
    assert found.issuer.identifiers == found.achievement.identifiers == (Identifier("0001", "sourcedId"),)
    assert found.achievement.extra == {"humanCode": "OS-1"}


@pytest.mark.parametrize(
    "context",
    [
        "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld",
    ],
)
def test_older_addresses_of_the_vocabulary_are_only_remarked(context):
    found = read(badge(**{"@context": [V2, context]}))
    assert found.problems == ()
    assert found.notes == ("It names an older address of the Open Badges 3.0 context.",)


def test_drafts_of_data_model_1_1_are_accepted_and_remarked():
    draft = "https://w3c-ccg.github.io/vc-ed/plugfest-1-2022/jff-vc-edu-plugfest-1-context.json"
    old = badge(**{"@context": [V1, draft], "issuanceDate": "2022-05-01T00:00:00Z"})
    assert read(old).problems == ()
    assert "draft" in read(old).notes[0]
    assert read(badge(**{"@context": [V2, draft]})).problems


CANDIDATE = "https://purl.imsglobal.org/spec/ob/v3p0/context.json"
PILOT = {
    "@context": [V1, {"@vocab": "https://words.example/#"}, CANDIDATE],
    "issuanceDate": "2023-04-19T14:29:01Z",
    "issuer": {"id": "did:x:1", "name": "School"},
}


def test_pilots_of_data_model_1_1_may_name_the_candidate_late_and_not_say_that_the_issuer_is_a_profile():
    found = read(badge(**PILOT))
    assert found.problems == ()
    assert found.notes[:2] == (
        "It is written in a draft of Open Badges 3.0.",
        "Its issuer is not said to be a profile.",
    )


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"@context": [V1, "https://words.example/", OB3]}, "second @context"),
        ({"@context": [V2, "https://words.example/", CANDIDATE]}, "second @context"),
        ({"@context": [V1, CANDIDATE]}, "issuer is not of type Profile"),
        ({"issuer": {"id": "did:x:1", "name": "School", "type": "Person"}}, "issuer is not of type Profile"),
        ({"issuer": {"id": "did:x:1", "parentOrg": {"type": "x"}}}, "issuer is not of type Profile"),
    ],
)
def test_nothing_else_may_be_looser_than_the_pilots_were(members, problem):
    assert problem in str(read(badge(**PILOT | members)).problems)


def test_a_subject_known_by_name_alone_is_remarked_and_one_known_by_nothing_is_wrong():
    nameless = {k: v for k, v in subject().items() if k != "id"}
    assert read(badge(credentialSubject=nameless)).problems
    named = read(badge(credentialSubject={**nameless, "name": "Maria"}))
    assert named.problems == ()
    assert "only by name" in named.notes[0]


def test_a_badge_that_says_what_it_is_for_in_its_name_only_is_remarked():
    bare = {k: v for k, v in subject().items() if k != "achievement"}
    found = read(badge(credentialSubject=bare))
    assert (found.problems, len(found.notes)) == ((), 1)


def test_an_issuer_may_be_named_by_its_id_alone_as_text_or_inside_an_object():
    assert read(badge(issuer="did:x:1")).problems == read(badge(issuer={"id": "did:x:1"})).problems == ()


def test_criteria_may_be_named_by_their_address_alone():
    address = "https://school.example/criteria"
    found = read(badge(credentialSubject=subject(achievement=achievement(criteria=address), id="did:x:1")))
    assert (found.problems, found.achievement.criteria_url) == ((), address)


IDENTITY = {"type": "IdentityObject", "hashed": False, "identityHash": "x"}


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"@context": [V2]}, "second @context"),
        ({"@context": [V2, "https://else.example"]}, "second @context"),
        ({"@context": [OB3, V2]}, "first @context"),
        ({"@context": V2}, "not a list"),
        ({"@context": [V2, OB3, 7]}, "neither an address nor an object"),
        ({"@context": None}, "no @context"),
        ({"type": ["OpenBadgeCredential"]}, "not of type VerifiableCredential"),
        ({"type": ["VerifiableCredential", "OpenBadgeCredential", 7]}, "not a word"),
        ({"id": "not an address"}, "credential's id"),
        ({"id": ["urn:a", "urn:b"]}, "credential's id"),
        ({"issuer": None}, "who issued it"),
        ({"issuer": {"type": "Profile"}}, "issuer's id"),
        ({"issuer": ["did:x:1", "did:x:2"]}, "not one address or object"),
        ({"issuer": {"id": "did:x:1", "type": "Person"}}, "issuer is not of type Profile"),
        ({"issuer": {"id": "did:x:1", "name": "School"}}, "issuer is not of type Profile"),
        (
            {"issuer": {"id": "did:x:1", "type": "Profile", "otherIdentifier": {"type": "x"}}},
            "other identifier",
        ),
        ({"issuer": {"id": "did:x:1", "type": "Profile", "parentOrg": {"type": "x"}}}, "parent organisation"),
        ({"issuer": {"id": "did:x:1", "type": "Profile", "name": 7}}, "issuer's name"),
        ({"credentialSubject": []}, "nothing about anyone"),
        ({"credentialSubject": "did:x:1"}, "not an object"),
        ({"credentialSubject": [subject(), {}]}, "empty"),
        ({"credentialSubject": [subject(), subject(id="did:x:2")]}, "more than one person"),
        ({"credentialSubject": subject(id="x y")}, "credentialSubject's id"),
        ({"credentialSubject": subject(type="Person")}, "AchievementSubject"),
        ({"credentialSubject": subject(identifier="x")}, "identifier is not an object"),
        ({"credentialSubject": subject(identifier=IDENTITY | {"type": "x"})}, "IdentityObject"),
        ({"credentialSubject": subject(identifier=IDENTITY | {"hashed": "no"})}, "whether it is hashed"),
        ({"credentialSubject": subject(identifier=IDENTITY | {"identityHash": 1})}, "holds no identity"),
        ({"credentialSubject": subject(identifier=IDENTITY | {"identityHash": ""})}, "holds no identity"),
        ({"credentialSubject": subject(identifier=IDENTITY)}, "what kind of identity"),
        ({"credentialSubject": subject(identifier=IDENTITY | {"salt": 7})}, "salt that is no text"),
        ({"credentialSubject": subject(achievement="x")}, "achievement is not an object"),
        ({"credentialSubject": subject(achievement=achievement(type="x"))}, "type Achievement"),
        ({"credentialSubject": subject(achievement=achievement(name=None))}, "has no name"),
        ({"credentialSubject": subject(achievement=achievement(name=7))}, "has no name"),
        ({"credentialSubject": subject(achievement=achievement(description=7))}, "has no description"),
        ({"credentialSubject": subject(achievement=achievement(tag=["a", 7]))}, "tags"),
        ({"credentialSubject": subject(achievement=achievement(criteria={}))}, "what it takes"),
        ({"credentialSubject": subject(achievement=achievement(criteria={"narrative": 7}))}, "what it takes"),
        ({"credentialSubject": subject(result={"type": "x"})}, "type Result"),
        ({"credentialSubject": subject(result=["x"])}, "type Result"),
        (
            {"credentialSubject": subject(achievement=achievement(related=[7, {"type": "x"}]))},
            "related achievement",
        ),
        ({"credentialSubject": subject(source={"type": "x"})}, "source"),
        ({"evidence": {"type": "File"}}, "type Evidence"),
        ({"evidence": "https://x.example"}, "evidence is not an object"),
        ({"validFrom": "2026"}, "validFrom is not a date"),
        ({"validUntil": "2027-01-01"}, "validUntil is not a date"),
        ({"credentialStatus": {"id": "https://x.example"}}, "status entry does not say"),
        ({"credentialSchema": {"type": "JsonSchema"}}, "schema entry's id"),
        ({"refreshService": None}, "refresh service is empty"),
        ({"termsOfUse": {"id": "urn:x"}}, "terms of use"),
        ({"name": {"@value": "x", "colour": "red"}}, "neither text nor"),
        ({"vc": {}}, "vc or vp claim"),
        ({"relatedResource": {"id": "no address", "digestSRI": "x"}}, "no address"),
        ({"relatedResource": [{"id": "urn:x", "digestSRI": "x"}] * 2}, "named twice"),
        ({"relatedResource": {"id": "urn:x"}}, "no digest"),
        ({"relatedResource": {"id": "urn:x", "digestSRI": 7}}, "no digest"),
    ],
)
def test_each_demand_of_the_standard_is_told_by_name(members, problem):
    assert problem in " ".join(read(badge(**members)).problems)


def without(*path: str) -> dict[str, Any]:
    whole = copy.deepcopy(badge())
    inner = whole
    for member in path[:-1]:
        inner = inner[member]
    del inner[path[-1]]
    return whole


ABSENT = {
    "It has no id.": ("id",),
    "It does not say from when it is valid.": ("validFrom",),
    "The achievement has no id.": ("credentialSubject", "achievement", "id"),
    "The achievement has no name.": ("credentialSubject", "achievement", "name"),
    "The achievement has no description.": ("credentialSubject", "achievement", "description"),
    "The achievement does not say what it takes to earn it.": (
        "credentialSubject",
        "achievement",
        "criteria",
    ),
}


@pytest.mark.parametrize("problem", ABSENT)
def test_what_no_badge_may_leave_out_is_missed_by_name(problem):
    assert read(without(*ABSENT[problem])).problems == (problem,)


@pytest.mark.parametrize(
    ("members", "remark"),
    [
        ({"criteria": {"narrative": ""}}, "The achievement does not say what it takes to earn it."),
        ({"description": ""}, "The achievement has no description."),
    ],
)
def test_of_a_text_that_is_there_and_says_nothing_is_only_remarked(members, remark):
    found = read(badge(credentialSubject=subject(id="did:x:1", achievement=achievement(**members))))
    assert (found.problems, found.notes) == ((), (remark,))


@pytest.mark.parametrize("problem", ABSENT)
def test_what_a_holder_may_have_hidden_is_only_remarked(problem):
    shown = {
        **without(*ABSENT[problem]),
        "proof": {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023"},
    }
    found = read(shown)
    assert (found.problems, found.notes) == ((), (problem,))


def test_drafts_did_not_ask_for_all_of_it():
    draft = "https://w3c-ccg.github.io/vc-ed/plugfest-1-2022/jff-vc-edu-plugfest-1-context.json"
    old = without("credentialSubject", "achievement", "id")
    old["credentialSubject"]["identifier"] = IDENTITY
    old |= {"@context": [V1, draft], "issuanceDate": "2022-05-01T00:00:00Z"}
    found = read(old)
    assert (found.problems, "The achievement has no id." in found.notes) == ((), True)
    assert "The recipient's identifier does not say what kind of identity it is." in found.notes


def test_data_model_1_1_wants_to_know_when_it_was_issued():
    old = badge(**{"@context": [V1, OB3], "issuanceDate": "2026-01-01T00:00:00Z"})
    del old["validFrom"]
    assert read(old).problems == ()
    del old["issuanceDate"]
    assert read(old).problems == ("It does not say when it was issued.",)


def test_a_missing_time_zone_is_remarked():
    assert "names no time zone" in read(badge(validFrom="2026-01-01T00:00:00")).notes[0]


def _naming(member: str, word: Any) -> dict[str, Any]:
    named = {member: word}
    if member == "identityType":
        person = {"type": "IdentityObject", "hashed": False, "identityHash": "m@people.example", **named}
        return badge(credentialSubject=subject(identifier=[person]))
    if member == "identifierType":
        return badge(issuer={**badge()["issuer"], "otherIdentifier": [_entry(**named)]})
    if member == "targetType":
        skill = {"type": ["Alignment"], "targetName": "A", "targetUrl": "https://a.example", **named}
        return badge(credentialSubject=subject(achievement=achievement(alignment=[skill, skill])))
    return badge(credentialSubject=subject(achievement=achievement(**named)))


def _entry(**members: str) -> dict[str, Any]:
    return {"type": "IdentifierEntry", "identifier": "1234"} | members


@pytest.mark.parametrize(
    ("member", "listed"),
    [
        ("achievementType", "MicroCredential"),
        ("identityType", "emailAddress"),
        ("identifierType", "sourcedId"),
        ("targetType", "CFItem"),
    ],
)
def test_a_word_that_is_neither_listed_nor_an_issuer_s_own_is_noted_once(member: str, listed: str):
    note = f"Its {member} is no word that the standard lists, nor one of an issuer's own (ext:)."
    assert read(_naming(member, "Kurs")).notes == (note,)
    for good in (listed, "ext:Kurs"):
        found = read(_naming(member, good))
        assert note not in found.notes
        assert found.problems == ()


def test_where_several_achievements_were_awarded_at_once_it_is_noted_that_one_is_shown():
    several = [achievement(), achievement(id="https://montalvo.example/a/2", name="Open Data")]
    found = read(badge(credentialSubject=subject(achievement=several)))
    assert (found.achievement.name, found.problems) == ("Open Science", ())
    assert found.notes == ("It was awarded for more than one achievement, of which one is shown.",)

"""Members that are only shown: what the data models of Open Badges 3.0 and CLR 2.0 say that each of them holds."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from backpack.verifier.credential import Credential
from tests.verifier.versions.test_clr2 import record
from tests.verifier.versions.test_ob3 import achievement, badge, read, subject

CLR = "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json"
PUBLISHED = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
SKILL = {
    "type": ["Alignment"],
    "targetName": "Skill",
    "targetUrl": "https://skills.example/1",
    "targetDescription": "What one can then do.",
    "targetFramework": "Skills",
    "targetCode": "S1",
    "targetType": "CFItem",
}
IMAGE = {"id": "https://montalvo.example/p.png", "type": "Image", "caption": "A pin"}
NUMBER = {"type": "IdentifierEntry", "identifier": "17", "identifierType": "systemId"}
SCHOOL = {
    "id": "https://montalvo.example/school",
    "type": ["Profile"],
    "name": "School of Science",
    "description": "Teaches.",
    "url": "https://montalvo.example",
    "phone": "+34 1",
    "email": "office@montalvo.example",
    "official": "Office",
    "image": IMAGE,
    "address": {
        "type": ["Address"],
        "addressCountry": "Spain",
        "addressCountryCode": "ES",
        "addressRegion": "Madrid",
        "addressLocality": "Madrid",
        "streetAddress": "Calle 1",
        "postOfficeBoxNumber": "1",
        "postalCode": "28001",
        "geo": {"type": "GeoCoordinates", "latitude": 40.4, "longitude": -3.7},
    },
    "otherIdentifier": [NUMBER],
    "parentOrg": {"id": "https://montalvo.example", "type": ["Profile"], "name": "Montalvo"},
}
LEVEL = {
    "id": "urn:level",
    "type": ["RubricCriterionLevel"],
    "name": "Mastered",
    "description": "All of it.",
    "level": "Highest",
    "points": "5",
    "alignment": [SKILL],
}
GRADE = {
    "id": "urn:grade",
    "type": ["ResultDescription"],
    "name": "Grade",
    "resultType": "LetterGrade",
    "requiredLevel": "urn:level",
    "requiredValue": "C",
    "valueMin": "F",
    "valueMax": "A",
    "allowedValue": ["F", "C", "A"],
    "alignment": [SKILL],
    "rubricCriterionLevel": [LEVEL],
}
WHOLE = badge(
    description="For open science.",
    image=IMAGE,
    issuer=SCHOOL,
    evidence=[
        {
            "id": "https://montalvo.example/work",
            "type": ["Evidence"],
            "name": "Work",
            "narrative": "How it was made.",
            "description": "A paper.",
            "genre": "Prose",
            "audience": "Everyone",
        }
    ],
    endorsementJwt=["e30.e30.e30"],
    credentialSubject=subject(
        narrative="Handed in everything.",
        licenseNumber="17",
        role="Student",
        term="Autumn",
        activityStartDate="2025-10-01T00:00:00Z",
        activityEndDate="2025-12-01T00:00:00Z",
        creditsEarned=3,
        image=IMAGE,
        source=SCHOOL,
        result=[
            {
                "type": ["Result"],
                "resultDescription": "urn:grade",
                "achievedLevel": "urn:level",
                "value": "A",
                "status": "Completed",
                "alignment": [SKILL],
            }
        ],
        achievement=achievement(
            criteria={"id": "https://montalvo.example/criteria", "narrative": "Hand in everything."},
            achievementType="Course",
            humanCode="OS1",
            fieldOfStudy="Science",
            specialization="Open science",
            version="2",
            inLanguage="en",
            creditsAvailable=3.5,
            tag=["science"],
            image=IMAGE,
            creator=SCHOOL,
            alignment=[SKILL],
            otherIdentifier=[NUMBER],
            related=[{"id": "urn:es", "type": ["Related"], "inLanguage": "es", "version": "2"}],
            resultDescription=[GRADE],
        ),
    ),
)
OBLIGATORY = {
    "Alignment": ("targetName", "targetUrl"),
    "IdentifierEntry": ("identifier", "identifierType"),
    "Image": ("id",),
    "Related": ("id",),
    "ResultDescription": ("id", "name", "resultType"),
    "RubricCriterionLevel": ("id", "name"),
    "GeoCoordinates": ("latitude", "longitude"),
    "Profile": ("id",),
}


def everything(value: Any, *way: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """All that is inside, each with the way to it."""
    yield way, value
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inside:
        yield from everything(one, *way, step)


PLAIN = [way for way, one in everything(WHOLE) if not isinstance(one, dict | list) and "@context" not in way]


def changed(raw: dict[str, Any], way: tuple[Any, ...], value: Any) -> dict[str, Any]:
    made = copy.deepcopy(raw)
    part = made
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = value
    return made


def naming(raw: dict[str, Any], address: str = PUBLISHED) -> dict[str, Any]:
    return raw | {"credentialSchema": [{"id": address, "type": "1EdTechJsonSchemaValidator2019"}]}


def said_of(credential: Credential) -> tuple[str, ...]:
    return (*credential.problems, *credential.notes)


def test_a_badge_with_every_member_has_nothing_to_remark():
    assert said_of(read(naming(WHOLE))) == ()


def test_no_member_may_hold_what_is_neither_text_nor_the_number_it_should_be():
    assert [way for way in PLAIN if not read(naming(changed(WHOLE, way, True))).problems] == []
    assert len(PLAIN) > 150


def test_a_badge_that_names_the_published_schema_is_held_to_it():
    wrong = naming(changed(WHOLE, ("credentialSubject", "achievement", "creditsAvailable"), "3.5"))
    assert read(wrong).problems == ("Its credentialSubject.achievement.creditsAvailable is not a number.",)
    wrong = naming(changed(WHOLE, ("credentialSubject", "result", 0, "value"), 95))
    assert read(wrong).problems == ("Its credentialSubject.result.value is not text.",)


def test_a_badge_for_no_achievement_is_one_only_where_it_did_not_promise_to_say_what_for():
    nothing = WHOLE | {"credentialSubject": {k: v for k, v in subject().items() if k != "achievement"}}
    says = "It does not say which achievement it was awarded for."
    assert (read(nothing).problems, read(nothing).notes) == ((), (says,))
    assert read(naming(nothing)).problems == (says,)


def test_what_is_only_shown_harms_nobody_who_promised_nothing():
    wrong = changed(WHOLE, ("credentialSubject", "role"), 7)
    assert read(wrong).problems == ()
    assert read(naming(wrong, "https://montalvo.example/schema")).problems == ()


def test_a_part_that_its_holder_shows_may_lack_what_is_hidden():
    shown = changed(WHOLE, ("credentialSubject", "achievement", "alignment", 0), {"type": ["Alignment"]})
    assert read(naming(shown)).problems
    assert read(naming(shown | {"proof": {"cryptosuite": "ecdsa-sd-2023"}})).problems == ()


def test_what_a_part_must_have_is_missed_by_name():
    tried = set()
    for way, part in everything(WHOLE):
        if not isinstance(part, dict):
            continue
        kind = part["type"] if isinstance(part.get("type"), str) else part.get("type", [""])[0]
        for name in OBLIGATORY.get(kind, ()):
            left = {k: v for k, v in part.items() if k != name}
            told = read(changed(naming(WHOLE), way, left)).problems
            assert told, f"{way} without {name}"
            tried.add(kind)
    assert tried == set(OBLIGATORY)


def test_a_word_that_the_standard_does_not_have_is_told():
    wrong = naming(changed(WHOLE, ("credentialSubject", "result", 0, "status"), "Done"))
    told = "Its credentialSubject.result.status is none of the words that the standard has for it."
    assert read(wrong).problems == (told,)


@pytest.mark.parametrize(
    "word", ["Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"]
)
def test_every_word_that_the_standard_has_for_where_a_result_stands_is_known(word):
    assert said_of(read(naming(changed(WHOLE, ("credentialSubject", "result", 0, "status"), word)))) == ()


def test_nothing_and_null_are_the_same():
    left_out = ("caption", "targetDescription", "phone", "role", "creditsEarned")
    free = [way for way in PLAIN if way[-1] in left_out]
    assert {said_of(read(naming(changed(WHOLE, way, None)))) for way in free} == {()}


def test_one_or_a_list_of_one_and_a_text_with_its_language_are_the_same():
    text = {"@value": "Ciencia", "@language": "es"}
    made = changed(WHOLE, ("credentialSubject", "achievement", "alignment"), SKILL)
    made = changed(made, ("credentialSubject", "achievement", "tag"), "science")
    made = changed(made, ("credentialSubject", "achievement", "description"), text)
    made = changed(made, ("issuer", "image"), IMAGE["id"])
    assert said_of(read(naming(made))) == ()


def test_a_record_is_asked_the_same():
    link = {"type": ["Association"], "associationType": "isChildOf", "sourceId": "urn:1", "targetId": 2}
    made = record()
    made["credentialSubject"]["association"] = [link]
    assert read(made).problems == ()
    assert "Its credentialSubject.association.targetId is not text." in read(naming(made, CLR)).problems

"""Records of many achievements."""

from typing import Any

import pytest

from backpack.errors import TooComplex
from backpack.verifier import Credential, Documents, Verdict, verify, wanted
from backpack.verifier.carriers import Unbaked
from backpack.verifier.credential import Association
from backpack.verifier.reading import of_object
from tests.issuing import AT
from tests.verifier.versions.test_ob3 import OB3, V2, achievement, badge

CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


def record(**members: Any) -> dict[str, Any]:
    return {
        "@context": [V2, CLR, OB3],
        "id": "urn:uuid:2",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": {"id": "did:web:montalvo.example", "type": ["Profile"], "name": "Montalvo"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Transcript",
        "credentialSubject": subject(),
    } | members


def subject(**members: Any) -> dict[str, Any]:
    return {
        "id": "did:key:z6M",
        "type": ["ClrSubject"],
        "achievement": [achievement()],
        "verifiableCredential": [badge()],
    } | members


def read(raw: dict[str, Any]) -> Credential:
    return of_object(raw, Unbaked("", "json"), None)[0]


def test_how_its_achievements_belong_together_is_read():
    tied = {"type": ["Association"], "associationType": "isPartOf", "sourceId": "urn:a", "targetId": "urn:b"}
    found = read(record(credentialSubject=subject(association=[tied, {"type": "Association"}])))
    assert found.associations == (Association("isPartOf", "urn:a", "urn:b"),)


def test_a_record_is_about_itself_and_holds_its_badges():
    found = read(record())
    assert (found.version, found.problems, found.title, found.achievement.name) == (
        "clr2.0",
        (),
        "Transcript",
        "Transcript",
    )
    assert [c.version for c in found.contained] == ["3.0"]


def test_what_a_badge_in_it_says_of_whom_it_is_about_is_not_the_word_of_the_record():
    named = {"type": ["IdentityObject"], "identityHash": "Maria", "identityType": "name", "hashed": False}
    theirs = {"name": "Dr Maria", "image": {"id": "https://other.example/seal.png", "type": "Image"}}
    found = read(record(credentialSubject=subject(identifier=[named], **theirs)))
    assert (found.recipient_name, found.picture) == ("Maria", None)
    nameless = read(record(name=None, credentialSubject=subject(**theirs)))
    assert (nameless.called, nameless.recipient_name) == (None, None)
    assert read(record(image="https://montalvo.example/seal.png")).picture is not None


def test_the_language_of_an_achievement_in_it_is_not_that_of_the_record():
    told = subject(achievement=[achievement(inLanguage="pt")])
    assert read(record(credentialSubject=told)).language is None
    assert read(record(credentialSubject=told, inLanguage="en")).language == "en"


def test_records_in_records_are_read_only_so_deep():
    found = record()
    for _ in range(5):
        found = record(credentialSubject=subject(verifiableCredential=[found]))
    assert read(found).contained
    for _ in range(5):
        found = record(credentialSubject=subject(verifiableCredential=[found]))
    with pytest.raises(TooComplex, match="too deeply"):
        read(found)


@pytest.mark.parametrize(
    "spoilt", [7, "words", {"a": 1}, {"type": "EnvelopedVerifiableCredential", "id": "urn:x"}]
)
def test_a_record_with_something_unreadable_in_it_is_told_so_and_its_badges_stay(spoilt):
    found = read(record(credentialSubject=subject(verifiableCredential=[badge(), spoilt, spoilt])))
    assert [c.version for c in found.contained] == ["3.0"]
    assert len(found.problems) == 1
    assert found.problems[0].startswith("Something in this record cannot be read: ")
    assert verify(found, Documents(), None, AT).verdict is Verdict.invalid


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"@context": [V2, OB3]}, "context is not the one of CLR"),
        ({"@context": [V2, CLR]}, "Open Badges 3.0 is missing"),
        ({"credentialSubject": subject(type="AchievementSubject")}, "ClrSubject"),
        ({"credentialSubject": subject(verifiableCredential=[])}, "contains no credential"),
        ({"credentialSubject": subject(achievement={"type": "x"})}, "type Achievement"),
        (
            {
                "credentialSubject": subject(
                    achievement={"type": "Achievement", "creator": {"name": "School"}}
                )
            },
            "creator is not of type Profile",
        ),
        ({"credentialSubject": subject(association={"type": "x"})}, "type Association"),
        ({"credentialSubject": subject(association=["x"])}, "association is not an object"),
        ({"credentialSubject": subject(identifier={"type": "x"})}, "IdentityObject"),
    ],
)
def test_each_demand_of_the_standard_is_told_by_name(members, problem):
    assert problem in " ".join(read(record(**members)).problems)


@pytest.mark.parametrize(("member", "problem"), [("id", "has no id"), ("validFrom", "from when it is valid")])
def test_what_no_record_may_leave_out_is_missed_by_name(member, problem):
    left = {k: v for k, v in record().items() if k != member}
    assert problem in " ".join(read(left).problems)
    shown = read({**left, "proof": {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023"}})
    assert (shown.problems, problem in " ".join(shown.notes)) == ((), True)  # its holder may have hidden it


def test_of_a_record_that_is_not_the_whole_it_is_said():
    assert "knows of more" in read(record(partial=True)).notes[-1]
    assert read(record(partial=False)).notes == read(record()).notes == ()


def test_the_vocabulary_of_records_is_wanted_where_it_does_not_ship():
    assert wanted(read(record()), Documents()) == {CLR}


def test_a_plain_credential_is_read_too():
    found = read(record(type=["VerifiableCredential"], **{"@context": [V2]}))
    assert (found.version, found.title) == ("vc", "Transcript")

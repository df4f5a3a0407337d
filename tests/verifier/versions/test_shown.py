"""What is shown of a badge of Open Badges 3.0, in whatever place it says so."""

from typing import Any

import pytest

from tests.verifier.versions.test_ob3 import achievement, badge, read, subject

SCHOOL = {"id": "did:web:montalvo.example", "type": ["Profile"]}
NAMED = {**SCHOOL, "name": "Montalvo", "email": "awards@montalvo.example"}
PRAISE = {"type": ["VerifiableCredential", "EndorsementCredential"], "issuer": NAMED}


@pytest.mark.parametrize(
    "members",
    [
        {"credentialSubject": subject(achievement=achievement(creator=NAMED))},
        {"credentialSubject": subject(source=NAMED)},
        {"endorsement": [PRAISE]},
        {"issuer": {**SCHOOL, "endorsement": [PRAISE]}},
        {"issuer": [SCHOOL, NAMED]},
        {"credentialSubject": subject(achievement=achievement(endorsement=PRAISE))},
    ],
    ids=[
        "creator",
        "source",
        "endorser",
        "endorser of itself",
        "itself again",
        "endorser of the achievement",
    ],
)
def test_what_is_told_of_an_issuer_in_another_place_is_told_of_the_issuer(members: dict[str, Any]):
    found = read(badge(**{"issuer": SCHOOL, **members}))
    assert (found.issuer.name, found.issuer.email) == ("Montalvo", "awards@montalvo.example")


def test_where_an_issuer_is_told_of_twice_what_it_says_of_itself_comes_first():
    other = subject(achievement=achievement(creator={**NAMED, "name": "Ministry"}))
    found = read(badge(issuer={**SCHOOL, "name": "Montalvo"}, credentialSubject=other))
    assert (found.issuer.name, found.issuer.email) == ("Montalvo", "awards@montalvo.example")
    creator = found.achievement.creator
    assert creator is not None
    assert creator.name == "Montalvo"


@pytest.mark.parametrize("kind", ["AchievementCredential", "ClrCredential", "OtherCredential"])
def test_what_a_credential_says_of_itself_is_shown_where_nothing_else_says_what_it_is_for(kind):
    said = [{"@value": "Diz", "@language": "pt"}, {"@value": "Says", "@language": "en"}]
    nothing = subject(achievement=None)
    found = read(
        badge(type=["VerifiableCredential", kind], description=said, credentialSubject=nothing)
    ).achievement
    assert (found.description, found.descriptions) == ("Says", {"pt": "Diz", "en": "Says"})


def test_what_an_achievement_is_comes_before_what_its_credential_says_of_itself():
    found = read(
        badge(description="Says", credentialSubject=subject(achievement=achievement(description="Joins.")))
    )
    assert found.achievement.description == "Joins."


def test_what_is_left_empty_in_one_place_is_told_in_another():
    elsewhere = subject(achievement=achievement(creator={**NAMED, "phone": ["+351 1"]}))
    issuer = {**SCHOOL, "name": None, "phone": [], "email": [None]}
    found = read(badge(issuer=issuer, credentialSubject=elsewhere))
    told = (found.issuer.name, found.issuer.phone, found.issuer.email)
    assert told == ("Montalvo", "+351 1", NAMED["email"])


@pytest.mark.parametrize("named", ["urn:hall", {"id": "urn:hall"}, ["urn:hall"]])
def test_what_is_only_named_in_one_place_is_told_in_another(named):
    hall = {"id": "urn:hall", "type": ["Address"], "addressLocality": "Lisbon"}
    elsewhere = subject(achievement=achievement(creator={**NAMED, "address": hall}))
    found = read(badge(issuer={**SCHOOL, "address": named}, credentialSubject=elsewhere))
    assert found.issuer.address == "Lisbon"
    another = {**SCHOOL, "address": {**hall, "id": "urn:other", "addressLocality": "Porto"}}
    assert read(badge(issuer=another, credentialSubject=elsewhere)).issuer.address == "Porto"


def test_of_somebody_else_nothing_is_told():
    stranger = {**NAMED, "id": "did:web:other.example"}
    found = read(badge(issuer=SCHOOL, credentialSubject=subject(achievement=achievement(creator=stranger))))
    assert found.issuer.name is None


def test_a_badge_is_called_by_its_name_else_by_what_it_is_for_else_by_its_subject():
    of_maria = subject(name="Maria", achievement=achievement(name=None))
    assert read(badge()).title == "Certificate"
    assert read(badge(name=None)).title == "Open Science"
    assert read(badge(name=None, credentialSubject=of_maria)).title == "Maria"


@pytest.mark.parametrize(
    ("members", "name"),
    [
        ({"name": "Maria Exemplar", "givenName": "M."}, "Maria Exemplar"),
        ({"givenName": "Maria", "familyName": "Exemplar"}, "Maria Exemplar"),
        ({"familyName": "Exemplar"}, "Exemplar"),
        ({}, None),
    ],
)
def test_whoever_it_was_awarded_to_is_called_as_the_badge_does(members: dict[str, Any], name: str | None):
    assert read(badge(credentialSubject=subject(**members))).recipient_name == name


def test_its_picture_is_that_of_what_it_is_for_else_its_subject_s_else_its_own():
    def shown(**members: Any) -> str | None:
        found = read(badge(image=three, **members)).picture
        return found.url if found else None

    one, two, three = (f"https://montalvo.example/{number}.png" for number in range(3))
    whole = subject(image=two, achievement=achievement(image=one))
    assert shown(credentialSubject=whole) == one
    assert shown(credentialSubject=subject(image=two)) == two
    assert shown() == three


def test_its_language_is_its_own_else_that_of_what_it_is_for():
    in_german = subject(achievement=achievement(inLanguage="de"))
    assert read(badge(credentialSubject=in_german)).language == "de"
    assert read(badge(inLanguage="pt", credentialSubject=in_german)).language == "pt"


def test_tags_are_known_by_the_word_of_a_draft_too():
    made = achievement(tag=["steel"], tags=["craft"])
    assert read(badge(credentialSubject=subject(achievement=made))).achievement.tags == ("steel", "craft")


def test_what_it_is_for_is_told_with_its_address():
    made = achievement(criteria={"id": "https://montalvo.example/criteria", "narrative": "Weld."})
    found = read(badge(credentialSubject=subject(achievement=made))).achievement
    assert (found.id, found.description) == ("https://montalvo.example/a/1", "Knows how.")
    assert (found.criteria_url, found.criteria_narrative) == ("https://montalvo.example/criteria", "Weld.")


def identity(kind: str, said: object, *, hashed: bool = False) -> dict[str, Any]:
    return {"type": "IdentityObject", "identityType": kind, "identityHash": said, "hashed": hashed}


def test_only_a_name_that_is_not_hidden_is_shown_as_one():
    def called(*identities: dict[str, Any]) -> str | None:
        return read(badge(credentialSubject=subject(identifier=list(identities)))).recipient_name

    address, name = identity("emailAddress", "maria@backpack.example"), identity("name", "Maria")
    assert called(address, name) == "Maria"
    assert called(address, identity("name", "sha256$00", hashed=True)) is None


def test_an_identity_that_says_nothing_names_nobody():
    said = [identity("emailAddress", one) for one in ("", 7, None)]
    (only,) = read(badge(credentialSubject=subject(identifier=said))).recipients
    assert only.kind == "did"


def test_it_begins_when_all_that_it_says_has_begun():
    assert str(read(badge(validFrom="2026-01-01T00:00:00Z")).begins_at)[:10] == "2026-01-01"
    both = {"validFrom": "2026-01-01T00:00:00Z", "issuanceDate": "2026-02-01T00:00:00Z"}
    assert str(read(badge(**both)).begins_at)[:10] == "2026-02-01"
    assert str(read(badge(**{**both, "validFrom": None})).begins_at)[:10] == "2026-02-01"


@pytest.mark.parametrize("first", ["validUntil", "expirationDate"])
def test_it_ends_when_the_first_of_what_it_says_has_ended(first):
    both = {"validUntil": "2027-01-01T00:00:00Z", "expirationDate": "2027-01-01T00:00:00Z"}
    found = read(badge(**{**both, first: "2026-02-01T00:00:00Z"}))
    assert str(found.expires_at)[:10] == "2026-02-01"


def test_all_that_an_issuer_says_of_itself_is_shown():
    said = {
        "url": "https://montalvo.example/",
        "description": "Since 1290.",
        "image": "https://montalvo.example/i.png",
    }
    found = read(badge(issuer={**NAMED, **said})).issuer
    assert (found.name, found.email) == ("Montalvo", "awards@montalvo.example")
    assert (found.url, found.description) == (said["url"], said["description"])
    assert found.picture is not None
    assert found.picture.url == said["image"]


def test_what_a_skill_is_is_shown_and_one_without_a_name_goes_by_its_code():
    said = {"targetUrl": "https://skills.example/1", "targetDescription": "Joins.", "targetFramework": "ESCO"}
    skill = {"type": "Alignment", **said, "targetCode": "S1", "targetType": "ceasn:Competency"}
    (found,) = read(
        badge(credentialSubject=subject(achievement=achievement(alignment=skill)))
    ).achievement.alignments
    assert (found.name, found.url, found.description) == ("S1", "https://skills.example/1", "Joins.")
    assert (found.framework, found.code, found.kind) == ("ESCO", "S1", "ceasn:Competency")

"""One thing told of in several places: honest badges do it, forgers must not hide a part of a badge that way."""

import json
from typing import Any

import pytest

from backpack.verifier import Verdict, read, verify
from backpack.verifier.canonical import Budget, Unsupported, Vocabularies, nquads
from backpack.verifier.documents import Documents
from tests.issuing import AT
from tests.verifier.signing import badge, secured, signer

ACHIEVEMENT = badge()["credentialSubject"]["achievement"]["id"]
CONTAINS = {"verifiableCredential": "https://www.w3.org/2018/credentials#verifiableCredential"}
DAY = "2025-03-14T09:00:00Z"
SKILL = {"id": "urn:skill", "type": ["Alignment"]}
PROFILE = {"id": signer().did, "type": "Profile", "name": "School of Crafts"}
GUILD = {"id": "did:example:guild", "type": "Profile", "name": "Guild"}


def said(document: dict[str, Any]) -> bytes:
    return nquads(document, Vocabularies(Documents()), Budget())


def with_achievement(**members: Any) -> dict[str, Any]:
    subject = badge()["credentialSubject"]
    return badge(credentialSubject={**subject, "achievement": {**subject["achievement"], **members}})


def with_result(achievement: dict[str, Any], **members: Any) -> dict[str, Any]:
    found = with_achievement(**achievement)
    subject = found["credentialSubject"]
    return {**found, "credentialSubject": {**subject, "result": [{"type": ["Result"], **members}]}}


def praise(number: int, of: str) -> dict[str, Any]:
    subject = {"id": of, "type": "EndorsementSubject", "endorsementComment": f"Good, {number}."}
    kind = ["VerifiableCredential", "EndorsementCredential"]
    return badge(id=f"urn:praise:{number}", type=kind, credentialSubject=subject)


def said_by_guild(parent: Any = None, endorsed: Any = None) -> dict[str, Any]:
    """What another issuer says for a badge."""
    found = praise(1, badge()["id"])
    found["issuer"] = {**GUILD, **({"parentOrg": parent} if parent else {})}
    found["credentialSubject"] |= endorsed or {}
    return found


def record(*inside: dict[str, Any], **members: Any) -> dict[str, Any]:
    subject = {"id": "did:example:maria", "verifiableCredential": list(inside)}
    contexts = [*badge()["@context"], CONTAINS]
    return {**badge(id="urn:record", credentialSubject=subject), "@context": contexts, **members}


def works(*kinds: str) -> list[dict[str, Any]]:
    """One piece of work, told of so often and as so many kinds of thing."""
    return [
        {"id": "urn:work", "type": ["Evidence", f"urn:kind:{kind}"], "name": f"Joint {number}"}
        for number, kind in enumerate(kinds)
    ]


@pytest.mark.parametrize(
    "document",
    [
        badge(endorsement=[praise(n, badge()["id"]) for n in (1, 2)]),
        with_achievement(creator={**PROFILE, "url": "https://school.example/", "email": "a@school.example"}),
        badge(credentialSubject={**badge()["credentialSubject"], "id": signer().did}),
        badge(evidence=works(*"1" * 64)),
        badge(evidence=works(*"12345678")),
        badge(awardedDate=DAY, evidence={"id": badge()["id"], "type": "Evidence", "awardedDate": DAY}),
        with_achievement(criteria={"id": ACHIEVEMENT, "narrative": "Weld."}),
        with_achievement(creator={"id": signer().did, "type": "Profile"}, criteria=ACHIEVEMENT),
        with_achievement(criteria={"id": signer().did, "narrative": "Weld."}),
        {**with_achievement(criteria=PROFILE), "issuer": PROFILE},
        badge(id=ACHIEVEMENT),
        record(badge(), badge(id="urn:2")),
        badge(endorsement=said_by_guild(endorsed={"id": signer().did})),
        badge(endorsement=said_by_guild(parent={"id": signer().did, "type": "Profile"})),
        with_achievement(creator={**GUILD, "url": "https://guild.example/"}, endorsement=said_by_guild()),
        badge(endorsement=said_by_guild(parent=PROFILE)),
        with_result(
            {"alignment": [{**SKILL, "targetName": "TIG"}]}, alignment=[{**SKILL, "targetName": "TIG"}]
        ),
        badge(evidence={"id": ACHIEVEMENT, "type": "Evidence"}),
        {**with_achievement(criteria="urn:work"), "evidence": {"id": "urn:work", "type": "Evidence"}},
    ],
    ids=[
        "endorsed twice",
        "creator and issuer",
        "issued to oneself",
        "evidence in one place",
        "kinds of evidence",
        "the same in both places",
        "criteria on the page of the achievement",
        "no more than who and where",
        "criteria on the page of the issuer",
        "criteria that are the issuer",
        "by one name in both places",
        "two in a record",
        "its issuer endorsed",
        "who belongs to its issuer",
        "who endorses what they made",
        "its issuer by name",
        "one skill of two things",
        "evidence on the page of the achievement",
        "evidence on the page of the criteria",
    ],
)
def test_what_honest_issuers_tell_of_one_thing_in_several_places_is_read(document):
    assert said(document)


@pytest.mark.parametrize(
    "document",
    [
        badge(
            credentialStatus=[
                {"id": "urn:s", "type": "BitstringStatusListEntry", "statusListIndex": n} for n in "12"
            ]
        ),
        badge(
            refreshService={"id": badge()["id"], "type": "1EdTechCredentialRefresh", "description": "Hidden"}
        ),
        badge(evidence=works(*"1" * 65)),
        badge(evidence=works(*"123456789")),
        badge(
            awardedDate=DAY,
            evidence={"id": badge()["id"], "type": "Evidence", "awardedDate": f"2024{DAY[4:]}"},
        ),
        badge(evidence=[{"id": "_:x", "type": "Evidence", "name": name} for name in ("Joint", "Seam")]),
        badge(evidence=[{"id": "_:x", "type": "Evidence", "name": "Joint"}] * 2),
        badge(
            evidence={"id": "_:x", "type": "Evidence", "name": "Joint"},
            image={"id": "_:x", "type": "Image", "caption": "A joint"},
        ),
        {
            **badge(evidence={"id": signer().did, "type": ["Profile", "Evidence"], "genre": "Film"}),
            "issuer": PROFILE,
        },
        {
            **with_achievement(criteria={**PROFILE, "url": "https://school.example/"}),
            "issuer": {"id": signer().did, "type": "Profile"},
        },
        {
            **with_achievement(alignment={"id": "urn:skill"}),
            "image": {"id": "urn:skill", "type": ["Image", "Alignment"], "targetName": "TIG"},
        },
        badge(id=ACHIEVEMENT, name="A doctor's degree"),
        with_achievement(narrative="Weld.", criteria={"id": ACHIEVEMENT}),
        with_achievement(narrative="Weld.", criteria=ACHIEVEMENT),
        badge(evidence={"id": badge()["id"], "type": "Evidence", "name": "A doctor's thesis"}),
        {
            **badge(evidence={"id": "urn:work", "type": "Evidence"}),
            "image": {"id": "urn:work", "type": ["Image", "Evidence"], "genre": "Film"},
        },
        badge(evidence={"id": "did:example:maria", "type": "Evidence", "name": "A doctor's thesis"}),
        {
            **badge(evidence={"id": signer().did, "type": "Evidence", "name": "A doctor's thesis"}),
            "issuer": {"id": signer().did, "type": "Profile", "name": "A doctor's thesis"},
        },
        {
            **with_achievement(criteria={"id": "urn:work", "type": "Criteria", "narrative": "Weld."}),
            "evidence": {"id": "urn:work", "type": "Evidence"},
        },
        {
            **with_achievement(criteria="urn:work"),
            "evidence": {"id": "urn:work", "type": "Evidence", "narrative": "Weld."},
        },
        with_result(
            {"alignment": [{**SKILL, "targetName": "TIG"}]}, alignment=[{**SKILL, "targetName": "MIG"}]
        ),
        with_result({"alignment": [{"id": "urn:skill"}]}, alignment=[{**SKILL, "targetName": "MIG"}]),
        {
            **with_achievement(
                criteria={"id": badge()["id"], "type": "OpenBadgeCredential", "narrative": "Weld."}
            ),
            "type": ["VerifiableCredential"],
        },
    ],
    ids=[
        "statuses",
        "newer version",
        "more than anybody tells",
        "as more than anything is",
        "another day",
        "without an id of its own",
        "the same twice",
        "two without an id of their own",
        "types of another",
        "an issuer in criteria",
        "an alignment by its address alone",
        "by another name",
        "criteria",
        "criteria by their address alone",
        "a title",
        "all but a type",
        "a recipient's name",
        "an issuer's name",
        "what it takes",
        "what it takes by its address alone",
        "alignments of two things",
        "an alignment of one thing and none of the other",
        "what kind of badge it is",
    ],
)
def test_what_could_hide_in_another_place_is_not(document):
    document["@context"] = [*document["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    with pytest.raises(Unsupported, match="one thing in several places"):
        said(document)


TWO_ADDRESSES = {**PROFILE, "email": ["a@school.example", "a@harvard.example"]}
HARVARD = {**PROFILE, "name": "Harvard", "url": "https://harvard.example/"}


@pytest.mark.parametrize(
    "document",
    [
        badge(endorsement=said_by_guild(parent=HARVARD)),
        badge(endorsement=[said_by_guild(parent={**PROFILE, "url": "https://crafts.example/"})]),
        {**badge(endorsement=said_by_guild(parent=HARVARD)), "issuer": signer().did},
        badge(endorsement=said_by_guild(endorsed={"id": signer().did, "name": "Harvard"})),
        {**badge(endorsement=said_by_guild(parent=TWO_ADDRESSES)), "issuer": TWO_ADDRESSES},
        {**with_achievement(creator=HARVARD), "endorsement": said_by_guild(parent=PROFILE)},
        {
            **with_achievement(creator=[PROFILE, PROFILE]),
            "issuer": [PROFILE, PROFILE, PROFILE],
            "endorsement": said_by_guild(parent=PROFILE),
        },
        record({**with_achievement(creator=HARVARD), "issuer": GUILD}),
        record(badge(), id=badge()["id"]),
        record(secured(badge()), id=badge()["id"]),
        badge(evidence=works("1"), endorsement={**said_by_guild(), "evidence": works("1", "1")[1]}),
    ],
    ids=[
        "endorser",
        "more",
        "by address",
        "endorsed",
        "by the same two addresses",
        "as in one place and not in another",
        "in many places",
        "in a record",
        "of the record's id",
        "of the record's id, and signed",
        "evidence",
    ],
)
def test_what_others_say_of_an_issuer_cannot_be_made_its_own_word(document):
    with pytest.raises(Unsupported, match="one thing in several places"):
        said(document)


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_an_issuer_is_told_of_as_it_tells_of_itself_and_not_as_others_do(suite):
    held = badge(endorsement=said_by_guild(parent=HARVARD))
    found = verify(read(json.dumps(secured(held, suite=suite)).encode()), Documents(), None, AT)
    issuer = found.credential.issuer
    assert (issuer.name, issuer.url) == ("School of Crafts", None)
    assert found.verdict is (Verdict.verified if "jcs" in suite else Verdict.unconfirmed)


THINGS = {
    "Achievement": with_achievement(id="urn:thing"),
    "AchievementSubject": badge(credentialSubject={**badge()["credentialSubject"], "id": "urn:thing"}),
    "Criteria": with_achievement(criteria={"id": "urn:thing", "type": "Criteria", "name": "How"}),
    "Evidence": badge(evidence={"id": "urn:thing", "type": "Evidence", "genre": "Film"}),
    "Profile": badge("urn:thing"),
    "VerifiableCredential": badge(id="urn:thing"),
}
# Older prints of the vocabulary lack the word.
JWT = {"endorsementJwt": {"@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementJwt"}}
PART = {"type": ["Address"], "addressLocality": "Lisbon"}
WORDS = {
    "Achievement": "name description image inLanguage alignment endorsement endorsementJwt",
    "AchievementSubject": "image narrative",
    "Criteria": "narrative",
    "Evidence": "name description narrative",
    "Profile": "name description image url endorsement endorsementJwt",
    "VerifiableCredential": "name description image awardedDate endorsement endorsementJwt",
}


@pytest.mark.parametrize(("kind", "word"), [(kind, word) for kind in WORDS for word in WORDS[kind].split()])
def test_no_word_of_a_thing_hides_where_something_else_has_its_id(kind, word):
    is_part = word in ("image", "alignment", "endorsement")
    said_there = {word: PART if is_part else DAY if word == "awardedDate" else "https://hidden.example/"}
    elsewhere = {"id": "urn:thing", "type": ["Address"], "addressLocality": "Lisbon"}
    document = {**THINGS[kind], "@context": [*badge()["@context"], JWT]}
    assert said({**document, "termsOfUse": elsewhere})
    with pytest.raises(Unsupported, match="one thing in several places"):
        said({**document, "termsOfUse": {**elsewhere, **said_there}})


@pytest.mark.parametrize("kind", [{}, {"type": "Criteria"}])
def test_what_the_criteria_say_cannot_be_moved_to_what_they_are_the_criteria_of(kind):
    same = {"id": badge()["credentialSubject"]["achievement"]["id"], **kind}
    assert said(with_achievement(criteria={**same, "narrative": "Weld ten."}))
    with pytest.raises(Unsupported, match="one thing in several places"):
        said(with_achievement(criteria=same, narrative="Weld ten."))


TWICE = {
    "value": with_result({}, value=["40", "90"]),
    "resultDescription": with_result({}, resultDescription=["urn:theory", "urn:practice"]),
    "targetName": with_achievement(alignment=[{**SKILL, "targetName": ["TIG", "MIG"]}]),
    "name": with_achievement(name=["Welding", "A doctor's degree"]),
    "narrative": badge(evidence={"type": "Evidence", "narrative": ["Mine.", "Another's."]}),
}


@pytest.mark.parametrize("word", TWICE)
def test_of_two_texts_nobody_but_the_issuer_chooses_which_is_read(word):
    with pytest.raises(Unsupported, match=f"“{word}”, and which comes first is not signed"):
        said(TWICE[word])


def test_a_text_may_stand_in_two_languages_and_the_same_one_twice():
    names = [{"@value": "Welding", "@language": "en"}, {"@value": "Soldadura", "@language": "pt"}]
    assert said(with_achievement(name=names))
    assert said(with_result({}, value=["40", "40"]))


def test_words_of_an_issuer_s_own_may_have_as_many_values_as_it_likes():
    own = {"measured": "urn:measured", "value": "urn:value"}
    contexts = ["https://www.w3.org/ns/credentials/v2", own]
    subject = {"id": "did:example:maria", "measured": {"value": [1, 2, "3", "4"]}}
    assert said(
        {
            **badge(credentialSubject=subject),
            "@context": contexts,
            "type": "VerifiableCredential",
            "issuer": signer().did,
        }
    )


KINDS = {
    "Alignment": lambda *told: with_achievement(alignment=list(told)),
    "Image": lambda one, other: badge(image=one, evidence={"type": "Evidence", "image": other}),
    "Related": lambda *told: with_achievement(related=list(told)),
}


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("Alignment", {"targetName": "Welding"}, {"targetName": "Soldering"}),
        ("Image", {"caption": "A badge"}, {"caption": "A seam"}),
        ("Related", {"inLanguage": "pt"}, {"inLanguage": "es"}),
    ],
)
def test_what_all_places_are_shown_of_may_be_told_in_several(kind, one, other):
    assert said(KINDS[kind](*({"id": "urn:thing", "type": [kind], **told} for told in (one, other))))


def test_what_is_signed_as_it_is_written_may_tell_of_one_thing_anywhere():
    plain = badge(evidence={"id": badge()["id"], "type": "Evidence", "name": "A doctor's thesis"})
    by_text = json.dumps(secured(plain, suite="eddsa-jcs-2022"))
    as_token = signer().jwt(plain, "EdDSA", kid=signer().method)
    by_statements = json.dumps(secured(plain))
    found = [
        verify(read(one.encode()), Documents(), None, AT).verdict
        for one in (by_text, as_token, by_statements)
    ]
    assert found == [Verdict.verified, Verdict.verified, Verdict.unconfirmed]

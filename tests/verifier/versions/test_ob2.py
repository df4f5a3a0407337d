"""Open Badges 2.0 read into our shape, and what it demands."""

import json
from dataclasses import replace
from typing import Any

import pytest

from backpack.verifier import Alignment, Credential, Documents, Evidence, Outcome, Verdict, read, wanted
from backpack.verifier.credential import Related
from tests.issuing import answer_of, answering, award, documents, issuer
from tests.verifier.asking import case, check, raw, report

BADGE = issuer().ob2_hosted(
    award(
        tags=("science",), alignments=(Alignment("Skill", "https://skills.example/1"),), narrative="Well done"
    ),
    carrier="bare",
)
ASSERTION = raw(BADGE)
CLASS = answer_of(BADGE, ASSERTION["badge"])
PROFILE = answer_of(BADGE, CLASS["issuer"])


def of(assertion: dict[str, Any]) -> Credential:
    return read(json.dumps(assertion).encode())


def completed(**answers: dict[str, Any]) -> Credential:
    """The badge when its class or its issuer's profile answers otherwise."""
    badge = BADGE
    for address, members in (
        (ASSERTION["badge"], answers.get("badge")),
        (CLASS["issuer"], answers.get("profile")),
    ):
        if members is not None:
            badge = answering(badge, address, {**answer_of(badge, address), **members})
    return case(badge).credential


def test_first_the_assertion_is_wanted_then_the_class_then_the_issuer():
    held, order = Documents(), []
    while urls := wanted(read(BADGE.data), held):
        order += sorted(urls)
        held = held.plus(*(d for d in documents(BADGE) if d.url in urls))
    wants = [BADGE.address, ASSERTION["badge"], CLASS["issuer"]]
    assert order[:1] == wants[:1]
    assert set(wants) <= set(order)


def test_class_and_issuer_are_read():
    found = completed()
    assert (found.problems, found.title, found.issuer.name) == (
        (),
        "Open Science Foundations",
        PROFILE["name"],
    )
    assert found.issuer.url == PROFILE["url"]
    assert found.achievement.alignments == (Alignment("Skill", "https://skills.example/1"),)
    assert (found.achievement.tags, found.narrative) == (("science",), "Well done")


def test_prefixed_and_older_names_of_members_are_known():
    old = {f"obi:{k}" if k not in ("@context", "id", "type") else k: v for k, v in ASSERTION.items()}
    old["verify"] = old.pop("obi:verification")
    assert of(old).recipients == of(ASSERTION).recipients
    assert of(old).problems == ()


def test_members_may_be_written_out_as_the_addresses_that_their_words_stand_for():
    given = ASSERTION["recipient"]
    out = {name: value for name, value in ASSERTION.items() if name not in ("recipient", "issuedOn")}
    out["obi:issueDate"] = ASSERTION["issuedOn"]
    out["recipient"] = {k: v for k, v in given.items() if k != "identity"}
    out["recipient"]["https://w3id.org/openbadges#identityHash"] = given["identity"]
    described = {name: value for name, value in CLASS.items() if name not in ("name", "tags")}
    described |= {"schema:name": CLASS["name"], "http://schema.org/keywords": ["metal"]}
    told = case(answering(answering(BADGE, str(BADGE.address), out), CLASS["id"], described)).credential
    assert told.problems == ()
    assert (told.recipients, told.issued_at) == (of(ASSERTION).recipients, of(ASSERTION).issued_at)
    assert (told.title, told.achievement.tags) == (CLASS["name"], ("metal",))


def test_a_word_of_another_vocabulary_is_none_of_open_badges():
    assert of({**{k: v for k, v in ASSERTION.items() if k != "badge"}, "schema:badge": CLASS["id"]}).problems


@pytest.mark.parametrize("name", ["expires", "sec:expiration", "https://w3id.org/security#expiration"])
def test_a_badge_ends_by_whatever_name_the_context_gives_its_end(name):
    ended = answering(BADGE, str(BADGE.address), {**ASSERTION, name: "2026-01-01T00:00:00Z"})
    assert report(ended).verdict is Verdict.expired


def test_a_class_may_be_served_from_a_second_address():
    other = "https://montalvo.example/other"
    badge = answering(BADGE, str(BADGE.address), {**ASSERTION, "badge": other})
    found = case(answering(badge, other, CLASS)).credential
    assert found.problems == ()
    assert "second address" in found.notes[-1]


def test_a_class_whose_own_address_serves_something_else_is_wrong():
    other = "https://montalvo.example/other"
    badge = answering(BADGE, str(BADGE.address), {**ASSERTION, "badge": other})
    badge = answering(answering(badge, other, CLASS), CLASS["id"], {**CLASS, "id": "urn:x"})
    assert "what is there says otherwise" in case(badge).credential.problems[0]


def test_a_class_whose_own_address_serves_nothing_is_not_complete():
    other = "https://montalvo.example/other"
    badge = answering(BADGE, str(BADGE.address), {**ASSERTION, "badge": other})
    there = answering(badge, other, {**CLASS, "id": "https://montalvo.example/nowhere"})
    assert check("structure", there).outcome is Outcome.unknown


def test_the_language_of_the_class_is_the_badge_s():
    assert completed(badge={"@language": "pt"}).language == "pt"


def test_the_same_class_in_other_languages_is_named():
    words = [{"@value": "Ciência", "@language": "pt"}, {"@value": "Science", "@language": "en"}]
    drawn = {"id": "https://montalvo.example/p.png", "author": "Rui"}
    found = completed(badge={"name": words, "related": {"id": "urn:pt", "@language": "pt"}, "image": drawn})
    assert found.achievement.names == {"pt": "Ciência", "en": "Science"}
    assert found.achievement.related == (Related("urn:pt", "pt"),)
    assert found.achievement.picture.author == "Rui"


def test_a_class_inside_the_assertion_needs_no_context_of_its_own():
    assert "context" not in " ".join(completed(badge={"@context": None}).problems)


def test_evidence_may_be_addresses_and_stories():
    mixed = ["https://work.example/1", {"narrative": "I did it", "name": "Report"}]
    assert of({**ASSERTION, "evidence": mixed}).evidence == (
        Evidence(url="https://work.example/1"),
        Evidence(name="Report", narrative="I did it"),
    )


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"@context": "https://w3id.org/openbadges/invalid"}, "not one of Open Badges"),
        ({"type": ["Assertion", "Unheard"]}, "@context does not define"),
        ({"id": 7}, "no id"),
        ({"revoked": "true"}, "whether it was taken back"),
        ({"recipient": None}, "names no recipient"),
        ({"recipient": "a@b.example"}, "not an object"),
        ({"recipient": []}, "names no recipient"),
        ({"recipient": [ASSERTION["recipient"]] * 2}, "more than one recipient"),
        ({"recipient": {"hashed": False, "type": "email"}}, "no identity"),
        ({"recipient": {"identity": "a@b.example", "hashed": False}}, "what kind of identity"),
        ({"recipient": {"identity": "a@b.example", "type": "email"}}, "whether it is hashed"),
        (
            {"recipient": {"identity": "a@b.example", "type": "email", "hashed": "yes"}},
            "whether it is hashed",
        ),
        ({"recipient": {"identity": "a@b.example", "type": "email", "hashed": True}}, "not a hash"),
        ({"recipient": {"identity": "md5$" + "0" * 32, "type": "email", "hashed": False}}, "that is a hash"),
        ({"recipient": {"identity": "x", "type": "shoe size", "hashed": False}}, "kind of identity"),
        ({"recipient": {"identity": "x", "type": "email", "hashed": False}}, "not an e-mail address"),
        ({"badge": None}, "which badge"),
        ({"badge": ["https://a.example", "https://b.example"]}, "more than one badge"),
        ({"verification": None}, "how it can be verified"),
        ({"verification": {"type": "trust me"}}, "neither hosted nor signed"),
        ({"issuedOn": "2026-01-01"}, "no time zone"),
        ({"issuedOn": "2026-01-01 00:00:00Z"}, "no T before its time"),
        ({"issuedOn": None}, "when it was issued"),
        ({"issuedOn": "soon"}, "not a date"),
        ({"issuedOn": 1767225600}, "not a date"),
        ({"expires": "2027-01-01T00:00:00"}, "no time zone"),
        ({"image": "data:image/png;base64,AAAA"}, "not allowed there"),
        ({"image": "picture.png"}, "without an address"),
        ({"evidence": 7}, "evidence"),
    ],
)
def test_each_demand_on_the_assertion_is_told_by_name(members, problem):
    assert problem in " ".join(of({**ASSERTION, **members}).problems)


def test_when_it_was_issued_must_be_said():
    without = {k: v for k, v in ASSERTION.items() if k != "issuedOn"}
    assert of(without).problems == ("It does not say when it was issued.",)


def test_an_assertion_without_context_is_read_as_2_0_and_remarked():
    found = of({k: v for k, v in ASSERTION.items() if k != "@context"})
    assert (found.version, found.problems) == ("2.0", ())
    assert "no @context" in found.notes[0]


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"type": "Criteria"}, "not of type BadgeClass"),
        ({"type": []}, "not of type BadgeClass"),
        ({"type": ["BadgeClass", "Unheard"]}, "@context does not define"),
        ({"@context": "https://else.example"}, "not one of Open Badges"),
        ({"name": None}, "no name"),
        ({"name": 7}, "no name"),
        ({"description": None}, "no description"),
        ({"description": 7}, "no description"),
        ({"tags": ["a", 7]}, "tags"),
        ({"alignment": {"targetName": "x"}}, "alignment"),
        ({"alignment": "x"}, "alignment"),
        ({"id": "x"}, "id that is no address"),
        ({"image": []}, "no image"),
        ({"issuer": ["https://a.example", "https://b.example"]}, "who issues it"),
        ({"image": None}, "no image"),
        ({"image": "data:image/jpeg;base64,AAAA"}, "neither PNG nor SVG"),
        ({"criteria": None}, "what it takes"),
        ({"criteria": {"name": "x"}}, "neither an address nor a text"),
        ({"criteria": {"type": "Evidence", "narrative": "x"}}, "not of type Criteria"),
        ({"alignment": {"type": "Criteria", "targetName": "x", "targetUrl": "urn:x"}}, "AlignmentObject"),
        ({"@context": [], "name": ""}, "no name"),
    ],
)
def test_each_demand_on_the_class_is_told_by_name(members, problem):
    assert problem in " ".join(completed(badge=members).problems)


@pytest.mark.parametrize(
    "members",
    [
        {"type": ["BadgeClass", "https://schema.example/Course"]},
        {"@context": "https://w3id.org/openbadges/v1", "criteria": "https://montalvo.example/criteria"},
        {"issuer": [CLASS["issuer"]]},
        {"criteria": "https://montalvo.example/criteria"},
        {"criteria": {"narrative": "x"}},
        {"criteria": {"type": [], "narrative": "x"}},
        {"criteria": {"type": "obi:Criteria", "narrative": "x"}},
        {"id": "_:b0"},
        {"alignment": "https://skills.example/1"},
        {"image": "data:image/svg+xml;base64,AAAA"},
        {"image": {"id": "https://montalvo.example/p.png", "caption": "x"}},
        {"unknown": {"deeply": ["unknown"]}},
    ],
)
def test_what_the_standard_allows_is_allowed(members):
    assert completed(badge=members).problems == ()


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"type": "Criteria"}, "not of type Issuer"),
        ({"name": None}, "no name"),
        ({"url": "montalvo"}, "no web address"),
        ({"email": "nobody"}, "no e-mail address"),
        ({"email": None}, "no e-mail address"),
        ({"id": 7}, "id that is no address"),
    ],
)
def test_each_demand_on_the_issuer_is_told_by_name(members, problem):
    assert problem in " ".join(completed(profile=members).problems)


@pytest.mark.parametrize(
    ("answers", "remark"),
    [
        ({"badge": {"description": ""}}, "The badge's description has no description."),
        ({"profile": {"email": ""}}, "The issuer's profile has no e-mail address."),
    ],
)
def test_of_a_text_that_is_there_and_says_nothing_is_only_remarked(answers, remark):
    found = completed(**answers)
    assert (found.problems, found.notes) == ((), (remark,))


def test_a_signed_badge_has_no_address_of_its_own():
    signed = issuer().ob2_signed(award(), carrier="bare")
    assert read(signed.data).address is None
    assert read(replace(signed, data=signed.text.encode()).data).compact == signed.text


def test_a_class_without_context_is_read_in_the_words_of_the_badge():
    here = {k: v for k, v in answer_of(BADGE, ASSERTION["badge"]).items() if k != "@context"}
    assert case(answering(BADGE, ASSERTION["badge"], here)).credential.problems == ()


@pytest.mark.parametrize(
    "kind",
    [
        "schema:email",
        "http://schema.org/email",
        ["email"],
        ["IdentityObject", "email"],
        ["obi:IdentityObject", "email"],
    ],
)
def test_the_kind_of_a_recipient_may_be_written_as_any_name_of_the_property(kind):
    found = of({**ASSERTION, "recipient": [{**ASSERTION["recipient"], "type": kind}]})
    assert (found.problems, found.recipients) == ((), of(ASSERTION).recipients)


def test_a_salt_of_digits_may_be_written_as_a_number():
    found = of({**ASSERTION, "recipient": {**ASSERTION["recipient"], "salt": 1234}})
    assert found.recipients[0].salt == "1234"


@pytest.mark.parametrize(
    "reference", [{"id": CLASS["id"]}, {"type": "BadgeClass", "@id": CLASS["id"]}, [CLASS["id"]]]
)
def test_a_class_may_be_named_by_an_object_or_a_list_of_one(reference):
    badge = answering(BADGE, str(BADGE.address), {**ASSERTION, "badge": reference})
    found = case(badge).credential
    assert (found.problems, found.title, found.issuer.name) == ((), CLASS["name"], PROFILE["name"])


def test_every_value_may_stand_in_a_list_of_its_own():
    def wrapped(said: dict[str, Any]) -> dict[str, Any]:
        return {k: v if k == "@context" or isinstance(v, list) else [v] for k, v in said.items()}

    badge = answering(BADGE, ASSERTION["badge"], wrapped(CLASS))
    badge = answering(badge, CLASS["issuer"], wrapped(PROFILE))
    listed = wrapped({**ASSERTION, "recipient": wrapped(ASSERTION["recipient"])})
    found = report(replace(answering(badge, str(BADGE.address), listed), data=json.dumps(listed).encode()))
    assert (found.verdict, found.credential.title) == (Verdict.verified, CLASS["name"])
    assert found.credential.recipients == of(ASSERTION).recipients

"""Open Badges 0.5, 1.0 and 1.1 read into our shape, and what they demand."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from backpack.verifier import Credential, Documents, Evidence, Picture, Recipient, Verdict, read, wanted
from tests.issuing import MARIA, answer_of, answering, award, documents, issuer, without
from tests.verifier.asking import case, raw, report

TEN = issuer().ob10(award(), carrier="bare")
FIRST = issuer().ob05(award())


def of(assertion: dict[str, Any]) -> Credential:
    return read(json.dumps(assertion).encode())


def first(**members: Any) -> Credential:
    """The badge of 0.5 when its address answers otherwise."""
    address = str(FIRST.address)
    return case(answering(FIRST, address, {**answer_of(FIRST, address), **members})).credential


def test_a_badge_of_0_5_is_read_from_its_address():
    found = first()
    assert (found.version, found.id, found.address) == ("0.5", FIRST.address, FIRST.address)
    assert (found.title, found.problems) == ("Open Science Foundations", ())
    assert found.recipients[0].hashed


def test_a_badge_of_0_5_in_a_picture_stays_as_it_is_while_its_address_is_silent():
    inside = FIRST.documents[str(FIRST.address)].body.decode()
    element = f'<o:assertion verify="{FIRST.address}"><![CDATA[{inside}]]></o:assertion>'
    picture = f'<svg xmlns:o="http://openbadges.org">{element}</svg>'.encode()
    silent = without(replace(FIRST, data=picture), str(FIRST.address))
    assert case(silent).credential.title == "Open Science Foundations"


@pytest.mark.parametrize("generation", ["ob10", "ob11", "ob2_hosted"])
def test_what_a_badge_of_0_5_became_at_its_address_is_told_whole(generation):
    newer = getattr(issuer(), generation)(award(), carrier="bare")
    inside = FIRST.documents[str(FIRST.address)].body.decode()
    element = f'<o:assertion verify="{newer.address}"><![CDATA[{inside}]]></o:assertion>'
    picture = f'<svg xmlns:o="http://openbadges.org">{element}</svg>'.encode()
    there = answer_of(newer, str(newer.address))
    served = Documents(documents(newer).get(str(newer.address)))
    assert wanted(read(picture), served) >= {there["badge"]}
    found = report(replace(newer, data=picture))
    told = report(newer).credential
    assert found.verdict is Verdict.verified
    assert (found.credential.achievement, found.credential.issuer) == (told.achievement, told.issuer)
    unlike = {**answer_of(newer, there["badge"]), "description": 7}
    assert report(answering(replace(newer, data=picture), there["badge"], unlike)).verdict is Verdict.invalid


def test_a_badge_of_0_5_is_at_the_address_that_it_names_itself():
    elsewhere = "https://elsewhere.example/1"
    copy = {**answer_of(FIRST, str(FIRST.address)), "id": FIRST.address}
    led = replace(answering(FIRST, elsewhere, copy), data=elsewhere.encode())
    found = report(led).credential
    assert (found.id, found.address) == (FIRST.address, FIRST.address)


def test_an_issuer_of_0_5_may_leave_out_the_scheme_of_its_site():
    badge = answer_of(FIRST, str(FIRST.address))["badge"]
    found = first(badge={**badge, "issuer": {"name": "Old", "org": "Lab", "origin": "montalvo.example"}})
    assert (found.problems, found.issuer.name, found.issuer.url) == (
        (),
        "Old: Lab",
        "http://montalvo.example",
    )


@pytest.mark.parametrize(
    ("origin", "home"),
    [
        ("montalvo.example", "http://montalvo.example"),
        ("https://montalvo.example/", "https://montalvo.example"),
        ("https://montalvo.example:8443/old/", "https://montalvo.example:8443"),
    ],
)
def test_the_links_of_0_5_may_begin_at_its_issuer_s_site(origin, home):
    badge = answer_of(FIRST, str(FIRST.address))["badge"]
    described = {**badge, "criteria": "/c", "image": "/i.png", "issuer": {"name": "Old", "origin": origin}}
    found = first(badge=described, evidence="/e?n=1")
    assert (found.problems, found.achievement.criteria_url) == ((), f"{home}/c")
    assert found.picture == found.achievement.picture == Picture(f"{home}/i.png")
    assert found.evidence == (Evidence(f"{home}/e?n=1"),)


def test_a_link_of_0_5_leads_nowhere_where_its_issuer_has_no_site():
    badge = answer_of(FIRST, str(FIRST.address))["badge"]
    found = first(badge={**badge, "criteria": "/c", "issuer": {"name": "Old"}})
    assert found.achievement.criteria_url is None


def test_a_number_of_its_own_does_not_make_a_badge_of_0_5_a_newer_one():
    assert first(uid="7").version == "0.5"


def test_a_plain_recipient_of_0_5_is_an_e_mail_address():
    assert first(recipient="maria@montalvo.example").recipients == (
        Recipient("emailAddress", "maria@montalvo.example", False, "sea-salt"),
    )


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"recipient": None}, "names no recipient"),
        ({"badge": {}}, "has no name"),
        ({"issued_on": "soon"}, "issued_on is not a date"),
        ({"expires": "later"}, "expires is not a date"),
        ({"recipient": 7}, "names no recipient"),
        ({"badge": {"name": 7, "issuer": {"name": 7}}}, "has no name. The"),
        ({"badge": {"issuer": {"name": 7}}}, "does not name its issuer"),
    ],
)
def test_each_demand_on_0_5_is_told_by_name(members, problem):
    assert problem in " ".join(first(**members).problems)


@pytest.mark.parametrize("generation", ["ob10", "ob11"])
def test_class_and_issuer_are_read(generation):
    found = case(getattr(issuer(), generation)(award(tags=("science",)))).credential
    assert (found.problems, found.title) == ((), "Open Science Foundations")
    assert (found.issuer.name, found.issuer.email is None) == (
        "Universidade de Montalvo",
        found.issuer.email is None,
    )


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"uid": None}, "no identifier"),
        ({"recipient": "maria@montalvo.example"}, "not an object"),
        ({"recipient": {"type": "email", "hashed": False}}, "no identity"),
        ({"recipient": {"identity": "x", "hashed": False}}, "what kind of identity"),
        ({"recipient": {"identity": "x", "type": "email", "hashed": "x"}}, "whether it is hashed"),
        ({"recipient": {}}, "no identity"),
        ({"recipient": {"identity": 7, "type": "email"}}, "no identity"),
        ({"recipient": {"identity": "a@b.example", "type": 7}}, "what kind of identity"),
        ({"recipient": {"identity": "x", "type": "email"}}, "not an e-mail address"),
        ({"recipient": {"identity": "a@b.example", "type": "email", "hashed": True}}, "that is no hash"),
        ({"type": "Endorsement"}, "not of type Assertion"),
        ({"badge": "somewhere"}, "which badge"),
        ({"verify": {"type": "hosted"}}, "where it can be verified"),
        ({"verify": {"type": "x", "url": "https://a.example"}}, "neither hosted nor signed"),
        ({"issuedOn": "soon"}, "issuedOn is not a date"),
    ],
)
def test_each_demand_on_1_0_is_told_by_name(members, problem):
    assert problem in " ".join(of({**raw(TEN), **members}).problems)


@pytest.mark.parametrize("member", ["name", "description", "image", "criteria", "issuer"])
def test_each_demand_on_the_class_is_told_by_name(member):
    address = raw(TEN)["badge"]
    described = {k: v for k, v in answer_of(TEN, address).items() if k != member}
    assert case(answering(TEN, address, described)).credential.problems


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"type": "Issuer"}, "not of type BadgeClass"),
        ({"name": 7}, "no name"),
        ({"image": "picture.png"}, "no image"),
        ({"criteria": "Ask us"}, "no web address of what it takes"),
    ],
)
def test_what_the_class_says_must_be_of_its_kind(members, problem):
    address = raw(TEN)["badge"]
    told = answering(TEN, address, {**answer_of(TEN, address), **members})
    assert problem in " ".join(case(told).credential.problems)


def test_of_a_description_that_is_there_and_says_nothing_is_only_remarked():
    address = raw(TEN)["badge"]
    found = case(answering(TEN, address, {**answer_of(TEN, address), "description": ""})).credential
    assert (found.problems, found.notes) == ((), ("The badge's description has no description.",))


def test_the_class_may_carry_its_image_inside():
    address = raw(TEN)["badge"]
    drawn = {**answer_of(TEN, address), "image": "data:image/svg+xml;utf8,<svg/>"}
    assert case(answering(TEN, address, drawn)).credential.problems == ()


@pytest.mark.parametrize("members", [{"type": "BadgeClass"}, {"name": 7}])
def test_what_the_issuer_says_must_be_of_its_kind(members):
    address = answer_of(TEN, raw(TEN)["badge"])["issuer"]
    assert case(answering(TEN, address, {**answer_of(TEN, address), **members})).credential.problems


@pytest.mark.parametrize("kind", ["Issuer", "IssuerOrg", ["Profile", "https://own.example/School"]])
def test_an_issuer_says_that_it_is_one_in_any_word_of_its_time(kind):
    address = answer_of(TEN, raw(TEN)["badge"])["issuer"]
    told = answering(TEN, address, {**answer_of(TEN, address), "type": kind})
    assert case(told).credential.problems == ()


def test_a_badge_may_call_its_parts_in_the_small_letters_of_the_draft_of_1_1():
    badge_at, kind = raw(ELEVEN)["badge"], "http://standard.openbadges.org/1.1/context.json"
    issuer_at = answer_of(ELEVEN, badge_at)["issuer"]
    told = ELEVEN
    for address, word in ((ELEVEN.address, "assertion"), (badge_at, "badgeclass"), (issuer_at, "issuerorg")):
        part = {name: said for name, said in answer_of(told, address).items() if name != "type"}
        told = answering(told, address, {**part, "@context": kind, "@type": word})
    assert report(told).verdict is Verdict.verified


@pytest.mark.parametrize("member", ["name", "url"])
def test_each_demand_on_the_issuer_is_told_by_name(member):
    address = answer_of(TEN, raw(TEN)["badge"])["issuer"]
    profile = {k: v for k, v in answer_of(TEN, address).items() if k != member}
    assert case(answering(TEN, address, profile)).credential.problems


def test_dates_may_be_seconds_since_1970():
    assert of({**raw(TEN), "issuedOn": 1767225600}).issued_at.year == 2026


def test_whether_a_recipient_is_hashed_can_be_seen():
    hidden = {"type": "email", "identity": "sha256$" + "0" * 64}
    assert of({**raw(TEN), "recipient": hidden}).recipients[0].hashed
    assert not of({**raw(TEN), "recipient": {**hidden, "identity": "a@b.example"}}).recipients[0].hashed


def test_a_signed_badge_without_its_signature_has_no_address():
    signed = {**raw(TEN), "verify": {"type": "signed", "url": "https://montalvo.example/key"}}
    assert of(signed).address is None


ELEVEN = issuer().ob11(award(), carrier="bare")


@pytest.mark.parametrize(
    "context",
    [
        "https://w3id.org/openbadges/v1",
        "https://openbadgespec.org/v1/context.json",
        "http://standard.openbadges.org/1.1/context.json",
    ],
)
def test_open_badges_1_1_is_known_by_every_address_of_its_context(context):
    found = of({**raw(ELEVEN), "@context": context})
    assert (found.version, found.problems, found.address) == ("1.1", (), ELEVEN.address)


@pytest.mark.parametrize(("kind", "is_hosted"), [("HostedBadge", True), ("SignedBadge", False)])
def test_how_it_is_verified_may_be_said_in_the_words_of_its_context(kind, is_hosted):
    found = of({**raw(ELEVEN), "verify": {"type": kind, "url": ELEVEN.address}})
    assert (found.problems, found.address is not None) == ((), is_hosted)


def test_class_and_issuer_may_have_gone_on_to_2_0():
    address = raw(ELEVEN)["badge"]
    newer = {
        **answer_of(ELEVEN, address),
        "@context": "https://w3id.org/openbadges/v2",
        "criteria": {"narrative": "Do it."},
    }
    assert case(answering(ELEVEN, address, newer)).credential.problems == ()


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_a_hash_whose_algorithm_was_left_out_is_still_one(algorithm):
    badge = issuer().ob05(award(), carrier="bare")
    said = answer_of(badge, str(badge.address))
    digest = hashlib.new(algorithm, f"{MARIA}{said['salt']}".encode()).hexdigest()
    bare = answering(badge, str(badge.address), {**said, "recipient": digest})
    assert report(bare, (MARIA,)).verdict is Verdict.verified
    assert report(bare, ("joe@montalvo.example",)).verdict is Verdict.wrong_recipient

"""A hosted badge: the issuer's own copy counts, and only where the issuer may host."""

import json
from dataclasses import replace
from typing import Any

import pytest

from backpack.demo.shapes import Issued
from backpack.verifier import Document, Outcome, Verdict
from backpack.verifier.case import Signature
from backpack.verifier.proofs import hosted
from tests.issuing import MARIA, answer_of, answering, award, documents, issuer, without
from tests.verifier.asking import case, check, report

OLD = ["ob05", "ob10", "ob11", "ob2_hosted"]


def signature(badge: Issued, *more: Document) -> Signature:
    found = case(badge, documents(badge).plus(*more))
    assert hosted.recognises(found)
    return hosted.holds(found)[0]


def badge2(**facts: Any) -> Issued:
    return issuer().ob2_hosted(award(**facts), carrier="bare")


def with_policy(**policy: Any) -> Issued:
    badge = badge2()
    return answering(badge, profile(badge), {**answer_of(badge, profile(badge)), "verification": policy})


def profile(badge: Issued) -> str:
    found = answer_of(badge, str(badge.address))["badge"]
    return str(answer_of(badge, found)["issuer"])


def saying(badge: Issued, said: dict[str, Any]) -> Issued:
    """The file and the hosted copy saying this."""
    return answering(replace(badge, data=json.dumps(said).encode()), str(badge.address), said)


@pytest.mark.parametrize("generation", OLD)
def test_a_badge_that_its_issuer_serves_holds_and_is_the_issuer_s(generation):
    found = signature(getattr(issuer(), generation)(award()))
    assert (found.outcome, found.bound) == (Outcome.passed, Outcome.passed)
    assert found.issuer_evidence == {
        "Web domain": "montalvo.example serves the badge and speaks for the issuer."
    }


@pytest.mark.parametrize("generation", OLD)
def test_a_silent_host_leaves_it_unknown(generation):
    badge = getattr(issuer(), generation)(award())
    assert check("revocation", badge).outcome is Outcome.passed
    found = report(without(badge, str(badge.address)))
    assert not found.valid
    assert Outcome.unknown in {c.outcome for c in found.checks}


def test_what_the_issuer_serves_is_what_is_shown():
    badge = badge2()
    renamed = replace(badge, data=badge.data.replace(b'"narrative"', b'"was narrative"'))
    shown = report(renamed).credential
    assert shown.raw == answer_of(badge, str(badge.address))


def test_a_file_that_names_somebody_else_is_not_the_hosted_badge():
    badge = badge2(naming="plain")
    stolen = replace(badge, data=badge.data.replace(b"maria@", b"mario@"))
    found = signature(stolen)
    assert found.outcome is Outcome.failed
    assert "another recipient" in found.because


def test_recipients_hidden_under_different_salts_cannot_be_compared():
    badge = badge2()
    salted = replace(badge, data=badge.data.replace(b"sea-salt", b"my-salt"))
    assert signature(salted).outcome is Outcome.unknown


def test_a_recipient_hidden_anew_is_the_same_to_whoever_knows_the_address():
    hosts, file = badge2(), badge2(salt="rock-salt")
    anew = replace(file, documents=hosts.documents)
    assert report(anew).verdict is Verdict.unconfirmed
    assert report(anew, ("joe@montalvo.example", MARIA)).verdict is Verdict.verified
    assert report(anew, ("joe@montalvo.example",)).verdict is Verdict.wrong_recipient


def test_a_hosted_copy_without_recipient_is_not_the_badge_in_the_file():
    badge = badge2()
    copy = {k: v for k, v in answer_of(badge, str(badge.address)).items() if k != "recipient"}
    assert signature(answering(badge, str(badge.address), copy)).outcome is Outcome.failed


def test_a_copy_that_names_another_address_is_looked_for_there_once():
    badge = badge2()
    moved = {**answer_of(badge, str(badge.address)), "id": "https://montalvo.example/new"}
    there = answering(answering(badge, str(badge.address), moved), "https://montalvo.example/new", moved)
    assert signature(there).outcome is Outcome.passed
    wrong = answering(
        there, "https://montalvo.example/new", {**moved, "id": "https://montalvo.example/third"}
    )
    assert signature(wrong).outcome is Outcome.failed


def test_a_copy_of_1_0_says_where_it_is_by_where_it_is_to_be_verified():
    badge = issuer().ob10(award(), carrier="bare")
    said = answer_of(badge, str(badge.address))

    def verified_at(url: str) -> dict[str, Any]:
        return {**said, "verify": {"type": "hosted", "url": url}}

    older, new = str(badge.address).replace("https:", "http:"), "https://montalvo.example/new"
    assert signature(answering(badge, str(badge.address), verified_at(older))).outcome is Outcome.passed
    moved = answering(badge, str(badge.address), verified_at(new))
    assert signature(moved).outcome is Outcome.unknown
    assert signature(answering(moved, new, verified_at(new))).outcome is Outcome.passed
    assert signature(answering(moved, new, said)).outcome is Outcome.failed


def test_a_badge_on_a_foreign_host_may_not_speak_for_the_issuer():
    badge = badge2()
    forged = {**answer_of(badge, str(badge.address)), "id": "https://evil.example/1"}
    there = answering(replace(badge, data=json.dumps(forged).encode()), "https://evil.example/1", forged)
    found = signature(there)
    assert (found.outcome, found.bound) == (Outcome.passed, Outcome.failed)
    assert found.issuer_evidence == {}
    says = "evil.example may not host badges of the issuer at montalvo.example."
    assert (found.because[:21], found.bound_because) == ("evil.example serves e", says)


@pytest.mark.parametrize(
    ("policy", "bound"),
    [
        ({"startsWith": "https://montalvo.example/"}, Outcome.passed),
        ({"startsWith": ["https://other.example/", "https://montalvo.example"]}, Outcome.passed),
        ({"startsWith": "https://montalvo.example/elsewhere/"}, Outcome.failed),
        ({"startsWith": "https://mont"}, Outcome.failed),
        ({"http://purl.org/dqm-vocabulary/v1/dqm#startsWith": "https://other.example/"}, Outcome.failed),
        ({"startsWith": []}, Outcome.failed),
        ({"allowedOrigins": "montalvo.example"}, Outcome.passed),
        ({"allowedOrigins": ["other.example", "https://montalvo.example"]}, Outcome.passed),
        ({"allowedOrigins": " Montalvo.Example/ "}, Outcome.passed),
        ({"allowedOrigins": "montalvo.example:443"}, Outcome.passed),
        ({"allowedOrigins": "montalvo.example:8443"}, Outcome.failed),
        ({"allowedOrigins": "montalvo.example/elsewhere"}, Outcome.failed),
        ({"allowedOrigins": ["other.example"]}, Outcome.failed),
        ({"allowedOrigins": [7]}, Outcome.failed),
        ({"startsWith": "https://montalvo.example/", "allowedOrigins": ["other.example"]}, Outcome.failed),
    ],
)
def test_the_issuer_says_where_its_badges_may_be(policy, bound):
    assert signature(with_policy(**policy)).bound is bound


def test_an_issuer_inside_the_badge_is_still_asked_at_its_own_address():
    badge = badge2()
    assertion = answer_of(badge, str(badge.address))
    described = answer_of(badge, assertion["badge"])
    described["issuer"] = {**answer_of(badge, described["issuer"]), "verification": {"allowedOrigins": ["x"]}}
    inside = answering(badge, str(badge.address), {**assertion, "badge": described})
    assert signature(inside).bound is Outcome.passed
    assert signature(without(inside, profile(badge))).bound is Outcome.unknown


def test_an_issuer_s_profile_that_is_no_profile_proves_nothing():
    badge = badge2()
    assert signature(answering(badge, profile(badge), b"<html>")).bound is Outcome.unknown
    other = {**answer_of(badge, profile(badge)), "id": "https://montalvo.example/other"}
    elsewhere = answering(badge, profile(badge), other)
    assert signature(elsewhere).bound is Outcome.unknown
    third = answering(elsewhere, other["id"], {**other, "id": "https://montalvo.example/third"})
    assert signature(third).bound is Outcome.failed


def test_an_issuer_without_an_address_is_nobody_we_know():
    badge = badge2()
    assertion = answer_of(badge, str(badge.address))
    described = answer_of(badge, assertion["badge"])
    described["issuer"] = {"type": "Issuer", "name": "Nobody", "id": "urn:x:1"}
    inside = answering(badge, str(badge.address), {**assertion, "badge": described})
    assert signature(inside).bound is Outcome.unknown


EVIL = "https://evil.example"
NAMES_OF_OTHERS = ["did:web:montalvo.example", "urn:x:montalvo", "https://montalvo.example/ob2/issuer "]


def of_a_stranger(badge: Issued, issuer: object) -> Issued:
    """What somebody hosts at a site of his own, in a description that says that this is its issuer."""
    said = answer_of(badge, str(badge.address))
    described = {**answer_of(badge, said["badge"]), "id": f"{EVIL}/class", "issuer": issuer}
    forged = {**said, "id": f"{EVIL}/1", "badge": described}
    if "verify" in forged:
        forged["verify"] = {"type": "hosted", "url": f"{EVIL}/1"}
    there = replace(badge, data=json.dumps(forged).encode(), address=forged["id"])
    return answering(there, forged["id"], forged)


@pytest.mark.parametrize("own", [None, *NAMES_OF_OTHERS, ["https://montalvo.example/ob2/issuer"]])
def test_an_issuer_that_stands_only_in_the_badge_cannot_allow_it_to_be_anywhere(own):
    badge = badge2()
    brought = {
        **answer_of(badge, profile(badge)),
        "verification": {"allowedOrigins": ["evil.example"]},
        "id": own,
    }
    assert signature(of_a_stranger(badge, brought)).bound is not Outcome.passed


@pytest.mark.parametrize("generation", ["ob11", "ob2_hosted"])
@pytest.mark.parametrize("name", NAMES_OF_OTHERS)
def test_an_issuer_s_profile_cannot_go_by_a_name_that_its_address_does_not_show(generation, name):
    badge = getattr(issuer(), generation)(award(), carrier="bare")
    forged, address = of_a_stranger(badge, f"{EVIL}/issuer"), f"{EVIL}/issuer"
    own = {**answer_of(badge, profile(badge)), "id": address}
    assert signature(answering(forged, address, own)).bound is Outcome.passed
    found = signature(answering(forged, address, {**own, "id": name}))
    assert (found.bound, found.issuer_evidence) == (Outcome.unknown, {})
    assert f"goes by “{name}”" in found.bound_because


def test_signed_in_words_only_is_not_signed():
    badge = badge2()
    claimed = {**answer_of(badge, str(badge.address)), "verification": {"type": "SignedBadge"}}
    assert signature(saying(badge, claimed)).outcome is Outcome.failed


def test_hosted_at_no_address_is_not_hosted():
    badge = badge2()
    said = {**answer_of(badge, str(badge.address)), "id": "urn:uuid:7b7b7b7b-1111-4444-8888-999999999999"}
    assert signature(saying(badge, said)).outcome is Outcome.failed


def test_an_old_badge_in_a_file_does_not_say_where_it_is_from():
    badge = issuer().ob05(award())
    alone = replace(badge, data=badge.documents[str(badge.address)].body)
    assert signature(alone).outcome is Outcome.unknown


@pytest.mark.parametrize("generation", ["ob10", "ob11"])
def test_an_old_badge_and_its_issuer_must_be_of_one_site(generation):
    badge = getattr(issuer(), generation)(award(), carrier="bare")
    said = answer_of(badge, str(badge.address))
    said["verify"]["url"] = "https://evil.example/1"
    said.pop("id", None)
    there = answering(replace(badge, data=json.dumps(said).encode()), "https://evil.example/1", said)
    found = signature(there)
    assert found.bound is Outcome.unknown
    assert found.bound_because == (
        "The badge is hosted by evil.example, its issuer by montalvo.example; nothing ties the two."
    )


def test_a_badge_of_the_first_days_must_be_of_its_issuer_s_site_too():
    badge = issuer().ob05(award(), carrier="bare")
    elsewhere = "https://evil.example/1"
    copied = replace(badge, data=elsewhere.encode(), address=elsewhere)
    found = report(answering(copied, elsewhere, answer_of(badge, str(badge.address))))
    assert found.verdict is Verdict.unconfirmed
    says = "The badge is hosted by evil.example, its issuer by montalvo.example; nothing ties the two."
    assert [one.message for one in found.checks if one.id == "issuer"] == [says]


def redirected(badge: Issued, url: str, final_url: str) -> Document:
    _, content_type, body = badge.documents[url]
    return Document(url, 200, body, content_type, final_url=final_url)


def test_an_old_badge_s_description_must_be_of_its_site_too():
    badge = issuer().ob10(award(), carrier="bare")
    said = answer_of(badge, str(badge.address))
    elsewhere = {**said, "badge": "https://other.example/class"}
    there = answering(
        saying(badge, elsewhere), "https://other.example/class", answer_of(badge, said["badge"])
    )
    assert "its description by other.example" in signature(there).bound_because


def test_an_old_badge_must_keep_to_where_its_issuer_says_today_that_badges_are():
    badge = issuer().ob11(award(), carrier="bare")
    narrowed = {
        **answer_of(badge, profile(badge)),
        "verification": {"startsWith": "https://montalvo.example/x/"},
    }
    assert signature(answering(badge, profile(badge), narrowed)).bound is Outcome.unknown
    widened = {**narrowed, "verification": {"startsWith": "https://montalvo.example/"}}
    assert signature(answering(badge, profile(badge), widened)).bound is Outcome.passed


@pytest.mark.parametrize("generation", ["ob05", "ob2_hosted"])
def test_an_open_redirect_does_not_make_a_forger_the_issuer(generation):
    badge = getattr(issuer(), generation)(award())
    away = redirected(badge, str(badge.address), "https://evil.example/forged")
    assert signature(badge, away).bound is Outcome.unknown


def test_an_open_redirect_does_not_make_a_forger_s_profile_the_issuer_s():
    badge = with_policy(allowedOrigins=["montalvo.example", "evil.example"])
    away = redirected(badge, profile(badge), "https://evil.example/profile")
    found = signature(badge, away)
    assert found.bound is Outcome.unknown
    assert "The issuer's address leads on to evil.example" in found.bound_because


def test_the_oldest_badges_may_move_to_a_new_host_too():
    badge = issuer().ob05(award())
    there = str(badge.address).replace("montalvo.example", "www.montalvo.example")
    assert signature(badge, redirected(badge, str(badge.address), there)).bound is Outcome.passed


@pytest.mark.parametrize("wrapped", [lambda name: name, lambda name: [name]])
def test_a_forger_cannot_make_the_badge_of_another_issuer_his_own(wrapped):
    badge = badge2()
    assertion = answer_of(badge, str(badge.address))
    mine = {**answer_of(badge, profile(badge)), "id": "https://evil.example/issuer"}
    taken = {**answer_of(badge, assertion["badge"]), "name": "Doctor of Everything", "issuer": mine}
    taken["id"] = wrapped(taken["id"])
    forged = {**assertion, "id": "https://evil.example/1", "badge": taken}
    there = replace(badge, data=json.dumps(forged).encode(), address=forged["id"])
    found = report(answering(answering(there, forged["id"], forged), mine["id"], mine))
    assert (found.verdict, found.credential.title) == (Verdict.invalid, "Open Science Foundations")


@pytest.mark.parametrize("generation", ["ob10", "ob11"])
def test_an_issuer_may_have_written_its_badges_anew_in_2_0(generation):
    old, new = getattr(issuer(), generation)(award()), badge2()
    served = {**answer_of(new, str(new.address)), "id": old.address}
    found = report(
        answering(replace(old, documents={**new.documents, **old.documents}), str(old.address), served)
    )
    assert (found.verdict, found.credential.version) == (Verdict.verified, "2.0")


def test_a_file_of_2_0_counts_as_its_issuer_serves_it_in_1_1():
    old, new = issuer().ob11(award()), badge2()
    file = {**answer_of(new, str(new.address)), "id": old.address}
    found = report(replace(old, data=json.dumps(file).encode()))
    assert (found.verdict, found.credential.version) == (Verdict.verified, "1.1")


def test_a_copy_in_open_badges_3_is_another_badge_to_be_added():
    badge = badge2()
    newer = {"type": ["VerifiableCredential", "OpenBadgeCredential"], "id": badge.address}
    found = report(answering(badge, str(badge.address), newer))
    assert found.verdict is Verdict.unconfirmed
    assert "now serves it in Open Badges 3.0" in found.checks[1].message


@pytest.mark.parametrize("body", [b"", b'{"detail": "Gone"}'])
@pytest.mark.parametrize("part", ["class", "profile"])
def test_a_class_or_a_profile_that_is_gone_leaves_it_open(part, body):
    badge = badge2()
    address = profile(badge) if part == "profile" else answer_of(badge, str(badge.address))["badge"]
    found = report(answering(badge, address, body, status=410))
    assert found.verdict is Verdict.unconfirmed
    assert "is gone from its address" in found.checks[0].message


def test_an_issuer_may_move_with_badge_and_profile_to_a_new_host():
    badge = badge2()
    there = [
        redirected(badge, url, url.replace("montalvo.example", "new.example"))
        for url in (str(badge.address), profile(badge))
    ]
    assert signature(badge, *there).bound is Outcome.passed
    assert signature(badge, there[0]).bound is Outcome.unknown


def test_a_redirect_to_an_allowed_host_is_allowed():
    badge = with_policy(allowedOrigins=["montalvo.example", "cdn.example"])
    away = redirected(badge, str(badge.address), "https://cdn.example/copy")
    assert signature(badge, away).bound is Outcome.passed


def test_plain_http_is_said():
    badge = badge2()
    said = {**answer_of(badge, str(badge.address)), "id": "http://montalvo.example/1"}
    there = answering(replace(badge, data=json.dumps(said).encode()), "http://montalvo.example/1", said)
    assert signature(there).detail["Note"] == "It was fetched without encryption."


def test_nothing_is_said_before_anything_is_fetched():
    badge = badge2()
    found = hosted.holds(case(badge, documents()))[0]
    assert (found.outcome, found.bound) == (Outcome.unknown, Outcome.unknown)


def test_a_badge_that_a_blockchain_vouches_for_is_open_and_asked_for_at_no_address():
    anchored = {"type": ["MerkleProofVerification2017", "Extension"], "publicKey": "ecdsa-koblitz-pubkey:x"}
    badge = badge2()
    said = {**json.loads(badge.text), "verification": anchored, "signature": {"type": ["MerkleProof2017"]}}
    found = report(replace(badge, data=json.dumps(said).encode()))
    assert (found.verdict, found.credential.address) == (Verdict.unconfirmed, None)
    judged = {c.id: (c.outcome, c.message) for c in found.checks}
    assert judged["structure"][0] is Outcome.passed
    assert judged["proof"] == (
        Outcome.unknown,
        "It is signed in a way that we do not know (MerkleProof2017), so this signature was not checked.",
    )
    assert judged["issuer"] == (
        Outcome.unknown,
        "Who made it can be said only once its signature was checked.",
    )


def test_a_badge_that_its_issuer_hosts_stays_hosted_whatever_else_vouches_for_it():
    both = {"type": ["HostedBadge", "MerkleProofVerification2017"]}
    badge = badge2()
    assert report(saying(badge, {**json.loads(badge.text), "verification": both})).verdict is Verdict.verified

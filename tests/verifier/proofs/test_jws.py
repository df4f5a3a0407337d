"""Signed assertions of Open Badges 1 and 2: the key must be the issuer's, and both must say so."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from backpack.verifier import Outcome
from backpack.verifier.case import Case
from backpack.verifier.encodings import to_base64url
from backpack.verifier.proofs import jws
from tests.issuing import AT
from tests.verifier.signing import case, served, signer, tried

SITE = "https://school.example"
CLASS, ISSUER, KEY = f"{SITE}/class", f"{SITE}/issuer", f"{SITE}/key"
CONTEXT = "https://w3id.org/openbadges/v2"


def assertion(**members: Any) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": "urn:uuid:1",
        "recipient": {"type": "email", "hashed": False, "identity": "maria@backpack.example"},
        "badge": CLASS,
        "verification": {"type": "SignedBadge", "creator": KEY},
        "issuedOn": "2025-03-14T09:00:00Z",
        **members,
    }


def documents(profile: Any = None, key: Any = None, **missing: Any) -> list[Any]:
    """What the issuer's site answers."""
    usual = {
        CLASS: {"@context": CONTEXT, "type": "BadgeClass", "id": CLASS, "name": "Welding", "issuer": ISSUER},
        ISSUER: {"type": "Issuer", "id": ISSUER, "name": "School", "publicKey": KEY, **(profile or {})},
        KEY: {
            "type": "CryptographicKey",
            "id": KEY,
            "owner": ISSUER,
            "publicKeyPem": signer("rsa").pem,
            **(key or {}),
        },
    }
    return [served(url, document) for url, document in usual.items()]


def compact(algorithm: str = "RS256", by: Any = None, header: Any = None, **members: Any) -> str:
    kind = {"RS256": "rsa", "PS256": "rsa", "ES256": "p256", "EdDSA": "ed25519"}[algorithm]
    return (by or signer(kind)).jwt(assertion(**members), algorithm, **(header or {}))


def found(text: str, *answers: Any):
    return tried(text, *(answers or documents()))


def test_a_signed_assertion_is_the_issuer_s():
    signature = found(compact())
    assert (signature.outcome, signature.bound) == (Outcome.passed, Outcome.passed)
    assert signature.issuer_evidence == {"Web domain": "The key is published at school.example."}
    assert signature.detail["Source"] == KEY


@pytest.mark.parametrize("algorithm", ["PS256", "ES256", "EdDSA"])
def test_newer_algorithms_are_as_good(algorithm):
    kind = {"PS256": "rsa", "ES256": "p256", "EdDSA": "ed25519"}[algorithm]
    assert (
        found(compact(algorithm), *documents(key={"publicKeyPem": signer(kind).pem})).outcome
        is Outcome.passed
    )


@pytest.mark.parametrize(
    "header",
    [{"alg": "none"}, {"alg": "HS256"}, {"alg": []}, {"alg": "RS256", "crit": ["b64"], "b64": False}],
)
def test_a_header_that_does_not_protect_is_refused(header):
    body, signature = compact().split(".")[1:]
    head = to_base64url(json.dumps(header).encode())
    assert found(f"{head}.{body}.{signature}").outcome is Outcome.failed


@pytest.mark.parametrize("member", ["id", "badge", "issuedOn", "recipient"])
def test_nothing_in_it_can_be_changed(member):
    head, body, signature = compact().split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed = to_base64url(json.dumps({**said, member: {**said, "id": "x"}}).encode())
    assert found(f"{head}.{changed}.{signature}").outcome is Outcome.failed


def test_a_key_in_the_header_is_not_looked_at():
    evil = signer("rsa", "evil")
    assert found(compact(by=evil, header={"jwk": evil.jwk})).outcome is Outcome.failed


def test_without_a_creator_any_key_that_the_issuer_lists_will_do():
    text = compact(verification={"type": "signed"})
    assert found(text).bound is Outcome.passed
    first = f"{SITE}/key0"
    other = {"id": first, "owner": ISSUER, "publicKeyPem": signer("rsa", "evil").pem}
    two = [*documents(profile={"publicKey": [first, KEY]}), served(first, other)]
    assert (found(text, *two).bound, found(text, *two).method) == (Outcome.passed, KEY)
    assert found(compact(by=signer("rsa", "third"), verification={"type": "signed"}), *two).outcome is (
        Outcome.failed
    )
    assert jws.needs(case(text, *two[:2])) == {first, KEY}
    assert found(text, *two[:2], two[3]).outcome is Outcome.unknown
    assert "lists none" in found(text, *documents(profile={"publicKey": []})).because


def test_where_an_issuer_lists_more_keys_than_are_tried_a_signature_by_another_is_not_called_broken():
    names = [f"{SITE}/key{n}" for n in range(jws.MAX_KEYS)]
    pem = signer("rsa", "evil").pem
    others = [served(name, {"id": name, "owner": ISSUER, "publicKeyPem": pem}) for name in names]
    text = compact(verification={"type": "signed"})
    many = found(text, *documents(profile={"publicKey": [*names, KEY]}), *others)
    assert (many.outcome, "more keys than we look at" in many.because) == (Outcome.unknown, True)
    assert found(text, *documents(profile={"publicKey": names}), *others).outcome is Outcome.failed


def test_a_key_may_stand_in_the_profile():
    embedded = {"id": f"{ISSUER}#key", "owner": ISSUER, "publicKeyPem": signer("rsa").pem}
    text = compact(verification={"type": "SignedBadge", "creator": f"{ISSUER}#key"})
    assert found(text, *documents(profile={"publicKey": [embedded]})).bound is Outcome.passed


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({"revoked": "2025-06-01T00:00:00Z"}, False),
        ({"revoked": True}, False),
        ({"expires": "2025-06-01T00:00:00Z"}, False),
        ({"revoked": False, "expires": None}, True),
        ({"revoked": "2027-06-01T00:00:00Z", "expires": "2027-06-01T00:00:00Z"}, True),
    ],
)
def test_a_key_that_its_issuer_withdrew_signs_nothing_any_more(said, holds):
    outcome = Outcome.passed if holds else Outcome.failed
    assert found(compact(), *documents(key=said)).outcome is outcome
    key = served(KEY, {"publicKeyPem": signer("rsa").pem, **said})
    assert found(old(KEY), *OLD, key).outcome is outcome
    assert jws.needs(case(compact(), *documents(key=said))) == set()


def test_a_badge_of_before_its_issuer_s_site_was_encrypted_is_still_the_issuer_s():
    before = KEY.replace("https:", "http:")
    text = compact(verification={"type": "SignedBadge", "creator": before})
    assert found(text).bound is Outcome.passed
    left = documents(key={"id": before, "owner": ISSUER.replace("https:", "http:")})
    assert found(text, *left).bound is Outcome.passed
    # Whoever stands between us and the old address may answer there whatever he likes.
    evil = signer("rsa", "evil")
    forged = compact(by=evil, verification={"type": "SignedBadge", "creator": before})
    there = served(before, {"id": before, "owner": ISSUER, "publicKeyPem": evil.pem})
    assert found(forged, *documents(), there).outcome is Outcome.failed


@pytest.mark.parametrize("name", ["did:web:montalvo.example", "https://montalvo.example/issuer "])
def test_an_issuer_cannot_go_by_a_name_that_its_address_does_not_show(name):
    signature = found(compact(), *documents(profile={"id": name}, key={"owner": name}))
    assert (signature.outcome, signature.bound) == (Outcome.passed, Outcome.unknown)
    assert f"goes by “{name}”" in signature.bound_because


def test_the_key_is_wanted_once_it_is_known_which():
    assert jws.needs(case(compact())) == {KEY}
    assert jws.needs(case(compact(), *documents())) == set()
    assert jws.needs(case(compact(verification={"type": "signed"}), *documents()[:1])) == {ISSUER}
    assert jws.needs(case(compact(verification={"type": "HostedBadge"}))) == set()
    assert jws.needs(case(compact(), *documents(key={"publicKeyPem": "none"}))) == set()


@pytest.mark.parametrize("profile", [{"publicKey": []}, {"publicKey": f"{SITE}/other"}, {"publicKey": None}])
def test_a_key_that_the_profile_does_not_list_is_not_the_issuer_s(profile):
    signature = found(compact(), *documents(profile))
    assert (signature.outcome, signature.bound) == (Outcome.passed, Outcome.failed)


def test_a_key_that_says_it_is_somebody_else_s_is_not_the_issuer_s():
    assert found(compact(), *documents(key={"owner": f"{SITE}/other"})).bound is Outcome.failed


@pytest.mark.parametrize("owner", [None, 5])
def test_a_key_that_does_not_say_whose_it_is_leaves_it_open(owner):
    signature = found(compact(), *documents(key={"owner": owner}))
    assert signature.bound is Outcome.unknown
    assert "does not say whose it is" in signature.bound_because


def test_a_key_at_the_address_that_the_issuer_lists_need_not_repeat_it():
    assert found(compact(), *documents(key={"id": None})).bound is Outcome.passed


def test_a_way_of_signing_that_we_do_not_know_leaves_it_open():
    head = to_base64url(b'{"alg":"ES512"}')
    _, body, signature = compact().split(".")
    unknown = found(f"{head}.{body}.{signature}")
    assert (unknown.outcome, "signed with ES512" in unknown.because) == (Outcome.unknown, True)


def test_an_open_redirect_does_not_make_a_forger_s_keys_the_issuer_s():
    profile = replace(documents()[1], final_url="https://evil.example/forged")
    signature = found(compact(), documents()[0], profile, documents()[2])
    assert (signature.outcome, signature.bound) == (Outcome.passed, Outcome.unknown)
    assert "leads on to evil.example" in signature.bound_because
    key = replace(served(f"{SITE}/key.pem", signer("rsa").pem), final_url="https://evil.example/key")
    assert found(old(), *OLD, key).outcome is Outcome.unknown


def test_a_forger_cannot_award_the_badge_of_another_issuer():
    embedded = {**json.loads(documents()[0].body), "name": "Doctor", "issuer": "https://evil.example/issuer"}
    key = {"id": "https://evil.example/key", "owner": "https://evil.example/issuer"}
    forger = [
        served("https://evil.example/issuer", {"id": "https://evil.example/issuer", "publicKey": key["id"]}),
        served(key["id"], {**key, "publicKeyPem": signer("rsa", "evil").pem}),
    ]
    text = compact(
        by=signer("rsa", "evil"), badge=embedded, verification={"type": "signed", "creator": key["id"]}
    )
    assert found(text, *documents(), *forger).bound is Outcome.failed


def test_a_key_from_an_unprotected_address_is_remarked():
    address = "http://school.example/key"
    key = served(address, {"id": address, "owner": ISSUER, "publicKeyPem": signer("rsa").pem})
    text = compact(verification={"type": "signed", "creator": address})
    signature = found(text, *documents(profile={"publicKey": address}), key)
    assert (signature.bound, signature.detail["Note"]) == (
        Outcome.passed,
        "Its key was fetched without encryption.",
    )


def test_a_profile_that_nobody_fetched_leaves_it_open():
    class_alone, key = documents()[0], documents()[2]
    assert found(compact(), class_alone, key).bound is Outcome.unknown
    assert found(compact(), class_alone, key, served(ISSUER, "", 404)).bound is Outcome.unknown


def test_a_profile_at_the_wrong_address_is_not_the_issuer_s():
    other = served(ISSUER, {"type": "Issuer", "id": f"{SITE}/elsewhere", "publicKey": KEY})
    elsewhere = served(f"{SITE}/elsewhere", {"type": "Issuer", "id": ISSUER, "publicKey": KEY})
    first, _, key = documents()
    assert found(compact(), first, other, elsewhere, key).bound is Outcome.failed


def test_an_issuer_that_stands_only_in_the_badge_proves_nothing():
    profile = {"type": "Issuer", "id": "urn:issuer", "publicKey": KEY}
    embedded = {"type": "BadgeClass", "id": CLASS, "name": "Welding", "issuer": profile}
    key = served(KEY, {"id": KEY, "owner": "urn:issuer", "publicKeyPem": signer("rsa").pem})
    signature = found(compact(badge=embedded), key)
    assert (signature.outcome, signature.bound) == (Outcome.passed, Outcome.unknown)


@pytest.mark.parametrize("key", [{"id": f"{SITE}/other"}, {"publicKeyPem": "none"}, {"publicKeyPem": None}])
def test_what_is_not_the_key_does_not_verify(key):
    assert found(compact(), *documents(key=key)).outcome is Outcome.failed


def test_a_key_that_is_gone_leaves_it_open():
    gone = [*documents()[:2], served(KEY, "", 404)]
    signature = found(compact(), *gone)
    assert (signature.outcome, signature.bound) == (Outcome.unknown, Outcome.unknown)
    assert "school.example answered 404" in signature.because


@pytest.mark.parametrize(
    "verification", [{"type": "HostedBadge"}, "signed", None, [], {"type": "signed", "creator": "key"}]
)
def test_it_must_say_that_it_is_signed_and_by_which_key(verification):
    assert found(compact(verification=verification)).outcome is Outcome.failed


def old(url: Any = f"{SITE}/key.pem", **members: Any) -> str:
    said = {
        "uid": "1",
        "recipient": {"type": "email", "hashed": False, "identity": "maria@backpack.example"},
        "badge": CLASS,
        "verify": {"type": "signed", "url": url},
        "issuedOn": 1741942800,
        **members,
    }
    return signer("rsa").jwt(said, "RS256")


OLD = [
    served(
        CLASS,
        {"name": "Welding", "description": "d", "image": f"{SITE}/i.png", "criteria": SITE, "issuer": ISSUER},
    ),
    served(ISSUER, {"name": "School", "url": SITE}),
]


@pytest.mark.parametrize("answer", [signer("rsa").pem, {"publicKeyPem": signer("rsa").pem}])
def test_open_badges_1_names_the_address_of_a_key(answer):
    signature = found(old(), *OLD, served(f"{SITE}/key.pem", answer))
    assert (signature.outcome, signature.bound) == (Outcome.passed, Outcome.passed)


def test_nothing_but_the_host_ties_it_to_the_issuer():
    signature = found(
        old("https://evil.example/key.pem"), *OLD, served("https://evil.example/key.pem", signer("rsa").pem)
    )
    assert (signature.outcome, signature.bound) == (Outcome.passed, Outcome.unknown)
    assert "evil.example" in signature.bound_because


@pytest.mark.parametrize("url", [None, "key.pem", 5])
def test_open_badges_1_without_an_address_has_no_key(url):
    assert found(old(url), *OLD).outcome is Outcome.failed


def test_the_address_of_the_key_is_wanted():
    assert jws.needs(case(old(), *OLD)) == {f"{SITE}/key.pem"}


@pytest.mark.parametrize(
    "spoil", [{"compact": compact() + "!"}, {"raw": {**assertion(), "issuedOn": "2020-01-01T00:00:00Z"}}]
)
def test_what_is_shown_must_be_what_was_signed_in_its_one_spelling(spoil):
    read = case(compact(), *documents())
    changed = Case(replace(read.credential, **spoil), read.documents, None, AT)
    assert changed.signature.outcome is Outcome.failed

"""Credentials as JWT: the text as received is what is signed, and the token may say nothing else than the badge."""

import base64
import hmac
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backpack.errors import Unreadable
from backpack.verifier import Demand, Outcome, read, verify
from backpack.verifier.case import Case
from backpack.verifier.documents import Documents
from backpack.verifier.encodings import to_base64url
from backpack.verifier.keys import of_jwk
from backpack.verifier.proofs import vc_jwt
from tests.issuing import AT, award, issuer
from tests.verifier import asking
from tests.verifier.signing import badge, case, controller, method, served, signer, tried

WEB = "did:web:school.example"
DID_DOCUMENT = "https://school.example/.well-known/did.json"
PAGE = "https://school.example/issuer"
KEYS = "https://school.example/.well-known/jwks.json"
ALGORITHMS = {
    "RS256": "rsa",
    "RS384": "rsa",
    "RS512": "rsa",
    "PS256": "rsa",
    "PS384": "rsa",
    "PS512": "rsa",
    "ES256": "p256",
    "ES384": "p384",
    "EdDSA": "ed25519",
    "Ed25519": "ed25519",
}
TIMES = {"nbf": 1741942800, "exp": 1900000000}


def did_document(*kinds):
    methods = [
        {
            "id": f"{WEB}#{kind}",
            "controller": WEB,
            "publicKeyJwk": {**signer(kind).jwk, "kid": f"name-of-{kind}"},
        }
        for kind in kinds
    ]
    return served(DID_DOCUMENT, controller(WEB, *methods))


def token(algorithm="RS256", members=None, claims=None, by=None, **header):
    """A token of a VC 2 badge by school.example; a member or claim of None is left out."""
    kind = ALGORITHMS[algorithm]
    said = {
        **badge(WEB),
        "iss": WEB,
        "jti": badge()["id"],
        "sub": "did:example:maria",
        **(members or {}),
        **(claims or {}),
    }
    header = {"kid": f"{WEB}#{kind}", "typ": "vc+jwt", **header}
    kept = {name: value for name, value in header.items() if value is not None}
    return (by or signer(kind)).jwt({k: v for k, v in said.items() if v is not None}, algorithm, **kept)


def old_token(claims=None, vc=None, **header):
    """A token of a VC 1.1 badge, in its ``vc`` claim."""
    inner = {
        **badge(WEB),
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "issuanceDate": "2025-03-14T09:00:00Z",
    }
    inner = {k: v for k, v in {**inner, "validFrom": None, **(vc or {})}.items() if v is not None}
    said = {"iss": WEB, "jti": badge()["id"], "sub": "did:example:maria", "vc": inner, **(claims or {})}
    return signer("rsa").jwt(
        {k: v for k, v in said.items() if v is not None}, "RS256", kid=f"{WEB}#rsa", **header
    )


def judged(compact, *documents, at=AT):
    return tried(compact, *(documents or (did_document(*sorted(set(ALGORITHMS.values()))),)), at=at)


def part(members):
    return to_base64url(json.dumps(members).encode())


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_token_that_others_signed_holds(algorithm):
    found = judged(token(algorithm))
    assert (found.outcome, found.bound) == (Outcome.passed, Outcome.passed)
    assert found.detail["Method"] == f"JWT with {algorithm}"
    assert (found.detail["Key"], found.detail["Source"]) == (f"{WEB}#{ALGORITHMS[algorithm]}", DID_DOCUMENT)


@pytest.mark.parametrize(
    ("demand", "error"),
    [
        (Demand(domains=("work.example",)), None),
        (Demand(domains=("other.example",)), "INVALID_DOMAIN_ERROR"),
        (Demand(domains=("work.example", "other.example")), "INVALID_DOMAIN_ERROR"),
        (Demand(challenge="c-1"), "INVALID_CHALLENGE_ERROR"),
        (Demand(challenge="c-2"), None),
        (Demand(), None),
    ],
)
def test_what_whoever_asks_demands_of_a_signature_is_demanded_of_a_token_too(demand, error):
    asked = replace(
        case(token(claims={"aud": "work.example", "nonce": "c-2"}), did_document("rsa")), demand=demand
    )
    assert asked.signature.error == error
    assert asked.signature.outcome is (Outcome.failed if error else Outcome.passed)


@pytest.mark.parametrize("speaks", ["did:key", "did:web", "https", "jwks"])
@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_however_the_issuer_publishes_its_key(speaks, algorithm):
    found = asking.case(issuer().ob3_jwt(award(), algorithm, speaks=speaks)).signature
    assert (found.outcome, found.bound) == (Outcome.passed, Outcome.passed)


def test_a_token_in_the_first_data_model_holds():
    assert judged(old_token()).outcome is Outcome.passed
    assert judged(old_token(typ="JWT")).outcome is Outcome.passed


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS1", "rs256", "", None, 5, [], "RS512"])
def test_only_algorithms_that_protect_are_accepted(algorithm):
    body, signature = token().split(".")[1:]
    forged = f"{part({'alg': algorithm, 'kid': f'{WEB}#rsa'})}.{body}.{signature}"
    assert judged(forged).outcome is Outcome.failed


def test_what_we_cannot_check_is_not_broken_for_that():
    body, signature = token().split(".")[1:]
    found = judged(f"{part({'alg': 'ES256K', 'kid': f'{WEB}#rsa'})}.{body}.{signature}")
    assert found.outcome is Outcome.unknown
    assert "it is signed with ES256K, which we do not know how to check." in found.because


def test_no_algorithm_with_no_signature_is_no_signature():
    body = token().split(".")[1]
    assert judged(f"{part({'alg': 'none'})}.{body}.").outcome is Outcome.failed


def test_a_public_key_is_no_secret():
    start = f"{part({'alg': 'HS256', 'kid': f'{WEB}#rsa'})}.{token().split('.')[1]}"
    signature = to_base64url(hmac.digest(signer("rsa").pem.encode(), start.encode(), "sha256"))
    assert judged(f"{start}.{signature}").outcome is Outcome.failed


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "ES384", "EdDSA"])
def test_the_algorithm_must_fit_the_key(algorithm):
    other = "p256" if algorithm == "EdDSA" else "ed25519"
    assert judged(token(algorithm, kid=f"{WEB}#{other}")).outcome is Outcome.failed


@pytest.mark.parametrize("position", [0, 1, 2])
def test_no_character_of_it_can_be_changed(position):
    parts = token().split(".")
    middle = len(parts[position]) // 2
    parts[position] = (
        parts[position][:middle]
        + ("A" if parts[position][middle] != "A" else "B")
        + parts[position][middle + 1 :]
    )
    with suppress(Unreadable):
        assert judged(".".join(parts)).outcome is Outcome.failed


@pytest.mark.parametrize("extra", ["=", "A", "\u0130", "!!"])
def test_a_signature_has_one_spelling(extra):
    found = case(token(), did_document("rsa"))
    compact = f"{found.credential.compact}{extra}"
    respelt = Case(_with_compact(found.credential, compact), found.documents, None, AT)
    assert respelt.signature.outcome is Outcome.failed


def test_an_ecdsa_signature_in_der_is_no_jwt_signature():
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    start = token("ES256").rpartition(".")[0]
    der = signer("p256").private.sign(start.encode(), ec.ECDSA(hashes.SHA256()))
    assert judged(f"{start}.{to_base64url(der)}").outcome is Outcome.failed


@pytest.mark.parametrize("member", ["crit", "zip", "b64", "enc"])
def test_a_header_that_asks_for_more_is_refused(member):
    head, body, signature = token().split(".")
    header = {
        **json.loads(base64.urlsafe_b64decode(head + "==")),
        member: ["exp"] if member == "crit" else False,
    }
    assert judged(f"{part(header)}.{body}.{signature}").outcome is Outcome.failed


def test_what_is_shown_must_be_what_was_signed():
    found = case(token(), did_document("rsa"))
    shown = Case(_with_raw(found.credential, name="Doctor"), found.documents, None, AT)
    assert "not what was signed" in shown.signature.because


@pytest.mark.parametrize("claim", ["iss", "jti", "sub"])
@pytest.mark.parametrize("value", ["did:web:evil.example", 5, None, {}])
def test_a_claim_says_what_the_badge_says(claim, value):
    compact = token(claims={claim: value})
    expected = Outcome.passed if value is None else Outcome.failed
    assert judged(compact).outcome is expected


def test_a_badge_without_a_name_of_its_own_is_given_none_by_its_token():
    found = judged(token(members={"id": None}, claims={"jti": "urn:uuid:another"}))
    assert (found.outcome, "(jti)" in found.because) == (Outcome.failed, True)


@pytest.mark.parametrize("claim", ["iss", "jti", "sub"])
def test_so_it_was_in_the_first_data_model(claim):
    assert judged(old_token({claim: "did:web:evil.example"})).outcome is Outcome.failed


@pytest.mark.parametrize("is_listed", [False, True])
def test_the_first_data_model_leaves_to_the_token_what_the_badge_does_not_say(is_listed):
    subject = {k: v for k, v in badge()["credentialSubject"].items() if k != "id"}
    issuer = {"type": "Profile", "name": "School"}
    said = {"credentialSubject": [subject] if is_listed else subject, "issuer": issuer, "id": None}
    compact = old_token(vc=said)
    assert judged(compact).outcome is Outcome.passed
    credential = case(compact).credential
    assert (credential.id, credential.issuer.id, credential.issuer.name) == (badge()["id"], WEB, "School")
    assert [recipient.identity for recipient in credential.recipients] == ["did:example:maria"]


def test_the_second_data_model_does_not_go_into_the_token_in_the_way_of_the_first():
    compact = old_token({"nbf": 1741942800}, {**badge(WEB), "issuanceDate": None})
    assert "in the way of the first (vc)" in judged(compact).because
    assert case(compact).credential.raw == badge(WEB)


def test_the_first_data_model_asks_for_the_issuer_in_the_token():
    assert judged(old_token({"iss": None})).outcome is Outcome.failed


def test_a_subject_without_an_id_may_be_named_by_the_token_alone():
    subject = {k: v for k, v in badge()["credentialSubject"].items() if k != "id"}
    assert judged(token(members={"credentialSubject": subject})).outcome is Outcome.passed


@pytest.mark.parametrize("claim", ["vc", "vp"])
def test_a_token_holds_one_credential(claim):
    assert "second credential" in judged(token(claims={claim: {}})).because


def in_two_places(inner, **outside):
    """A token of a VC 1.1 badge that is written out beside ``vc``, which has this of it."""
    v1 = ["https://www.w3.org/2018/credentials/v1"]
    whole = {"@context": v1, "issuanceDate": "2025-03-14T09:00:00Z", "validFrom": None, **outside}
    return token(members={**whole, "vc": {"@context": v1, **inner}})


def test_a_badge_of_the_first_data_model_may_be_written_out_beside_a_part_of_it():
    shown = in_two_places({"type": badge()["type"], "credentialSubject": badge()["credentialSubject"]})
    assert judged(shown).outcome is Outcome.passed
    assert "vc" not in case(shown).credential.raw


@pytest.mark.parametrize("make", [token, old_token])
def test_a_token_that_names_a_status_list_of_its_own_leaves_open_whether_it_was_taken_back(make):
    status = {"status_list": {"idx": 41, "uri": "https://school.example/statuses/1"}}
    held = Documents(did_document("rsa"))
    found = verify(read(make(claims={"status": status}).encode()), held, None, AT)
    revocation = next(one for one in found.checks if one.id == "revocation")
    assert (revocation.outcome, "Token Status List" in revocation.message) == (Outcome.unknown, True)
    assert "status" not in found.credential.raw  # it is no word of the badge's own that nothing would define


def test_a_status_beside_the_badge_leaves_open_whether_it_was_taken_back():
    status = {"id": "https://school.example/statuses/1#41", "type": "StatusList2021Entry"}
    found = verify(
        read(old_token({"credentialStatus": status}).encode()), Documents(did_document("rsa")), None, AT
    )
    revocation = next(one for one in found.checks if one.id == "revocation")
    assert (revocation.outcome, "beside the badge" in revocation.message) == (Outcome.unknown, True)


@pytest.mark.parametrize("inner", [{"name": "Another"}, {"evidence": []}, {"credentialSubject": {}}])
def test_but_not_beside_another(inner):
    assert "second credential" in judged(in_two_places(inner)).because


@pytest.mark.parametrize("claim", ["nbf", "exp"])
@pytest.mark.parametrize("value", ["tomorrow", -(10**15), True, []])
def test_a_time_claim_is_a_time(claim, value):
    assert judged(token(claims={claim: value})).outcome is Outcome.failed


@pytest.mark.parametrize("claim", ["iss", "jti", "sub", "nbf", "exp"])
def test_a_claim_that_is_null_says_nothing(claim):
    said = {**badge(WEB), claim: None}
    assert judged(signer("rsa").jwt(said, "RS256", kid=f"{WEB}#rsa")).outcome is Outcome.passed


def test_a_badge_may_be_older_than_1970_and_last_longer_than_calendars_do():
    assert judged(token(claims={"nbf": -86400 * 365, "exp": 10**15})).outcome is Outcome.passed


@pytest.mark.parametrize("made", [token, old_token])
def test_a_badge_is_told_to_hold_no_longer_than_its_token_says(made):
    found = read(made(claims={"nbf": 1741942800 + 60, "exp": 1900000000}).encode())
    assert found.begins_at == datetime.fromtimestamp(1741942800 + 60, UTC)
    assert found.expires_at == datetime.fromtimestamp(1900000000, UTC)


def test_times_that_differ_from_the_badge_s_are_mentioned():
    note = judged(
        token(
            claims={"nbf": 1741942800 + 60, "exp": 1900000000}, members={"validUntil": "2031-01-01T00:00:00Z"}
        )
    ).detail["Note"]
    assert "(nbf)" in note
    assert "(exp)" in note
    assert "Note" not in judged(token(claims={"nbf": 1741942801})).detail


def test_a_token_from_the_future_is_mentioned():
    made = int((AT + timedelta(hours=1)).timestamp())
    assert "in the future" in judged(token(claims={"iat": made})).detail["Note"]
    assert "Note" not in judged(token(claims={"iat": made - 3600})).detail


def test_one_from_a_clock_that_is_a_little_fast_is_not():
    soon = int((AT + timedelta(minutes=4)).timestamp())
    assert "Note" not in judged(token(claims={"iat": soon})).detail


def test_a_token_of_another_type_is_mentioned():
    assert "another type" in judged(token(typ="at+jwt")).detail["Note"]
    assert judged(token(typ=None)).outcome is Outcome.passed


@pytest.mark.parametrize("kind", ["vc+jwt", "VC+JWT", "application/vc+jwt", "jwt"])
def test_its_type_may_be_written_out_and_in_any_letters(kind):
    assert "Note" not in judged(token(typ=kind)).detail


@pytest.mark.parametrize("name", ["rsa", "#rsa", "name-of-rsa"])
def test_a_key_may_go_by_a_name_that_means_something_only_to_the_issuer(name):
    assert judged(token(kid=name)).bound is Outcome.passed


def test_among_keys_that_nobody_can_look_up_or_read():
    good = {"id": f"{WEB}#rsa", "controller": WEB, "publicKeyJwk": {**signer("rsa").jwk, "kid": "mine"}}
    document = controller(WEB, {"id": f"{WEB}#x", "controller": WEB, "publicKeyJwk": {"kty": "x"}}, good)
    document["assertionMethod"] = ["did:ion:x#1", "did:web:other.example#1", *document["assertionMethod"]]
    assert judged(token(kid="mine"), served(DID_DOCUMENT, document)).outcome is Outcome.passed


def test_or_by_its_thumbprint():
    from joserfc.jwk import RSAKey

    assert judged(token(kid=RSAKey.import_key(signer("rsa").jwk).thumbprint())).bound is Outcome.passed


@pytest.mark.parametrize("name", [None, "0", "#0"])
def test_an_issuer_that_is_its_key_may_call_it_by_its_fragment(name):
    did = f"did:jwk:{part(signer('rsa').jwk)}"
    found = judged(token(members={"issuer": did}, claims={"iss": did}, kid=name), served(PAGE, {}))
    assert (found.outcome, found.bound) == (Outcome.passed, Outcome.passed)


@pytest.mark.parametrize("name", ["nobody", "#", "urn:nobody"])
def test_a_name_that_the_issuer_does_not_publish_is_no_key(name):
    assert "publishes no such key" in judged(token(kid=name)).because


@pytest.mark.parametrize("name", [5, ["x"], {}])
def test_a_name_is_a_text(name):
    body, signature = token().split(".")[1:]
    assert judged(f"{part({'alg': 'RS256', 'kid': name})}.{body}.{signature}").outcome is Outcome.failed


def test_without_a_name_the_issuer_s_only_key_is_meant():
    assert judged(token(kid=None), did_document("rsa", "p256")).bound is Outcome.passed
    two = controller(WEB, method(WEB), method(WEB, signer("ed25519", "other"), "key-2"))
    assert "which of the issuer's keys" in judged(token("EdDSA", kid=None), served(DID_DOCUMENT, two)).because


@pytest.mark.parametrize("by_name", [True, False])
def test_in_the_set_of_a_host_of_many_issuers_a_key_is_found_by_its_name_wherever_it_stands(by_name):
    mine = {**signer("rsa").jwk, "kid": "mine"}
    name = "mine" if by_name else of_jwk(mine).thumbprint
    others = [{**signer("p256").jwk, "kid": f"key-{n}"} for n in range(99)]
    keys = served(KEYS, {"keys": [*others, mine]})
    compact = token(members={"issuer": PAGE}, claims={"iss": PAGE}, kid=name)
    found = tried(compact, served(PAGE, {"id": PAGE}), keys)
    assert (found.outcome, found.bound) == (Outcome.passed, Outcome.passed)


def test_a_did_key_issuer_needs_no_name():
    by = signer()
    compact = by.jwt({**badge(), "iss": by.did}, "EdDSA")
    assert (tried(compact).outcome, tried(compact).bound) == (Outcome.passed, Outcome.passed)


@pytest.mark.parametrize("name", ["school-1", None])
def test_the_host_s_set_of_keys_is_asked_as_well(name):
    compact = token(members={"issuer": PAGE}, claims={"iss": PAGE}, kid=name)
    assert vc_jwt.needs(case(compact)) == {PAGE, KEYS}
    keys = served(KEYS, {"keys": [{**signer("rsa").jwk, "kid": "school-1"}, {"kty": "unheard"}]})
    found = tried(compact, keys, served(PAGE, {"id": PAGE}))
    assert (found.outcome, found.bound) == (Outcome.passed, Outcome.passed)


@pytest.mark.parametrize("name", ["school-1", None])
@pytest.mark.parametrize(("status", "outcome"), [(503, Outcome.unknown), (404, Outcome.failed)])
def test_while_one_of_them_does_not_answer_the_key_that_the_other_has_may_not_be_the_one(
    name, status, outcome
):
    compact = token(members={"issuer": PAGE}, claims={"iss": PAGE}, kid=name)
    for by, said in ((signer("rsa", "other"), outcome), (signer("rsa"), Outcome.passed)):
        keys = served(KEYS, {"keys": [{**by.jwk, "kid": "school-1"}]})
        assert tried(compact, keys, served(PAGE, "", status)).outcome is said


def test_a_key_whose_own_address_is_gone_is_sought_at_the_issuer_s():
    name = "https://school.example/keys/1"
    compact = token(members={"issuer": PAGE}, claims={"iss": PAGE}, kid=name)
    held = served(name, "", 404), served(PAGE, {"id": PAGE})
    keys = served(KEYS, {"keys": [{**signer("rsa").jwk, "kid": name}]})
    assert tried(compact, *held, keys).bound is Outcome.passed
    assert tried(compact, *held, served(KEYS, "", 404)).outcome is Outcome.unknown


def test_a_key_that_the_token_brings_along_must_be_the_issuer_s():
    compact = token(kid=None, jwk=signer("rsa").jwk)
    assert judged(compact).bound is Outcome.passed
    assert judged(compact, did_document("p256")).bound is Outcome.failed
    assert judged(compact, served(DID_DOCUMENT, "", 404)).bound is Outcome.unknown
    assert vc_jwt.needs(case(compact)) == {DID_DOCUMENT}


def test_a_forger_s_key_signs_but_proves_nothing():
    evil = signer("rsa", "evil")
    found = judged(token(by=evil, kid=None, jwk=evil.jwk))
    assert (found.outcome, found.bound) == (Outcome.passed, Outcome.failed)


def test_a_forger_s_address_proves_nothing():
    evil = signer("rsa", "evil")
    compact = token(by=evil, kid="https://evil.example/key", members={"issuer": PAGE}, claims={"iss": PAGE})
    documents = served("https://evil.example/key", evil.jwk), served(PAGE, {"id": PAGE})
    found = tried(compact, *documents, served(KEYS, {"keys": [signer("rsa").jwk]}))
    assert (found.outcome, found.bound) == (Outcome.passed, Outcome.failed)


@pytest.mark.parametrize("member", ["jku", "x5u"])
def test_addresses_in_the_header_are_never_followed(member):
    compact = token(kid=None, **{member: "https://evil.example/keys"})
    assert vc_jwt.needs(case(compact)) == {DID_DOCUMENT}


@pytest.mark.parametrize("jwk", [{}, "key", {**signer("rsa").jwk, "d": "AAAA"}])
def test_what_it_brings_along_must_be_a_public_key(jwk):
    body, signature = token().split(".")[1:]
    assert judged(f"{part({'alg': 'RS256', 'jwk': jwk})}.{body}.{signature}").outcome is Outcome.failed


def test_a_document_that_is_missing_leaves_it_open():
    assert tried(token()).outcome is Outcome.unknown
    assert vc_jwt.needs(case(token())) == {DID_DOCUMENT}
    assert tried(token(kid="did:ion:x#1")).outcome is Outcome.unknown


@pytest.mark.parametrize("issuer_id", ["did:web:127.0.0.1", "http://school.example/issuer", "urn:x", None])
def test_an_issuer_that_publishes_nothing_has_no_key(issuer_id):
    compact = token(members={"issuer": issuer_id}, claims={"iss": issuer_id}, kid="key-1")
    found = case(compact, *Documents())
    assert found.signature.outcome is Outcome.failed
    assert vc_jwt.needs(found) == set()


def test_an_issuer_that_can_have_no_document_is_not_asked():
    bad = "did:web:127.0.0.1"
    compact = token(members={"issuer": bad}, claims={"iss": bad}, kid=f"{WEB}#rsa")
    assert vc_jwt.needs(case(compact)) == {DID_DOCUMENT}


def test_an_issuer_s_document_that_is_somebody_else_s_has_no_key():
    other = served(DID_DOCUMENT, {**controller(WEB, method(WEB)), "id": "did:web:other.example"})
    assert judged(token("EdDSA", kid="key-1"), other).outcome is Outcome.failed


def _with_compact(credential, compact):
    from dataclasses import replace

    return replace(credential, compact=compact)


def _with_raw(credential, **members):
    from dataclasses import replace

    return replace(credential, raw={**credential.raw, **members})

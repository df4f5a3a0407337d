"""Does the issuer vouch for the key? Every step of the ladder of evidence, and every way to fall off it."""

import json

import pytest

from backpack.verifier import trusted
from backpack.verifier.binding import bind
from backpack.verifier.documents import Documents
from backpack.verifier.encodings import to_base64url
from backpack.verifier.keys import of_jwk
from backpack.verifier.methods import MAX_METHODS, Method, resolve
from backpack.verifier.report import Outcome
from backpack.verifier.watching import Watched
from tests.issuing import AT
from tests.verifier.signing import controller, method, served, signer

WEB = "did:web:school.example"
DID_DOCUMENT = "https://school.example/.well-known/did.json"
PAGE = "https://school.example/issuer"
KEYS = "https://school.example/.well-known/jwks.json"
FRAGMENT = f"{PAGE}#{signer().multikey}"
LISTED = served(PAGE, controller(PAGE, method(PAGE, fragment=signer().multikey)))
JWK = signer("p256").jwk


def bound(name, issuer, *documents, jwt=False):
    held = Documents(*documents)
    return bind(resolve(name, held, AT), issuer, held, AT, jwt=jwt)


def bound_jwk(issuer, *documents, source=None, controller=None):
    """The binding of a key that a JWT brought along, or that was fetched from an address alone."""
    return bind(
        Method("", of_jwk(JWK), controller, vouched=False, source=source),
        issuer,
        Documents(*documents),
        AT,
        jwt=True,
    )


def test_a_did_key_that_is_the_issuer_is_the_issuer_but_nobody_knows_whose():
    found = bound(signer().method, signer().did)
    assert found.outcome is Outcome.passed
    assert found.evidence == {"Key": "The issuer is known by this key alone; nothing tells who holds it."}


def test_the_issuer_s_own_key_is_its_own_under_any_name():
    named = bound(FRAGMENT, signer().did)
    brought = bound_jwk(signer("p256").did)
    written_out = bound_jwk("did:jwk:" + to_base64url(json.dumps(JWK).encode()))
    assert [named.outcome, brought.outcome, written_out.outcome] == [Outcome.passed] * 3
    assert bound_jwk("did:key:z6Mk").outcome is Outcome.failed


def test_a_did_key_that_is_not_the_issuer_s_is_somebody_else_s():
    found = bound(signer("p256").method, signer().did)
    assert (found.outcome, found.wants) == (Outcome.failed, frozenset())


@pytest.mark.parametrize(("issuer", "address"), [(WEB, DID_DOCUMENT), (PAGE, PAGE)])
def test_a_key_of_the_issuer_s_own_document_is_the_issuer_s(issuer, address):
    found = bound(f"{issuer}#key-1", issuer, served(address, controller(issuer, method(issuer))))
    assert found.outcome is Outcome.passed
    assert found.evidence == {"Web domain": "The key is published at school.example."}


def test_a_key_in_its_own_name_counts_when_the_issuer_s_document_lists_it():
    assert bound(FRAGMENT, PAGE, LISTED).outcome is Outcome.passed


def pinned(*listed, issuer=PAGE):
    return served(trusted.ADDRESS, {issuer: list(listed)})


@pytest.mark.parametrize(
    "form",
    [
        lambda by: by.multikey,
        lambda by: by.did,
        lambda by: "did:jwk:" + to_base64url(json.dumps(by.jwk).encode()),
        lambda by: by.jwk,
        lambda by: f"\n{by.pem}",
    ],
)
def test_whoever_runs_this_backpack_may_vouch_for_a_key_of_an_issuer(form):
    for others in ((), (served(PAGE, "", 404),), (served(PAGE, controller(PAGE)),)):
        found = bound_jwk(PAGE, *others, pinned("z6Mk", form(signer("p256"))))
        assert (found.outcome, found.evidence) == (Outcome.passed, {"Trust list": trusted.SAYS})


def test_whoever_runs_this_backpack_may_vouch_for_another_identity_of_an_issuer():
    documents = (served(DID_DOCUMENT, controller(WEB, method(WEB))), pinned(WEB))
    assert bound(f"{WEB}#key-1", PAGE, *documents).outcome is Outcome.passed
    assert bound(FRAGMENT, PAGE, pinned(PAGE)).outcome is Outcome.unknown  # it only says whose it is
    assert (
        bound(f"{WEB}#key-1", PAGE, documents[0], pinned("did:web:other.example")).outcome is Outcome.unknown
    )


def test_whoever_runs_this_backpack_may_say_who_holds_a_key_that_is_all_there_is_of_an_issuer():
    found = bound(signer().method, signer().did, pinned(signer().did, issuer=signer().did))
    assert (found.outcome, found.evidence) == (Outcome.passed, {"Trust list": trusted.SAYS})


@pytest.mark.parametrize(
    "listed",
    [
        pinned(signer().multikey),
        pinned(signer("p256").multikey, issuer="https://school.example.evil/issuer"),
        pinned(7, None, {}, "did:key:z6", "did:web:other.example", "-----BEGIN nothing"),
        served(trusted.ADDRESS, "no JSON"),
    ],
)
def test_nobody_else_s_key_is_vouched_for(listed):
    assert bound_jwk(PAGE, listed).outcome is Outcome.unknown


def test_a_list_of_trusted_issuers_is_not_looked_at_where_the_issuer_says_so_itself():
    held = Watched(Documents(LISTED, pinned(signer().multikey)))
    bind(resolve(FRAGMENT, held, AT), PAGE, held, AT)
    assert [one.url for one in held.seen()] == [PAGE]


def test_keys_without_a_name_in_a_profile_are_passed_over():
    nameless = [7, ["x"], {"type": "CryptographicKey"}]
    profile = served(PAGE, {"id": PAGE, "publicKey": [*nameless, FRAGMENT]})
    assert bound(FRAGMENT, PAGE, profile).outcome is Outcome.passed
    found = bound(FRAGMENT, PAGE, served(PAGE, {"id": PAGE, "publicKey": nameless}))
    assert (found.outcome, "lists no keys" in found.because) == (Outcome.unknown, True)


def test_without_the_issuer_s_document_nobody_can_tell():
    found = bound(FRAGMENT, PAGE)
    assert (found.outcome, found.wants) == (Outcome.unknown, {PAGE})
    assert "we cannot tell by whom" in found.because


def test_when_the_issuer_s_document_is_gone_nobody_can_tell():
    found = bound(FRAGMENT, PAGE, served(PAGE, "", 404))
    assert (found.outcome, found.wants) == (Outcome.unknown, frozenset())
    assert "school.example answered 404" in found.because


@pytest.mark.parametrize(
    "document",
    [
        controller(PAGE, method(PAGE)),
        controller(PAGE),
        {"id": PAGE, "verificationMethod": [method(PAGE, fragment=signer().multikey)]},
        controller(PAGE, method(PAGE, signer("p256"), fragment=signer().multikey)),
        controller("https://school.example/other", method(PAGE, fragment=signer().multikey)),
        {"id": PAGE, "publicKey": [f"{PAGE}#other"]},
        {"id": PAGE, "publicKey": {"id": FRAGMENT, "publicKeyMultibase": signer("p256").multikey}},
        {"id": PAGE, "publicKey": FRAGMENT, "assertionMethod": []},
        {"id": PAGE, "publicKey": FRAGMENT, "verificationMethod": []},
    ],
)
def test_a_document_that_does_not_list_the_key_proves_that_it_is_not_the_issuer_s(document):
    assert bound(FRAGMENT, PAGE, served(PAGE, document)).outcome is Outcome.failed


@pytest.mark.parametrize("member", ["publicKey", "verificationMethod", "assertionMethod"])
def test_a_document_of_more_keys_than_are_looked_at_does_not_prove_that_the_key_is_another_s(member):
    page = served(PAGE, {"id": PAGE, member: [f"{PAGE}#{n}" for n in range(MAX_METHODS)] + [FRAGMENT]})
    found = bound(FRAGMENT, PAGE, page)
    assert (found.outcome, "more keys than we look at" in found.because) == (Outcome.unknown, True)


def test_a_neighbour_s_key_is_not_believed_for_an_issuer_who_lists_more_keys_than_are_looked_at():
    page = served(PAGE, {"id": PAGE, "verificationMethod": [f"{PAGE}#{n}" for n in range(MAX_METHODS + 1)]})
    gone = served(KEYS, "", 404)
    assert bound_jwk(PAGE, page, gone, source="https://school.example/keys/1").outcome is Outcome.unknown


def test_a_document_that_says_nothing_of_keys_proves_nothing():
    assert bound(FRAGMENT, PAGE, served(PAGE, {"id": PAGE, "name": "School"})).outcome is Outcome.unknown


@pytest.mark.parametrize(
    "key",
    [FRAGMENT, {"id": FRAGMENT}, {"id": FRAGMENT, "publicKeyMultibase": signer().multikey}],
    ids=["named", "an object that names it", "whole"],
)
def test_an_open_badges_2_profile_lists_keys_in_its_own_way(key):
    assert bound(FRAGMENT, PAGE, served(PAGE, {"id": PAGE, "publicKey": key})).outcome is Outcome.passed


def test_such_a_profile_may_give_the_key_that_is_named():
    given = {"id": f"{PAGE}#key-1", "owner": PAGE, "publicKeyPem": signer().pem}
    assert (
        bound(f"{PAGE}#key-1", PAGE, served(PAGE, {"id": PAGE, "publicKey": given})).outcome is Outcome.passed
    )


def test_a_document_that_does_not_say_whose_it_is_is_of_whoever_it_is_served_for():
    document = {"assertionMethod": [FRAGMENT]}
    assert bound(FRAGMENT, PAGE, served(PAGE, document)).outcome is Outcome.passed


@pytest.mark.parametrize(
    ("document", "outcome"),
    [
        ({"authentication": [FRAGMENT]}, Outcome.passed),
        ({"authentication": []}, Outcome.failed),
        ({"assertionMethod": [FRAGMENT]}, Outcome.failed),
        ({"verificationMethod": []}, Outcome.failed),
        ({"name": "Maria"}, Outcome.unknown),
    ],
)
def test_whoever_shows_badges_must_have_listed_the_key_for_that(document, outcome):
    held = Documents(served(PAGE, {"id": PAGE, **document}))
    found = bind(resolve(FRAGMENT, held, AT), PAGE, held, AT, purpose="authentication")
    assert found.outcome is outcome


def test_what_stands_behind_an_address_within_its_document_is_asked_for_once():
    assert bound(FRAGMENT, f"{PAGE}#me").wants == {PAGE}


def test_an_issuer_may_list_the_key_of_another_identity():
    document = {"id": PAGE, "assertionMethod": [signer().method]}
    assert bound(signer().method, PAGE, served(PAGE, document)).outcome is Outcome.passed


def test_the_same_key_under_another_name_is_not_listed():
    name = f"https://other.example/issuer#{signer().multikey}"
    assert bound(name, PAGE, LISTED).outcome is Outcome.failed


def test_two_identities_that_each_say_they_are_the_other_are_one():
    mine = served(PAGE, {"id": PAGE, "alsoKnownAs": [WEB], "assertionMethod": []})
    theirs = served(DID_DOCUMENT, controller(WEB, method(WEB), alsoKnownAs=[PAGE]))
    assert bound(f"{WEB}#key-1", PAGE, mine, theirs).outcome is Outcome.passed


@pytest.mark.parametrize(("mine", "theirs"), [([WEB], []), ([], [PAGE])])
def test_one_alone_that_says_so_is_not_enough(mine, theirs):
    page = served(PAGE, {"id": PAGE, "alsoKnownAs": mine, "assertionMethod": []})
    did = served(DID_DOCUMENT, controller(WEB, method(WEB), alsoKnownAs=theirs))
    assert bound(f"{WEB}#key-1", PAGE, page, did).outcome is Outcome.failed


def test_a_key_that_only_says_itself_whose_it_is_is_not_theirs():
    mine = served(PAGE, {"id": PAGE, "alsoKnownAs": [WEB], "assertionMethod": []})
    theirs = served(DID_DOCUMENT, controller(WEB, method(WEB), alsoKnownAs=[PAGE]))
    assert bound_jwk(PAGE, mine, theirs, served(KEYS, {"keys": []}), controller=WEB).outcome is Outcome.failed


def test_a_did_key_cannot_say_that_it_is_somebody():
    page = served(PAGE, {"id": PAGE, "alsoKnownAs": [signer().did], "assertionMethod": []})
    assert bound(signer().method, PAGE, page).outcome is Outcome.failed


@pytest.mark.parametrize("issuer", ["did:ion:abc", "urn:uuid:1", "mailto:a@b.example", "School"])
def test_an_issuer_that_has_no_document_cannot_vouch(issuer):
    assert bound(signer().method, issuer).outcome is Outcome.unknown


def test_an_issuer_at_an_unprotected_address_cannot_vouch():
    found = bound(signer().method, "http://school.example/issuer")
    assert (found.outcome, found.wants) == (Outcome.unknown, frozenset())


@pytest.mark.parametrize("issuer", [None, "did:web:127.0.0.1"])
def test_no_issuer_is_nobody_s_badge(issuer):
    assert bound(signer().method, issuer).outcome is Outcome.failed


def test_a_jwt_s_key_may_stand_in_the_set_of_the_issuer_s_host():
    found = bound_jwk(PAGE, served(PAGE, {"id": PAGE}), served(KEYS, {"keys": [signer("rsa").jwk, JWK]}))
    assert found.outcome is Outcome.passed


def test_or_in_the_issuer_s_document_under_any_name():
    listed = {"id": f"{PAGE}#x", "controller": PAGE, "publicKeyJwk": JWK}
    found = bound_jwk(PAGE, served(PAGE, controller(PAGE, listed)))
    assert (found.outcome, found.wants) == (Outcome.passed, frozenset())


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"revoked": "2025-01-01T00:00:00Z"}, "was withdrawn"),
        ({"expires": "2025-01-01T00:00:00Z"}, "ended"),
        ({"controller": WEB}, "somebody else controls"),
    ],
)
def test_a_key_that_the_issuer_gave_up_is_not_its_own_under_any_name(members, says):
    listed = {"id": f"{PAGE}#x", "controller": PAGE, "publicKeyJwk": JWK} | members
    still_in_set = served(KEYS, {"keys": [JWK]})
    found = bound_jwk(PAGE, served(PAGE, controller(PAGE, listed)), still_in_set)
    assert (found.outcome, says in found.because, found.wants) == (Outcome.failed, True, frozenset())
    named = controller(PAGE, method(PAGE, fragment=signer().multikey, **members))
    assert bound(FRAGMENT, PAGE, served(PAGE, named)).outcome is Outcome.failed


def test_a_key_that_the_set_of_its_host_calls_withdrawn_is_not_the_issuer_s():
    withdrawn = served(KEYS, {"keys": [{**JWK, "revoked": "2025-01-01T00:00:00Z"}]})
    found = bound_jwk(PAGE, served(PAGE, {"id": PAGE}), withdrawn)
    assert (found.outcome, "was withdrawn" in found.because) == (Outcome.failed, True)


def test_nobody_vouches_for_a_key_that_the_issuer_gave_up():
    listed = {"id": f"{PAGE}#x", "controller": PAGE, "publicKeyJwk": JWK, "revoked": "2025-01-01T00:00:00Z"}
    page = served(PAGE, controller(PAGE, listed))
    assert bound_jwk(PAGE, page, pinned(JWK)).outcome is Outcome.failed


def test_an_issuer_may_list_a_key_of_its_own_that_another_name_controls():
    listed = {"id": signer().method, "controller": signer().did, "publicKeyMultibase": signer().multikey}
    assert bound(signer().method, PAGE, served(PAGE, controller(PAGE, listed))).outcome is Outcome.passed


def test_a_listed_key_that_is_none_is_passed_over():
    broken = {"id": f"{PAGE}#x", "controller": PAGE, "publicKeyJwk": {"kty": "none"}}
    assert bound_jwk(PAGE, served(PAGE, controller(PAGE, broken))).wants == {KEYS}


def test_both_are_asked_for_at_once():
    assert bound_jwk(PAGE).wants == {PAGE, KEYS}


def test_what_one_of_them_says_waits_for_the_other_when_it_is_no():
    other = {"id": f"{PAGE}#x", "controller": PAGE, "publicKeyJwk": signer("rsa").jwk}
    found = bound_jwk(PAGE, served(PAGE, controller(PAGE, other)))
    assert (found.outcome, found.wants) == (Outcome.unknown, {KEYS})
    found = bound_jwk(PAGE, served(KEYS, {"keys": [JWK]}))
    assert (found.outcome, found.wants) == (Outcome.passed, {PAGE})


@pytest.mark.parametrize("status", [0, 503, 429, 404])
def test_nor_does_a_no_count_while_the_other_of_them_does_not_answer(status):
    lists_another = {"id": f"{PAGE}#x", "controller": PAGE, "publicKeyJwk": signer("rsa").jwk}
    page, keys = controller(PAGE, lists_another), {"keys": [signer("rsa").jwk]}
    expected = Outcome.failed if status == 404 else Outcome.unknown
    assert bound_jwk(PAGE, served(PAGE, page), served(KEYS, "", status)).outcome is expected
    assert bound_jwk(PAGE, served(PAGE, "", status), served(KEYS, keys)).outcome is expected


def test_in_the_set_of_a_host_of_many_issuers_a_key_is_found_wherever_it_stands():
    many = [{**signer("rsa").jwk, "kid": f"key-{n}"} for n in range(MAX_METHODS)]
    page, strange = served(PAGE, {"id": PAGE}), {"kty": "OKP", "x": 7}
    assert (
        bound_jwk(PAGE, page, served(KEYS, {"keys": [*many, strange, {**JWK, "kid": "x"}]})).outcome
        is Outcome.passed
    )
    assert (
        bound_jwk(PAGE, page, served(KEYS, {"keys": [*many, strange, {"kty": 7}]})).outcome is Outcome.failed
    )


def test_a_key_that_neither_lists_is_not_the_issuer_s():
    found = bound_jwk(
        PAGE, served(PAGE, {"id": PAGE}), served(KEYS, {"keys": [signer("rsa").jwk, {"kty": "x"}]})
    )
    assert found.outcome is Outcome.failed


def test_on_a_host_of_many_issuers_a_key_may_say_whose_it_is():
    page = served(PAGE, {"id": PAGE})
    assert bound_jwk(PAGE, page, served(KEYS, {"keys": [{**JWK, "iss": PAGE}]})).outcome is Outcome.passed
    other = served(KEYS, {"keys": [{**JWK, "iss": "https://school.example/neighbour"}]})
    assert bound_jwk(PAGE, page, other).outcome is Outcome.failed


def test_a_key_at_the_issuer_s_own_host_is_believed_when_there_is_no_set():
    gone = served(KEYS, "", 404)
    found = bound_jwk(PAGE, served(PAGE, {"id": PAGE}), gone, source="https://school.example/keys/1")
    assert found.outcome is Outcome.passed
    assert "neighbour" in found.evidence["Web domain"]
    stranger = bound_jwk(PAGE, served(PAGE, {"id": PAGE}), gone, source="https://evil.example/keys/1")
    assert stranger.outcome is Outcome.unknown


def test_such_a_key_is_not_believed_before_the_set_was_asked_for_nor_when_it_is_a_neighbour_s():
    page, source = served(PAGE, {"id": PAGE}), "https://school.example/keys/1"
    found = bound_jwk(PAGE, page, source=source)
    assert (found.outcome, found.wants) == (Outcome.unknown, {KEYS})
    gone = served(KEYS, "", 404)
    assert bound_jwk(PAGE, page, gone, source=source, controller=PAGE).outcome is Outcome.passed
    neighbour = "https://school.example/neighbour"
    assert bound_jwk(PAGE, page, gone, source=source, controller=neighbour).outcome is Outcome.unknown


@pytest.mark.parametrize("silent", [served(PAGE, "", 503), served(PAGE, "", 0), served(KEYS, "", 429)])
def test_nor_while_a_document_that_may_say_otherwise_cannot_be_read(silent):
    absent = [served(PAGE, "", 404), served(KEYS, "<html>")]
    source = "https://school.example/~mallory/key"
    assert bound_jwk(PAGE, *absent, source=source).outcome is Outcome.passed
    found = bound_jwk(PAGE, *absent, silent, source=source)
    assert (found.outcome, found.wants) == (Outcome.unknown, frozenset())


def test_where_the_issuer_lists_its_keys_no_other_on_its_host_is_believed():
    other = {"id": f"{PAGE}#x", "controller": PAGE, "publicKeyJwk": signer("rsa").jwk}
    page, gone = served(PAGE, controller(PAGE, other)), served(KEYS, "", 404)
    found = bound_jwk(PAGE, page, gone, source="https://school.example/~mallory/key")
    assert found.outcome is Outcome.failed
    assert "does not list the key" in found.because


def test_a_neighbour_on_the_same_host_is_not_the_issuer():
    neighbour = "https://school.example/neighbour"
    documents = served(neighbour, controller(neighbour, method(neighbour))), served(PAGE, controller(PAGE))
    found = bound(f"{neighbour}#key-1", PAGE, *documents, served(KEYS, "", 404), jwt=True)
    assert found.outcome is Outcome.failed


def test_a_jwt_of_a_did_has_no_set_of_keys():
    assert bound_jwk(WEB, served(DID_DOCUMENT, controller(WEB, method(WEB)))).outcome is Outcome.failed
    assert bound_jwk(WEB).wants == {DID_DOCUMENT}

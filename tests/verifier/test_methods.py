"""The key that a proof names is looked up where it says it lives, and must be listed there for signing badges."""

import json

import pytest

from backpack.verifier.documents import Documents
from backpack.verifier.encodings import to_base64url
from backpack.verifier.methods import Foreign, NoSuchKey, did_web_address, resolve, site_of
from backpack.verifier.shelf import Unavailable
from tests.issuing import AT
from tests.verifier.signing import controller, method, served, signer

WEB = "did:web:school.example"
DID_DOCUMENT = "https://school.example/.well-known/did.json"
PAGE = "https://school.example/issuer"


def found(name, *documents):
    return resolve(name, Documents(*documents), AT)


def said_of(name, *documents):
    with pytest.raises(NoSuchKey) as refused:
        found(name, *documents)
    return str(refused.value)


def wanted(name, *documents):
    with pytest.raises(Unavailable) as trouble:
        found(name, *documents)
    return trouble.value.url, trouble.value.problem


@pytest.mark.parametrize("kind", ["ed25519", "p256", "p384"])
@pytest.mark.parametrize("name", ["method", "did"])
def test_a_did_key_is_its_own_key(kind, name):
    by = signer(kind)
    key = found(getattr(by, name))
    assert (key.id, key.controller, key.vouched) == (by.method, by.did, True)


def test_a_did_key_is_written_in_base58_alone():
    other = to_base64url(signer().raw_multikey)
    assert "not written in base58" in said_of(f"did:key:u{other}")


def test_a_did_jwk_is_its_own_key():
    did = "did:jwk:" + to_base64url(json.dumps(signer("p256").jwk).encode())
    assert found(f"{did}#0").controller == did


@pytest.mark.parametrize("fragment", ["z6Mkother", "key-1"])
def test_a_did_key_has_no_other_key(fragment):
    assert "not the one in the identifier" in said_of(f"{signer().did}#{fragment}")


@pytest.mark.parametrize(
    ("did", "address"),
    [
        ("did:web:school.example", "https://school.example/.well-known/did.json"),
        ("did:web:school.example%3A8443", "https://school.example:8443/.well-known/did.json"),
        ("did:web:school.example:crafts:welding", "https://school.example/crafts/welding/did.json"),
        ("did:web:school.example%3a8443:a%20b", "https://school.example:8443/a%20b/did.json"),
    ],
)
def test_a_did_web_is_read_from_its_site(did, address):
    assert did_web_address(did) == address
    assert wanted(f"{did}#key-1") == (address, None)


@pytest.mark.parametrize(
    "did",
    [
        "did:web:",
        "did:web:127.0.0.1",
        "did:web:127.0.0.1%3A5432",
        "did:web:2130706433",
        "did:web:school.example:..:secret",
        "did:web:school.example:%2e%2e",
        "did:web:school.example:.:secret",
        "did:web:user@school.example",
        "did:web:school.example/path",
        "did:web:school.example?query",
        "did:web:school.example:" + ":".join("abcdefghijk"),
        "did:web:school.example%2Fpath",
    ],
)
def test_a_did_web_that_leads_astray_is_refused(did):
    assert "not one of a web site" in said_of(f"{did}#key-1")


def test_a_listed_key_of_a_did_document_is_found():
    document = controller(WEB, method(WEB))
    key = found(f"{WEB}#key-1", served(DID_DOCUMENT, document))
    assert (key.controller, key.vouched, key.source) == (WEB, True, DID_DOCUMENT)


def test_names_in_a_document_may_be_short():
    document = {
        "id": WEB,
        "verificationMethod": [{**method(WEB), "id": "#key-1"}],
        "assertionMethod": ["#key-1"],
    }
    assert found(f"{WEB}#key-1", served(DID_DOCUMENT, document)).vouched


def test_a_key_may_stand_in_the_list_itself():
    document = {"id": WEB, "assertionMethod": [method(WEB)]}
    assert found(f"{WEB}#key-1", served(DID_DOCUMENT, document)).vouched


def test_a_did_without_a_fragment_means_its_only_key():
    assert found(WEB, served(DID_DOCUMENT, controller(WEB, method(WEB)))).id == f"{WEB}#key-1"
    two = controller(WEB, method(WEB), method(WEB, fragment="key-2"))
    assert "no such key" in said_of(WEB, served(DID_DOCUMENT, two))


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (controller("did:web:other.example", method(WEB)), "speaks for somebody else"),
        (controller(WEB, method(WEB, fragment="key-2")), "lists no such key"),
        ({"id": WEB, "verificationMethod": [method(WEB)]}, "not list this key for signing badges"),
        ({"id": WEB, "authentication": [method(WEB)]}, "lists no such key"),
        ({"id": WEB, "assertionMethod": [f"{WEB}#key-1"]}, "does not give it"),
        (controller(WEB, method(WEB, controller="did:web:other.example")), "somebody else controls the key"),
        (controller(WEB, method(WEB, revoked="2024-01-01T00:00:00Z")), "was withdrawn"),
        (controller(WEB, method(WEB, expires="2024-01-01T00:00:00Z")), "ended before today"),
        (controller(WEB, method(WEB, expires="soon")), "ended before today"),
        (controller(WEB, method(WEB, publicKeyMultibase="z6Mk")), "kind that we do not know"),
        ({}, "speaks for somebody else"),
    ],
)
def test_a_document_that_does_not_list_the_key_for_badges_has_no_such_key(document, says):
    assert says in said_of(f"{WEB}#key-1", served(DID_DOCUMENT, document))


def test_the_document_of_an_address_must_list_the_key_for_badges_too():
    document = {"id": PAGE, "verificationMethod": [method(PAGE)]}
    assert "not list this key for signing badges" in said_of(f"{PAGE}#key-1", served(PAGE, document))
    document = {"id": PAGE, "assertionMethod": [method(PAGE)]}
    assert found(f"{PAGE}#key-1", served(PAGE, document)).vouched


@pytest.mark.parametrize("kind", ["Issuer", ["Profile"]])
def test_a_profile_that_does_not_say_what_its_keys_are_for_lists_them_for_badges(kind):
    key = {**method(PAGE), "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdf-2022"}
    document = {"id": PAGE, "type": kind, "controller": "", "verificationMethod": key}
    assert found(f"{PAGE}#key-1", served(PAGE, document)).vouched
    ended = {**document, "verificationMethod": {**key, "revoked": "2024-01-01T00:00:00Z"}}
    assert "was withdrawn" in said_of(f"{PAGE}#key-1", served(PAGE, ended))
    for_something_else = {**document, "keyAgreement": [f"{PAGE}#key-1"]}
    assert "not list this key for signing badges" in said_of(
        f"{PAGE}#key-1", served(PAGE, for_something_else)
    )


@pytest.mark.parametrize("said", [[WEB], {"id": WEB}, None])
def test_a_key_may_say_in_other_ways_that_nobody_else_controls_it(said):
    document = controller(WEB, method(WEB, controller=said))
    assert found(f"{WEB}#key-1", served(DID_DOCUMENT, document)).vouched


@pytest.mark.parametrize("said", [["did:web:other.example", WEB], {"id": "did:web:other.example"}, {}, 7])
def test_a_key_that_another_controls_too_is_not_the_issuer_s_own(said):
    document = controller(WEB, method(WEB, controller=said))
    assert "somebody else controls the key" in said_of(f"{WEB}#key-1", served(DID_DOCUMENT, document))


def test_a_key_that_ends_later_is_good_until_then():
    document = controller(WEB, method(WEB, expires="2030-01-01T00:00:00Z", revoked="2030-01-01T00:00:00Z"))
    assert found(f"{WEB}#key-1", served(DID_DOCUMENT, document)).vouched


def test_a_key_that_a_document_gives_twice_has_ended_where_it_says_so_once():
    ended = method(WEB, revoked="2024-01-01T00:00:00Z")
    for given in ([ended, method(WEB)], [method(WEB), ended]):
        assert "was withdrawn" in said_of(f"{WEB}#key-1", served(DID_DOCUMENT, controller(WEB, *given)))
        twice = {"id": WEB, "verificationMethod": given[:1], "assertionMethod": given[1:]}
        assert "was withdrawn" in said_of(f"{WEB}#key-1", served(DID_DOCUMENT, twice))


@pytest.mark.parametrize(("member", "says"), [("revoked", "was withdrawn"), ("expires", "ended")])
def test_a_jwk_may_say_that_it_has_ended_wherever_it_stands(member, says):
    ended = {**signer("rsa").jwk, "kid": "key-1", member: "2024-01-01T00:00:00Z"}
    listed = {"id": f"{PAGE}#key-1", "controller": PAGE, "publicKeyJwk": ended}
    for document in (ended, {"keys": [ended]}, controller(PAGE, listed)):
        assert says in said_of(f"{PAGE}#key-1", served(PAGE, document))


def test_a_document_that_cannot_be_had_is_trouble_and_not_wanted_again():
    _, problem = wanted(f"{WEB}#key-1", served(DID_DOCUMENT, "", 404))
    assert problem == "school.example answered 404"
    assert "not readable as JSON" in wanted(f"{WEB}#key-1", served(DID_DOCUMENT, "<html>"))[1]


@pytest.mark.parametrize("document", [signer("rsa").jwk, {"keys": [{**signer("rsa").jwk, "kid": "key-1"}]}])
def test_an_address_may_hold_a_jwk_or_a_set_of_them(document):
    key = found(f"{PAGE}#key-1", served(PAGE, document))
    assert (key.key.kind, key.vouched, key.controller) == ("RSA", False, None)


def test_the_only_key_of_a_set_needs_no_name():
    assert found(PAGE, served(PAGE, {"keys": [signer("rsa").jwk]})).key.kind == "RSA"


def test_in_the_set_of_a_host_of_many_issuers_a_key_is_found_by_its_name_wherever_it_stands():
    others = [{**signer("rsa").jwk, "kid": f"key-{n}"} for n in range(2, 99)]
    keys = {"keys": [*others, {**signer("p256").jwk, "kid": "key-1"}]}
    assert found(f"{PAGE}#key-1", served(PAGE, keys)).key.kind == "P-256"


def test_whether_a_document_lists_a_key_beyond_those_that_are_looked_at_is_not_known():
    many = [method(WEB, fragment=f"key-{n}") for n in range(99, 1, -1)]
    with pytest.raises(Foreign, match="lists more keys than we look at"):
        found(f"{WEB}#key-1", served(DID_DOCUMENT, controller(WEB, *many, method(WEB))))
    assert found(f"{WEB}#key-99", served(DID_DOCUMENT, controller(WEB, *many))).vouched
    named = {**controller(WEB, *many, method(WEB)), "assertionMethod": [f"{WEB}#key-1"]}
    with pytest.raises(Foreign, match="lists more keys than we look at"):
        found(f"{WEB}#key-1", served(DID_DOCUMENT, named))


@pytest.mark.parametrize("keys", [[], [{**signer("rsa").jwk, "kid": "other"}], [{"kid": "key-1"}] * 2])
def test_a_set_must_have_the_key_once(keys):
    assert "no such key" in said_of(f"{PAGE}#key-1", served(PAGE, {"keys": keys}))


def test_an_address_may_hold_one_key_with_its_controller():
    document = {"id": f"{PAGE}#key-1", "controller": PAGE, "publicKeyMultibase": signer().multikey}
    assert found(f"{PAGE}#key-1", served(PAGE, document)).controller == PAGE
    assert "is not the key that the signature names" in said_of(f"{PAGE}#key-2", served(PAGE, document))


def test_an_address_may_hold_a_profile_of_open_badges_2_that_gives_its_keys():
    others = [PAGE, {"id": f"{PAGE}#key-2", "publicKeyPem": signer("rsa").pem}]
    given = {"id": f"{PAGE}#key-1", "owner": PAGE, "publicKeyPem": signer("p256").pem}
    profile = {"id": PAGE, "type": "Profile", "publicKey": [*others, given]}
    key = found(f"{PAGE}#key-1", served(PAGE, profile))
    assert (key.key.kind, key.controller, key.vouched) == ("P-256", PAGE, False)
    withdrawn = {**profile, "publicKey": {**given, "revoked": "2024-01-01T00:00:00Z"}}
    assert "was withdrawn" in said_of(f"{PAGE}#key-1", served(PAGE, withdrawn))


def test_a_key_in_its_own_name_needs_no_document_and_proves_nothing():
    key = found(f"{PAGE}#{signer().multikey}")
    assert (key.controller, key.vouched) == (PAGE, False)


@pytest.mark.parametrize(
    "name", ["did:ion:abc#key-1", "did:velocity:v2:1#key", "http://school.example/issuer#key-1"]
)
def test_what_we_cannot_look_up_is_said_to_be_so(name):
    with pytest.raises(Foreign):
        found(name)


def test_of_what_kind_it_is_is_said():
    with pytest.raises(Foreign, match="of the kind “did:velocity”"):
        found("did:velocity:v2:1#key")


@pytest.mark.parametrize("site", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000"])
def test_this_very_machine_needs_no_https(site):
    assert wanted(f"{site}/issuer#key-1") == (f"{site}/issuer", None)


@pytest.mark.parametrize(
    "name", [None, "", 5, [], {}, "key-1", "#key-1", "urn:key", "ftp://school.example/key", "https:///x"]
)
def test_a_name_that_leads_nowhere_has_no_key(name):
    assert said_of(name)


@pytest.mark.parametrize("name", [None, "", {}])
def test_that_no_key_is_named_is_said(name):
    assert said_of(name) == "The signature does not name the key it was made with."


def test_a_method_that_is_written_out_is_looked_up_by_its_id():
    assert found({"id": signer().method, "publicKeyMultibase": "z6Mkforged"}).id == signer().method


@pytest.mark.parametrize(
    ("identity", "site"),
    [
        ("did:web:good.example:a:b", "good.example"),
        ("did:web:good.example%3A8443", "good.example"),
        ("https://GOOD.example/issuer#me", "good.example"),
        ("https://g\u043eod.example", "xn--god-sed.example"),
        ("https://stra\u00dfe.example", "xn--strae-oqa.example"),
        ("did:web:127.0.0.1", None),
        ("did:key:z6Mk", None),
        ("", None),
    ],
)
def test_an_identity_s_site_is_told_as_machines_read_it(identity, site):
    assert site_of(identity) == site

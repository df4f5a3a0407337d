"""A public key is one key in whatever form it is published, and what is no sound key is refused."""

import pytest
from base58 import b58encode
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from backpack.verifier.encodings import to_base64url
from backpack.verifier.keys import BadKey, of_did, of_jwk, of_method, of_multikey, of_pem, of_raw_multikey
from tests.verifier.signing import signer

UNCOMPRESSED = PublicFormat.UncompressedPoint
KINDS = {"ed25519": "Ed25519", "p256": "P-256", "p384": "P-384", "rsa": "RSA"}


def multikey(prefix, data):
    return "z" + b58encode(bytes.fromhex(prefix) + data).decode()


def pem(public):
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def rsa_key(bits=2048, exponent=65537):
    return rsa.generate_private_key(public_exponent=exponent, key_size=bits).public_key()


@pytest.mark.parametrize("kind", KINDS)
def test_one_key_has_one_fingerprint_in_every_form(kind):
    from joserfc.jwk import JWKRegistry

    by = signer(kind)
    forms = [
        of_pem(by.pem),
        of_jwk(by.jwk),
        of_method({"publicKeyJwk": by.jwk}),
        of_method({"publicKeyPem": by.pem}),
    ]
    if kind != "rsa":
        forms += [of_multikey(by.multikey), of_method({"publicKeyMultibase": by.multikey}), of_did(by.did)]
    assert {key.kind for key in forms} == {KINDS[kind]}
    assert {key.thumbprint for key in forms} == {JWKRegistry.import_key(by.jwk).thumbprint()}


def test_a_key_that_begins_with_zeros_has_the_fingerprint_that_others_give_it():
    from joserfc.jwk import ECKey

    keys = (ec.derive_private_key(number, ec.SECP256R1()).public_key() for number in range(1, 4096))
    public = next(one for one in keys if one.public_numbers().x >> 248 == 0)
    assert of_pem(pem(public)).thumbprint == ECKey.import_key(pem(public)).thumbprint()


def test_the_older_ways_of_writing_an_ed25519_key_are_read():
    by = signer()
    raw = by.raw_multikey[2:]
    assert (
        of_method({"publicKeyBase58": b58encode(raw).decode()}).thumbprint
        == of_multikey(by.multikey).thumbprint
    )
    assert of_multikey("u" + to_base64url(by.raw_multikey)).thumbprint == of_multikey(by.multikey).thumbprint


@pytest.mark.parametrize("bits", [2048, 4096])
def test_an_rsa_key_may_be_a_multikey(bits):
    public = rsa_key(bits)
    der = public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    assert of_multikey(multikey("8524", der)).thumbprint == of_pem(pem(public)).thumbprint


def test_a_did_jwk_is_the_key_inside_it():
    import json

    jwk = signer("p256").jwk
    did = "did:jwk:" + to_base64url(json.dumps(jwk).encode())
    assert of_did(did).thumbprint == of_jwk(jwk).thumbprint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "z0",
        "f00",
        multikey("ed01", b"\1" * 31),
        multikey("ed01", b"\1" * 33),
        multikey("8024", b"\5" + b"\1" * 32),
        multikey("8024", b"\2" + b"\xff" * 32),
        multikey(
            "8024",
            ec.derive_private_key(7, ec.SECP256R1()).public_key().public_bytes(Encoding.X962, UNCOMPRESSED),
        ),
        multikey("e701", b"\2" + b"\1" * 32),
        multikey("ec01", b"\1" * 32),
        multikey("8524", b"no DER"),
        "z" + "2" * 2000,
    ],
)
def test_what_is_no_multikey_is_refused(text):
    with pytest.raises(BadKey):
        of_multikey(text)


@pytest.mark.parametrize(
    "change",
    [
        {"use": "enc"},
        {"key_ops": ["sign"]},
        {"key_ops": 5},
        {"kty": "oct"},
        {"kty": "OKP"},
        {"crv": "Ed25519"},
        {"y": None},
        {"crv": "secp256k1"},
        {"crv": "P-384"},
        {"x": None},
        {"x": 5},
        {"x": "AA"},
        {"x": "!!!!"},
        {"y": "AAAA" * 1000},
        {"y": to_base64url(b"\1" * 32)},
    ],
)
def test_what_is_no_public_jwk_for_signatures_is_refused(change):
    jwk = {name: value for name, value in {**signer("p256").jwk, **change}.items() if value is not None}
    with pytest.raises(BadKey):
        of_jwk(jwk)


def test_a_coordinate_is_as_long_as_it_must_be():
    whole = signer("p256").private.public_key().public_bytes(Encoding.X962, UNCOMPRESSED)[1:]
    with pytest.raises(BadKey, match="not as long"):
        of_jwk({**signer("p256").jwk, "x": to_base64url(whole[:31]), "y": to_base64url(whole[31:])})


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_a_private_key_that_was_published_is_refused_for_that(member):
    with pytest.raises(BadKey, match="no longer a secret"):
        of_jwk({**signer("rsa").jwk, member: "AAAA"})


def test_what_a_key_is_for_may_be_said_in_a_list_or_by_itself():
    for said in ("verify", ["verify"], ["sign", "verify"]):
        assert of_jwk({**signer("p256").jwk, "key_ops": said, "use": "sig"}).kind == "P-256"


@pytest.mark.parametrize(
    ("jwk", "says"),
    [
        ({"kty": "oct"}, "of a kind that we do not know"),
        ({"kty": "OKP", "crv": "Ed25519", "x": "!!!!"}, "is not base64url"),
    ],
)
def test_why_a_jwk_is_refused_is_said(jwk, says):
    with pytest.raises(BadKey, match=says):
        of_jwk(jwk)


@pytest.mark.parametrize("inside", ["!!!!", "AAAA", "W10"])
def test_what_is_no_key_in_a_did_jwk_is_refused(inside):
    with pytest.raises(BadKey, match="inside the identifier is not readable"):
        of_did(f"did:jwk:{inside}")


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        "key",
        [],
        {},
        {"kty": "RSA"},
        {"kty": "EC", "crv": "P-256"},
        {"kty": "OKP", "crv": "Ed25519"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AQAB"},
    ],
)
def test_what_is_no_jwk_at_all_is_refused(jwk):
    with pytest.raises(BadKey):
        of_jwk(jwk)


@pytest.mark.parametrize(
    "text", [None, "", "key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "x" * 20_000]
)
def test_what_is_no_pem_is_refused(text):
    with pytest.raises(BadKey):
        of_pem(text)


@pytest.mark.parametrize(
    "public",
    [
        lambda: rsa_key(1024),
        lambda: rsa_key(exponent=3),
        lambda: ec.generate_private_key(ec.SECP256K1()).public_key(),
        lambda: ed448.Ed448PrivateKey.generate().public_key(),
    ],
    ids=["short", "small exponent", "secp256k1", "ed448"],
)
def test_a_key_that_is_weak_or_of_another_kind_is_refused_for_what_it_is(public):
    with pytest.raises(BadKey, match=r"too weak|do not know"):
        of_pem(pem(public()))


@pytest.mark.parametrize(
    "method",
    [{}, {"publicKeyMultibase": 5}, {"publicKeyPem": {}}, {"publicKeyBase58": "0"}, {"publicKeyHex": "00"}],
)
def test_a_method_without_a_readable_key_is_refused(method):
    with pytest.raises(BadKey):
        of_method(method)


def test_a_key_is_as_weak_in_a_multikey():
    der = rsa_key(1024).public_bytes(Encoding.DER, PublicFormat.PKCS1)
    with pytest.raises(BadKey, match="too weak"):
        of_multikey(multikey("8524", der))


def test_a_method_without_any_key_is_refused_for_that():
    with pytest.raises(BadKey, match="There is no key in it"):
        of_method({"publicKeyHex": "00"})


def test_a_method_with_two_keys_is_refused():
    with pytest.raises(BadKey, match="more than one"):
        of_method({"publicKeyMultibase": signer().multikey, "publicKeyPem": signer("p256").pem})


@given(st.text(max_size=60))
def test_any_text_is_a_key_or_a_bad_key(text):
    for read in (
        of_multikey,
        of_pem,
        lambda one: of_did(f"did:jwk:{one}"),
        lambda one: of_did(f"did:key:{one}"),
    ):
        with pytest.raises(BadKey):
            read(text)


@pytest.mark.parametrize(
    "point",
    [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    ],
)
def test_a_key_that_signs_anything_at_all_is_no_key(point):
    with pytest.raises(BadKey, match="anything at all"):
        of_raw_multikey(b"\xed\x01" + bytes.fromhex(point))

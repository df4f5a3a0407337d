"""Public keys in every form that issuers publish them: Multikey, base58, JWK, PEM, ``did:key``, ``did:jwk``.

A key read here proves nothing about whose it is; ``methods`` and ``binding`` ask that.
"""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ..errors import Unreadable
from . import strict_json
from .credential import Json, JsonObject
from .encodings import Misspelt, base58, base64url, multibase, to_base64url
from .frozen import frozen
from .jcs import jcs

RSA_BITS = range(2048, 8193)
RSA_EXPONENTS = range(65537, 2**32)
LONGEST_MEMBER = 2048
KEPT = 256  # reading a key costs as much as verifying with it, and issuers sign many badges with one
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_CURVES = {"P-256": 32, "P-384": 48}
_PARTS = {"OKP": ("crv", "kty", "x"), "EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}
_MULTICODECS = {
    b"\xed\x01": ("Ed25519", 32),
    b"\x80\x24": ("P-256", 33),
    b"\x81\x24": ("P-384", 49),
    b"\x85\x24": ("RSA", None),
}


_FIELD = 2**255 - 19
_OF_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# Points that vanish when they are taken eight times: with one of them for a key, one signature holds over every text.
_SMALL = {
    y for small in (0, 1, -1, _OF_ORDER_8, -_OF_ORDER_8) for y in (small % _FIELD, small % _FIELD + _FIELD)
}


class BadKey(ValueError):
    """It cannot be used as a key; says why in a sentence."""


@frozen
class Key:
    """A public key; ``kind`` is Ed25519, P-256, P-384 or RSA, ``public`` what verifies with it.

    That is PyNaCl's for Ed25519, where libsodium is twice as fast as OpenSSL, and else cryptography's.

    ``thumbprint`` is that of its JWK (RFC 7638): one key, one name, whatever form it came in.
    """

    kind: str
    public: Any
    thumbprint: str


@lru_cache(maxsize=KEPT)
def of_multikey(text: str) -> Key:
    """A Multikey: multibase over a multicodec prefix and the raw key."""
    try:
        return of_raw_multikey(multibase(text))
    except Misspelt as error:
        raise BadKey(f"The key {error}.") from error


def of_raw_multikey(data: bytes) -> Key:
    """The same without multibase."""
    kind, size = _MULTICODECS.get(data[:2], (None, None))
    if kind is None:
        raise BadKey("The key is of a kind that we do not know.")
    if size is not None and len(data) != size + 2:
        raise BadKey(f"The key is not as long as a key for {kind} is.")
    return _of_raw(kind, data[2:])


def of_base58(text: str) -> Key:
    """An Ed25519 key in plain base58, as Ed25519VerificationKey2018 writes it."""
    try:
        return _of_raw("Ed25519", base58(text))
    except Misspelt as error:
        raise BadKey(f"The key {error}.") from error


def of_jwk(jwk: Json) -> Key:
    """A public JWK for signatures."""
    if not isinstance(jwk, dict):
        raise BadKey("The key is not a JSON object.")
    if _PRIVATE_MEMBERS & jwk.keys():
        raise BadKey("The key is a private one, which is no longer a secret now that it is published.")
    if jwk.get("use", "sig") != "sig" or "verify" not in _listed(jwk.get("key_ops", ["verify"])):
        raise BadKey("The key is not meant for signatures.")
    members = [jwk.get(name) for name in ("kty", "crv", "x", "y", "n", "e")]
    if not all(one is None or (isinstance(one, str) and len(one) < LONGEST_MEMBER) for one in members):
        raise BadKey("A part of the key is no text.")
    return _of_members(*members)


@lru_cache(maxsize=KEPT)
def _of_members(
    kty: str | None, crv: str | None, x: str | None, y: str | None, n: str | None, e: str | None
) -> Key:
    try:
        if kty == "OKP" and crv == "Ed25519":
            return _of_raw(crv, base64url(x or ""))
        if kty == "EC" and crv in _CURVES:
            return _of_point(crv, base64url(x or ""), base64url(y or ""))
        if kty == "RSA":
            return _of_rsa_numbers(base64url(n or ""), base64url(e or ""))
    except Misspelt as error:
        raise BadKey(f"The key {error}.") from error
    raise BadKey("The key is of a kind that we do not know.")


def of_pem(text: Json) -> Key:
    """A PEM public key, as OB 1 and 2 publish it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if not isinstance(text, str) or len(text) > 16_384:
        raise BadKey("The key is not a text in PEM.")
    try:
        return _known(load_pem_public_key(text.strip().encode()))
    except BadKey:
        raise
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadKey("The key is not readable as PEM.") from error


def of_method(method: JsonObject) -> Key:
    """The key in a verification method or key document."""
    readers: dict[str, Callable[[Any], Key]] = {
        "publicKeyMultibase": of_multikey,
        "publicKeyJwk": of_jwk,
        "publicKeyBase58": of_base58,
        "publicKeyPem": of_pem,
    }
    given = [name for name in readers if method.get(name) is not None]
    if len(given) != 1:
        raise BadKey("There is no key in it." if not given else "There is more than one key in it.")
    value = method[given[0]]
    if given[0] != "publicKeyJwk" and not isinstance(value, str):
        raise BadKey("The key is not a text.")
    return readers[given[0]](value)


def of_did(did: str) -> Key:
    """The key that a ``did:key`` or ``did:jwk`` is."""
    if did.startswith("did:key:"):
        if not did.startswith("did:key:z"):  # one key, one identifier
            raise BadKey("The key inside the identifier is not written in base58, as in a did:key.")
        return of_multikey(did.removeprefix("did:key:"))
    try:
        return of_jwk(strict_json.load_object(base64url(did.removeprefix("did:jwk:")), limit=16_384))
    except (Misspelt, Unreadable) as error:
        raise BadKey("The key inside the identifier is not readable.") from error


def _of_raw(kind: str, data: bytes) -> Key:
    if kind == "Ed25519":
        return _ed25519(data)
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        if kind == "RSA":
            return _known(load_der_public_key(_as_spki(data)))
        curve = ec.SECP256R1() if kind == "P-256" else ec.SECP384R1()
        return _known(ec.EllipticCurvePublicKey.from_encoded_point(curve, data))
    except BadKey:
        raise
    except ValueError as error:
        raise BadKey(f"The key is not one for {kind}.") from error


def _ed25519(data: bytes) -> Key:
    from nacl.signing import VerifyKey

    try:
        public = VerifyKey(data)
    except ValueError as error:
        raise BadKey("The key is not one for Ed25519.") from error
    if int.from_bytes(data, "little") % 2**255 in _SMALL:
        raise BadKey("The key is one with which anything at all is signed.")
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": to_base64url(data)}
    return Key("Ed25519", public, _thumbprint(jwk))


def _as_spki(pkcs1: bytes) -> bytes:
    """An RSAPublicKey (PKCS #1) inside the SubjectPublicKeyInfo that the library reads."""
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    return _der(0x30, algorithm + _der(0x03, b"\0" + pkcs1))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    length = size if len(content) < 128 else bytes([0x80 | len(size)]) + size
    return bytes([tag]) + length + content


def _of_point(curve: str, x: bytes, y: bytes) -> Key:
    if {len(x), len(y)} != {_CURVES[curve]}:
        raise BadKey(f"The key is not as long as a key for {curve} is.")
    return _of_raw(curve, b"\x04" + x + y)


def _of_rsa_numbers(n: bytes, e: bytes) -> Key:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    try:
        return _known(RSAPublicNumbers(int.from_bytes(e, "big"), int.from_bytes(n, "big")).public_key())
    except ValueError as error:
        raise BadKey("The key is not one for RSA.") from error


def _known(public: Any) -> Key:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(public, ed25519.Ed25519PublicKey):
        return _ed25519(public.public_bytes_raw())
    if isinstance(public, ec.EllipticCurvePublicKey):
        kind = {"secp256r1": "P-256", "secp384r1": "P-384"}.get(public.curve.name)
        if kind is not None:
            x, y = (
                _of_number(one, _CURVES[kind])
                for one in (public.public_numbers().x, public.public_numbers().y)
            )
            return Key(kind, public, _thumbprint({"crv": kind, "kty": "EC", "x": x, "y": y}))
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        # A public exponent of 3 makes some forgeries easy, one as long as the key makes verifying slow;
        # hardly anything but 65537 is in use.
        if public.key_size not in RSA_BITS or numbers.e not in RSA_EXPONENTS:
            raise BadKey(f"The RSA key of {public.key_size} bits is too weak, or too large.")
        jwk = {"e": _of_number(numbers.e), "kty": "RSA", "n": _of_number(numbers.n)}
        return Key("RSA", public, _thumbprint(jwk))
    raise BadKey("The key is of a kind that we do not know.")


def written_thumbprint(jwk: JsonObject) -> str | None:
    """The thumbprint of a JWK as it is written, without reading the key in it; None where it lacks a part."""
    parts = {name: jwk.get(name) for name in _PARTS.get(str(jwk.get("kty")), ("kty",))}
    return _thumbprint(parts) if all(isinstance(one, str) for one in parts.values()) else None


def _thumbprint(jwk: dict[str, Json]) -> str:
    return to_base64url(hashlib.sha256(jcs(jwk)).digest())


def _of_number(number: int, size: int | None = None) -> str:
    return to_base64url(number.to_bytes(size or (number.bit_length() + 7) // 8, "big"))


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]

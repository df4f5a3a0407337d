"""A small signing bench: any document, any key, any suite, by libraries other than ours.

pyld and pyoxigraph canonicalize, c14n writes JCS, joserfc makes JWTs, cryptography signs.
"""

import hashlib
import json
import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

from base58 import b58encode
from c14n.Canonicalize import canonicalize
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from backpack.verifier import Document, Documents, read
from backpack.verifier.case import Case, Signature
from tests.issuing import AT
from tests.verifier import witness

V2 = "https://www.w3.org/ns/credentials/v2"
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
SUITES = {
    "eddsa-rdfc-2022": "ed25519",
    "eddsa-jcs-2022": "ed25519",
    "ecdsa-rdfc-2019": "p256",
    "ecdsa-jcs-2019": "p256",
    "Ed25519Signature2020": "ed25519",
}
_PREFIX = {"ed25519": b"\xed\x01", "p256": b"\x80\x24", "p384": b"\x81\x24"}
_CURVES = {"p256": (ec.SECP256R1(), hashes.SHA256(), 32), "p384": (ec.SECP384R1(), hashes.SHA384(), 48)}
_JOSE = {"ed25519": OKPKey, "p256": ECKey, "p384": ECKey, "rsa": RSAKey}


class Signer:
    """One key of a kind (ed25519, p256, p384, rsa), in the forms that issuers publish."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        if kind == "ed25519":
            self.private: Any = ed25519.Ed25519PrivateKey.generate()
        elif kind == "rsa":
            self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        else:
            self.private = ec.generate_private_key(_CURVES[kind][0])

    def sign(self, data: bytes) -> bytes:
        if self.kind == "ed25519":
            return self.private.sign(data)
        _, digest, size = _CURVES[self.kind]
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(digest)))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    @property
    def raw_multikey(self) -> bytes:
        public = self.private.public_key()
        if self.kind == "ed25519":
            return _PREFIX[self.kind] + public.public_bytes_raw()
        return _PREFIX[self.kind] + public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)

    @property
    def multikey(self) -> str:
        return "z" + b58encode(self.raw_multikey).decode()

    @property
    def did(self) -> str:
        return f"did:key:{self.multikey}"

    @property
    def method(self) -> str:
        return f"{self.did}#{self.multikey}"

    @property
    def pem(self) -> str:
        form = PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(Encoding.PEM, form).decode()

    @property
    def jwk(self) -> dict[str, Any]:
        return _JOSE[self.kind].import_key(self.pem).as_dict(private=False)

    def jwt(self, payload: Any, algorithm: str, **header: Any) -> str:
        form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        key = _JOSE[self.kind].import_key(self.private.private_bytes(*form))
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # joserfc calls EdDSA by its newer name
            return jws.serialize_compact({"alg": algorithm, **header}, data, key, algorithms=[algorithm])


def signer(kind: str = "ed25519", whose: str = "issuer") -> Signer:
    """The same key for the same asker, for the whole run."""
    return _signer(kind, whose)


@cache
def _signer(kind: str, _whose: str) -> Signer:
    return Signer(kind)


def badge(issuer: Any = None, **members: Any) -> dict[str, Any]:
    """An OB 3.0 badge that nobody has signed yet; the issuer is the usual Ed25519 key unless said otherwise."""
    return {
        "@context": [V2, OB3],
        "id": "urn:uuid:7f6a7b8e-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Welding",
        "issuer": {"id": issuer or signer().did, "type": "Profile", "name": "School of Crafts"},
        "validFrom": "2025-03-14T09:00:00Z",
        "credentialSubject": {
            "id": "did:example:maria",
            "type": "AchievementSubject",
            "achievement": {
                "id": "https://school.example/achievements/welding",
                "type": "Achievement",
                "name": "Welding",
                "description": "Joins steel.",
                "criteria": {"narrative": "Weld."},
                "tag": ["steel", "craft"],
            },
        },
        **members,
    }


def secured(
    document: dict[str, Any],
    suite: str = "eddsa-rdfc-2022",
    by: Signer | None = None,
    documents: Iterable[Document] = (),
    contexts: Any = None,
    **options: Any,
) -> dict[str, Any]:
    """The document with one more proof; an option of None is left out. ``contexts``: what the options are hashed in."""
    by = by or signer(SUITES[suite])
    proof = {**_kind(suite), "verificationMethod": by.method, **_USUAL, **options}
    proof = {name: value for name, value in proof.items() if value is not None}
    value = by.sign(_hashed(document, proof, suite, by, contexts, tuple(documents)))
    return {**document, "proof": {**proof, "proofValue": "z" + b58encode(value).decode()}}


_USUAL = {"created": "2025-03-14T09:00:00Z", "proofPurpose": "assertionMethod"}


def _kind(suite: str) -> dict[str, str]:
    if suite == "Ed25519Signature2020":
        return {"type": suite}
    return {"type": "DataIntegrityProof", "cryptosuite": suite}


def _hashed(
    document: Any, proof: Any, suite: str, by: Signer, contexts: Any, documents: tuple[Document, ...]
) -> bytes:
    digest = "sha384" if by.kind == "p384" else "sha256"
    if "jcs" in suite:
        parts = [canonicalize(proof), canonicalize(document)]
    else:
        options = {**proof, "@context": contexts or document["@context"]}
        parts = [_stated(json.dumps(part), digest, documents) for part in (options, document)]
    return b"".join(hashlib.new(digest, part).digest() for part in parts)


@cache
def _stated(text: str, digest: str, documents: tuple[Document, ...]) -> bytes:
    """Most tests sign the same few documents, and the witness is not quick."""
    return witness.canonical(json.loads(text), digest, *documents).encode()


def case(document: Any, *documents: Document, at: Any = AT) -> Case:
    """A document, or a compact text, before its judges."""
    data = document if isinstance(document, str) else json.dumps(document)
    return Case(read(data.encode()), Documents(*documents), None, at)


def tried(document: Any, *documents: Document, at: Any = AT) -> Signature:
    """The proof that decides, tried."""
    found = case(document, *documents, at=at).signature
    assert found is not None
    return found


def served(url: str, document: Any, status: int = 200) -> Document:
    """What an address answers."""
    body = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    problem = None if status == 200 else f"{url.split('/')[2]} answered {status}"
    return Document(url, status, body, problem=problem)


def controller(owner: str, *methods: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The document of an identity that lists these methods for making statements."""
    listed = {"assertionMethod": [method["id"] for method in methods], "verificationMethod": list(methods)}
    return {"id": owner, **listed, **members}


def method(owner: str, by: Signer | None = None, fragment: str = "key-1", **members: Any) -> dict[str, Any]:
    """A method in such a document."""
    by = by or signer()
    named = {"id": f"{owner}#{fragment}", "type": "Multikey", "controller": owner}
    return {**named, "publicKeyMultibase": by.multikey, **members}

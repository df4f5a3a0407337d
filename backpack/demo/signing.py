"""Signing: Data Integrity proofs, the older Ed25519Signature2020, and compact JWS."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from . import graph
from .keys import SigningKey, base58
from .shapes import JsonObject


class Suite(NamedTuple):
    """How a suite makes canonical bytes, and which key it signs with."""

    key: str
    canonical: Callable[[JsonObject], bytes]


SUITES = {
    "eddsa-rdfc-2022": Suite("ed25519", graph.rdfc),
    "eddsa-jcs-2022": Suite("ed25519", graph.jcs),
    "ecdsa-rdfc-2019": Suite("p256", graph.rdfc),
    "ecdsa-jcs-2019": Suite("p256", graph.jcs),
    "Ed25519Signature2020": Suite("ed25519", graph.rdfc),
}
JOSE_KEYS = {"RS256": "rsa", "ES256": "p256", "EdDSA": "ed25519"}


def when(moment: datetime) -> str:
    """A moment as the standards write it: 2026-03-14T09:00:00Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def with_proof(document: JsonObject, suite: str, key: SigningKey, method: str, at: datetime) -> JsonObject:
    """The document with an embedded proof of this suite (open-badges §3.6: options first, then document)."""
    options = _options(suite, method, at)
    canonical = SUITES[suite].canonical
    # The options are hashed under the document's own contexts, by RDFC and JCS suites alike.
    hashed = canonical({"@context": document["@context"], **options}), canonical(document)
    signature = key.sign(b"".join(hashlib.sha256(part).digest() for part in hashed))
    if suite.endswith(("jcs-2022", "jcs-2019")):
        options = {"@context": document["@context"], **options}
    return {**document, "proof": {**options, "proofValue": "z" + base58(signature)}}


def _options(suite: str, method: str, at: datetime) -> JsonObject:
    kind = {"type": "DataIntegrityProof", "cryptosuite": suite} if suite in _CRYPTOSUITES else {"type": suite}
    return {**kind, "created": when(at), "verificationMethod": method, "proofPurpose": "assertionMethod"}


_CRYPTOSUITES = SUITES.keys() - {"Ed25519Signature2020"}


def compact_jws(payload: JsonObject, algorithm: str, key: SigningKey, header: JsonObject) -> str:
    """A compact JWS over the payload: RS256, ES256 or EdDSA, as the key is."""
    protected = {"alg": algorithm, **header}
    spelled = (json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in (protected, payload))
    signed = ".".join(_base64url(part.encode()) for part in spelled)
    return f"{signed}.{_base64url(key.sign(signed.encode()))}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

"""Status lists: how the demo issuers say that a badge of OB 3.0 was taken back."""

import base64
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .identity import Identity, json_answer
from .keys import SigningKey
from .shapes import Answer, Answers, Award, JsonObject, facts
from .signing import JOSE_KEYS, SUITES, compact_jws, when, with_proof

SILENT = Answer(503, "text/plain", b"Closed for maintenance.")
BITSTRING_TERMS = "https://www.w3.org/ns/credentials/status/v1"  # VC 2.0 brings them along
ONE_EDTECH_TERMS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
ENTRIES = 131_072  # the least that a Bitstring Status List may hold


@dataclass(frozen=True, slots=True)
class Entry:
    """What a credential says about its status, under which further contexts, and the list it points to."""

    status: JsonObject = field(default_factory=dict)
    documents: Answers = field(default_factory=dict)
    contexts: Mapping[str, list[str]] = field(default_factory=lambda: {"1.1": [], "2.0": []})


def entry(issuer: Identity, award: Award, speaks: str, key: SigningKey, credential_id: str) -> Entry:
    """The status of an award; an empty one for an award without."""
    if award.standing == "none":
        return Entry()
    if award.listed == "1edtech":
        return _in_plain_list(issuer, award, speaks, key, credential_id)
    purpose = "suspension" if award.standing == "suspended" else "revocation"
    address = issuer.address(f"status/{purpose}/{award.number}")
    index = award.number * 7919 % ENTRIES
    status = {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": address,
    }
    taken = {index} if award.standing in ("revoked", "suspended") else set()
    document = bitstring_list(issuer.id(speaks, key), issuer.at, address, purpose, taken)
    answer = SILENT if award.standing == "silent" else _signed(document, issuer, speaks, key)
    return Entry(status, {address: answer}, {"1.1": [BITSTRING_TERMS], "2.0": []})


def _in_plain_list(issuer: Identity, award: Award, speaks: str, key: SigningKey, credential_id: str) -> Entry:
    """1EdTechRevocationList: an unsigned list of ids."""
    if award.standing == "suspended":
        raise ValueError("A 1EdTechRevocationList cannot suspend.")
    address = issuer.address(f"revoked/{award.number}")
    gone = {"id": credential_id, "revoked": True, **facts(revocationReason=award.reason)}
    listed = {
        "id": address,
        "issuer": issuer.id(speaks, key),
        "revokedCredential": [gone] if award.standing == "revoked" else [],
    }
    answer = SILENT if award.standing == "silent" else json_answer(listed, "application/json")
    status = {"id": address, "type": "1EdTechRevocationList"}
    return Entry(status, {address: answer}, {"1.1": [ONE_EDTECH_TERMS], "2.0": [ONE_EDTECH_TERMS]})


def bitstring_list(issuer_id: str, at: datetime, address: str, purpose: str, taken: set[int]) -> JsonObject:
    """A BitstringStatusListCredential, yet unsigned, in which the entries ``taken`` are set."""
    bits = bytearray(ENTRIES // 8)
    for index in taken:
        bits[index // 8] |= 0x80 >> index % 8  # the most significant bit comes first
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id,
        "validFrom": when(at),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": f"u{packed}",
        },
    }


def _signed(document: JsonObject, issuer: Identity, speaks: str, key: SigningKey) -> Answer:
    """The list signed with the badge's own key: as a JWT where the key is published for JWTs only."""
    method = issuer.method(speaks, key)
    if speaks == "jwks" or key.name == "rsa":
        algorithm = next(name for name, kind in JOSE_KEYS.items() if kind == key.name)
        text = compact_jws(document, algorithm, key, {"kid": method, "typ": "vc+jwt", "cty": "vc"})
        return Answer(200, "application/vc+jwt", text.encode())
    suite = next(name for name, suite in SUITES.items() if suite.key == key.name)
    return json_answer(with_proof(document, suite, key, method, issuer.at), "application/vc+ld+json")

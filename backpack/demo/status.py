"""Status lists: how the demo issuers say that a badge of OB 3.0 was taken back."""

import base64
import gzip
from datetime import datetime

from .identity import Identity, json_answer
from .keys import SigningKey
from .shapes import Answer, Answers, Award, JsonObject
from .signing import JOSE_KEYS, SUITES, compact_jws, when, with_proof

SILENT = Answer(503, "text/plain", b"Closed for maintenance.")
ENTRIES = 131_072  # the least that a Bitstring Status List may hold


def entry(issuer: Identity, award: Award, speaks: str, key: SigningKey) -> tuple[JsonObject, Answers]:
    """The ``credentialStatus`` of an award, and the list it points to; nothing for an award without one."""
    if award.standing == "none":
        return {}, {}
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
    if award.standing == "silent":
        return {"credentialStatus": status}, {address: SILENT}
    taken = {index} if award.standing in ("revoked", "suspended") else set()
    document = bitstring_list(issuer.id(speaks, key), issuer.at, address, purpose, taken)
    return {"credentialStatus": status}, {address: _signed(document, issuer, speaks, key)}


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

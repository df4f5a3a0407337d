"""Open Badges 3.0: the credential, with an embedded proof or as a VC-JWT."""

import json
import uuid

from backpack.verifier.credential import Alignment, Evidence

from . import pictures, status
from .identity import Identity
from .shapes import Answers, Award, JsonObject, Statement, facts
from .signing import JOSE_KEYS, SUITES, compact_jws, when, with_proof

OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXTS = {
    "2.0": ["https://www.w3.org/ns/credentials/v2", OB3],
    "1.1": [
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
    ],
}
# VC 2.0 brings the terms of a Data Integrity proof along; VC 1.1 does not, and neither knows the older suite.
PROOF_CONTEXTS = {
    ("1.1", "DataIntegrityProof"): ["https://w3id.org/security/data-integrity/v2"],
    ("1.1", "Ed25519Signature2020"): ["https://w3id.org/security/suites/ed25519-2020/v1"],
    ("2.0", "Ed25519Signature2020"): ["https://w3id.org/security/suites/ed25519-2020/v1"],
}


def with_embedded_proof(
    issuer: Identity, award: Award, proof: str = "eddsa-rdfc-2022", speaks: str = "did:key", vc: str = "2.0"
) -> Statement:
    """An OpenBadgeCredential with one Data Integrity or Ed25519Signature2020 proof."""
    key = issuer.keys[SUITES[proof].key]
    kind = proof if proof == "Ed25519Signature2020" else "DataIntegrityProof"
    document, documents = _credential(issuer, award, speaks, key.name, vc)
    document["@context"] += PROOF_CONTEXTS.get((vc, kind), [])
    signed = with_proof(document, proof, key, issuer.method(speaks, key), award.issued_at)
    return Statement(json.dumps(signed, ensure_ascii=False), "openbadgecredential", documents)


def as_jwt(
    issuer: Identity, award: Award, algorithm: str = "RS256", speaks: str = "jwks", vc: str = "2.0"
) -> Statement:
    """An OpenBadgeCredential as compact JWT, with the claims that OB 3.0 §8.2 wants."""
    key = issuer.keys[JOSE_KEYS[algorithm]]
    document, documents = _credential(issuer, award, speaks, key.name, vc)
    claims = _claims(document, award)
    payload = {**document, **claims} if vc == "2.0" else {**claims, "vc": document}
    header = {"kid": issuer.method(speaks, key), "typ": "JWT"}
    text = compact_jws(payload, algorithm, key, header)
    return Statement(text, "openbadgecredential", documents, media_type="text/plain", suffix="jwt")


def _claims(document: JsonObject, award: Award) -> JsonObject:
    claims: JsonObject = {
        "iss": document["issuer"]["id"],
        "jti": document["id"],
        "nbf": int(award.issued_at.timestamp()),
    }
    if subject := document["credentialSubject"].get("id"):
        claims["sub"] = subject
    if award.expires_at:
        claims["exp"] = int(award.expires_at.timestamp())
    return claims


def _credential(
    issuer: Identity, award: Award, speaks: str, key_name: str, vc: str
) -> tuple[JsonObject, Answers]:
    key = issuer.keys[key_name]
    picture, picture_documents = pictures.named(issuer, award)
    entry = status.entry(issuer, award, speaks, key, credential_id := f"urn:uuid:{uuid.uuid4()}")
    document: JsonObject = {
        "@context": [*CONTEXTS[vc], *entry.contexts[vc]],
        "id": credential_id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.name,
        "issuer": issuer.profile(speaks, key),
        **_validity(award, vc),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            **_recipient(award),
            **facts(narrative=award.narrative),
            **award.subject,
            "achievement": _achievement(issuer, award, picture, vc),
            **facts(result=_results(issuer, award)),
        },
        **facts(evidence=[_evidence(piece) for piece in award.evidence]),
        **facts(credentialStatus=entry.status),
    }
    return document, {**issuer.documents(speaks, key), **picture_documents, **entry.documents}


def _validity(award: Award, vc: str) -> JsonObject:
    starts, ends = ("validFrom", "validUntil") if vc == "2.0" else ("issuanceDate", "expirationDate")
    until = {ends: when(award.expires_at)} if award.expires_at else {}
    return {starts: when(award.issued_at), "awardedDate": when(award.issued_at), **until}


def _recipient(award: Award) -> JsonObject:
    if award.naming == "did":
        return {"id": award.recipient}
    identifiers = [_identifier(award)]
    if award.recipient_name:
        identifiers.append(_plain(award.recipient_name, "name"))
    return {"identifier": identifiers}


def _identifier(award: Award) -> JsonObject:
    if award.naming == "plain":
        return _plain(award.recipient, "emailAddress")
    hashed = {"hashed": True, "identityHash": award.identity, "salt": award.salt}
    return {"type": "IdentityObject", "identityType": "emailAddress", **hashed}


def _plain(identity: str, kind: str) -> JsonObject:
    return {"type": "IdentityObject", "identityType": kind, "hashed": False, "identityHash": identity}


def _achievement(issuer: Identity, award: Award, picture: str | None, vc: str) -> JsonObject:
    return {
        "id": issuer.address(f"achievements/{award.slug}"),
        "type": ["Achievement"],
        "achievementType": award.kind,
        "name": award.name,
        "description": award.description,
        "criteria": {"narrative": award.criteria},
        **facts(
            image=picture and {"id": picture, "type": "Image", "caption": award.name},
            # context-3.0.1.json, the one that goes with VC 1.1, has no such term
            inLanguage=award.language if vc == "2.0" else None,
            tag=list(award.tags),
            alignment=[_alignment(alignment) for alignment in award.alignments],
            resultDescription=_result_descriptions(issuer, award),
        ),
        **award.achievement,
    }


def _alignment(alignment: Alignment) -> JsonObject:
    return {
        "type": ["Alignment"],
        **facts(
            targetName=alignment.name,
            targetUrl=alignment.url,
            targetDescription=alignment.description,
            targetFramework=alignment.framework,
            targetCode=alignment.code,
        ),
    }


def _evidence(piece: Evidence) -> JsonObject:
    return {
        "type": ["Evidence"],
        **facts(
            id=piece.url,
            name=piece.name,
            narrative=piece.narrative,
            description=piece.description,
            genre=piece.genre,
            audience=piece.audience,
        ),
    }


def _result_descriptions(issuer: Identity, award: Award) -> list[JsonObject]:
    return [
        {
            "id": _result_id(issuer, award, place),
            "type": ["ResultDescription"],
            "name": result.name,
            "resultType": result.kind or "Result",
            **facts(
                allowedValue=list(result.scale),
                requiredValue=result.required,
                valueMin=result.lowest,
                valueMax=result.highest,
            ),
        }
        for place, result in enumerate(award.results)
    ]


def _results(issuer: Identity, award: Award) -> list[JsonObject]:
    return [
        {
            "type": ["Result"],
            "resultDescription": _result_id(issuer, award, place),
            **facts(value=result.value, status=result.status),
        }
        for place, result in enumerate(award.results)
    ]


def _result_id(issuer: Identity, award: Award, place: int) -> str:
    return issuer.address(f"achievements/{award.slug}/results/{place}")

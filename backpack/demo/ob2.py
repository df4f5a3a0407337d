"""Open Badges 2.0: assertion, badge class and issuer profile; hosted, or signed as JWS."""

import json
import uuid

from . import pictures, status
from .identity import OB2, Identity, json_answer
from .shapes import Answer, Answers, Award, JsonObject, Statement, facts
from .signing import compact_jws, when


def hosted(issuer: Identity, award: Award) -> Statement:
    """An assertion that counts because its own address serves it."""
    address = issuer.address(f"ob2/awards/{award.number}")
    assertion = _assertion(issuer, award, address, {"type": "HostedBadge"})
    documents = {**_documents(issuer, award), address: _served(assertion, award)}
    return Statement(json.dumps(assertion, ensure_ascii=False), "openbadges", documents, address)


def signed(issuer: Identity, award: Award) -> Statement:
    """An assertion that counts because the issuer's RSA key signed it (RS256)."""
    assertion_id = f"urn:uuid:{uuid.uuid4()}"
    if award.standing == "revoked":
        issuer.withdrawn[assertion_id] = award.reason
    verification = {"type": "SignedBadge", "creator": issuer.address("ob2/key")}
    assertion = _assertion(issuer, award, assertion_id, verification)
    text = compact_jws(assertion, "RS256", issuer.keys["rsa"], {})
    documents = _documents(issuer, award)
    if award.standing == "silent":
        documents = {**documents, issuer.address("ob2/revoked"): status.SILENT}
    return Statement(text, "openbadges", documents, media_type="text/plain", suffix="jws")


def _assertion(issuer: Identity, award: Award, assertion_id: str, verification: JsonObject) -> JsonObject:
    return {
        "@context": OB2,
        "type": "Assertion",
        "id": assertion_id,
        "recipient": award.identity_object,
        "badge": issuer.address(f"ob2/badges/{award.slug}"),
        "verification": verification,
        "issuedOn": when(award.issued_at),
        **facts(
            expires=award.expires_at and when(award.expires_at),
            narrative=award.narrative,
            evidence=[_evidence(award, place) for place in range(len(award.evidence))],
        ),
    }


def _evidence(award: Award, place: int) -> JsonObject:
    piece = award.evidence[place]
    said = facts(name=piece.name, narrative=piece.narrative, description=piece.description, genre=piece.genre)
    return {**facts(id=piece.url), "type": "Evidence", **said}


def _documents(issuer: Identity, award: Award) -> Answers:
    badge_class, picture_documents = _badge_class(issuer, award)
    key = issuer.address("ob2/key")
    return {
        badge_class["id"]: json_answer(badge_class),
        issuer.address("ob2/issuer"): json_answer(profile(issuer)),
        key: json_answer(_key(issuer, key)),
        issuer.address("ob2/revoked"): json_answer(_revocation_list(issuer)),
        **picture_documents,
    }


def _badge_class(issuer: Identity, award: Award) -> tuple[JsonObject, Answers]:
    picture, documents = pictures.named(issuer, award)
    return {
        "@context": OB2,
        "type": "BadgeClass",
        "id": issuer.address(f"ob2/badges/{award.slug}"),
        "name": award.name,
        "description": award.description,
        "criteria": {"id": issuer.address(f"criteria/{award.slug}"), "narrative": award.criteria},
        "issuer": issuer.address("ob2/issuer"),
        **facts(image=picture, tags=list(award.tags), alignment=_alignments(award)),
        **({"@language": award.language} if award.language else {}),
    }, documents


def _alignments(award: Award) -> list[JsonObject]:
    return [
        facts(
            targetName=alignment.name,
            targetUrl=alignment.url,
            targetDescription=alignment.description,
            targetFramework=alignment.framework,
            targetCode=alignment.code,
        )
        for alignment in award.alignments
    ]


def profile(issuer: Identity) -> JsonObject:
    """The issuer's Profile, with its key and its revocation list."""
    return {
        "@context": OB2,
        "type": "Issuer",
        "id": issuer.address("ob2/issuer"),
        "name": issuer.name,
        "url": issuer.address(""),
        "email": issuer.email,
        **facts(description=issuer.description),
        "publicKey": issuer.address("ob2/key"),
        "revocationList": issuer.address("ob2/revoked"),
    }


def _key(issuer: Identity, address: str) -> JsonObject:
    owner = issuer.address("ob2/issuer")
    return {
        "@context": OB2,
        "type": "CryptographicKey",
        "id": address,
        "owner": owner,
        "publicKeyPem": issuer.keys["rsa"].pem,
    }


def _revocation_list(issuer: Identity) -> JsonObject:
    return {
        "@context": OB2,
        "type": "RevocationList",
        "id": issuer.address("ob2/revoked"),
        "issuer": issuer.address("ob2/issuer"),
        "revokedAssertions": [
            {"id": badge, **facts(revocationReason=reason)} for badge, reason in issuer.withdrawn.items()
        ],
    }


def _served(assertion: JsonObject, award: Award) -> Answer:
    if award.standing == "silent":
        return status.SILENT
    if award.standing == "revoked":
        gone = {name: assertion[name] for name in ("@context", "type", "id")}
        return json_answer({**gone, "revoked": True, **facts(revocationReason=award.reason)}, status=410)
    return json_answer(assertion)

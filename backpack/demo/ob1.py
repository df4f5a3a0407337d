"""Open Badges 0.5, 1.0 and 1.1: what the Mozilla Backpack took in its day."""

import json
import uuid

from . import pictures, status
from .identity import Identity, json_answer
from .shapes import Answer, Award, JsonObject, Statement, facts
from .signing import compact_jws, when

OB1 = "https://w3id.org/openbadges/v1"


def version_05(issuer: Identity, award: Award) -> Statement:
    """OB 0.5: nothing but an address, where assertion, badge and issuer stand in one object."""
    address = issuer.address(f"ob0/awards/{award.number}")
    picture, documents = pictures.named(issuer, award)
    assertion = {
        "recipient": award.identity,
        **({"salt": award.salt} if award.naming == "hashed" else {}),
        **facts(evidence=_evidence(award)),
        "issued_on": f"{award.issued_at:%Y-%m-%d}",
        **facts(expires=award.expires_at and f"{award.expires_at:%Y-%m-%d}"),
        "badge": {
            "version": "0.5.0",
            "name": award.name,
            **facts(image=picture),
            "description": award.description,
            "criteria": issuer.address(f"criteria/{award.slug}"),
            "issuer": {"origin": f"https://{issuer.host}", "name": issuer.name, "contact": issuer.email},
        },
    }
    answers = {**documents, address: _served(assertion, award)}
    return Statement(address, "openbadges", answers, address, "text/plain", "txt")


def version_10(issuer: Identity, award: Award) -> Statement:
    """OB 1.0: assertion, class and issuer at addresses of their own, without JSON-LD; dates in Unix seconds."""
    address = issuer.address(f"ob1/awards/{award.number}")
    assertion = {
        **_assertion(issuer, award, {"type": "hosted", "url": address}, suffix=""),
        "issuedOn": int(award.issued_at.timestamp()),
        **facts(expires=award.expires_at and int(award.expires_at.timestamp())),
    }
    return _hosted(issuer, award, address, assertion, "")


def version_11(issuer: Identity, award: Award) -> Statement:
    """OB 1.1, hosted: the same with a context, types and ids."""
    address = issuer.address(f"ob1/awards/{award.number}.jsonld")
    assertion = {
        "@context": OB1,
        "type": "Assertion",
        "id": address,
        **_assertion(issuer, award, {"type": "hosted", "url": address}, suffix=".jsonld"),
    }
    return _hosted(issuer, award, address, assertion, ".jsonld")


def signed_11(issuer: Identity, award: Award) -> Statement:
    """OB 1.1, signed as JWS with the RSA key that stands at ``verify.url`` as PEM."""
    key, uid = issuer.address("ob1/key.pem"), str(uuid.uuid4())
    assertion = {
        "@context": OB1,
        "type": "Assertion",
        "id": f"urn:uuid:{uid}",
        **_assertion(issuer, award, {"type": "signed", "url": key}, suffix=".jsonld"),
        "uid": uid,
    }
    if award.standing == "revoked":
        issuer.withdrawn[uid] = award.reason
    documents = {
        **_documents(issuer, award, ".jsonld"),
        key: Answer(200, "application/x-pem-file", issuer.keys["rsa"].pem.encode()),
    }
    if award.standing == "silent":
        documents[issuer.address("ob1/revoked")] = status.SILENT
    text = compact_jws(assertion, "RS256", issuer.keys["rsa"], {})
    return Statement(text, "openbadges", documents, media_type="text/plain", suffix="jws")


def _assertion(issuer: Identity, award: Award, verify: JsonObject, suffix: str) -> JsonObject:
    return {
        "uid": f"award-{award.number}",
        "recipient": award.identity_object,
        "badge": issuer.address(f"ob1/badges/{award.slug}{suffix}"),
        "verify": verify,
        "issuedOn": when(award.issued_at),
        **facts(expires=award.expires_at and when(award.expires_at), evidence=_evidence(award)),
    }


def _evidence(award: Award) -> str | None:
    return award.evidence[0].url if award.evidence else None


def _hosted(issuer: Identity, award: Award, address: str, assertion: JsonObject, suffix: str) -> Statement:
    documents = {**_documents(issuer, award, suffix), address: _served(assertion, award)}
    return Statement(json.dumps(assertion, ensure_ascii=False), "openbadges", documents, address)


def _documents(issuer: Identity, award: Award, suffix: str) -> dict[str, Answer]:
    picture, picture_documents = pictures.named(issuer, award)
    class_address = issuer.address(f"ob1/badges/{award.slug}{suffix}")
    issuer_address = issuer.address(f"ob1/issuer{suffix}")
    badge_class = {
        **_typed("BadgeClass", class_address, suffix),
        "name": award.name,
        "description": award.description,
        **facts(image=picture, tags=list(award.tags)),
        "criteria": issuer.address(f"criteria/{award.slug}"),
        "issuer": issuer_address,
    }
    organisation = {
        **_typed("Issuer", issuer_address, suffix),
        "name": issuer.name,
        "url": issuer.address(""),
        "email": issuer.email,
        **facts(description=issuer.description),
        "revocationList": issuer.address("ob1/revoked"),
    }
    return {
        **picture_documents,
        class_address: json_answer(badge_class, "application/json"),
        issuer_address: json_answer(organisation, "application/json"),
        issuer.address("ob1/revoked"): json_answer(issuer.withdrawn, "application/json"),
    }


def _typed(kind: str, address: str, suffix: str) -> JsonObject:
    return {"@context": OB1, "type": kind, "id": address} if suffix else {}


def _served(assertion: JsonObject, award: Award) -> Answer:
    if award.standing == "silent":
        return status.SILENT
    if award.standing == "revoked":
        # OB 1 knew no 410 with a reason; the body alone says it.
        return json_answer({"revoked": True}, "application/json")
    return json_answer(assertion, "application/json")

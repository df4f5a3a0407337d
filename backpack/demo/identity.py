"""Who a demo issuer is: its name, its keys, and every document in which it says so."""

import json
from datetime import datetime

from .keys import SigningKey
from .shapes import Answer, Answers, JsonObject, facts

CONTROLLER_CONTEXTS = [
    "https://www.w3.org/ns/cid/v1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
DID_CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/suites/jws-2020/v1",
]
OB2 = "https://w3id.org/openbadges/v2"


def json_answer(document: object, content_type: str = "application/ld+json", status: int = 200) -> Answer:
    """An address that answers with JSON."""
    return Answer(status, content_type, json.dumps(document, ensure_ascii=False, indent=2).encode())


class Identity:
    """An invented organisation at an invented host; ``at`` is its clock.

    It may speak in four ways (``speaks``): as its key alone (did:key), as its domain (did:web), as a
    web address whose document lists its keys (https), or as a web address whose host publishes a key
    set (jwks). ``withdrawn`` holds what it has taken back so far: id of the badge → its reason.
    """

    def __init__(self, name: str, host: str, at: datetime, description: str = "") -> None:
        if not host.endswith(".example"):
            raise ValueError("A demo issuer lives under the reserved domain .example.")
        self.name, self.host, self.at, self.description = name, host, at, description
        self.keys = {kind: SigningKey(kind) for kind in ("ed25519", "p256", "rsa")}
        self.withdrawn: dict[str, str] = {}

    def address(self, path: str) -> str:
        """An address on this issuer's host."""
        return f"https://{self.host}/{path}"

    @property
    def email(self) -> str:
        """Where it reads mail."""
        return f"badges@{self.host}"

    def id(self, speaks: str, key: SigningKey) -> str:
        """Its identifier, as it speaks."""
        if speaks == "did:key":
            return key.did
        return {
            "did:web": f"did:web:{self.host}",
            "https": self.address("issuer"),
            "jwks": self.address("about"),
        }[speaks]

    def method(self, speaks: str, key: SigningKey) -> str:
        """The verification method, or the ``kid``, that names this key when it speaks so."""
        if speaks == "did:key":
            return f"{key.did}#{key.multibase}"
        return key.name if speaks == "jwks" else f"{self.id(speaks, key)}#{key.name}"

    def profile(self, speaks: str, key: SigningKey) -> JsonObject:
        """Its OB 3.0 Profile."""
        return {
            "id": self.id(speaks, key),
            "type": ["Profile"],
            "name": self.name,
            "url": self.address(""),
            "email": self.email,
            **facts(description=self.description),
        }

    def documents(self, speaks: str, key: SigningKey) -> Answers:
        """What must answer before anyone can know it by this way of speaking."""
        profile = self.profile(speaks, key)
        if speaks == "did:web":
            return {self.address(".well-known/did.json"): json_answer(self._did_document(profile["id"]))}
        if speaks == "https":
            listed = {"@context": CONTROLLER_CONTEXTS, **profile, **self._methods(profile["id"])}
            return {profile["id"]: json_answer(listed)}
        if speaks == "jwks":
            keys = {"keys": [self.keys["rsa"].jwk, self.keys["p256"].jwk, self.keys["ed25519"].jwk]}
            about = {"@context": CONTROLLER_CONTEXTS[1:], **profile}
            return {
                self.address(".well-known/jwks.json"): json_answer(keys, "application/json"),
                profile["id"]: json_answer(about),
            }
        return {}

    def _did_document(self, did: str) -> JsonObject:
        return {"@context": DID_CONTEXTS, "id": did, **self._methods(did)}

    def _methods(self, controller: str) -> JsonObject:
        methods = [_method(controller, key) for key in self.keys.values()]
        return {"verificationMethod": methods, "assertionMethod": [method["id"] for method in methods]}


def _method(controller: str, key: SigningKey) -> JsonObject:
    entry = {"id": f"{controller}#{key.name}", "controller": controller}
    if key.name == "rsa":
        return {**entry, "type": "JsonWebKey2020", "publicKeyJwk": key.jwk}
    return {**entry, "type": "Multikey", "publicKeyMultibase": key.multibase}

"""An issuer in a box: the source of our fixtures, signed with throwaway keys (see ``backpack.demo``).

    from tests.issuing import AT, MARIA, award, documents, issuer

    badge = issuer().ob3(award())                     # OB 3.0, did:key, eddsa-rdfc-2022, baked PNG
    badge.data, badge.text, badge.expect              # the file, the JSON inside, the verdict it deserves
    report = verify(read(badge.data), documents(badge), (MARIA,), AT)

Every generation, by carrier png, svg or bare (the JSON, JWS, JWT or address itself):

    issuer().ob05(award())   .ob10(…)   .ob11(…)   .ob1_signed(…)   .ob2_hosted(…)   .ob2_signed(…)
    issuer().ob3(award(), proof="ecdsa-rdfc-2019", speaks="did:web", vc="1.1", carrier="svg")
    issuer().ob3_jwt(award(), "ES256", speaks="https", carrier="bare")

``proof`` is one of ``backpack.demo.signing.SUITES``; ``speaks`` is how the issuer is known: did:key,
did:web, https, and for JWTs also jwks. Standing, dates and names belong to the award: ``award(standing="revoked")``,
``award(expires_at=AT)``; see ``backpack.demo.shapes.Award``.

Forgeries take an issued badge and give what a forger would send, with ``expect`` invalid: ``renamed``,
``changed``, ``with_proof_of``, ``unsigned``, ``by_stranger`` (OB 3.0 JSON), ``payload_changed``,
``jws_by_stranger``, ``resigned``, ``keyed_with_public_key`` (JWS and JWT). ``answering`` and
``without`` change what the issuer's addresses answer, ``answer_of`` reads it.
"""

import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from backpack.demo import baking
from backpack.demo.issuing import DemoIssuer
from backpack.demo.shapes import Answer, Award, Issued
from backpack.demo.signing import JOSE_KEYS, compact_jws
from backpack.verifier.documents import Document, Documents
from backpack.verifier.report import Verdict

AT = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
MARIA = "maria@backpack.example"
JSON = "application/json"


class _Issuer(DemoIssuer):
    """What it signed it hands out again: most tests ask for the same few badges."""

    def __init__(self, name: str, host: str, at: datetime) -> None:
        super().__init__(name, host, at)
        self._signed: dict[str, Issued] = {}

    def ob3(self, award: Award, *kind: str, **how: str) -> Issued:
        wanted = repr((award, kind, sorted(how.items())))
        if wanted not in self._signed:
            self._signed[wanted] = super().ob3(award, *kind, **how)
        return self._signed[wanted]


def record(*inside: object) -> bytes:
    """A learner record, which nobody signed, that holds these credentials: JSON as it is parsed, or JWTs."""
    said = json.loads(issuer().ob3(award(name="Welding"), carrier="bare").text)
    made = {
        "@context": [
            *said["@context"],
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
        ],
        "id": "urn:uuid:7f6a7b8e-0000-4000-8000-000000000002",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Transcript",
        "issuer": said["issuer"],
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"type": ["ClrSubject"], "verifiableCredential": list(inside)},
    }
    return json.dumps(made).encode()


@cache
def issuer(host: str = "montalvo.example") -> DemoIssuer:
    """The issuer at this host; the same one, with the same keys, for the whole test run."""
    return _Issuer("Universidade de Montalvo", host, AT)


def award(**facts: Any) -> Award:
    """An award to Maria of a year before AT; any field of ``Award`` may be given."""
    usual = {
        "name": "Open Science Foundations",
        "recipient": MARIA,
        "issued_at": AT.replace(year=AT.year - 1),
    }
    return Award(**{**usual, **facts})


def documents(*badges: Issued) -> Documents:
    """Everything that the issuers' addresses answer, as the verifier is handed it."""
    return Documents(*(document(url, *answer) for badge in badges for url, answer in badge.documents.items()))


def document(url: str, status: int, content_type: str, body: bytes) -> Document:
    """What one address answered at AT."""
    problem = None if 200 <= status < 300 else f"answered {status}"
    return Document(url, status, body, content_type, problem, AT)


def answering(badge: Issued, url: str, body: Any, status: int = 200, content_type: str = JSON) -> Issued:
    """The same badge, but this address answers this: bytes, a text, or anything that JSON can say."""
    if not isinstance(body, bytes):
        body = (body if isinstance(body, str) else json.dumps(body)).encode()
    return replace(badge, documents={**badge.documents, url: Answer(status, content_type, body)})


def answer_of(badge: Issued, url: str) -> Any:
    """The JSON that this address answers."""
    return json.loads(badge.documents[url].body)


def without(badge: Issued, url: str) -> Issued:
    """The same badge, but nobody knows this address."""
    return replace(badge, documents={known: a for known, a in badge.documents.items() if known != url})


def forged(badge: Issued, text: str) -> Issued:
    """A forgery with this text inside."""
    return replace(baking.with_text(badge, text), expect=Verdict.invalid)


def changed(badge: Issued, /, **members: Any) -> Issued:
    """A forgery: members of the signed JSON overwritten, its proof kept."""
    return forged(badge, json.dumps({**json.loads(badge.text), **members}))


def renamed(badge: Issued, name: str = "Doctor of Everything") -> Issued:
    """A forgery: another achievement under the old proof (OB 3.0 JSON)."""
    subject = json.loads(badge.text)["credentialSubject"]
    subject["achievement"]["name"] = name
    return changed(badge, credentialSubject=subject)


def with_proof_of(badge: Issued, other: Issued) -> Issued:
    """A forgery: the proof of another badge, both OB 3.0 JSON, or the signature of another JWS."""
    if badge.text.startswith("{"):
        return changed(badge, proof=json.loads(other.text)["proof"])
    return forged(badge, ".".join([*badge.text.split(".")[:2], other.text.split(".")[2]]))


def unsigned(badge: Issued) -> Issued:
    """A forgery: OB 3.0 JSON with its proof taken off, or a JWS with ``alg`` none."""
    if badge.text.startswith("{"):
        raw = json.loads(badge.text)
        return forged(badge, json.dumps({name: value for name, value in raw.items() if name != "proof"}))
    return forged(badge, f"{_part({'alg': 'none'})}.{badge.text.split('.')[1]}.")


def by_stranger(facts: Award, proof: str = "eddsa-rdfc-2022", speaks: str = "did:web", **kind: Any) -> Issued:
    """A forgery: OB 3.0 in the name of our issuer, with its own addresses, but signed with a stranger's key."""
    issued = stranger().ob3(facts, proof, speaks, **kind)
    honest = issuer().ob3(facts, proof, speaks, **kind)
    return replace(issued, documents=honest.documents, expect=Verdict.invalid)


def jws_by_stranger(facts: Award, algorithm: str = "RS256", speaks: str = "jwks", **header: Any) -> Issued:
    """A forgery: a JWT that names our issuer and its key, signed with another key of the same kind.

    Further header members may be given, such as ``jwk`` or ``jku``.
    """
    return resigned(issuer().ob3_jwt(facts, algorithm, speaks), stranger(), algorithm, **header)


def resigned(badge: Issued, signer: DemoIssuer, algorithm: str = "RS256", **header: Any) -> Issued:
    """A forgery: the payload of a JWS or JWT signed anew by someone else; header members may be replaced."""
    old, payload = (json.loads(_unpart(part)) for part in badge.text.split(".")[:2])
    key = signer.identity.keys[JOSE_KEYS[algorithm]]
    return forged(badge, compact_jws(payload, algorithm, key, {**old, "alg": algorithm, **header}))


def stranger_key() -> dict[str, str]:
    """The public RSA key, as JWK, of somebody who is not the issuer."""
    return stranger().identity.keys["rsa"].jwk


@cache
def stranger() -> DemoIssuer:
    """Somebody who would like to be the issuer at montalvo.example."""
    return DemoIssuer("Stranger", "montalvo.example", AT)


def payload_changed(badge: Issued, /, **members: Any) -> Issued:
    """A forgery: members of a JWS or JWT payload overwritten, header and signature kept."""
    header, payload, signature = badge.text.split(".")
    return forged(badge, f"{header}.{_part({**json.loads(_unpart(payload)), **members})}.{signature}")


def keyed_with_public_key(badge: Issued) -> Issued:
    """A forgery: a JWT as HS256, the issuer's public PEM taken for the secret."""
    header = json.loads(_unpart(badge.text.split(".")[0]))
    start = f"{_part({**header, 'alg': 'HS256'})}.{badge.text.split('.')[1]}"
    digest = hmac.digest(issuer().identity.keys["rsa"].pem.encode(), start.encode(), "sha256")
    return forged(badge, f"{start}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}")


def _part(members: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(members).encode()).decode().rstrip("=")


def _unpart(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

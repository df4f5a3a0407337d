"""The demo issuer: one call a generation, one badge a call."""

from datetime import datetime

from backpack.verifier.report import Verdict

from . import baking, ob3
from .identity import Identity
from .shapes import Award, Issued, Statement


class DemoIssuer:
    """An invented issuer under ``.example``; ``at`` is its clock, its keys are thrown away with it.

    Every method takes an award and a carrier (png, svg, bare) and gives a signed badge with the
    documents that must answer.
    """

    def __init__(self, name: str, host: str, at: datetime, description: str = "") -> None:
        self.identity = Identity(name, host, at, description)

    def ob3(
        self,
        award: Award,
        proof: str = "eddsa-rdfc-2022",
        speaks: str = "did:key",
        vc: str = "2.0",
        carrier: str = "png",
    ) -> Issued:
        """Open Badges 3.0 with an embedded proof: any suite of ``signing.SUITES``."""
        return self.hand_out(award, ob3.with_embedded_proof(self.identity, award, proof, speaks, vc), carrier)

    def ob3_jwt(
        self,
        award: Award,
        algorithm: str = "RS256",
        speaks: str = "jwks",
        vc: str = "2.0",
        carrier: str = "bare",
    ) -> Issued:
        """Open Badges 3.0 as VC-JWT: RS256, ES256 or EdDSA."""
        return self.hand_out(award, ob3.as_jwt(self.identity, award, algorithm, speaks, vc), carrier)

    def hand_out(self, award: Award, statement: Statement, carrier: str) -> Issued:
        """The statement as a file."""
        suffix = statement.suffix if carrier == "bare" else carrier
        return Issued(
            data=baking.bake(statement, award.art, carrier),
            media_type=baking.TYPES.get(carrier, statement.media_type),
            file_name=f"{award.art}-{award.number}.{suffix}",
            documents=statement.documents,
            recipient=award.recipient,
            title=award.name,
            expect=_deserved(award, self.identity.at),
            text=statement.text,
            keyword=statement.keyword,
            address=statement.address,
            art=award.art,
            carrier=carrier,
        )


def _deserved(award: Award, at: datetime) -> Verdict:
    if award.standing == "revoked":
        return Verdict.revoked
    if award.standing == "suspended":
        return Verdict.suspended
    if award.expires_at and award.expires_at <= at:
        return Verdict.expired
    if award.issued_at > at:
        return Verdict.not_yet_valid
    return Verdict.unconfirmed if award.standing == "silent" else Verdict.verified

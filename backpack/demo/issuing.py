"""The demo issuer: one call a generation, one badge a call."""

from datetime import datetime

from backpack.verifier.report import Verdict

from . import baking, ob1, ob2, ob3
from .identity import Identity
from .shapes import Award, Issued, Statement


class DemoIssuer:
    """An invented issuer under ``.example``; ``at`` is its clock, its keys are thrown away with it.

    Every method takes an award and a carrier (png, svg, bare) and gives a signed badge with the
    documents that must answer.
    """

    def __init__(self, name: str, host: str, at: datetime, description: str = "") -> None:
        self.identity = Identity(name, host, at, description)

    def ob05(self, award: Award, carrier: str = "png") -> Issued:
        """Open Badges 0.5: the picture holds an address."""
        return self._old(award, ob1.version_05(self.identity, award), carrier)

    def ob10(self, award: Award, carrier: str = "png") -> Issued:
        """Open Badges 1.0, hosted."""
        return self._old(award, ob1.version_10(self.identity, award), carrier)

    def ob11(self, award: Award, carrier: str = "png") -> Issued:
        """Open Badges 1.1, hosted."""
        return self._old(award, ob1.version_11(self.identity, award), carrier)

    def ob1_signed(self, award: Award, carrier: str = "png") -> Issued:
        """Open Badges 1.1, signed."""
        return self._old(award, ob1.signed_11(self.identity, award), carrier)

    def ob2_hosted(self, award: Award, carrier: str = "png") -> Issued:
        """Open Badges 2.0, hosted."""
        return self._old(award, ob2.hosted(self.identity, award), carrier)

    def ob2_signed(self, award: Award, carrier: str = "png") -> Issued:
        """Open Badges 2.0, signed as JWS (RS256)."""
        return self._old(award, ob2.signed(self.identity, award), carrier)

    def _old(self, award: Award, statement: Statement, carrier: str) -> Issued:
        if award.standing == "suspended":
            raise ValueError("Only Open Badges 3.0 can suspend a badge.")
        return self.hand_out(award, statement, carrier)

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
            file_name=f"{award.slug}.{suffix}",
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

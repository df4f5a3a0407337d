"""What the VC-API takes and gives. It has a shape of its own, which the standard's suites know."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .common import given, taken

_EXAMPLE_DID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
CREDENTIAL = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:4f2a7f0e-6d1c-4a53-9b0e-2f4c8a1d7e55",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": _EXAMPLE_DID, "type": ["Profile"], "name": "Example Academy"},
    "validFrom": "2026-05-01T00:00:00Z",
    "credentialSubject": {
        "id": "did:example:earner",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://issuer.example/achievements/robotics-1",
            "type": ["Achievement"],
            "name": "Robotics, Level 1",
            "description": "Builds and programs a robot that follows a line.",
            "criteria": {"narrative": "Build one."},
        },
    },
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-05-01T00:00:00Z",
        "verificationMethod": f"{_EXAMPLE_DID}#{_EXAMPLE_DID.removeprefix('did:key:')}",
        "proofPurpose": "assertionMethod",
        "proofValue": "z58DAdFfa9SkqZMVPxAQpic7ndSayn1PzZs6ZjWp1CktyGesjuTSwRdoWhAfGFCF5bppETSTojQCrfFPP2oumHKtz",
    },
}
PRESENTATION = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiablePresentation"],
    "holder": _EXAMPLE_DID,
    "verifiableCredential": [CREDENTIAL],
    "proof": {
        **CREDENTIAL["proof"],  # type: ignore[dict-item]
        "proofPurpose": "authentication",
        "challenge": "1235abcd6789",
        "domain": "employer.example",
    },
}
Check = Literal["proof", "status", "credentialStatus", "structure", "issuer", "holder", "dates", "revocation"]


class VerifyOptions(BaseModel):
    """What to look at and what to say. An option that is not listed here is refused."""

    model_config = taken({"checks": ["proof", "status"], "returnProblemDetails": True, "returnResults": True})
    checks: list[Check] | None = Field(
        None,
        description="Without `status` among them it may be revoked or suspended; all else always counts",
    )
    challenge: str | None = Field(None, description="The proof must have been made for this challenge")
    domain: str | list[str] | None = Field(None, description="The proof must have been made for these sites")
    expectedProofPurpose: Literal["assertionMethod", "authentication"] | None = Field(  # noqa: N815 - theirs
        None, description="What the proof must have been made for, where that is not the usual"
    )
    returnProblemDetails: bool = Field(True, description="Say what is wrong")  # noqa: N815
    returnResults: bool = Field(False, description="Give the whole report")  # noqa: N815
    returnCredential: bool = Field(False, description="Give the credential back")  # noqa: N815
    returnPresentation: bool = Field(False, description="Give the presentation back")  # noqa: N815


class VerifyCredential(BaseModel):
    """A credential to verify: a JSON object, or a JWT as text."""

    model_config = taken({"verifiableCredential": CREDENTIAL, "options": {"returnResults": True}})
    verifiableCredential: dict[str, Any] | str  # noqa: N815
    options: VerifyOptions = VerifyOptions()


class VerifyPresentation(BaseModel):
    """A presentation to verify: a JSON object, or a JWT as text."""

    model_config = taken(
        {
            "verifiablePresentation": PRESENTATION,
            "options": {"challenge": "1235abcd6789", "domain": "employer.example"},
        }
    )
    verifiablePresentation: dict[str, Any] | str  # noqa: N815
    options: VerifyOptions = VerifyOptions()


class ProblemDetail(BaseModel):
    """One reason why something is not verified (RFC 9457)."""

    model_config = ConfigDict(extra="ignore")
    type: str = Field(description="A name for the kind of problem, by the standard that defines it")
    title: str = Field(description="The kind of problem in words")
    detail: str = Field(description="One sentence: what is wrong")


class Verified(BaseModel):
    """It is verified (200)."""

    model_config = given({"verified": True, "problemDetails": []})
    verified: Literal[True]
    problemDetails: list[ProblemDetail] | None = Field(None, description="Empty")  # noqa: N815
    results: dict[str, Any] | None = Field(None, description="The report, when it was asked for")
    credential: dict[str, Any] | str | None = Field(None, description="As it was sent, when it was asked for")
    presentation: dict[str, Any] | str | None = Field(None, description="The same")


class NotVerified(BaseModel):
    """It is not verified, or cannot be read (400)."""

    model_config = given(
        {
            "verified": False,
            "problemDetails": [
                {
                    "type": "https://w3id.org/security#PROOF_VERIFICATION_ERROR",
                    "title": "The proof does not hold",
                    "detail": "It was changed after it was signed, or signed by somebody else.",
                }
            ],
        }
    )
    verified: Literal[False]
    problemDetails: list[ProblemDetail] | None = Field(None, description="Why")  # noqa: N815
    results: dict[str, Any] | None = Field(None, description="The report, when it was asked for")
    credential: dict[str, Any] | str | None = Field(None, description="As it was sent, when it was asked for")
    presentation: dict[str, Any] | str | None = Field(None, description="The same")

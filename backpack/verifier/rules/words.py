"""Words that Open Badges 3.0 and CLR 2.0 list for some members (appendix B), and that issuers add to by ``ext:``."""

from collections.abc import Mapping

from ..credential import JsonObject
from . import Findings

_IDENTIFIERS = frozenset(
    {
        "name", "sourcedId", "systemId", "productId", "userName", "accountId", "emailAddress",
        "nationalIdentityNumber", "isbn", "issn", "lisSourcedId", "oneRosterSourcedId", "sisSourcedId",
        "ltiContextId", "ltiDeploymentId", "ltiToolId", "ltiPlatformId", "ltiUserId", "identifier",
    }
)  # fmt: skip
LISTED: Mapping[str, frozenset[str]] = {
    "achievementType": frozenset(
        {
            "Achievement", "ApprenticeshipCertificate", "Assessment", "Assignment", "AssociateDegree", "Award",
            "Badge", "BachelorDegree", "Certificate", "CertificateOfCompletion", "Certification",
            "CommunityService", "Competency", "Course", "CoCurricular", "Degree", "Diploma", "DoctoralDegree",
            "Fieldwork", "GeneralEducationDevelopment", "JourneymanCertificate", "LearningProgram", "License",
            "Membership", "ProfessionalDoctorate", "QualityAssuranceCredential", "MasterCertificate",
            "MasterDegree", "MicroCredential", "ResearchDoctorate", "SecondarySchoolDiploma",
        }
    ),
    "identifierType": _IDENTIFIERS,
    "identityType": _IDENTIFIERS,
    "targetType": frozenset(
        {
            "ceasn:Competency", "ceterms:Credential", "CFItem", "CFRubric", "CFRubricCriterion",
            "CFRubricCriterionLevel", "CTDL",
        }
    ),
}  # fmt: skip


def check_word(thing: JsonObject, member: str, found: Findings) -> None:
    """That a member holds one of its words: to whoever sorts badges by them, another says nothing."""
    said = thing.get(member)
    is_listed = not isinstance(said, str) or said in LISTED[member] or said.startswith("ext:")
    found.prefer(
        is_listed, f"Its {member} is no word that the standard lists, nor one of an issuer's own (ext:)."
    )

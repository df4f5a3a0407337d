"""Any other W3C verifiable credential: the data model's rules, and what it says of itself."""

from ..carriers import Unbaked
from ..credential import Credential, JsonObject
from ..documents import Documents
from ..fields import types
from ..rules import Findings
from ..rules.data_model import check_data_model
from ..vc import credential_of

NAMES = ("vc",)


def recognises(raw: JsonObject) -> bool:
    """Whether it is a verifiable credential, or plainly meant to be one."""
    if "VerifiableCredential" in types(raw):
        return True
    return "issuer" in raw and ("credentialSubject" in raw or "vct" in raw)


def parse(raw: JsonObject, unbaked: Unbaked, compact: str | None) -> Credential:
    """The credential as the object itself says."""
    found = Findings()
    check_data_model(raw, found)
    return credential_of(raw, unbaked, compact, "vc", found)


def needs(credential: Credential, documents: Documents) -> set[str]:
    """Nothing: a verifiable credential is complete in itself."""
    return set()


def complete(credential: Credential, documents: Documents) -> Credential:
    """The credential as it is."""
    return credential

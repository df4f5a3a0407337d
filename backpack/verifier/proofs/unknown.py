"""Proofs that we do not know, selective disclosure and blockchains among them: said so, neither sound nor broken."""

from ..case import Case, Signature
from ..compact import is_selective
from ..credential import LEGACY, Json, JsonObject
from ..legible import quoted
from ..linked import plain
from ..report import Outcome
from ..rules.open_badges_2 import is_anchored
from ._outcomes import Broken


def recognises(case: Case) -> bool:
    """Whether a proof is on the credential that no other suite makes."""
    return None in case.suites or is_selective(case.credential.compact) or _is_anchored(case)


def needs(case: Case) -> set[str]:
    """Nothing."""
    return set()


def holds(case: Case) -> tuple[Signature, ...]:
    """One sentence for each."""
    if is_selective(case.credential.compact):
        return (_skipped("that we do not know (SD-JWT)"),)
    if _is_anchored(case):
        return (_skipped("that we do not know (MerkleProof2017)"),)
    alone = [proof for proof, suite in zip(case.proofs, case.suites, strict=True) if suite is None]
    return tuple(_skipped(_name(proof)) if _is_one(proof) else _NONE for proof in alone)


def _is_anchored(case: Case) -> bool:
    """Whether it is an assertion that no address and no key of its issuer's vouches for, but a blockchain."""
    credential = case.credential
    is_plain = credential.version in LEGACY and credential.compact is None
    return is_plain and is_anchored(plain(credential.raw).get("verification"))


def _is_one(proof: Json) -> bool:
    """Whether it says of itself what every proof must: of which type it is, and how it was made."""
    if not isinstance(proof, dict) or not proof.get("type"):
        return False
    return proof["type"] != "DataIntegrityProof" or isinstance(proof.get("cryptosuite"), str)


def _name(proof: JsonObject) -> str:
    name = proof.get("cryptosuite", proof["type"])
    return f"that we do not know ({quoted(name, 40)})" if isinstance(name, str) and name else "without a name"


_NONE = Signature(
    suite="unknown",
    outcome=Outcome.failed,
    because="What stands in the place of its signature is none.",
    bound=Outcome.unknown,
    bound_because="Only a signature that holds can show who the issuer is.",
    error=Broken.error,
)


def _skipped(name: str) -> Signature:
    return Signature(
        suite="unknown",
        outcome=Outcome.skipped,
        because=f"It is signed in a way {name}, so this signature was not checked.",
        bound=Outcome.unknown,
        bound_because="Only a signature that holds can show who the issuer is.",
    )

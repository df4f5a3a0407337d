"""Proofs of a kind that we do not know, selective-disclosure tokens among them: said so, neither sound nor broken."""

from ..case import Case, Signature
from ..compact import is_selective
from ..credential import Json
from ..legible import legible
from ..report import Outcome


def recognises(case: Case) -> bool:
    """Whether a proof is on the credential that no other suite makes."""
    return None in case.suites or is_selective(case.credential.compact)


def needs(case: Case) -> set[str]:
    """Nothing."""
    return set()


def holds(case: Case) -> tuple[Signature, ...]:
    """One sentence for each."""
    if is_selective(case.credential.compact):
        return (_skipped("that we do not know (SD-JWT)"),)
    alone = [proof for proof, suite in zip(case.proofs, case.suites, strict=True) if suite is None]
    return tuple(_skipped(_name(proof)) for proof in alone)


def _name(proof: Json) -> str:
    if not isinstance(proof, dict):
        return "that is none"
    name = proof.get("cryptosuite", proof.get("type"))
    return (
        f"that we do not know ({legible(name, 40)})" if isinstance(name, str) and name else "without a name"
    )


def _skipped(name: str) -> Signature:
    return Signature(
        suite="unknown",
        outcome=Outcome.skipped,
        because=f"It is signed in a way {name}, so this signature was not checked.",
        bound=Outcome.unknown,
        bound_because="Only a signature that holds can show who the issuer is.",
    )

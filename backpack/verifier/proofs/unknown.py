"""Proofs of a kind that we do not know, selective-disclosure tokens among them: said so, neither sound nor broken."""

from ..case import Case, Signature
from ..compact import is_selective
from ..credential import Json
from ..legible import legible
from ..report import Outcome
from ._data_integrity import Suite, proofs_on


def recognises(case: Case) -> bool:
    """Whether a proof is on the credential that no other suite makes."""
    return is_selective(case.credential.compact) or any(not _is_known(proof) for proof in proofs_on(case))


def needs(case: Case) -> set[str]:
    """Nothing."""
    return set()


def holds(case: Case) -> tuple[Signature, ...]:
    """One sentence for each."""
    if is_selective(case.credential.compact):
        return (_skipped("that we do not know (SD-JWT)"),)
    return tuple(_skipped(_name(proof)) for proof in proofs_on(case) if not _is_known(proof))


def _is_known(proof: Json) -> bool:
    from . import PROOFS  # the registry holds this module

    suites = (getattr(module, "SUITE", None) for module in PROOFS.values())
    return any(isinstance(suite, Suite) and suite.made(proof) for suite in suites)


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

"""How a credential can be signed: one module a suite, one line each here."""

from typing import Protocol

from ..case import Case, Signature


class Proof(Protocol):
    """A proof suite. ``on(case)`` says how many such proofs are on the credential is up to the module."""

    def recognises(self, case: Case) -> bool:
        """Whether a proof of this suite is on the credential."""

    def needs(self, case: Case) -> set[str]:
        """URLs still wanted before every such proof can be tried; never a URL already in hand."""

    def holds(self, case: Case) -> tuple[Signature, ...]:
        """Try every such proof with the documents in hand."""


from . import hosted  # noqa: E402

PROOFS: dict[str, Proof] = {"hosted": hosted}


def signatures(case: Case) -> tuple[Signature, ...]:
    """Every proof on the credential, tried, in the registry's order."""
    return tuple(s for proof in PROOFS.values() if proof.recognises(case) for s in proof.holds(case))

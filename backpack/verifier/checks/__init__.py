"""What an employer asks, in this order. One module a question, one line each here."""

from typing import Protocol

from ..case import Case
from ..report import Check


class Question(Protocol):
    """A check: what it still needs, and its answer from what is in hand."""

    ID: str

    def needs(self, case: Case) -> set[str]:
        """URLs still wanted before it can answer finally; never a URL already in hand."""

    def answer(self, case: Case) -> Check:
        """The answer from the documents in hand; unknown where one is missing."""


from . import dates, issuer, proof, recipient, revocation, structure  # noqa: E402

CHECKS: tuple[Question, ...] = (structure, proof, issuer, recipient, dates, revocation)

"""Was nothing in it altered since it was made?"""

from ..case import Case
from ..proofs import recognised
from ..report import Check, Outcome

ID = "proof"


def needs(case: Case) -> set[str]:
    """What its proofs name: keys, vocabularies, the issuer's documents."""
    return set().union(*(proof.needs(case) for proof in recognised(case)))


def answer(case: Case) -> Check:
    """What the deciding proof came to; failed when there is none."""
    signature = case.signature
    if signature is None:
        return Check(ID, Outcome.failed, "There is no signature on it, so anyone could have written it.")
    outcome = Outcome.unknown if signature.outcome is Outcome.skipped else signature.outcome
    return Check(ID, outcome, signature.because, detail=dict(signature.detail) | _others(case))


def _others(case: Case) -> dict[str, str]:
    """What the proofs came to that do not decide."""
    others = [f"{s.suite}: {s.because}" for s in case.signatures if s is not case.signature]
    return {"Further signatures": " ".join(others)} if others else {}

"""Was nothing in it altered since it was made?"""

from ..case import MAX_PROOFS, Case
from ..fields import many
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
    if outcome is Outcome.failed and len(many(case.credential.raw.get("proof"))) > MAX_PROOFS:
        says = f"It has more than {MAX_PROOFS} signatures, not all of which we look at."
        return Check(ID, Outcome.unknown, says)
    return Check(ID, outcome, signature.because, detail=dict(signature.detail) | _others(case))


def _others(case: Case) -> dict[str, str]:
    """What the proofs came to that do not decide."""
    others = [f"{s.suite}: {s.because}" for s in case.signatures if s is not case.signature]
    return {"Further signatures": " ".join(others)} if others else {}

"""Is it really from the issuer it names?"""

from ..case import Case
from ..report import Check, Outcome

ID = "issuer"


def needs(case: Case) -> set[str]:
    """Nothing beyond what the proofs ask for: whether a key is the issuer's is asked along with it."""
    return set()


def answer(case: Case) -> Check:
    """Whether the issuer vouches for the key or the host; skipped when the proof itself did not hold."""
    signature = case.signature
    if signature is None or signature.outcome is Outcome.failed:
        return Check(ID, Outcome.skipped, "Without a signature that holds, nobody can say who made it.")
    if signature.outcome is not Outcome.passed:
        return Check(ID, Outcome.unknown, "Who made it can be said only once its signature was checked.")
    detail = {"Issuer": case.credential.issuer.id or "", "Key": signature.method or ""}
    said = {label: value for label, value in detail.items() if value}
    return Check(ID, signature.bound, signature.bound_because, detail=said | dict(signature.issuer_evidence))

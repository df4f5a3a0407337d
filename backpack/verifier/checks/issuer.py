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
    shown_by_copy = signature is not None and signature.suite == "hosted"
    if signature is None or signature.outcome is Outcome.failed:
        what = "the same badge at its issuer's address" if shown_by_copy else "a signature that holds"
        return Check(ID, Outcome.skipped, f"Without {what}, nobody can say who made it.")
    if signature.outcome is not Outcome.passed:
        when = "from the copy that its issuer hosts" if shown_by_copy else "once its signature was checked"
        return Check(ID, Outcome.unknown, f"Who made it can be said only {when}.")
    detail = {"Issuer": case.credential.issuer.id or "", "Key": signature.method or ""}
    said = {label: value for label, value in detail.items() if value}
    return Check(ID, signature.bound, signature.bound_because, detail=said | dict(signature.issuer_evidence))

"""How the suites say what came of a proof, in the same words."""

from collections.abc import Iterable

from ..binding import Binding
from ..case import Signature
from ..methods import Method
from ..report import Outcome

UNREADABLE = "The signature is not written as this kind of signature is."


class Broken(Exception):
    """The proof does not hold; says why in a sentence. ``error`` is Data Integrity's name for that (§4.7 there)."""

    error = "PROOF_VERIFICATION_ERROR"


class Changed(Broken):
    """The signature does not fit what it stands under."""

    def __init__(self) -> None:
        super().__init__("It was changed after it was signed, or signed by somebody else.")


class OtherDomain(Broken):
    """It was made for another site than the one that asks."""

    error = "INVALID_DOMAIN_ERROR"


class OtherChallenge(Broken):
    """It was made in answer to another challenge, so it may be a copy of an earlier one."""

    error = "INVALID_CHALLENGE_ERROR"


def of_key(method: Method) -> dict[str, str]:
    """What a closer look at the key shows: its fingerprint, and where it was found."""
    return {"Key fingerprint": method.key.thumbprint, **({"Source": method.source} if method.source else {})}


def held(
    suite: str, method: str, bound: Binding, detail: dict[str, str], notes: Iterable[str] = ()
) -> Signature:
    """A proof that holds, by a key that is the issuer's or not."""
    said = " ".join(notes)
    return Signature(
        suite=suite,
        outcome=Outcome.passed,
        because="Nothing in it was changed since it was signed.",
        bound=bound.outcome,
        bound_because=bound.because,
        method=method,
        detail=detail | ({"Note": said} if said else {}),
        issuer_evidence=bound.evidence,
    )


def not_held(suite: str, outcome: Outcome, error: Exception, detail: dict[str, str]) -> Signature:
    """A proof that does not hold (failed), or could not be tried (unknown)."""
    says = str(error) if outcome is Outcome.failed else f"The signature cannot be checked: {error}"
    return Signature(
        suite=suite,
        outcome=outcome,
        because=says if says.endswith(".") else f"{says}.",
        bound=Outcome.unknown,
        bound_because="Only a signature that holds can show who the issuer is.",
        error=_error(error),
        changed=isinstance(error, Changed),
        detail=detail,
    )


def _error(error: Exception) -> str:
    return str(getattr(error, "error", Broken.error))

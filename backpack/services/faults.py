"""What keeps a report from counting as verified, as problem details under the names that the standards give them.

VC Data Model 2.0 §7.2 (``https://www.w3.org/TR/vc-data-model#``), Data Integrity §4.7
(``https://w3id.org/security#``), Bitstring Status List §3.5 and the VC-API (``https://www.w3.org/TR/vcalm#``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

DATA_MODEL = "https://www.w3.org/TR/vc-data-model#"
SECURITY = "https://w3id.org/security#"
STATUS_LIST = "https://www.w3.org/ns/credentials/status-list#"
VC_API = "https://www.w3.org/TR/vcalm#"
_OF_CHECKS = {
    "structure": (f"{DATA_MODEL}MALFORMED_VALUE_ERROR", "Not written as the standard asks"),
    "issuer": (f"{DATA_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR", "Not shown to be from its issuer"),
    "holder": (f"{DATA_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR", "Not shown to be from its holder"),
    "dates": (f"{DATA_MODEL}RANGE_ERROR", "Not valid at this time"),
    "revocation": (f"{STATUS_LIST}STATUS_VERIFICATION_ERROR", "Not shown to be in force"),
}
_PROOF = "The proof does not hold"
_AT_OTHER_TIMES = ("expired", "not_yet_valid")


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why something is not verified (RFC 9457): a type to compare, a title, and a sentence."""

    type: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Counting:
    """What counts: whether the key must be shown to be the issuer's (or holder's), and whether it must be in force."""

    binding: bool = True
    status: bool = True


def of_report(
    report: Mapping[str, Any], counting: Counting, *, is_in_record: bool = False
) -> Iterator[Problem]:
    """Everything that keeps a report on a credential, or on a presentation, from counting as verified.

    What a record contains and what a presentation shows counts along; a record stays sound when something
    in it ends.
    """
    yield from _of_proofs(report)
    for check in report["checks"]:
        if _matters(check, counting) and not (is_in_record and check["verdict"] in _AT_OTHER_TIMES):
            yield _of_check(check)
    for inner in report.get("contained", ()):
        yield from of_report(inner, counting, is_in_record=True)
    for inner in report.get("credentials", ()):
        yield from of_report(inner, counting)


def _of_proofs(report: Mapping[str, Any]) -> Iterator[Problem]:
    """Unlike for a person, who wants to know whether one signature is enough, every one must hold here (§4.5)."""
    broken = [one for one in report["signatures"] if one["outcome"] in ("failed", "unknown")]
    for one in broken:
        yield Problem(f"{SECURITY}{one['error']}", _PROOF, one["message"])
    proof = next(check for check in report["checks"] if check["id"] == "proof")
    if proof["outcome"] != "passed" and not broken:
        yield Problem(f"{SECURITY}PROOF_VERIFICATION_ERROR", _PROOF, proof["message"])


def _matters(check: Mapping[str, Any], counting: Counting) -> bool:
    if check["outcome"] in ("passed", "skipped") or check["id"] not in _OF_CHECKS:
        return False
    if check["id"] in ("issuer", "holder"):
        return counting.binding
    return counting.status or check["id"] != "revocation"


def _of_check(check: Mapping[str, Any]) -> Problem:
    kind, title = _OF_CHECKS[check["id"]]
    if check["id"] == "revocation" and check["outcome"] == "unknown":
        kind = f"{STATUS_LIST}STATUS_RETRIEVAL_ERROR"
    return Problem(kind, title, check["message"])

"""All answers and a verdict: what an employer reads, and what `--json` prints."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .credential import Credential


class Outcome(StrEnum):
    """How one question ended. Unknown is not failed; skipped is not passed."""

    passed = "passed"
    failed = "failed"
    unknown = "unknown"
    skipped = "skipped"


class Verdict(StrEnum):
    """The one word for all checks; the first that applies, in this order, but verified comes last."""

    not_a_badge = "not_a_badge"
    invalid = "invalid"
    revoked = "revoked"
    suspended = "suspended"
    expired = "expired"
    not_yet_valid = "not_yet_valid"
    wrong_recipient = "wrong_recipient"
    unconfirmed = "unconfirmed"
    verified = "verified"


@dataclass(frozen=True, slots=True)
class Check:
    """One question with its outcome.

    ``id`` is structure proof issuer recipient dates revocation. ``message`` is one plain sentence.
    ``verdict`` is the verdict this check forces when it did not pass (expired, revoked…), if any.
    ``detail`` holds label → value for those who look closer: Method, Source, Key, When, Spec…
    """

    id: str
    outcome: Outcome
    message: str
    verdict: Verdict | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UsedDocument:
    """A document the report stands on."""

    url: str
    sha256: str
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one credential at one time, in the checks' order, with the verdict.

    ``credential`` is the credential as it was judged: completed from hosted documents. ``notes`` are
    sentences that change nothing but should be said.
    """

    verdict: Verdict
    checks: tuple[Check, ...]
    credential: Credential
    documents: tuple[UsedDocument, ...]
    at: datetime
    notes: tuple[str, ...] = ()
    contained: tuple["Report", ...] = ()
    matched: str | None = None
    """Which of the addresses asked about it was awarded to, if any."""
    issuer_evidence: Mapping[str, str] = field(default_factory=dict)
    """How we know the issuer, label → sentence ("Web domain" → "The key is published at uc.pt."); beside the verdict."""

    @property
    def valid(self) -> bool:
        """True for the verdict ``verified`` alone: what could not be learnt was not verified."""
        return self.verdict is Verdict.verified

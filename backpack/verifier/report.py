"""All answers and a verdict: what an employer reads, and what `--json` prints."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ..errors import Unreadable
from .credential import Credential, Endorsement, Issuer
from .frozen import frozen

if TYPE_CHECKING:
    from .case import Signature

KEY = "Key"
"""What the evidence is called of an issuer that is known by the very key that signs."""


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


@frozen
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


@frozen
class UsedDocument:
    """A document the report stands on."""

    url: str
    sha256: str
    fetched_at: datetime | None


@frozen
class Endorsed:
    """One endorsement, verified on its own. ``about``: badge, achievement, issuer, creator, or None when none of them.

    ``by_key_alone``: whether all that is known of who gave it is a key, which anybody can make in any name.
    ``by_own_id``: whether it names that by an id that is provably the issuer's; another could stand in anybody's badge.
    """

    said: Endorsement
    about: str | None
    verdict: Verdict
    message: str
    by_key_alone: bool = False
    by_own_id: bool = False


@frozen
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
    """How we know the issuer, label → sentence ("Web domain" → "The key is published at uc.pt.")."""
    signatures: tuple["Signature", ...] = ()
    """What each signature came to, first the one that decides: one that holds and is the issuer's is enough."""
    endorsements: tuple[Endorsed, ...] = ()
    """What others say for it; it changes nothing about the verdict."""
    begins_at: datetime | None = None
    """From when it holds, by whatever in it says so."""
    ends_at: datetime | None = None
    """Until when it holds, by whatever in it says so first."""

    @property
    def valid(self) -> bool:
        """True for the verdict ``verified`` alone: what could not be learnt was not verified."""
        return self.verdict is Verdict.verified

    @property
    def reason(self) -> str:
        """The sentence of the check that brought the verdict about; nothing where all is well."""
        return next((c.message for c in self.checks if decides(c.outcome, c.verdict, self.verdict)), "")


def decides(outcome: str, forces: str | None, verdict: str) -> bool:
    """Whether a check that ended so, and forces that verdict where it fails, brought this one about."""
    if verdict == Verdict.unconfirmed:
        return outcome == Outcome.unknown
    return outcome == Outcome.failed and (forces or Verdict.invalid) == verdict


def is_by_key_alone(issuer_evidence: Iterable[str]) -> bool:
    """Whether all that is known of an issuer is a key: anybody can make one, in any name."""
    return set(issuer_evidence) == {KEY}


def as_json(report: Report) -> dict[str, Any]:
    """The report as ``verify --json`` prints it and the JSON API shows it. It names the recipient: for its owner."""
    credential = report.credential
    return {
        "valid": report.valid,
        "verdict": report.verdict.value,
        "version": credential.version,
        "carrier": credential.carrier,
        "checks": [check_as_json(check) for check in report.checks],
        "badge": _badge_as_json(credential) | {"endorsements": _endorsements_as_json(report)},
        "documents": [
            {"url": used.url, "sha256": used.sha256, "fetched_at": moment(used.fetched_at)}
            for used in report.documents
        ],
        "at": moment(report.at),
        "matched": report.matched,
        "issuer_evidence": dict(report.issuer_evidence),
        "signatures": signatures_as_json(report.signatures),
        "notes": list(report.notes),
        "contained": [as_json(inner) for inner in report.contained],
        "begins_at": moment(report.begins_at),
        "ends_at": moment(report.ends_at),
    }


def signatures_as_json(signatures: Iterable["Signature"]) -> list[dict[str, Any]]:
    """Each signature: how it is made, whether it holds, whether its key is the issuer's.

    ``changed``: it does not fit what it stands under, which was changed or signed by somebody else.
    """
    return [
        {
            "suite": one.suite,
            "outcome": one.outcome.value,
            "message": one.because,
            "error": one.error,
            "changed": one.changed,
            "method": one.method,
            "bound": one.bound.value,
        }
        for one in signatures
    ]


def check_as_json(check: Check) -> dict[str, Any]:
    """One check as it stands in a report."""
    return {
        "id": check.id,
        "outcome": check.outcome.value,
        "message": check.message,
        "verdict": check.verdict.value if check.verdict else None,
        "detail": dict(check.detail),
    }


def _badge_as_json(credential: Credential) -> dict[str, Any]:
    achievement, issuer = credential.achievement, credential.issuer
    return {
        "id": credential.id,
        "achievement": achievement.id,
        "name": credential.called,
        "description": achievement.description,
        "criteria": {"url": achievement.criteria_url, "narrative": achievement.criteria_narrative},
        "image": credential.picture.url if credential.picture else None,
        "issuer": _issuer_as_json(issuer),
        "recipient": next((recipient.identity for recipient in credential.recipients), None),
        "recipient_name": credential.recipient_name,
        "issued_at": moment(credential.issued_at),
        "expires_at": moment(credential.expires_at),
        "tags": list(achievement.tags),
        "narrative": credential.narrative,
        "evidence": [asdict(each) for each in credential.evidence],
        "alignments": [asdict(each) for each in achievement.alignments],
        "results": [asdict(each) for each in credential.results],
        "kind": achievement.kind,
        "language": credential.language,
        "translations": {
            "name": dict(credential.titles) | dict(achievement.names),
            "description": dict(achievement.descriptions),
        },
        "identifiers": [asdict(each) for each in achievement.identifiers],
        "related": [asdict(each) for each in achievement.related],
        "creator": _issuer_as_json(achievement.creator) if achievement.creator else None,
        "source": _issuer_as_json(credential.source) if credential.source else None,
        "facts": dict(achievement.extra) | dict(credential.facts),
        "associations": [asdict(each) for each in credential.associations],
    }


def _issuer_as_json(issuer: Issuer) -> dict[str, Any]:
    return {
        "id": issuer.id,
        "name": issuer.name,
        "url": issuer.url,
        "email": issuer.email,
        "phone": issuer.phone,
        "address": issuer.address,
        "description": issuer.description,
        "image": issuer.picture.url if issuer.picture else None,
        "identifiers": [asdict(each) for each in issuer.identifiers],
    }


def _endorsements_as_json(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "id": one.said.by.id,
            "name": one.said.by.name or one.said.by.id,
            "url": one.said.by.url,
            "title": one.said.name,
            "comment": one.said.comment,
            "about": one.about,
            "verdict": one.verdict.value,
            "message": one.message,
            "by_key_alone": one.by_key_alone,
            "by_own_id": one.by_own_id,
        }
        for one in report.endorsements
    ]


def moment(at: datetime | None) -> str | None:
    """A time as reports write it: 2026-05-03T12:00:00Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def no_badge_as_json(error: Unreadable, at: datetime) -> dict[str, Any]:
    """The same shape for bytes that hold no badge: verdict ``not_a_badge`` and the reason as its one check."""
    return {
        "valid": False,
        "verdict": Verdict.not_a_badge.value,
        "version": "",
        "carrier": "",
        "checks": [{"id": "structure", "outcome": Outcome.failed.value, "message": error.says, "detail": {}}],
        "badge": None,
        "documents": [],
        "at": moment(at),
        "problem": {"code": error.code, "says": error.says, "try_this": error.try_this},
    }

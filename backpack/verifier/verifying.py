"""Ask every check, and say in one word what came of it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from ..errors import Unreadable
from .case import Case, Signature
from .checks import CHECKS, Question
from .checks.recipient import matching
from .credential import Credential
from .documents import Document, Documents
from .linked import says_withdrawn
from .report import Check, Outcome, Report, UsedDocument, Verdict
from .versions import VERSIONS, Version

T = TypeVar("T")
MAX_HOPS = 3  # an address may lead to a picture that holds another address
_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # what is wanted does not depend on when
_ORDER = (
    Verdict.invalid,
    Verdict.revoked,
    Verdict.suspended,
    Verdict.expired,
    Verdict.not_yet_valid,
    Verdict.wrong_recipient,
)


def wanted(credential: Credential, documents: Documents) -> set[str]:
    """The addresses that a final report still needs; empty when every one was answered, well or badly."""
    return wanted_at_depth(credential, documents, 0)


def verify(
    credential: Credential, documents: Documents, recipients: Iterable[str] | None, at: datetime
) -> Report:
    """All checks of a credential at one time, from the documents in hand.

    ``recipients`` are the addresses it should have been awarded to, None when nobody asks. A bad badge
    never raises: it gets a report that says what is wrong.
    """
    asked = None if recipients is None else tuple(recipients)
    return _report(credential, documents, asked, at, 0)


def wanted_at_depth(credential: Credential, documents: Documents, depth: int) -> set[str]:
    """The same for a credential that another one refers to, ``depth`` steps away."""
    found, address = _found(credential, documents)
    if address is not None:
        return {address} if address not in documents else set()
    version = _version(found)
    wants = version.needs(found, documents) if version else set()
    case = Case(_completed(found, documents), documents, None, _SOME_TIME, original=found, depth=depth)
    for question in CHECKS:
        wants |= _asked(partial(question.needs, case), set())
    for inner in found.contained:
        wants |= wanted_at_depth(inner, documents, depth)
    return {url.partition("#")[0] for url in wants} - {d.url for d in documents}


def verify_at_depth(credential: Credential, documents: Documents, at: datetime, depth: int) -> Report:
    """The report on a credential that another one refers to, whoever its recipient is."""
    return _report(credential, documents, None, at, depth)


def _report(
    credential: Credential, documents: Documents, recipients: tuple[str, ...] | None, at: datetime, depth: int
) -> Report:
    used = _Watched(documents)
    found, address = _found(credential, used)
    if address is not None:
        return _nothing_there(credential, used, address, at)
    case = Case(_completed(found, used), used, recipients, at, original=found, depth=depth)
    checks = tuple(_answer(question, case) for question in CHECKS)
    contained = tuple(_report(inner, used, None, at, depth) for inner in case.credential.contained)
    checks = (*checks, *_contained_check(contained))
    return Report(
        verdict=_verdict(checks),
        checks=checks,
        credential=case.credential,
        documents=used.seen(),
        at=at,
        notes=case.credential.notes,
        contained=contained,
        matched=matching(case),
        issuer_evidence={k: v for s in _signatures(case) for k, v in s.issuer_evidence.items()},
    )


def _found(credential: Credential, documents: Documents) -> tuple[Credential, str | None]:
    """The credential itself; when only its address is known, what is served there, or the address still open."""
    address = credential.address
    for _ in range(MAX_HOPS):
        if credential.version or address is None:
            return credential, None
        served = _served_at(address, documents)
        if served is None:
            return credential, address
        if not served.version:
            address = served.address
            continue
        return _arrived(served, credential, address), None
    return credential, address


def _served_at(address: str, documents: Documents) -> Credential | None:
    document = documents.get(address)
    if document is None or not document.body or not (document.ok or document.status == 410):
        return None
    from .reading import read

    try:
        return read(document.body)
    except Unreadable:
        return None


def _arrived(served: Credential, asked: Credential, address: str) -> Credential:
    """A credential fetched from an address, as it came to us; only OB 0.5 cannot name its own address."""
    return replace(
        served,
        carrier=asked.carrier,
        address=address if served.version == "0.5" else served.address,
        notes=(*asked.notes, *served.notes),
        problems=(*asked.problems, *served.problems),
    )


def _version(credential: Credential) -> Version | None:
    return next((v for v in VERSIONS.values() if v.recognises(credential.raw)), None)


def _completed(credential: Credential, documents: Documents) -> Credential:
    version = _version(credential)
    return version.complete(credential, documents) if version else credential


def _asked(ask: Callable[[], T], otherwise: T) -> T:
    """What a check says, or the other answer where reading the badge safely would cost too much."""
    try:
        return ask()
    except Unreadable:
        return otherwise


def _answer(question: Question, case: Case) -> Check:
    try:
        return question.answer(case)
    except Unreadable as error:
        return Check(question.ID, Outcome.unknown, error.says)


def _signatures(case: Case) -> tuple[Signature, ...]:
    return _asked(lambda: case.signatures, ())


def _contained_check(reports: tuple[Report, ...]) -> tuple[Check, ...]:
    """What the credentials inside mean for the record: a forged or withdrawn one spoils it, an expired one does not."""
    if not reports:
        return ()
    count = "1 credential" if len(reports) == 1 else f"{len(reports)} credentials"
    for verdict, says in (
        (Verdict.invalid, "is not genuine"),
        (Verdict.revoked, "was taken back by its issuer"),
        (Verdict.suspended, "is suspended by its issuer"),
    ):
        if bad := next((r for r in reports if r.verdict is verdict), None):
            return (
                Check("contained", Outcome.failed, f"“{bad.credential.title}” inside it {says}.", verdict),
            )
    if open_one := next((r for r in reports if r.verdict is Verdict.unconfirmed), None):
        says = f"Not everything about “{open_one.credential.title}” inside it could be checked."
        return (Check("contained", Outcome.unknown, says),)
    ended = sum(r.verdict is not Verdict.verified for r in reports)
    rest = f"; {ended} of them not valid now" if ended else ""
    return (Check("contained", Outcome.passed, f"It holds {count}, all genuine{rest}."),)


def _verdict(checks: tuple[Check, ...]) -> Verdict:
    forced = {c.verdict or Verdict.invalid for c in checks if c.outcome is Outcome.failed}
    for verdict in _ORDER:
        if verdict in forced:
            return verdict
    passed = {c.id for c in checks if c.outcome is Outcome.passed}
    sure = {"structure", "proof", "issuer"} <= passed
    if not sure or any(c.outcome is Outcome.unknown for c in checks):
        return Verdict.unconfirmed
    return Verdict.verified


def _nothing_there(credential: Credential, used: "_Watched", address: str, at: datetime) -> Report:
    document = used.get(address)
    if document is not None and says_withdrawn(document):
        says, verdict = "The issuer has taken it back: its address says that it is gone.", Verdict.revoked
        check = Check("revocation", Outcome.failed, says, verdict, {"Source": address})
    elif document is not None and document.ok:
        says, verdict = f"What is served at {address} is not a badge.", Verdict.not_a_badge
        check = Check("structure", Outcome.failed, says, verdict, {"Source": address})
    else:
        why = (document.problem if document else None) or "it has not been fetched"
        says = f"Only its address is known, and what is there could not be read: {why}."
        verdict = Verdict.unconfirmed
        check = Check("structure", Outcome.unknown, says, detail={"Source": address})
    return Report(verdict, (check,), credential, used.seen(), at, notes=credential.notes)


class _Watched(Documents):
    """Documents that remember which of them were looked at: those are what a report stands on."""

    __slots__ = ("_looked_at",)

    def __init__(self, documents: Documents) -> None:
        super().__init__(*documents)
        self._looked_at: dict[str, UsedDocument] = {}

    def get(self, url: str) -> Document | None:
        document = super().get(url)
        if document is not None:
            self._looked_at[document.url] = UsedDocument(document.url, document.sha256, document.fetched_at)
        return document

    def seen(self) -> tuple[UsedDocument, ...]:
        """The documents looked at so far, in the order of their addresses."""
        return tuple(self._looked_at[url] for url in sorted(self._looked_at))

"""A presentation: credentials that somebody shows, signed by whoever shows them (VC 2.0 §4.13).

Each credential inside gets its own report. The presentation's own signature says that its holder showed
them, when a challenge was demanded to whoever set it, and nothing about what they are worth.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from ..errors import NothingInside
from . import strict_json
from .budget import Budget
from .carriers import Unbaked
from .carriers.compact_jwt import looks_compact, without_envelope
from .case import Case, Demand, Signature
from .checks import proof, structure
from .compact import credential_in, payload, presentation_in
from .concluding import verdict_of
from .credential import Credential, Issuer, Json, JsonObject
from .documents import Documents
from .fields import identifier, many, types
from .frozen import frozen
from .reading import ENVELOPE, contained
from .report import Check, Outcome, Report, UsedDocument, as_json, check_as_json, moment, signatures_as_json
from .rules import Findings
from .rules.data_model import check_envelope, check_presentation
from .verifying import answered, signatures_of, verify_at_depth, wanted_at_depth
from .watching import Watched

VERSION = "vp"
VERIFIABLE = frozenset({"3.0", "clr2.0", "vc"})
SHOWING = Demand(purpose="authentication")
_KINDS = ("EnvelopedVerifiablePresentation", "VerifiablePresentation")


@frozen
class Presentation:
    """What is shown: ``own`` is the presentation in the shape of a credential, its holder as the issuer."""

    own: Credential
    credentials: tuple[Credential, ...]


@frozen
class PresentationReport:
    """All answers about a presentation: its own checks (structure, proof, holder), and a report a credential."""

    holder: str | None
    checks: tuple[Check, ...]
    signatures: tuple[Signature, ...]
    credentials: tuple[Report, ...]
    documents: tuple[UsedDocument, ...]
    at: datetime


def read_presentation(data: bytes) -> Presentation:
    """The presentation in a JSON text or a compact token; raises Unreadable when there is none."""
    text, found = data.strip(), Findings()
    if text.startswith(b"{"):
        raw = strict_json.load_object(text)
        if _KINDS[0] not in types(raw):
            return _presentation(raw, None, found)
        check_envelope(raw, found)
        text = str(raw.get("id", "")).encode()
    compact = without_envelope(text.decode("ascii", "replace"))
    if not looks_compact(compact):
        raise NothingInside("This is no presentation.")
    return _presentation(presentation_in(payload(compact)), compact, found)


def wanted_by(
    presentation: Presentation, documents: Documents, at: datetime, demand: Demand = SHOWING
) -> set[str]:
    """The addresses that a final report on a presentation still needs."""
    budget = Budget(file=presentation.own.raw)
    case = Case(presentation.own, documents, None, at, demand=demand, budget=budget)
    wants = structure.needs(_alone(case)) | proof.needs(case)
    for credential in presentation.credentials:
        wants |= wanted_at_depth(credential, documents, 0, budget)
    return {url.partition("#")[0] for url in wants} - {document.url for document in documents}


def verify_presentation(
    presentation: Presentation, documents: Documents, at: datetime, demand: Demand = SHOWING
) -> PresentationReport:
    """All checks of a presentation and of what it shows, from the documents in hand; never raises."""
    used = Watched(documents)
    budget = Budget(file=presentation.own.raw)
    case = Case(presentation.own, used, None, at, demand=demand, budget=budget)
    checks = (answered(structure, _alone(case)), answered(proof, case), _holder(case))
    holder = presentation.own.issuer.id if checks[2].outcome is Outcome.passed else None
    inside = many(presentation.own.raw.get("verifiableCredential"))
    reports = tuple(_shown(one, inside, used, at, holder, budget) for one in presentation.credentials)
    return PresentationReport(
        presentation.own.issuer.id, checks, signatures_of(case), reports, used.seen(), at
    )


def presentation_as_json(report: PresentationReport) -> dict[str, Any]:
    """The report for programs: the checks of the presentation, and a report a credential as ``as_json`` makes it."""
    return {
        "holder": report.holder,
        "checks": [check_as_json(check) for check in report.checks],
        "signatures": signatures_as_json(report.signatures),
        "credentials": [as_json(each) for each in report.credentials],
        "documents": [
            {"url": used.url, "sha256": used.sha256, "fetched_at": moment(used.fetched_at)}
            for used in report.documents
        ],
        "at": moment(report.at),
    }


def _presentation(raw: JsonObject, compact: str | None, found: Findings) -> Presentation:
    if _KINDS[1] not in types(raw):
        raise NothingInside("This is no presentation.")
    check_presentation(raw, found)
    inside = () if found.problems else contained(raw, Unbaked("", "json"))
    found.expect(
        all(one.version in VERIFIABLE for one in inside), "It shows something that is no credential."
    )
    shown = () if found.problems else inside
    own = Credential(
        VERSION,
        "jwt" if compact else "json",
        raw=raw,
        compact=compact,
        issuer=Issuer(id=identifier(raw.get("holder"))),
        notes=tuple(found.notes),
        problems=tuple(found.problems),
    )
    return Presentation(own, shown)


def _alone(case: Case) -> Case:
    """The presentation without what it shows, which is looked at by itself."""
    bare = {name: value for name, value in case.credential.raw.items() if name != "verifiableCredential"}
    return replace(case, credential=replace(case.credential, raw=bare))


def _holder(case: Case) -> Check:
    signature, holder = case.signature, case.credential.issuer.id
    if holder is None:
        return Check("holder", Outcome.skipped, "It does not say who its holder is.")
    if signature is None or signature.outcome is not Outcome.passed:
        return Check(
            "holder", Outcome.skipped, "Without a signature that holds, nobody can say who shows it."
        )
    says = {
        Outcome.passed: "It was signed with a key of the holder whom it names.",
        Outcome.failed: "It was not signed by the holder whom it names.",
    }
    unknown = "Nothing at hand shows whether the key that signed it is the holder's."
    return Check("holder", signature.bound, says.get(signature.bound, unknown), detail={"Holder": holder})


def _shown(
    credential: Credential,
    inside: tuple[Json, ...],
    documents: Documents,
    at: datetime,
    holder: str | None,
    budget: Budget,
) -> Report:
    """The report on a credential; one that the holder states of themselves needs no signature of its own.

    ``holder`` is who signed the presentation, None when that is not sure; ``inside`` is all that stands in it.
    """
    report = verify_at_depth(credential, documents, at, 0, budget)
    if holder is None or credential.issuer.id != holder or not _is_stated(credential, inside):
        return report
    said = "It was signed together with the presentation: its holder says it of themselves."
    checks = tuple(
        Check(check.id, Outcome.passed, said) if check.id in ("proof", "issuer") else check
        for check in report.checks
    )
    return replace(report, checks=checks, verdict=verdict_of(checks))


def _is_stated(credential: Credential, inside: tuple[Json, ...]) -> bool:
    """Whether it stands unsigned in the presentation itself: what lay in an envelope is the word of who closed that."""
    return "proof" not in credential.raw and any(one is credential.raw for one in inside)


def is_presentation(given: Json) -> bool:
    """Whether an object or a token says that it is a presentation, in however many envelopes it comes."""
    if isinstance(given, str):
        token = without_envelope(given)
        return looks_compact(token) and is_presentation(credential_in(payload(token)))
    kinds = types(given)
    return any(kind in kinds for kind in _KINDS) or (ENVELOPE in kinds and is_presentation(given.get("id")))

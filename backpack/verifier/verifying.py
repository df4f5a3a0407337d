"""Ask every check, and say in one word what came of it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from ..errors import Unreadable
from . import endorsements, refreshing
from .budget import Budget
from .case import LEFT_OUT, USUAL, Case, Demand, Signature
from .checks import CHECKS, Question
from .concluding import check_contained, nothing_there, of_others, verdict_of
from .credential import Credential
from .documents import Documents
from .locating import completed, located, version_of
from .report import Check, Endorsed, Outcome, Report
from .watching import Watched

T = TypeVar("T")
_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # what is wanted does not depend on when


def wanted(credential: Credential, documents: Documents, demand: Demand = USUAL) -> set[str]:
    """The addresses that a final report still needs; empty when every one was answered, well or badly."""
    return wanted_at_depth(credential, documents, 0, None, demand)


def verify(
    credential: Credential,
    documents: Documents,
    recipients: Iterable[str] | None,
    at: datetime,
    demand: Demand = USUAL,
) -> Report:
    """All checks of a credential at one time, from the documents in hand.

    ``recipients`` are the addresses it should have been awarded to, None when nobody asks. A bad badge
    never raises: it gets a report that says what is wrong.
    """
    asked = None if recipients is None else tuple(recipients)
    return _report(credential, Watched(documents), asked, at, 0, None, demand)


def verify_so_far(
    credential: Credential,
    documents: Documents,
    recipients: Iterable[str] | None,
    at: datetime,
    demand: Demand = USUAL,
) -> tuple[Report, set[str]]:
    """The report from the documents in hand, and the addresses that a final one still needs: none where it is final.

    A report says the same whatever else is in hand, unless it looked for that: one that looked for nothing
    in vain is final, and to ask what is wanted would be work for nothing.
    """
    asked, used = None if recipients is None else tuple(recipients), Watched(documents)
    report = _report(credential, used, asked, at, 0, None, demand)
    return report, wanted(credential, documents, demand) if used.lacks_any() else set()


def wanted_at_depth(
    credential: Credential, documents: Documents, depth: int, budget: Budget | None, demand: Demand = USUAL
) -> set[str]:
    """The same for a credential that another one refers to, ``depth`` steps away, on that one's budget or its own."""
    found, address = located(credential, documents)
    if address is not None:
        return _not_in_hand({address}, documents)
    version = version_of(found)
    wants = version.needs(found, documents) if version else set()
    whole = completed(found, documents)
    budget = budget or Budget(file=found.raw)
    case = Case(whole, documents, None, _SOME_TIME, original=found, depth=depth, demand=demand, budget=budget)
    for question in CHECKS:
        wants |= _asked(partial(question.needs, case), set())
    for inner in found.contained:
        wants |= wanted_at_depth(inner, documents, depth, budget)
    open_now = _not_in_hand(wants, documents)
    # What others say for it, and a newer version, come last: the badge itself must not run out of requests.
    return open_now or _not_in_hand(_wanted_beyond(case), documents)


def _wanted_beyond(case: Case) -> set[str]:
    def needs(one: Credential) -> set[str]:
        return wanted_at_depth(one, case.documents, case.depth + 1, case.budget)

    found: set[str] = set()
    for beyond in (endorsements, refreshing):
        found |= _asked(partial(beyond.wanted, case, needs), set())
    return found


def _not_in_hand(wants: set[str], documents: Documents) -> set[str]:
    return {bare for url in wants if (bare := url.partition("#")[0]) not in documents}


def verify_at_depth(
    credential: Credential, documents: Documents, at: datetime, depth: int, budget: Budget | None
) -> Report:
    """The report on a credential that another one refers to, whoever its recipient is; on that one's budget."""
    return _report(credential, Watched(documents), None, at, depth, budget)


def _report(
    credential: Credential,
    used: Watched,
    recipients: tuple[str, ...] | None,
    at: datetime,
    depth: int,
    budget: Budget | None,
    demand: Demand = USUAL,
) -> Report:
    found, address = located(credential, used)
    if address is not None:
        return nothing_there(credential, used, address, at)
    whole = completed(found, used)
    budget = budget or Budget(file=found.raw)
    case = Case(whole, used, recipients, at, original=found, depth=depth, demand=demand, budget=budget)
    checks = tuple([answered(question, case) for question in CHECKS])
    inside = case.credential.contained
    contained = tuple([_report(inner, Watched(used), None, at, depth, budget) for inner in inside])
    checks = (*checks, *check_contained(contained))
    said_for_it, refreshed = _beyond(case)
    never: tuple[datetime | None, datetime | None] = (None, None)
    begins, ends = _asked(lambda: case.term, never)
    left_out = (LEFT_OUT,) if _asked(lambda: case.may_be_a_part, True) else ()
    return Report(
        verdict=verdict_of(checks),
        checks=(*checks, *endorsements.check(said_for_it)),
        credential=case.credential,
        documents=used.seen(),
        at=at,
        notes=(*case.credential.notes, *left_out, *of_others(case.credential, contained), *refreshed),
        contained=contained,
        matched=case.matched,
        issuer_evidence=_asked(partial(_evidence, case), {}),
        signatures=signatures_of(case),
        endorsements=said_for_it,
        begins_at=begins,
        ends_at=ends,
    )


def _beyond(case: Case) -> tuple[tuple[Endorsed, ...], tuple[str, ...]]:
    """What others say for it, and what there is to say of a newer version; neither changes the verdict."""
    if case.credential.is_ordinary:  # which names neither
        return (), ()

    def verified(one: Credential, budget: Budget | None = None) -> Report:
        return verify_at_depth(one, case.documents, case.at, case.depth + 1, budget)

    nobody: tuple[Endorsed, ...] = ()
    nothing: tuple[str, ...] = ()
    return (
        _asked(partial(endorsements.endorsed, case, partial(verified, budget=case.budget)), nobody),
        _asked(partial(refreshing.note, case, verified), nothing),
    )


def answered(question: Question, case: Case) -> Check:
    """What one check says; unknown where reading the badge safely would cost too much."""
    try:
        return question.answer(case)
    except Unreadable as error:
        return Check(question.ID, Outcome.unknown, error.says)


def signatures_of(case: Case) -> tuple[Signature, ...]:
    """Every signature, tried; none where that would cost too much."""
    return _asked(lambda: case.signatures, ())


def _asked(ask: Callable[[], T], otherwise: T) -> T:
    """What a check says, or the other answer where reading the badge safely would cost too much."""
    try:
        return ask()
    except Unreadable:
        return otherwise


def _evidence(case: Case) -> Mapping[str, str]:
    return case.signature.issuer_evidence if case.signature else {}

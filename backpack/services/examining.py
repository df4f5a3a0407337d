"""Answering programs by the VC-API: is this credential, or this presentation, verified? Nothing of it is kept."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from .. import workers
from ..config import Settings
from ..errors import Unreadable
from ..verifier import Demand, Document
from . import faults, throttling
from .answering import asking_around
from .faults import Counting, Problem
from .weighing import Weighed

FOR_EACH_NETWORK = 3600
"""Answers an hour: one a second, enough for a conformance suite, too few to keep every worker busy."""
SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Terms:
    """What the asker demands of the signature, and what counts besides."""

    demand: Demand
    counting: Counting


@dataclass(frozen=True, slots=True)
class Examined:
    """``verified``, or the problems that keep it from being so. ``report`` is empty when nothing could be read."""

    problems: tuple[Problem, ...]
    report: dict[str, Any]

    @property
    def verified(self) -> bool:
        """Whether nothing that counts is wrong or open."""
        return not self.problems


def examine_credential(
    db: Session, given: object, terms: Terms, settings: Settings, network_of_asker: str, at: datetime
) -> Examined:
    """Verify a credential: a JSON object, or a text that is a JWT. Raises TooMany.

    The report is as ``verify --json`` prints it, without asking about a recipient.
    """
    return _examine(db, "credential", given, terms, settings, network_of_asker, at)


def examine_presentation(
    db: Session, given: object, terms: Terms, settings: Settings, network_of_asker: str, at: datetime
) -> Examined:
    """The same for a presentation and all it shows; see ``verifier.presenting.presentation_as_json`` for the report."""
    return _examine(db, "presentation", given, terms, settings, network_of_asker, at)


def _examine(
    db: Session,
    what: str,
    given: object,
    terms: Terms,
    settings: Settings,
    network_of_asker: str,
    at: datetime,
) -> Examined:
    throttling.count(db, f"vc-api:{network_of_asker}", FOR_EACH_NETWORK, 3600, at)
    if not isinstance(given, dict) and not (isinstance(given, str) and _is_token(given)):
        says = f"What is to be verified must be a JSON object or a JWT: there is no {what} in this request."
        return _unread(f"{faults.DATA_MODEL}MALFORMED_VALUE_ERROR", says)
    data = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    try:
        weighed = asking_around(_weigh(what, data.encode(), terms.demand, at), settings)
    except Unreadable as error:
        return _unread(f"{faults.DATA_MODEL}PARSING_ERROR", error.says)
    return Examined(tuple(faults.of_report(weighed.report, terms.counting)), weighed.report)


def _is_token(given: str) -> bool:
    # A text that is JSON, an address, or anything else is no credential: only an object or a token is.
    return given.isascii() and given.count(".") == 2 and not any(c in given for c in ' \t\r\n{":/')


def _weigh(what: str, data: bytes, demand: Demand, at: datetime) -> Callable[[Collection[Document]], Weighed]:
    def weigh(documents: Collection[Document]) -> Weighed:
        work = f"backpack.services.weighing:{what}"
        weighed: Weighed = workers.run(work, data, list(documents), demand, at, seconds=SECONDS)
        return weighed

    return weigh


def _unread(kind: str, says: str) -> Examined:
    return Examined((Problem(kind, "This cannot be read", says),), {})

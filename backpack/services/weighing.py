"""What is done with a program's credential or presentation inside a worker: read it, and verify it by the standard.

Like ``judging``, these functions run in killable processes (``workers.run``): they take and give plain
values only and know neither database nor network.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..errors import NothingInside
from ..verifier import Demand, Document, Documents, as_json, read, strict_json, verify_so_far
from ..verifier.presenting import (
    VERIFIABLE,
    is_presentation,
    presentation_as_json,
    read_presentation,
    verify_presentation,
    wanted_by,
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A report with the documents in hand, as JSON; final when ``wants`` is empty."""

    wants: tuple[str, ...]
    report: dict[str, Any]


def credential(data: bytes, documents: Iterable[Document], demand: Demand, at: datetime) -> Weighed:
    """The report on a verifiable credential; raises Unreadable for anything else, badges of OB 1 and 2 included."""
    if is_presentation(strict_json.load_object(data) if data.startswith(b"{") else data.decode()):
        raise NothingInside("This is a presentation, not a credential.")
    found = read(data)
    if found.version not in VERIFIABLE:
        raise NothingInside("This is not a verifiable credential.")
    report, wants = verify_so_far(found, Documents(*documents), None, at, demand)
    return Weighed(tuple(sorted(wants)), as_json(report))


def presentation(data: bytes, documents: Iterable[Document], demand: Demand, at: datetime) -> Weighed:
    """The report on a presentation and on every credential in it; raises Unreadable for anything else."""
    found = read_presentation(data)
    hand = Documents(*documents)
    report = verify_presentation(found, hand, at, demand)
    return Weighed(tuple(sorted(wanted_by(found, hand, at, demand))), presentation_as_json(report))

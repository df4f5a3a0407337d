"""How an issuer can take a badge back: one module a kind of status entry, one line each here."""

from collections.abc import Mapping
from dataclasses import field
from typing import Protocol

from ..case import Case
from ..credential import JsonObject
from ..frozen import frozen
from ..report import Outcome, Verdict


@frozen
class Standing:
    """What one status entry came to. ``verdict`` is revoked, suspended or invalid when it failed."""

    outcome: Outcome
    says: str
    verdict: Verdict | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


class Status(Protocol):
    """A kind of status entry."""

    def needs(self, entry: JsonObject, case: Case) -> set[str]:
        """URLs still wanted before it can be read; never one already in hand."""

    def read(self, entry: JsonObject, case: Case) -> Standing:
        """What the entry says now; unknown where its list is missing or cannot be trusted."""


from . import bitstring, revocation_list  # noqa: E402  (they need Standing)

STATUSES: dict[str, Status] = {
    "BitstringStatusListEntry": bitstring,
    "StatusList2021Entry": bitstring,
    "1EdTechRevocationList": revocation_list,
}

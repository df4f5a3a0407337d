"""What each standard demands of the JSON itself, told as sentences: one module a family of standards."""

from dataclasses import dataclass, field
from typing import Protocol

from ..credential import Json, JsonObject
from ..fields import many, types


@dataclass(slots=True)
class Findings:
    """What a set of rules found: problems make a badge invalid, notes should only be said."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def expect(self, holds: bool, problem: str) -> None:
        """A demand of the standard."""
        if not holds and problem not in self.problems:
            self.problems.append(problem)

    def prefer(self, holds: bool, note: str) -> None:
        """A demand that real badges break without harm."""
        if not holds and note not in self.notes:
            self.notes.append(note)

    def text(self, value: Json, holds: bool, problem: str) -> None:
        """A demand on a text; an empty one is one by the standard, and real badges have such."""
        (self.prefer if value == "" else self.expect)(holds, problem)

    def typed(self, value: Json, wanted: str, what: str, *, required: bool = True) -> None:
        """That every one of these things says it is of the wanted type."""
        for one in many(value):
            if wanted not in types(one) and (required or (isinstance(one, dict) and "type" in one)):
                self.expect(False, f"{what} is not of type {wanted}.")


class Rules(Protocol):
    """What a generation that links its parts (Open Badges 1 and 2) demands of each of them."""

    def check_class(self, raw: JsonObject, found: Findings) -> None:
        """The badge class."""

    def check_issuer(self, raw: JsonObject, found: Findings) -> None:
        """The issuer's profile."""

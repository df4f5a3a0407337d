"""How much work one file may cost, counted in steps, so that the answer is the same on any machine."""

from collections.abc import Hashable, Mapping
from typing import Any

from ..errors import TooComplex
from .credential import Json, JsonObject

LEAST = 8_000
SIGNATURES = {"Ed25519": 60, "P-256": 40, "P-384": 300, "RSA": 100}
"""What verifying one signature costs, by the kind of its key."""


class Budget:
    """Steps that are left; whoever works spends them, and a file that wants more is refused.

    A step is about one visit of one statement (some microseconds). The largest real badges need a few
    thousand; a graph made to be slow needs billions. One budget serves a whole file: every proof on it,
    every credential inside it and every endorsement of it, or a hostile one could be written many times.
    """

    __slots__ = ("_beside", "_file", "_made", "_paid", "_whole", "left")

    def __init__(self, steps: int = LEAST, file: JsonObject | None = None) -> None:
        """So many steps, and more by the size of this file's JSON, which is not counted before it matters."""
        self.left = steps
        self._file = file
        self._made: dict[Hashable, Any] = {}
        self._paid: set[Hashable] = set()
        self._whole = file
        self._beside: Budget | None = None

    @property
    def made(self) -> dict[Hashable, Any]:
        """What was made on it, at a cost, for all that it serves to use again."""
        return self._made

    def is_for(self, file: JsonObject) -> bool:
        """Whether this is the file that it serves, and not something inside that."""
        return file is self._whole

    def beside(self) -> "Budget":
        """As much again, once a file, for what must not use up what the file's signatures need."""
        if self._beside is None:
            self._beside = Budget(file=self._whole)
        return self._beside

    def spend(self, steps: int = 1) -> None:
        """Take steps away, or raise TooComplex."""
        self.left -= steps
        if self.left < 0 and not self._affords(0):
            raise TooComplex("This badge is built in a way that would take too much work to check.")

    def affords(self, steps: int, once: Mapping[Hashable, int]) -> bool:
        """Whether so many could be spent, and those that are paid once."""
        return self._affords(steps + sum(cost for what, cost in once.items() if what not in self._paid))

    def _affords(self, steps: int) -> bool:
        if self.left < steps and self._file is not None:
            self.left += steps_for(self._file)
            self._file = None
        return self.left >= steps

    def spend_once(self, what: Hashable, steps: int) -> None:
        """The same for something that is made once and then kept; what honest badges need again costs nothing."""
        if what not in self._paid:
            self._paid.add(what)
            self.spend(steps)


class Meter(Budget):
    """Spends another budget and notes what on: the same can be charged again where the work is not done again."""

    __slots__ = ("_from", "_once", "_steps")

    def __init__(self, budget: Budget) -> None:
        """Spend this one."""
        self._from = budget
        self._steps = 0
        self._once: dict[Hashable, int] = {}
        self._beside: Meter | None = None

    @property
    def made(self) -> dict[Hashable, Any]:
        """What was made on that one."""
        return self._from.made

    def is_for(self, file: JsonObject) -> bool:
        """Whether the other one is."""
        return self._from.is_for(file)

    def beside(self) -> "Budget":
        """The other budget of the file that this one serves, metered too."""
        if self._beside is None:
            self._beside = Meter(self._from.beside())
        return self._beside

    def spend(self, steps: int = 1) -> None:
        """Take steps away from it."""
        self._steps += steps
        self._from.spend(steps)

    def spend_once(self, what: Hashable, steps: int) -> None:
        """The same for something that is made once and then kept."""
        self._once[what] = steps
        self._from.spend_once(what, steps)

    def detach(self) -> None:
        """Spend no more of it, and forget it with the file that it serves: for what is kept after that."""
        self._from = Budget(0)
        if self._beside is not None:
            self._beside.detach()

    def affords(self, steps: int, once: Mapping[Hashable, int]) -> bool:
        """Whether the other one does."""
        return self._from.affords(steps, once)

    def fits(self, budget: Budget) -> bool:
        """Whether this budget has what was spent."""
        beside = self._beside is None or self._beside.fits(budget.beside())
        return beside and budget.affords(self._steps, self._once)

    def charge(self, budget: Budget) -> None:
        """Take from this budget what was spent."""
        budget.spend(self._steps)
        for what, steps in self._once.items():
            budget.spend_once(what, steps)
        if self._beside is not None:
            self._beside.charge(budget.beside())


def steps_for(raw: JsonObject) -> int:
    """What an object's size adds, all credentials inside it included: three steps for about eight letters.

    Records of small badges need that much; a file of 36 KB stays below 100 ms of work with it.
    """
    size = 0
    waiting: list[Json] = [raw]
    while waiting:
        value = waiting.pop()
        size += 3
        if isinstance(value, str):
            size += len(value)
        elif isinstance(value, dict):
            size += sum(map(len, value)) + 3 * len(value)
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return size * 3 // 8

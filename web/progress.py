"""How far an import is, as the live list shows it, and what became of it."""

from dataclasses import dataclass, field

from backpack.services.batches import Tally
from backpack.storage.tables import Arrival, Badge

from . import findings, numbers, words

FEW = 20
"""So many files are shown one by one while they are at work; of more, the numbers and the last few."""


@dataclass(frozen=True, slots=True)
class Line:
    """One arrival in the list: as far as it is known, with its badges and how far their checks are."""

    arrival: Arrival
    badges: tuple[tuple[Badge, bool], ...]
    beyond: frozenset[int]
    """Those of them that no address can make the earner's."""

    @property
    def is_working(self) -> bool:
        """Whether something of it is still being read or checked for the first time."""
        return self.arrival.state in ("waiting", "reading") or any(
            not badge.verdict for badge, _ in self.badges
        )

    @property
    def is_drawing(self) -> bool:
        """Whether a picture of it is still to come."""
        return any(badge.picture_due_at is not None for badge, _ in self.badges)

    @property
    def part(self) -> float:
        """How much of it is done while it is at work: from 0 to just below 1."""
        if self.arrival.state in ("waiting", "reading") or not self.badges:
            return 0.1 if self.arrival.state == "reading" else 0.0
        answered = sum(
            6 if badge.verdict else findings.done(badge.progress or {}) for badge, _ in self.badges
        )
        return 0.2 + 0.75 * answered / (6 * len(self.badges))


@dataclass(frozen=True, slots=True)
class Sum:
    """A row of the summary: how many, what that means, and the list behind it, if there is one."""

    key: str
    mark: str
    word: str
    count: int
    more: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was brought in together, and how far it is. Of many files only some are ``lines``."""

    name: str
    tally: Tally = field(default_factory=Tally)
    lines: tuple[Line, ...] = ()
    troubles: tuple[Line, ...] = ()
    """Of many files: the first that could not be read."""

    @property
    def is_large(self) -> bool:
        """Whether there are too many files to show each of them."""
        return self.tally.total > FEW or self.tally.archives > 0

    @property
    def is_working(self) -> bool:
        """Whether anything is still at work."""
        return self.tally.is_working

    @property
    def is_live(self) -> bool:
        """Whether what is shown is going to change by itself: pictures come after the verdicts."""
        return self.is_working or any(line.is_drawing for line in self.lines)

    @property
    def part(self) -> float:
        """How much is done, with a share for each check that has its answer."""
        shares = 0.0 if self.is_large else sum(line.part for line in self.lines if line.is_working)
        return round(self.tally.done + shares, 2)

    @property
    def says(self) -> str:
        """The one line that is read out."""
        tally = self.tally
        what = numbers.plural(tally.total, "file" if self.is_large else "import")
        if tally.is_working:
            return f"{tally.done} of {what} done"
        if tally.stopped:
            return f"Stopped: {tally.done} of {what} done"
        bad = tally.none + tally.failed
        if self.is_large:
            return f"All {what} done" if tally.total > 1 else "All done"
        if not bad:
            return "All done"
        good = numbers.plural(tally.total - bad, "import")
        return f"Done. {good} brought a badge, {bad} none" if bad < tally.total else "No badge was found"

    @property
    def lacks(self) -> str:
        """How many files brought no badge, in words; nothing when each did."""
        said = [
            f"{count} {why}"
            for count, why in (
                (self.tally.none, "without a badge"),
                (self.tally.failed, "could not be read"),
            )
            if count
        ]
        return ", ".join(said)

    @property
    def sums(self) -> list[Sum]:
        """The summary, a row for each thing that can become of a file."""
        tally = self.tally
        verdicts = ", ".join(
            f"{count} {words.verdict(word).word[0].lower()}{words.verdict(word).word[1:]}"
            for word, count in tally.verdicts.items()
        )
        rows = [
            Sum("imported", "passed", "Verified", tally.imported),
            Sum("there", "passed", "Already there", tally.there),
            Sum("unverified", "unknown", "Kept, but not verified", tally.unverified, verdicts),
            Sum("none", "skipped", "No badge inside", tally.none),
            Sum("failed", "failed", "Could not be read", tally.failed),
        ]
        if tally.stopped:
            rows.append(Sum("", "waiting", "Not read yet", tally.stopped))
        return rows

"""How far an import is, as the live list shows it."""

from dataclasses import dataclass

from backpack.storage.tables import Arrival, Badge

from . import findings, words


@dataclass(frozen=True, slots=True)
class Line:
    """One arrival in the list: as far as it is known, with its badges and how far their checks are."""

    arrival: Arrival
    badges: tuple[tuple[Badge, bool], ...]

    @property
    def is_working(self) -> bool:
        """Whether something of it is still being read or checked for the first time."""
        return self.arrival.state in ("waiting", "reading") or any(
            not badge.verdict for badge, _ in self.badges
        )

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
class Batch:
    """What was brought in together, and how far it is."""

    name: str
    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        """How many lines are through."""
        return sum(1 for line in self.lines if not line.is_working)

    @property
    def part(self) -> float:
        """How much is done, with a share for each check that has its answer."""
        return round(self.done + sum(line.part for line in self.lines if line.is_working), 2)

    @property
    def is_working(self) -> bool:
        """Whether any line is still at work."""
        return self.done < len(self.lines)

    @property
    def says(self) -> str:
        """The one line that is read out."""
        if self.is_working:
            return f"{self.done} of {words.plural(len(self.lines), 'import')} done"
        bad = sum(1 for line in self.lines if line.arrival.state == "failed")
        if not bad:
            return "All done"
        return (
            f"Done. {words.plural(bad, 'import')} brought no badge"
            if len(self.lines) > 1
            else "No badge was found"
        )

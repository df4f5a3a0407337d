"""A badge's history for its earner: each check with its result, and what the issuer changed in the meantime.

What it changed lately is told above the letter as well, where it is seen; the history shows both wordings.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup, escape

from backpack.storage.tables import Badge, Report

from . import numbers, words
from .contents import Fact, spaced
from .dates import day, spelled
from .texts import plain

Json = Mapping[str, Any]

LATELY = timedelta(days=90)
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Changed:
    """One address of an issuer that answers something else than before, in a row like those of the checks."""

    tone: str
    mark: str
    finding: str
    reason: str
    place: str


def past(reports: Sequence[Report], badge: Badge) -> tuple[Fact, ...]:
    """The history, the newest first: what each row of equal reports said, and when the badge came in."""
    runs: list[list[Report]] = []
    for report in reversed(reports):
        if runs and runs[-1][0].verdict == report.verdict and not report.content.get("changes"):
            runs[-1].append(report)
        else:
            runs.append([report])
    made = [_run(run) for run in reversed(runs)]
    return (*made, Fact(day(badge.created_at), (Markup("Came into your backpack"),)))


def changed(reports: Sequence[Report], at: datetime) -> list[Changed]:
    """What the issuer changed lately, what matters first, then the newest; of each address the last change alone."""
    last: dict[str, tuple[bool, Changed]] = {}
    for report in reports:  # the newest first
        if report.at > at - LATELY:
            for change, place in _changes(report):
                last.setdefault(
                    change["url"], (change.get("matters", True), _changed(change, place, report.at))
                )
    return [told for _, told in sorted(last.values(), key=lambda one: not one[0])]


def _changed(change: Json, place: str, at: datetime) -> Changed:
    kind, matters = change.get("kind", ""), change.get("matters", True)
    names = "" if kind in ("", "keys") else _named([plain(one["name"]) for one in change["members"]])
    seen = f"{names}, noticed on {spelled(at)}" if names else f"Noticed on {spelled(at)}"
    then = "We kept what stood there before." if matters else "That changes nothing about your badge."
    return Changed(
        tone="unknown" if matters else "skipped",
        mark="expired" if matters else "skipped",
        finding=_FINDINGS.get(kind, "Changed by the issuer"),
        reason=f"{seen}. {then}",
        place=place,
    )


_FINDINGS = {
    "profile": "Issuer’s profile changed",
    "keys": "Issuer’s keys changed",
    "achievement": "Its description changed",
    "badge": "Changed by the issuer",
}


def _named(names: Sequence[str]) -> str:
    """ "Description, criteria and 2 more"."""
    told = ", ".join(spaced(name).lower() for name in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return told[:1].upper() + told[1:] + more


def _changes(report: Report) -> Iterator[tuple[Json, str]]:
    """Each change that a report tells of, and the name of its place on the page."""
    for number, change in enumerate(report.content.get("changes") or ()):
        yield change, f"change-{report.at:%Y%m%d%H%M%S}-{number}"


def _run(run: list[Report]) -> Fact:
    said = escape(f"Checked: {words.verdict(run[0].verdict).word.lower()}")
    again = (
        f"The same {numbers.times(len(run) - 1)} since, last on {spelled(run[-1].at)}."
        if len(run) > 1
        else ""
    )
    changed = tuple(_change(change, place) for change, place in _changes(run[0]))
    return Fact(day(run[0].at), (said, *changed), again)


def _change(change: Json, place: str) -> Markup:
    """What an address answered differently, with both wordings; all of it strangers' text."""
    rows = Markup("").join(
        Markup("<dt>{}</dt><dd>Before: {}</dd><dd>Now: {}</dd>").format(
            plain(one["name"]), plain(one["before"]) or "nothing", plain(one["after"]) or "nothing"
        )
        for one in change["members"]
    )
    says = Markup('{} We kept the old one. <span class="act">See what changed</span>').format(change["what"])
    return Markup(
        '<details><summary>{}</summary><div class="proof any" id="{}"><p>{}</p><dl>{}</dl></div></details>'
    ).format(says, place, plain(change["url"]), rows)

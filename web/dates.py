"""Days and times in words, in time elements that say them to programs too. All in UTC."""

import re
from datetime import UTC, datetime, timedelta

from markupsafe import Markup, escape

from backpack.storage.tables import now
from backpack.verifier import times
from backpack.verifier.times import MONTHS

_DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))


def spelled(when: datetime | None) -> str:
    """ "14 March 2026", as bare text; nothing for None."""
    return times.day(when) if when else ""


def day(when: datetime | str | None) -> Markup:
    """ "14 March 2026"; nothing for None."""
    at = parsed(when)
    return _time(at, spelled(at), "%Y-%m-%d") if at else Markup()


def month(when: datetime | str | None) -> Markup:
    """ "March 2026"; nothing for None."""
    at = parsed(when)
    return _time(at, f"{MONTHS[at.month - 1]} {at.year}", "%Y-%m") if at else Markup()


def moment(when: datetime | str | None) -> Markup:
    """ "14 March 2026, 09:02 UTC"; nothing for None."""
    at = parsed(when)
    return _time(at, f"{spelled(at)}, {at:%H:%M} UTC") if at else Markup()


def ago(when: datetime | str | None, at: datetime | None = None) -> Markup:
    """ "3 minutes ago", up to a month back; before that "on 14 March 2026"."""
    then = parsed(when)
    if then is None:
        return Markup()
    gone = (at or now()) - then
    if gone >= timedelta(days=30):
        return Markup("on ") + day(then)
    return _time(then, "just now" if gone < timedelta(minutes=1) else f"{_span(gone)} ago")


def steady_until(then: datetime, at: datetime) -> datetime:
    """Until when ``ago`` says the same of a moment."""
    gone = max(at - then, timedelta())
    unit = next(
        (timedelta(seconds=length) for _, length in _UNITS if gone >= timedelta(seconds=length)),
        timedelta(minutes=1),
    )
    return then + (gone // unit + 1) * unit


def coming(when: datetime | str | None, at: datetime | None = None) -> Markup:
    """ "in 3 hours", up to two days ahead; after that "on 14 March 2026"."""
    then = parsed(when)
    if then is None:
        return Markup()
    left = then - (at or now())
    if left >= timedelta(days=2):
        return Markup("on ") + day(then)
    return _time(then, "in a moment" if left < timedelta(minutes=1) else f"in {_span(left)}")


def dated(text: str) -> Markup:
    """A text of ours, its dates in time elements: they do not break at the end of a line."""
    parts = _DATE.split(text)
    made = Markup()
    for at in range(0, len(parts) - 1, 4):
        number, name, year = parts[at + 1 : at + 4]
        iso = f"{year}-{MONTHS.index(name) + 1:02}-{int(number):02}"
        made += Markup('{}<time datetime="{}">{} {} {}</time>').format(parts[at], iso, number, name, year)
    return made + escape(parts[-1])


def parsed(when: datetime | str | None) -> datetime | None:
    """A moment as an aware datetime in UTC, from one or from its ISO form."""
    if isinstance(when, str):
        when = datetime.fromisoformat(when) if when else None
    return when.astimezone(UTC) if when else None


def _time(at: datetime, words: str, pattern: str = "%Y-%m-%dT%H:%M:%SZ") -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(at.strftime(pattern), words)


def _span(span: timedelta) -> str:
    for unit, length in _UNITS:
        if count := int(span.total_seconds()) // length:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "a moment"

"""Points in time as the standards write them, read strictly."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from .credential import Json

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
CLOCK_DIFFERENCE = timedelta(minutes=5)
"""How far the clocks of two honest machines may be apart."""

LONGEST = 256
_DATE_TIME = re.compile(
    r"(?P<year>-?\d{4,})(?P<day>-\d{2}-\d{2})T(?P<time>\d{2}:\d{2}:\d{2})(?P<part>\.\d+)?"
    r"(?P<zone>Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?\Z",
    re.ASCII,
)
_LOOSE = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{2}:\d{2})(?P<sec>:\d{2})?(?P<part>[.,]\d+)?"
    r"\s*(?P<zone>[Zz]|[+-]\d{2}(?::?\d{2})?)?)?\Z"
)
_SOME_YEAR = "2000"
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_LAST_NIGHT = _LAST - timedelta(days=1)

_ZONED = re.compile(r"T.*(?:[Zz]|[+-]\d{2}(?::?\d{2})?)\Z")


@lru_cache(maxsize=256)
def day(at: datetime) -> str:
    """The day of a time as sentences tell it, of whatever language the machine is: 3 May 2026."""
    at = at.astimezone(UTC)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two times, of which there may be one or none."""
    return one if other is None else other if one is None else min(one, other)


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two times, of which there may be one or none."""
    return one if other is None else other if one is None else max(one, other)


def date_time_stamp(value: Json) -> datetime | None:
    """An ``xsd:dateTime`` with its zone, as verifiable credentials ask; a missing zone reads as UTC."""
    return _stamp(value) if isinstance(value, str) and len(value) <= LONGEST else None


@lru_cache(maxsize=512)  # the few times in a badge are asked for again and again
def _stamp(text: str) -> datetime | None:
    found = _DATE_TIME.match(text)
    if found is None:
        return None
    time, part, zone = found["time"], (found["part"] or "")[:7], found["zone"] or "Z"
    # xsd allows 24:00:00 for the end of the day, and years before the first and of five digits; Python does not
    midnight = time == "24:00:00" and not part.strip(".0")
    is_far = not 1 <= int(found["year"]) <= 9999
    year = _SOME_YEAR if is_far else found["year"]
    parsed = _iso(year + found["day"], "00:00:00" if midnight else time, part, zone)
    if parsed and is_far:
        return _FIRST if int(found["year"]) < 1 else _LAST
    return min(parsed, _LAST_NIGHT) + timedelta(days=1) if parsed and midnight else parsed


def loose_time(value: Json) -> datetime | None:
    """A time as OB 0.5 to 2.0 wrote it: ISO 8601 with or without time and zone, or seconds since 1970."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float) or (
        isinstance(value, str) and re.fullmatch(r"\d{9,10}(?:\.\d{1,6})?", value)
    ):
        return _from_seconds(float(value))
    found = _LOOSE.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    zone = (found["zone"] or "Z").upper()
    if len(zone) in (3, 5):  # +05, +0500
        zone = f"{zone[:3]}:{zone[3:] or '00'}"
    part = (found["part"] or "").replace(",", ".")[:7]
    return _iso(found["day"], (found["time"] or "00:00") + (found["sec"] or ":00"), part, zone)


def has_zone(value: Json) -> bool:
    """Whether a written time says its zone (OB 2.0 and VC 2.0 ask for it)."""
    return isinstance(value, str) and bool(_ZONED.search(value))


def _iso(day: str, time: str, part: str, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(f"{day}T{time}{part}{zone}").astimezone(UTC)
    except OverflowError:
        # The last evening that there is, west of Greenwich, or the first morning, east of it.
        return _LAST if day.startswith("9") else _FIRST
    except ValueError:
        return None


def _from_seconds(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None

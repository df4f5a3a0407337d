"""What a report stands on, for people: when it was checked, and whose addresses answered when."""

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from datetime import UTC, datetime, timedelta

from backpack.verifier import Report
from backpack.verifier.addresses import authority
from backpack.verifier.before import is_of_now
from backpack.verifier.report import UsedDocument
from backpack.verifier.trusted import ADDRESS

_AT_THAT_TIME = timedelta(minutes=1)
_MOST_HOSTS = 3
FROM_A_BUNDLE = "from what lies in the bundle"
BY_ITS_WORD = "Whoever made the bundle says what addresses answered; nothing in it proves that they did."


def checked(report: Report, way: str = "") -> str:
    """When it was checked, and how documents came where nobody asked the web (``way``: "offline")."""
    return f"Checked as of {moment(report.at)}{f', {way}' if way else ''}."


def stands_on(report: Report, silent: Set[str] = frozenset()) -> str:
    """Whose answers the verdict stands on, and whose were missing; ``silent`` are the addresses that gave none."""
    told = [used for used in report.documents if used.url != ADDRESS and is_of_now(used)]
    answers = [used for used in told if used.url not in silent]
    silence = [used for used in told if used.url in silent]
    is_trusted = any(used.url == ADDRESS for used in report.documents)
    trusted = " and on the list of trusted issuers" if is_trusted else ""
    before = "" if all(map(is_of_now, report.documents)) else " and on what was said of it before"
    missing = f" No answer from {_addresses(silence)}." if silence else ""
    return f"It stands on {_what(answers, report.at)}{trusted}{before}.{missing}"


def each(report: Report, silent: Set[str] = frozenset()) -> Iterator[str]:
    """Every document by itself, to compare or to fetch again: its address, when it came, and its hash."""
    for used in report.documents:
        yield used.url
        if used.url in silent:
            yield "  no answer"
            continue
        if used.fetched_at and used.fetched_at != report.at:
            yield f"  fetched {moment(used.fetched_at)}"
        yield f"  sha-256 {used.sha256}"


def moment(at: datetime) -> str:
    """A time as people read it: "14 March 2026, 09:02 UTC"."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _what(answers: list[UsedDocument], at: datetime) -> str:
    if not answers:
        return "nothing but the badge itself"
    return f"what {_addresses(answers)} answered{_when((used.fetched_at for used in answers), at)}"


def _addresses(documents: Iterable[UsedDocument]) -> str:
    """Whose they are: "3 addresses of a.example and 1 of b.example"; few hosts by name, the rest by number."""
    hosts = Counter(authority(used.url) or "no host" for used in documents).most_common()
    named = hosts if len(hosts) <= _MOST_HOSTS else hosts[: _MOST_HOSTS - 1]
    (host, count), *more = named
    parts = [f"{count} {'address' if count == 1 else 'addresses'} of {host}"]
    parts += [f"{count} of {host}" for host, count in more]
    if rest := [count for _, count in hosts[len(named) :]]:
        parts.append(f"{sum(rest)} of {len(rest)} other hosts")
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _when(times: Iterable[datetime | None], at: datetime) -> str:
    """When they answered; nothing where no one knows: a folder's documents pass for some of the check's own time."""
    known = sorted(time for time in times if time and time != at)
    if not known:
        return ""
    first, last = known[0], known[-1]
    if at - first < _AT_THAT_TIME and last - at < _AT_THAT_TIME:
        return " at that time"
    if last - first < _AT_THAT_TIME:
        return f" on {moment(first)}"
    return f" from {moment(first)}, to {moment(last)}"

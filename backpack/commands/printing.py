"""Reports on a terminal: the verdict and why, each check in a line, and what all of it stands on."""

from collections import Counter
from collections.abc import Iterable, Iterator, Set

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backpack.commands.grounds import BY_ITS_WORD, FROM_A_BUNDLE, checked, each, stands_on
from backpack.commands.plain import plain
from backpack.errors import Unopened, Unreadable
from backpack.verifier import Check, Outcome, Report, Verdict
from backpack.verifier.legible import legible
from backpack.verifier.methods import site_of
from backpack.verifier.report import is_by_key_alone
from backpack.verifier.times import day

Result = Report | Unreadable
_COLUMN = 23  # where what the checks say begins
_UNBOUND = 1000  # how wide a table may be where no one's screen is
_LONGEST = 120  # what is longer is no name: it would push what we say off the screen

_GLYPHS = {
    Outcome.passed: ("✓", "green"),
    Outcome.failed: ("✗", "red"),
    Outcome.unknown: ("?", "yellow"),
    Outcome.skipped: ("–", "dim"),
}
_VERDICTS = {
    Verdict.verified: ("Verified", "bold green"),
    Verdict.unconfirmed: ("Could not be confirmed", "bold yellow"),
    Verdict.wrong_recipient: ("Awarded to someone else", "bold yellow"),
    Verdict.expired: ("Expired", "bold yellow"),
    Verdict.not_yet_valid: ("Not yet valid", "bold yellow"),
    Verdict.revoked: ("Withdrawn by its issuer", "bold red"),
    Verdict.suspended: ("Suspended by its issuer", "bold red"),
    Verdict.invalid: ("Not valid", "bold red"),
    Verdict.not_a_badge: ("No badge", "bold red"),
}


def print_report(
    result: Result, way: str = "", remark: str = "", *, silent: Set[str] = frozenset(), details: bool = False
) -> None:
    """One badge; ``details`` says what every check stands on, ``remark`` is said last.

    ``way`` and ``silent`` tell of its documents: how they came, and which addresses gave none.
    """
    console = Console(highlight=False, emoji=False)
    if isinstance(result, Unreadable):
        console.print(Text.assemble(("No badge.", "bold red"), f" {plain(result.says)}"), soft_wrap=True)
        _print_quietly(console, [result.try_this] if result.try_this else [])
        return
    _print_verdict(console, result)
    for check in result.checks:
        _print_check(console, check, details)
    for inner in result.contained:
        word, style = _VERDICTS[inner.verdict]
        title = _name(inner.credential.called) or "a credential"
        console.print(Text.assemble(f"  Inside: {title} ", (word, style)), soft_wrap=True)
    console.print()
    _print_quietly(console, (checked(result, way), stands_on(result, silent)))
    if is_by_key_alone(result.issuer_evidence):
        _print_quietly(console, result.issuer_evidence.values())
    _print_quietly(console, each(result, silent) if details else ())
    _print_quietly(console, (f"Note: {note}" for note in result.notes))
    _print_quietly(console, [remark] if remark else ())
    _print_quietly(console, _hints(result, details) if console.is_terminal else ())


def _print_verdict(console: Console, report: Report) -> None:
    word, style = _VERDICTS[report.verdict]
    console.print(f"[{style}]{word}[/]")
    if report.reason:
        console.print(Text(plain(report.reason)), soft_wrap=not console.is_terminal)
    if about := _about(report):
        console.print(about, soft_wrap=not console.is_terminal)
    console.print()


def _hints(report: Report, details: bool) -> Iterator[str]:
    """What else could be asked."""
    if any(check.id == "recipient" and check.outcome is Outcome.skipped for check in report.checks):
        yield "--recipient EMAIL compares whom it was awarded to."
    if not details:
        yield "--details shows what every check stands on."


def print_summary(results: list[tuple[str, Result, str]]) -> None:
    """Several badges, one row each, the result first; none of it is cut off. The last of a triple is its ``way``."""
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _UNBOUND
    table = Table(box=None, pad_edge=False)
    table.add_column("Result", no_wrap=True)
    for heading in ("File", "Badge", "Issuer"):
        table.add_column(heading, overflow="fold")
    for source, result, _ in results:
        table.add_row(*_row(source, result))
    console.print(table)
    words = Counter(_word(result) for _, result, _ in results)
    console.print(
        f"[dim]{len(results)} checked: {', '.join(f'{count} {word}' for word, count in words.items())}.[/]"
    )
    when = {checked(result, way) for _, result, way in results if isinstance(result, Report)}
    _print_quietly(console, when if len(when) == 1 else ())
    is_told = any(way == FROM_A_BUNDLE for _, _, way in results)
    _print_quietly(console, [BY_ITS_WORD] if is_told else ())


def _row(source: str, result: Result) -> tuple[Text, ...]:
    style = _VERDICTS[Verdict.not_a_badge if isinstance(result, Unreadable) else result.verdict][1]
    word, file = Text(_word(result).capitalize(), style), Text(plain(source))
    if isinstance(result, Unreadable):
        return word, file, Text(plain(result.says))
    return word, file, Text(_name(result.credential.called)), Text(_by(result))


def _word(result: Result) -> str:
    if isinstance(result, Unopened):
        return "not opened"
    return IN_A_ROW[Verdict.not_a_badge if isinstance(result, Unreadable) else result.verdict]


IN_A_ROW: dict[str, str] = {
    Verdict.verified: "verified",
    Verdict.unconfirmed: "not confirmed",
    Verdict.wrong_recipient: "to someone else",
    Verdict.expired: "expired",
    Verdict.not_yet_valid: "not yet valid",
    Verdict.revoked: "withdrawn",
    Verdict.suspended: "suspended",
    Verdict.invalid: "not valid",
    Verdict.not_a_badge: "no badge",
}
"""What a verdict is called beside others; a page's cards say the same."""


def _about(report: Report) -> Text | None:
    """What it is, by whom and of when; nothing where not even that is known."""
    credential = report.credential
    title, issuer = _name(credential.called), _by(report)
    if not title and not issuer:
        return None
    issued = f", awarded on {day(credential.issued_at)}" if credential.issued_at else ""
    by = f" · {issuer or 'unknown issuer'}{issued}"
    return Text.assemble(title or "A badge without a name", (by, "dim"))


def _by(report: Report) -> str:
    """Who issued it, and what speaks for them where something is shown to: a name is whatever was written."""
    issuer = report.credential.issuer
    name = _name(issuer.name or issuer.url or issuer.id)
    passed = {check.id for check in report.checks if check.outcome is Outcome.passed}
    if not passed.issuperset(("proof", "issuer")):
        return name
    if is_by_key_alone(report.issuer_evidence):
        return f"{name}, by the signer's own word" if issuer.name else name
    site = site_of(issuer.id or "")
    return f"{name} ({site})" if site else name


def _print_check(console: Console, check: Check, details: bool) -> None:
    glyph, style = _GLYPHS[check.outcome]
    _print_hung(
        console, f"[{style}]{glyph} {check.outcome.value:<8}[/] {check.id:<11} ", Text(plain(check.message))
    )
    # What did not pass is looked into; what did only by those who ask.
    shown = details or check.outcome in (Outcome.failed, Outcome.unknown)
    for label, value in check.detail.items() if shown else ():
        _print_hung(console, " " * _COLUMN, Text(plain(f"{label}: {value}"), "dim"))


def _print_hung(console: Console, first: str, says: Text) -> None:
    """A text in the last column, where the rest of a long one stays too; unbroken where no one's screen is."""
    wide = max(console.width - _COLUMN, 20)
    for line in says.wrap(console, wide) if console.is_terminal else [says]:
        console.print(Text.from_markup(first) + line, soft_wrap=True)
        first = " " * _COLUMN


def _print_quietly(console: Console, sentences: Iterable[str]) -> None:
    """Sentences beside the result; unbroken where no one's screen is."""
    for said in sentences:
        console.print(Text(plain(said), "dim"), soft_wrap=not console.is_terminal)


def _name(words: str | None) -> str:
    """What strangers call something: never markup of ours, and without blanks that would make rows of it."""
    return legible(" ".join((words or "")[: 2 * _LONGEST].split()), _LONGEST)

"""Reports on a terminal: the verdict and why, then each check in a line; what it stands on only where asked for."""

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from backpack.errors import Unreadable
from backpack.verifier import Check, Credential, Outcome, Report, Verdict

Result = Report | Unreadable
_COLUMN = 23  # where what the checks say begins
_UNBOUND = 1000  # how wide a table may be where no one's screen is

_GLYPHS = {
    Outcome.passed: ("✓", "green"),
    Outcome.failed: ("✗", "red"),
    Outcome.unknown: ("?", "yellow"),
    Outcome.skipped: ("–", "dim"),
}
_VERDICTS = {
    Verdict.verified: ("Verified", "bold green"),
    Verdict.unconfirmed: ("Not everything could be checked", "bold yellow"),
    Verdict.wrong_recipient: ("Awarded to somebody else", "bold yellow"),
    Verdict.expired: ("Expired", "bold yellow"),
    Verdict.not_yet_valid: ("Not valid yet", "bold yellow"),
    Verdict.revoked: ("Taken back by its issuer", "bold red"),
    Verdict.suspended: ("Suspended by its issuer", "bold red"),
    Verdict.invalid: ("Not valid", "bold red"),
    Verdict.not_a_badge: ("No badge", "bold red"),
}


_DECIDES = {
    Verdict.expired: ("dates",),
    Verdict.not_yet_valid: ("dates",),
    Verdict.revoked: ("revocation", "contained"),
    Verdict.suspended: ("revocation", "contained"),
    Verdict.wrong_recipient: ("recipient",),
}
"""Which check says why, where the first that did not pass may be another."""


def print_report(result: Result, remark: str = "", *, details: bool = False) -> None:
    """One badge; ``remark`` is said last, ``details`` says what every check stands on."""
    console = Console(highlight=False, emoji=False)
    if isinstance(result, Unreadable):
        console.print(f"[bold red]No badge.[/] {escape(result.says)}", soft_wrap=True)
        if result.try_this:
            console.print(f"[dim]{escape(result.try_this)}[/]", soft_wrap=True)
        return
    _print_verdict(console, result)
    for check in result.checks:
        _print_check(console, check, details)
    for inner in result.contained:
        word, style = _VERDICTS[inner.verdict]
        title = escape(inner.credential.title or "a credential")
        console.print(f"  Inside: {title} [{style}]{word}[/]", soft_wrap=True)
    hints = _hints(result, details) if console.is_terminal else ()
    for said in (*(f"Note: {note}" for note in result.notes), *([remark] if remark else []), *hints):
        console.print(Text(said, "dim"))


def _print_verdict(console: Console, report: Report) -> None:
    word, style = _VERDICTS[report.verdict]
    console.print(f"[{style}]{word}[/]")
    if why := _why(report):
        console.print(Text(why))
    if about := _about(report):
        console.print(about)
    console.print()


def _why(report: Report) -> str:
    """The sentence of the check that brought the verdict about."""
    if report.valid:
        return ""
    told = [c for c in report.checks if c.outcome in (Outcome.failed, Outcome.unknown)]
    about = _DECIDES.get(report.verdict)
    return next((check.message for check in told if about is None or check.id in about), "")


def _hints(report: Report, details: bool) -> Iterator[str]:
    """What else could be asked."""
    if any(check.id == "recipient" and check.outcome is Outcome.skipped for check in report.checks):
        yield "--recipient EMAIL compares whom it was awarded to."
    if not details:
        yield "--details shows what every check stands on."


def print_summary(results: list[tuple[str, Result]]) -> None:
    """Several badges, one row each, the result first; none of it is cut off."""
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _UNBOUND
    table = Table(box=None, pad_edge=False)
    table.add_column("Result", no_wrap=True)
    for heading in ("File", "Badge", "Issuer"):
        table.add_column(heading, overflow="fold")
    for source, result in results:
        table.add_row(*_row(source, result))
    console.print(table)
    words = Counter(_word(result) for _, result in results)
    console.print(
        f"[dim]{len(results)} checked: {', '.join(f'{count} {word}' for word, count in words.items())}.[/]"
    )


def _row(source: str, result: Result) -> tuple[str, str, str, str]:
    style = _VERDICTS[Verdict.not_a_badge if isinstance(result, Unreadable) else result.verdict][1]
    word = f"[{style}]{_word(result).capitalize()}[/]"
    if isinstance(result, Unreadable):
        return word, escape(source), escape(result.says), ""
    credential = result.credential
    return word, escape(source), escape(credential.title or ""), escape(_by(credential))


def _word(result: Result) -> str:
    return _IN_A_ROW[Verdict.not_a_badge if isinstance(result, Unreadable) else result.verdict]


_IN_A_ROW = {
    Verdict.verified: "verified",
    Verdict.unconfirmed: "not confirmed",
    Verdict.wrong_recipient: "to somebody else",
    Verdict.expired: "expired",
    Verdict.not_yet_valid: "not valid yet",
    Verdict.revoked: "taken back",
    Verdict.suspended: "suspended",
    Verdict.invalid: "not valid",
    Verdict.not_a_badge: "no badge",
}


def _about(report: Report) -> str:
    """What it is, by whom and of when; nothing where not even that is known."""
    credential = report.credential
    title, issuer = credential.achievement.name or credential.title, _by(credential)
    if not title and not issuer:
        return ""
    at = credential.issued_at
    issued = f", awarded on {at.day} {at:%B %Y}" if at else ""
    by = f"[dim] · {escape(issuer or 'unknown issuer')}{issued}[/]"
    return f"{escape(title or 'A badge without a name')}{by}"


def _by(credential: Credential) -> str:
    return credential.issuer.name or credential.issuer.url or credential.issuer.id or ""


def _print_check(console: Console, check: Check, details: bool) -> None:
    glyph, style = _GLYPHS[check.outcome]
    _print_hung(console, f"[{style}]{glyph} {check.outcome.value:<8}[/] {check.id:<11} ", Text(check.message))
    # What did not pass is looked into; what did only by those who ask.
    shown = details or check.outcome in (Outcome.failed, Outcome.unknown)
    for label, value in check.detail.items() if shown else ():
        _print_hung(console, " " * _COLUMN, Text(f"{label}: {value}", "dim"))


def _print_hung(console: Console, first: str, says: Text) -> None:
    """A text in the last column, where the rest of a long one stays too; unbroken where no one's screen is."""
    wide = max(console.width - _COLUMN, 20)
    for line in says.wrap(console, wide) if console.is_terminal else [says]:
        console.print(Text.from_markup(first) + line, soft_wrap=True)
        first = " " * _COLUMN

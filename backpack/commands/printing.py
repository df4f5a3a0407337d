"""Reports on a terminal: the verdict first, then each check with its reason, details dimmed."""

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from backpack.errors import Unreadable
from backpack.verifier import Check, Outcome, Report, Verdict

Result = Report | Unreadable
_COLUMN = 23  # where what the checks say begins

_GLYPHS = {
    Outcome.passed: ("✓", "green"),
    Outcome.failed: ("✗", "red"),
    Outcome.unknown: ("?", "yellow"),
    Outcome.skipped: ("–", "dim"),
}
_VERDICTS = {
    Verdict.verified: ("Verified", "bold green"),
    Verdict.unconfirmed: ("Not everything could be checked", "bold yellow"),
    Verdict.wrong_recipient: ("Genuine, but awarded to somebody else", "bold yellow"),
    Verdict.expired: ("Expired", "bold yellow"),
    Verdict.not_yet_valid: ("Not valid yet", "bold yellow"),
    Verdict.revoked: ("Taken back by its issuer", "bold red"),
    Verdict.suspended: ("Suspended by its issuer", "bold red"),
    Verdict.invalid: ("Not valid", "bold red"),
    Verdict.not_a_badge: ("No badge", "bold red"),
}


def print_report(result: Result, remark: str = "") -> None:
    """One badge in full; ``remark`` is said last."""
    console = Console(highlight=False, emoji=False)
    if isinstance(result, Unreadable):
        console.print(f"[bold red]No badge.[/] {escape(result.says)}")
        if result.try_this:
            console.print(f"[dim]{escape(result.try_this)}[/]")
        return
    word, style = _VERDICTS[result.verdict]
    console.print(f"[{style}]{word}[/]")
    console.print(_about(result))
    for check in result.checks:
        _print_check(console, check)
    for label, says in result.issuer_evidence.items():
        console.print(f"  [dim]{escape(label)}: {escape(says)}[/]")
    for note in result.notes:
        console.print(f"  [dim]Note: {escape(note)}[/]")
    for inner in result.contained:
        word, style = _VERDICTS[inner.verdict]
        console.print(f"  Inside: {escape(inner.credential.title or 'a credential')} [{style}]{word}[/]")
    if remark:
        console.print(f"  [dim]{escape(remark)}[/]")


def print_summary(results: list[tuple[str, Result]]) -> None:
    """Several badges, one row each."""
    table = Table(box=None, pad_edge=False)
    console = Console(highlight=False, emoji=False)
    longest = max(len(source) for source, _ in results)
    table.add_column("Source", overflow="fold", min_width=min(longest, console.width // 3))
    for heading in ("Badge", "Issuer", "Result"):
        table.add_column(heading, overflow="fold")
    for source, result in results:
        if isinstance(result, Unreadable):
            table.add_row(escape(source), "", "", f"[bold red]No badge.[/] {escape(result.says)}")
            continue
        word, style = _VERDICTS[result.verdict]
        credential = result.credential
        table.add_row(
            escape(source),
            escape(credential.title or ""),
            escape(credential.issuer.name or ""),
            f"[{style}]{word}[/]",
        )
    console.print(table)
    words = Counter(_word(result) for _, result in results)
    console.print(
        f"[dim]{len(results)} checked: {', '.join(f'{count} {word}' for word, count in words.items())}.[/]"
    )


def _word(result: Result) -> str:
    verdict = Verdict.not_a_badge if isinstance(result, Unreadable) else result.verdict
    return _VERDICTS[verdict][0].lower()


def _about(report: Report) -> str:
    credential = report.credential
    title = credential.achievement.name or credential.title or "A badge without a name"
    issuer = credential.issuer.name or credential.issuer.url or credential.issuer.id
    issued = f", {credential.issued_at:%Y-%m-%d}" if credential.issued_at else ""
    return f"{escape(title)}[dim] · {escape(issuer or 'unknown issuer')}{issued}[/]"


def _print_check(console: Console, check: Check) -> None:
    glyph, style = _GLYPHS[check.outcome]
    _print_hung(console, f"[{style}]{glyph} {check.outcome.value:<8}[/] {check.id:<11} ", Text(check.message))
    for label, value in check.detail.items():
        _print_hung(console, " " * _COLUMN, Text(f"{label}: {value}", "dim"))


def _print_hung(console: Console, first: str, says: Text) -> None:
    """A text in the last column, where the rest of a long one stays too; unbroken where no one's screen is."""
    wide = max(console.width - _COLUMN, 20)
    for line in says.wrap(console, wide) if console.is_terminal else [says]:
        console.print(Text.from_markup(first) + line, soft_wrap=True)
        first = " " * _COLUMN

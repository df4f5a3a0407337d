"""`backpack verify`: check badges from files, addresses or standard input, and print the report."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from backpack.errors import Unreadable
    from backpack.verifier import Document, Report

Fetch = Callable[[Iterable[str], bool], "Iterable[Document]"]
MAX_ROUNDS = 12
MAX_READ = 16 * 1024 * 1024


def verify(
    badges: Annotated[
        list[str],
        typer.Argument(metavar="FILE|URL|-", help="Pictures, JSON, JWT, addresses, or - for standard input."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Fetch nothing.")] = False,
    documents: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="With --offline: a folder with index.json and the documents that it names."
        ),
    ] = None,
    at: Annotated[str | None, typer.Option(metavar="TIME", help="Check as of this time (RFC 3339).")] = None,
    recipient: Annotated[
        list[str] | None,
        typer.Option(metavar="EMAIL", help="Check that it was awarded to this address; repeatable."),
    ] = None,
) -> None:
    """Check whether badges are genuine, unexpired and not taken back. Exit status 0: all are valid; 1: not."""
    when = _time(at)
    fetch = _fetcher(offline, documents, when)
    results = [(badge, _checked(badge, fetch, recipient or None, when)) for badge in badges]
    if as_json:
        _print_json(results, when)
    else:
        _print_reports(results)
    raise typer.Exit(0 if all(_is_valid(result) for _, result in results) else 1)


def _time(at: str | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        raise typer.BadParameter(
            f"{at!r} is not a time such as 2026-05-03T12:00:00Z.", param_hint="--at"
        ) from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _fetcher(offline: bool, folder: Path | None, at: datetime) -> Fetch:
    if offline or folder is not None:
        from backpack.commands.offline import Folder

        return Folder(folder, at).fetch_all
    from backpack.config import Settings
    from backpack.network import fetch_all

    settings = Settings()
    # What stands behind a bare address may be a picture; everything a badge refers to is JSON.
    return lambda urls, bare: fetch_all(urls, settings, kind="badge" if bare else "json")


def _checked(badge: str, fetch: Fetch, recipients: list[str] | None, at: datetime) -> "Report | Unreadable":
    from backpack import verifier
    from backpack.errors import Unreadable

    try:
        credential = verifier.read(_bytes(badge))
        documents = verifier.Documents()
        for _ in range(MAX_ROUNDS):
            urls = verifier.wanted(credential, documents)
            if not urls:
                break
            bare = not credential.version and not len(documents)
            documents = documents.plus(*fetch(sorted(urls), bare))
        return verifier.verify(credential, documents, recipients, at)
    except Unreadable as error:
        return error


def _bytes(badge: str) -> bytes:
    if badge == "-":
        return sys.stdin.buffer.read(MAX_READ)
    if badge.startswith(("http://", "https://")):
        return badge.encode()
    try:
        with Path(badge).open("rb") as file:
            return file.read(MAX_READ)
    except OSError as error:
        raise typer.BadParameter(f"{badge} cannot be read: {error.strerror}.", param_hint="FILE") from None


def _is_valid(result: "Report | Unreadable") -> bool:
    from backpack.errors import Unreadable

    return not isinstance(result, Unreadable) and result.valid


def _print_json(results: list[tuple[str, "Report | Unreadable"]], at: datetime) -> None:
    import json

    from backpack.errors import Unreadable
    from backpack.verifier import as_json, no_badge_as_json

    found: list[dict[str, Any]] = [
        no_badge_as_json(result, at) if isinstance(result, Unreadable) else as_json(result)
        for _, result in results
    ]
    if len(found) > 1:
        found = [{"source": badge, **one} for (badge, _), one in zip(results, found, strict=True)]
    print(json.dumps(found[0] if len(found) == 1 else found, indent=2, ensure_ascii=False))


def _print_reports(results: list[tuple[str, "Report | Unreadable"]]) -> None:
    from backpack.commands.printing import print_report, print_summary

    if len(results) == 1:
        print_report(results[0][1])
    else:
        print_summary(results)

"""`backpack verify`: check badges from files, addresses, bundles or standard input, and print the report."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from backpack.errors import Unreadable
    from backpack.verifier import Credential, Document, Documents, Report

Fetch = Callable[[Iterable[str], bool], "Iterable[Document]"]
MAX_ROUNDS = 12
MAX_READ = 16 * 1024 * 1024
AT_ONCE = 4  # badges whose issuers are asked at the same time
_ARCHIVE = b"PK\x03\x04"


@click.command("verify")
@click.argument(
    "badges",
    nargs=-1,
    required=True,
    metavar="{FILE|URL|-}...",
    help="Pictures, JSON, JWT, bundles, addresses, or - for standard input.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--details", is_flag=True, help="Say what every check stands on.")
@click.option(
    "--offline", is_flag=True, help="Fetch nothing. A verification bundle brings its documents along."
)
@click.option(
    "--documents",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="With --offline: a folder with index.json and the documents that it names.",
)
@click.option(
    "--at",
    metavar="TIME",
    help="Check as of this time (RFC 3339). Left out: now, or for a bundle the time of its report.",
)
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="EMAIL",
    help="Check that it was awarded to this address; repeatable.",
)
def verify(
    badges: tuple[str, ...],
    as_json: bool,
    details: bool,
    offline: bool,
    documents: Path | None,
    at: str | None,
    recipients: tuple[str, ...],
) -> None:
    """Check whether badges are genuine, unexpired and not withdrawn. Exit status 0: all are valid; 1: not."""
    now, when = datetime.now(UTC), _time(at)
    known = () if offline or documents else _trusted()
    fetch, way = _fetcher(offline, documents, when or now)
    asking = _Asking(fetch, way, when, now, list(recipients) or None, known)
    if "-" in badges and sys.stdin is None:
        raise click.BadParameter("There is no standard input: it is closed.", param_hint="-")
    if len(badges) == 1:
        _expect_readable(badges[0])
    results = _all_checked(badges, asking, 1 if offline or documents else AT_ONCE)
    if as_json:
        _print_json(results, when or now)
    else:
        _print_reports(results, details)
    sys.exit(0 if all(result.is_valid for result in results) else 1)


@dataclass(frozen=True, slots=True)
class _Asking:
    """How every badge is asked about; ``at`` is the time that was given, if any."""

    fetch: Fetch
    way: str
    """How documents come where nobody asks the web, as a clause."""
    at: datetime | None
    now: datetime
    recipients: list[str] | None
    known: "tuple[Document, ...]" = ()
    """What is in hand before anything is fetched."""


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of one badge; ``note`` is a sentence beside its report.

    ``way`` says how its documents came, ``silent`` which addresses gave none.
    """

    source: str
    outcome: "Report | Unreadable"
    way: str = ""
    silent: frozenset[str] = frozenset()
    note: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether it is a badge that is valid."""
        from backpack.errors import Unreadable

        return not isinstance(self.outcome, Unreadable) and self.outcome.valid


def _time(at: str | None) -> datetime | None:
    if at is None:
        return None
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        raise click.BadParameter(
            f"{at!r} is not a time such as 2026-05-03T12:00:00Z.", param_hint="--at"
        ) from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _trusted() -> "tuple[Document, ...]":
    # To read the settings takes as long as to check a badge, and most people who check one have set nothing.
    if "BACKPACK_TRUSTED_ISSUERS" not in map(str.upper, os.environ) and not Path(".env").exists():
        return ()
    from backpack.config import Settings
    from backpack.services import trusting

    return tuple(trusting.at_hand(Settings()).values())


def _fetcher(offline: bool, folder: Path | None, at: datetime) -> tuple[Fetch, str]:
    if offline or folder is not None:
        from backpack.commands.offline import Folder

        way = f"offline, from the documents in {folder}" if folder else "offline"
        return Folder(folder, at).fetch_all, way
    return _fetch_all, ""


def _fetch_all(urls: Iterable[str], bare: bool) -> "list[Document]":
    # Here, because most badges bring along all that is needed: they are told without the network's libraries.
    from backpack.config import Settings
    from backpack.network import fetch_all

    # What stands behind a bare address may be a picture; everything a badge refers to is JSON.
    return fetch_all(urls, Settings(), kind="badge" if bare else "json")


def _expect_readable(badge: str) -> None:
    if badge != "-" and not _is_address(badge):
        try:
            Path(badge).open("rb").close()
        except OSError as error:
            from backpack.commands.plain import plain

            says = f"{plain(badge)} cannot be read: {error.strerror}."
            raise click.BadParameter(says, param_hint="FILE") from None


def _all_checked(badges: Sequence[str], asking: _Asking, at_once: int) -> list[_Result]:
    if len(badges) == 1:
        return [_checked(badges[0], asking)]
    from concurrent.futures import ThreadPoolExecutor

    from backpack.commands.counting import counting

    with counting("Checking", len(badges)) as done, ThreadPoolExecutor(at_once) as threads:
        return [done(result) for result in threads.map(lambda badge: _checked(badge, asking), badges)]


def _checked(badge: str, asking: _Asking) -> _Result:
    from backpack import verifier
    from backpack.errors import Unopened, Unreadable

    try:
        data = _bytes(badge)
    except IsADirectoryError:
        return _Result(badge, Unopened("This is a folder: name the files in it."))
    except OSError as error:
        return _Result(badge, Unopened(f"This file cannot be opened: {error.strerror}."))
    try:
        if data.startswith(_ARCHIVE):
            return _of_bundle(badge, data, asking)
        return _of_all(badge, verifier.read_shown(data), asking)
    except Unreadable as error:
        return _Result(badge, error)


def _of_all(badge: str, shown: "tuple[Credential, ...]", asking: _Asking) -> _Result:
    """Of the badges that one presentation shows the first that is not valid, or the last where all are."""
    results: list[_Result] = []
    for credential in shown:
        results.append(_of_credential(badge, credential, asking))
        if not results[-1].is_valid:
            break
    if len(shown) == 1:
        return results[0]
    rest = "all of them are valid" if results[-1].is_valid else "it is the first that is not valid"
    note = f"This is badge {len(results)} of {len(shown)} in a presentation; {rest}."
    return replace(results[-1], note=note)


def _of_credential(badge: str, credential: "Credential", asking: _Asking) -> _Result:
    from backpack import verifier

    documents = verifier.Documents(*asking.known)
    for _ in range(MAX_ROUNDS):
        urls = verifier.wanted(credential, documents)
        if not urls:
            break
        bare = not credential.version and len(documents) == len(asking.known)
        documents = documents.plus(*asking.fetch(sorted(urls), bare))
    report = verifier.verify(credential, documents, asking.recipients, asking.at or asking.now)
    return _Result(badge, report, asking.way, _silent(documents))


def _of_bundle(badge: str, data: bytes, asking: _Asking) -> _Result:
    """The report that the documents in a bundle give. Raises UnknownFormat for another kind of archive."""
    from backpack import verifier
    from backpack.commands.grounds import BY_ITS_WORD, FROM_A_BUNDLE
    from backpack.errors import UnknownFormat
    from backpack.verifier import bundles
    from backpack.verifier.sameness import read_this

    with BytesIO(data) if badge == "-" else Path(badge).open("rb") as file:
        bundle = bundles.opened(file)
    if bundle is None:
        raise UnknownFormat(
            "This archive is no verification bundle.", "Unpack it, and name the badges that are in it."
        )
    documents = verifier.Documents(*bundle.documents)
    report = verifier.verify(
        read_this(bundle.badge, bundle.credential_sha256),
        documents,
        asking.recipients or bundle.recipients,
        asking.at or bundle.at,
    )
    result = _Result(badge, report, FROM_A_BUNDLE, _silent(documents), BY_ITS_WORD)
    if asking.at or asking.recipients:
        return result
    is_same = verifier.as_json(report)["checks"] == bundle.report.get("checks")
    said = "the same as" if is_same else "another than"
    return replace(result, note=f"{BY_ITS_WORD} The outcome is {said} in the report that came with it.")


def _silent(documents: "Documents") -> frozenset[str]:
    return frozenset(document.url for document in documents if not document.status)


def _bytes(badge: str) -> bytes:
    if badge == "-":
        return sys.stdin.buffer.read(MAX_READ)
    if _is_address(badge):
        return badge.encode()
    with Path(badge).open("rb") as file:
        return file.read(MAX_READ)


def _is_address(badge: str) -> bool:
    return badge.startswith(("http://", "https://"))


def _print_json(results: list[_Result], at: datetime) -> None:
    import json

    from backpack.commands.plain import plain_json
    from backpack.errors import Unreadable
    from backpack.verifier import as_json, no_badge_as_json

    found: list[dict[str, Any]] = [
        no_badge_as_json(result.outcome, at)
        if isinstance(result.outcome, Unreadable)
        else as_json(result.outcome)
        for result in results
    ]
    if len(found) > 1:
        found = [{"source": result.source, **one} for result, one in zip(results, found, strict=True)]
    told = json.dumps(found[0] if len(found) == 1 else found, indent=2, ensure_ascii=False)
    print(plain_json(told))


def _print_reports(results: list[_Result], details: bool) -> None:
    from backpack.commands.printing import print_report, print_summary

    if len(results) == 1:
        one = results[0]
        print_report(one.outcome, one.way, one.note, silent=one.silent, details=details)
    else:
        print_summary([(result.source, result.outcome, result.way) for result in results])

"""`backpack verify --offline bundle.zip`: what is told of a bundle, whoever made it."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from backpack.__main__ import app
from tests.archives import zipped
from tests.bundles import ABOUT, BADGE, bundle
from tests.issuing import MARIA

BY_WORD = "Whoever made the bundle says what addresses answered; nothing in it proves that they did."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bundle.zip"


def verify(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["verify", *arguments], input=stdin)


def told(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_bundle_is_checked_from_what_it_holds(file: Path):
    file.write_bytes(bundle())
    found = told(verify("--offline", "--json", str(file)))
    assert (found["verdict"], found["matched"]) == ("verified", MARIA)
    assert found["at"] == "2026-03-14T09:00:00Z"


def test_a_bundle_may_come_by_standard_input():
    data = bundle(zipfile.ZIP_DEFLATED)
    assert verify("--offline", "-", stdin=data).exit_code == 0


def test_a_bundle_beside_other_files_is_a_row_like_theirs(file: Path, tmp_path: Path):
    file.write_bytes(bundle())
    (tmp_path / "other.txt").write_text("nothing")
    result = verify("--offline", str(file), str(tmp_path / "other.txt"))
    assert result.exit_code == 1
    assert "2 checked: 1 verified, 1 no badge." in result.stdout


def test_what_the_bundle_s_report_says_differently_is_said(file: Path):
    file.write_bytes(bundle())
    told = verify("--offline", str(file)).stdout.splitlines()
    assert told[-3:] == [
        "Checked as of 14 March 2026, 09:00 UTC, from what lies in the bundle.",
        "It stands on what 4 addresses of montalvo.example answered.",
        f"{BY_WORD} The outcome is another than in the report that came with it.",
    ]


def test_nobody_takes_what_a_bundle_says_for_what_an_issuer_answered(file: Path):
    file.write_bytes(bundle())
    assert BY_WORD in verify("--offline", "--recipient", MARIA, str(file)).stdout
    assert BY_WORD in verify("--offline", str(file), str(file)).stdout


def test_a_bundle_that_asked_nobody_asks_nobody(file: Path):
    file.write_bytes(bundle(**{"bundle.json": {**ABOUT, "recipients": None}}))
    outcomes = {c["id"]: c["outcome"] for c in told(verify("--offline", "--json", str(file)))["checks"]}
    assert outcomes["recipient"] == "skipped"


def test_another_archive_is_no_bundle(file: Path):
    file.write_bytes(zipped({"badge.png": BADGE.data}))
    result = verify("--offline", str(file))
    assert (result.exit_code, result.stdout[:9]) == (1, "No badge.")
    assert "This archive is no verification bundle." in " ".join(result.stdout.split())


@pytest.mark.parametrize(
    "changes",
    [
        {"bundle.json": b"[" * 100_000},
        {"bundle.json": {}},
        {"documents/index.json": None},
        {"badge.png": b""},
        {"../../etc/passwd": b"x"},
    ],
    ids=["without end", "empty", "not whole", "no badge", "leads elsewhere"],
)
def test_a_bundle_that_is_of_no_use_says_so_without_a_traceback(file: Path, changes: dict[str, Any]):
    file.write_bytes(bundle(**changes))
    result = verify("--offline", str(file))
    assert result.exit_code == 1
    assert result.stdout.startswith("No badge.")
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_progress_bar_is_for_terminals_alone(file: Path):
    file.write_bytes(bundle())
    result = verify("--offline", str(file), str(file))
    assert result.stderr == ""
    assert "2 checked: 2 verified." in result.stdout

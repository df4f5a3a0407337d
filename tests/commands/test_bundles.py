"""`backpack verify --offline bundle.zip`: bundles as strangers may make them."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from backpack.__main__ import app
from backpack.verifier import bundles
from backpack.verifier.sameness import credential_text
from tests.issuing import MARIA, award, issuer

BADGE = issuer().ob2_hosted(award())
URL = str(BADGE.address)


def index() -> dict[str, Any]:
    return {
        url: {"file": f"{number}", "status": answer.status, "content_type": answer.content_type}
        for number, (url, answer) in enumerate(BADGE.documents.items())
    }


def parts(**changes: Any) -> dict[str, Any]:
    """The files of a bundle made by hand; a part of None is left out."""
    about = {
        "format": 1,
        "badge": "badge.png",
        "credential_sha256": "",
        "at": "2026-03-14T09:00:00Z",
        "recipients": [MARIA],
    }
    files = {f"documents/{number}": a.body for number, a in enumerate(BADGE.documents.values())}
    whole = {
        "bundle.json": about,
        "badge.png": BADGE.data,
        "report.json": {"checks": []},
        "documents/index.json": index(),
        **files,
        **changes,
    }
    return {name: data for name, data in whole.items() if data is not None}


def zipped(files: dict[str, Any], compression: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data if isinstance(data, bytes) else json.dumps(data))
    return made.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bundle.zip"


def verify(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["verify", *arguments], input=stdin)


def told(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_bundle_is_checked_from_what_it_holds(file: Path):
    file.write_bytes(zipped(parts()))
    found = told(verify("--offline", "--json", str(file)))
    assert (found["verdict"], found["matched"]) == ("verified", MARIA)
    assert found["at"] == "2026-03-14T09:00:00Z"


def test_a_bundle_may_be_compressed_and_may_come_by_standard_input():
    data = zipped(parts(), zipfile.ZIP_DEFLATED)
    assert verify("--offline", "-", stdin=data).exit_code == 0


def test_a_bundle_beside_other_files_is_a_row_like_theirs(file: Path, tmp_path: Path):
    file.write_bytes(zipped(parts()))
    (tmp_path / "other.txt").write_text("nothing")
    result = verify("--offline", str(file), str(tmp_path / "other.txt"))
    assert result.exit_code == 1
    assert "2 checked: 1 verified, 1 no badge." in result.stdout


def test_what_the_bundle_s_report_says_differently_is_said(file: Path):
    file.write_bytes(zipped(parts()))
    told = verify("--offline", str(file)).stdout.splitlines()
    assert told[-3:] == [
        "Checked as of 14 March 2026, 09:00 UTC, from what lies in the bundle.",
        "It stands on what 4 addresses of montalvo.example answered.",
        "The outcome is another than in the report that came with the bundle.",
    ]


def test_an_earlier_time_than_ours_is_read_as_utc_when_no_zone_is_named(file: Path):
    about = {**parts()["bundle.json"], "at": "2026-03-14T09:00:00"}
    file.write_bytes(zipped(parts(**{"bundle.json": about})))
    assert told(verify("--offline", "--json", str(file)))["at"] == "2026-03-14T09:00:00Z"


def test_a_bundle_that_asked_nobody_asks_nobody(file: Path):
    about = {**parts()["bundle.json"], "recipients": None}
    file.write_bytes(zipped(parts(**{"bundle.json": about})))
    outcomes = {c["id"]: c["outcome"] for c in told(verify("--offline", "--json", str(file)))["checks"]}
    assert outcomes["recipient"] == "skipped"


def test_what_an_address_answered_is_told_by_the_index(file: Path):
    moved = index()
    moved[URL] |= {"final_url": "https://elsewhere.example/stolen", "fetched_at": "2026-01-01T00:00:00Z"}
    file.write_bytes(zipped(parts(**{"documents/index.json": moved})))
    found = told(verify("--offline", "--json", str(file)))
    assert "leads on to elsewhere.example" in json.dumps(found["checks"])
    assert {d["url"]: d["fetched_at"] for d in found["documents"]}[URL] == "2026-01-01T00:00:00Z"


def test_a_document_whose_file_is_missing_did_not_answer(file: Path):
    number = index()[URL]["file"]
    file.write_bytes(zipped(parts(**{f"documents/{number}": None})))
    found = told(verify("--offline", "--json", str(file)))
    assert found["verdict"] == "unconfirmed"
    assert "its file is missing from the bundle" in json.dumps(found["checks"])


def test_another_archive_is_no_bundle(file: Path):
    file.write_bytes(zipped({"badge.png": BADGE.data}))
    result = verify("--offline", str(file))
    assert (result.exit_code, result.stdout[:9]) == (1, "No badge.")
    for other in (b"PK\x03\x04 and nothing more", zipped(parts()).replace(b"PK\x01\x02", b"PK\x01\xff")):
        file.write_bytes(other)
        assert verify("--offline", str(file)).stdout.startswith("No badge.")


@pytest.mark.parametrize(
    "changes",
    [
        {"bundle.json": []},
        {"bundle.json": b"{"},
        {"bundle.json": b"[" * 100_000},
        {"bundle.json": {}},
        {"bundle.json": {**parts()["bundle.json"], "badge": "another.png"}},
        {"bundle.json": {**parts()["bundle.json"], "at": "yesterday"}},
        {"bundle.json": {**parts()["bundle.json"], "at": 5}},
        {"bundle.json": {**parts()["bundle.json"], "recipients": 5}},
        {"documents/index.json": None},
        {"documents/index.json": []},
        {"documents/index.json": {URL: "5"}},
        {"documents/index.json": {URL: {}}},
        {"documents/index.json": {URL: {"file": "0", "status": "fine"}}},
        {"documents/index.json": {URL: {"file": "0", "fetched_at": "then"}}},
        {"report.json": None},
        {"badge.png": None},
        {"badge.png": b""},
    ],
)
def test_a_bundle_that_is_not_whole_says_so_without_a_traceback(file: Path, changes: dict[str, Any]):
    file.write_bytes(zipped(parts(**changes)))
    result = verify("--offline", str(file))
    assert result.exit_code == 1
    assert result.stdout.startswith("No badge.")
    assert result.exception is None or isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "documents/../../x", "..\\x"])
def test_no_name_in_a_bundle_leads_out_of_it(file: Path, name: str):
    file.write_bytes(zipped(parts(**{name: b"x"})))
    assert "leads elsewhere" in " ".join(verify("--offline", str(file)).stdout.split())


def test_no_link_stands_in_a_bundle(file: Path):
    file.write_bytes(zipped(parts()))
    link = zipfile.ZipInfo("documents/link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "leads elsewhere" in " ".join(verify("--offline", str(file)).stdout.split())


def test_a_bomb_does_not_go_off(file: Path):
    bomb = parts(**{"report.json": b" " * (8 * 1024 * 1024)})
    file.write_bytes(zipped(bomb, zipfile.ZIP_DEFLATED))
    assert "larger than a badge can need" in " ".join(verify("--offline", str(file)).stdout.split())


@pytest.mark.parametrize(("limit", "value"), [("MOST_ENTRIES", 5), ("MOST_BYTES", 10_000)])
def test_a_bundle_is_only_so_large(file: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int):
    monkeypatch.setattr(bundles, limit, value)
    file.write_bytes(zipped(parts()))
    assert "holds more than a badge can need" in " ".join(verify("--offline", str(file)).stdout.split())


def test_an_encrypted_or_broken_bundle_is_damaged(file: Path):
    data = bytearray(zipped(parts()))
    data[data.index(b"bundle.json") + 12] ^= 0xFF
    file.write_bytes(data)
    assert verify("--offline", str(file)).stdout.startswith("No badge. This bundle is damaged")


def test_a_progress_bar_is_for_terminals_alone(file: Path):
    file.write_bytes(zipped(parts()))
    result = verify("--offline", str(file), str(file))
    assert result.stderr == ""
    assert "2 checked: 2 verified." in result.stdout


def test_the_text_of_a_credential_has_one_spelling():
    from backpack.verifier import read

    one = read(b'{"type": "Assertion", "recipient": {}, "a": "\xc3\xa9"}')
    other = read(b'{"a": "\\u00e9", "recipient": {},  "type":"Assertion"}')
    assert credential_text(one) == credential_text(other)

"""A verification bundle: what was packed is found in it again, and one that a stranger made does no harm."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest

from backpack.errors import BackpackError, Damaged, TooLarge
from backpack.verifier import Documents, Report, Verdict, bundles, verify
from backpack.verifier.bundles import Bundle, opened
from backpack.verifier.sameness import read_this
from tests.bundles import ABOUT, BADGE, URL, bundle, index
from tests.issuing import AT, MARIA


def held(data: bytes) -> Bundle:
    found = opened(io.BytesIO(data))
    assert found is not None
    return found


def checked(data: bytes) -> Report:
    """The report that the documents in a bundle give."""
    found = held(data)
    badge = read_this(found.badge, found.credential_sha256)
    return verify(badge, Documents(*found.documents), found.recipients, found.at)


def trouble(data: bytes) -> BackpackError:
    with pytest.raises(BackpackError) as caught:
        opened(io.BytesIO(data))
    return caught.value


def test_what_was_packed_is_in_it_again():
    told: list[tuple[str, dict[str, Any], bytes | None]] = [
        (URL, {"file": "1", "status": 200, "content_type": "application/json"}, b"{}"),
        ("https://one.example/same", {"file": "1", "status": 200}, None),
        ("https://one.example/lost", {"file": "2", "status": 200}, None),
    ]
    about = {"credential_sha256": "ab", "at": "2026-03-14T09:00:00Z", "recipients": [MARIA]}
    packed = bundles.packed(("b.png", BADGE.data), about, {"verdict": "ü"}, told, "Read me.", AT)
    found = held(packed)
    assert (found.badge, found.credential_sha256, found.at) == (BADGE.data, "ab", AT)
    assert (found.recipients, found.report) == ((MARIA,), {"verdict": "ü"})
    assert [(d.url, d.ok, d.body) for d in found.documents] == [
        (URL, True, b"{}"),
        ("https://one.example/same", True, b"{}"),
        ("https://one.example/lost", False, b""),
    ]
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist()[0] == "README.txt"
        assert archive.read("README.txt") == b"Read me."
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 3, 14, 9, 0, 0)}
        assert bundles.is_bundle(archive)
        beside = [name for name in archive.namelist() if not bundles.is_beside_the_badge(name)]
        assert beside == ["b.png"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_its_badge_is_checked_from_what_it_holds(packing: int):
    report = checked(bundle(packing))
    assert (report.verdict, report.matched, report.at) == (Verdict.verified, MARIA, AT)


def test_an_earlier_time_than_ours_is_read_as_utc_when_no_zone_is_named():
    assert held(bundle(**{"bundle.json": {**ABOUT, "at": "2026-03-14T09:00:00"}})).at == AT
    elsewhere = {**ABOUT, "at": "2026-03-14T11:00:00+02:00"}
    assert held(bundle(**{"bundle.json": elsewhere})).at == AT


def test_one_that_asked_nobody_asks_nobody():
    assert held(bundle(**{"bundle.json": {**ABOUT, "recipients": None}})).recipients is None
    assert held(bundle(**{"bundle.json": {**ABOUT, "recipients": []}})).recipients == ()


def test_what_an_address_answered_is_told_by_the_index():
    told = index()
    told[URL] |= {"final_url": "https://elsewhere.example/stolen", "fetched_at": "2026-01-01T00:00:00Z"}
    report = checked(bundle(**{"documents/index.json": told}))
    assert any("leads on to elsewhere.example" in one.message for one in report.checks)
    assert {d.url: d.fetched_at for d in report.documents}[URL] == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_document_whose_file_is_missing_did_not_answer():
    report = checked(bundle(**{f"documents/{index()[URL]['file']}": None}))
    assert report.verdict is Verdict.unconfirmed
    assert any("its file is missing from the bundle" in one.message for one in report.checks)


def test_another_file_is_no_bundle():
    for other in (BADGE.data, b"", b"PK\x03\x04 and nothing more", bundle(**{"report.json": None})):
        assert opened(io.BytesIO(other)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"bundle.json": []},
        {"bundle.json": b"{"},
        {"bundle.json": {}},
        {"bundle.json": {**ABOUT, "badge": "another.png"}},
        {"bundle.json": {**ABOUT, "at": "yesterday"}},
        {"bundle.json": {**ABOUT, "at": 5}},
        {"bundle.json": {**ABOUT, "recipients": 5}},
        {"documents/index.json": []},
        {"documents/index.json": {URL: "5"}},
        {"documents/index.json": {URL: {}}},
        {"documents/index.json": {URL: {"file": "0", "status": "fine"}}},
        {"documents/index.json": {URL: {"file": "0", "fetched_at": "then"}}},
        {"report.json": []},
        {"badge.png": None},
    ],
)
def test_one_that_is_not_whole_says_so(changes: dict[str, Any]):
    found = trouble(bundle(**changes))
    assert isinstance(found, Damaged)
    assert found.says == "This bundle is damaged: a part of it is missing or not as it should be."


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "documents/../../x", "..\\x"])
def test_no_name_in_it_leads_out_of_it(name: str):
    assert "leads elsewhere" in trouble(bundle(**{name: b"x"})).says


def test_no_link_stands_in_it():
    made = io.BytesIO(bundle())
    link = zipfile.ZipInfo("documents/link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "leads elsewhere" in trouble(made.getvalue()).says


def test_a_bomb_does_not_go_off():
    found = trouble(bundle(zipfile.ZIP_DEFLATED, **{"report.json": b" " * (8 * 1024 * 1024)}))
    assert isinstance(found, TooLarge)
    assert "larger than a badge can need" in found.says


@pytest.mark.parametrize(("limit", "value"), [("MOST_ENTRIES", 5), ("MOST_BYTES", 10_000)])
def test_it_is_only_so_large(monkeypatch: pytest.MonkeyPatch, limit: str, value: int):
    monkeypatch.setattr(bundles, limit, value)
    assert trouble(bundle()).says == "This bundle holds more than a badge can need."


def test_one_that_cannot_be_unpacked_is_damaged():
    for place in (b"bundle.json", b"badge.png"):
        data = bytearray(bundle())
        data[data.index(place) + 12] ^= 0xFF
        assert trouble(bytes(data)).says == "This bundle is damaged: it cannot be unpacked."
    broken = bundle().replace(b"PK\x01\x02", b"PK\x01\xff")
    assert trouble(broken).says == "This bundle is damaged: it cannot be unpacked."

"""Everything of an earner in one file."""

import hashlib
import io
import json
import zipfile

import pytest

from backpack.demo.shapes import Issued
from tests.web.api.conftest import Program


def test_the_export_holds_every_original_byte_for_byte(maria: Program, badge: Issued) -> None:
    maria.bring(badge)
    box = _export(maria)
    (told,) = json.loads(box.read("badges.json"))
    assert box.read(told["file"]) == badge.data


def test_the_manifest_names_every_file_with_its_hash(maria: Program, badge: Issued) -> None:
    maria.bring(badge)
    box = _export(maria)
    manifest = json.loads(box.read("manifest.json"))
    named = {one["path"]: (one["sha256"], one["size"]) for one in manifest["files"]}
    inside = {name: box.read(name) for name in box.namelist() if name != "manifest.json"}
    assert named == {name: (hashlib.sha256(data).hexdigest(), len(data)) for name, data in inside.items()}
    assert manifest["problems"] == []


def test_the_export_tells_what_was_noted_ordered_and_shown(maria: Program, badge: Issued) -> None:
    there = maria.bring(badge)
    maria.patch(f"/api/v1/badges/{there}", json={"note": "Mine!"})
    maria.post("/api/v1/collections", json={"title": "All", "badges": [{"badge": there, "remark": "Look!"}]})
    slug = maria.post("/api/v1/shares", json={"badge": there}).json()["slug"]
    box = _export(maria)
    assert json.loads(box.read("badges.json"))[0]["note"] == "Mine!"
    assert json.loads(box.read("collections.json"))[0]["badges"] == [{"id": there, "remark": "Look!"}]
    assert json.loads(box.read("shares.json"))[0]["slug"] == slug
    assert json.loads(box.read(f"reports/{there}.json"))[0]["verdict"] == "verified"


def test_one_damaged_original_does_not_keep_the_others_back(maria: Program, badge: Issued) -> None:
    maria.bring(badge)
    sha256 = hashlib.sha256(badge.data).hexdigest()
    next((maria.settings.data_dir / "blobs").rglob(sha256)).write_bytes(b"rust")
    manifest = json.loads(_export(maria).read("manifest.json"))
    assert manifest["problems"] == [f"{_file(maria)}: This file was damaged where it is stored."]


def test_the_export_holds_nothing_of_other_earners(maria: Program, stranger: Program, badge: Issued) -> None:
    maria.bring(badge)
    assert json.loads(_export(stranger).read("badges.json")) == []


def test_who_exports_all_the_time_is_asked_to_wait(maria: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.api.limits.EXPORTS", 1)
    assert [maria.get("/api/v1/export").status_code for _ in range(2)] == [200, 429]


def _export(program: Program) -> zipfile.ZipFile:
    answer = program.get("/api/v1/export")
    assert answer.headers["content-type"] == "application/zip"
    assert len(answer.content) == int(answer.headers["content-length"])
    return zipfile.ZipFile(io.BytesIO(answer.content))


def _file(program: Program) -> str:
    return str(json.loads(_export(program).read("badges.json"))[0]["file"])

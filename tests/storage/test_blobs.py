"""Bytes under their own hash, in files and in a bucket."""

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from sqlmodel import Session, select

from backpack.config import Settings
from backpack.errors import Damaged, Misconfigured, Missing
from backpack.storage import blobs as blobs_module
from backpack.storage.blobs import Blobs, Unreachable
from backpack.storage.tables import Blob


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The URL of an empty bucket on an S3 server of our own."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    os.environ |= keys
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="badges")
    yield f"s3://badges/of/us?endpoint={endpoint}"
    for name in keys:
        del os.environ[name]
    server.stop()


@pytest.fixture(params=["files", "bucket"])
def blobs(request: pytest.FixtureRequest, settings: Settings) -> Blobs:
    if request.param == "bucket":
        settings.blob_url = request.getfixturevalue("bucket")
    return Blobs(settings)


def test_bytes_come_back_as_they_were(db: Session, blobs: Blobs) -> None:
    data = bytes(range(256)) * 3
    sha256 = blobs.keep(db, data, "image/png")
    db.commit()
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert blobs.read(sha256) == data
    row = db.get_one(Blob, sha256)
    assert (row.media_type, row.size) == ("image/png", 768)


def test_nothing_at_all_can_be_kept_too(db: Session, blobs: Blobs) -> None:
    assert blobs.read(blobs.keep(db, b"", "text/plain")) == b""


def test_keeping_twice_is_keeping_once(db: Session, blobs: Blobs) -> None:
    assert blobs.keep(db, b"same", "text/plain") == blobs.keep(db, b"same", "image/png")
    db.commit()
    assert blobs.keep(db, b"same", "image/png")
    assert db.exec(select(Blob.media_type)).all() == ["text/plain"]


def test_the_bytes_are_there_before_the_row_is(db: Session, blobs: Blobs) -> None:
    sha256 = blobs.keep(db, b"not committed", "text/plain")
    db.rollback()
    assert blobs.read(sha256) == b"not committed"
    assert db.get(Blob, sha256) is None


def test_what_was_never_kept_is_missing(blobs: Blobs) -> None:
    with pytest.raises(Missing):
        blobs.read("0" * 64)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "0" * 63, "0" * 63 + "/"])
def test_only_hashes_are_names(blobs: Blobs, name: str) -> None:
    with pytest.raises(Missing):
        blobs.read(name)


def test_what_is_dropped_is_gone_and_may_be_dropped_again(db: Session, blobs: Blobs) -> None:
    sha256 = blobs.keep(db, b"to be erased", "text/plain")
    blobs.drop(sha256)
    blobs.drop(sha256)
    with pytest.raises(Missing):
        blobs.read(sha256)


def test_what_is_kept_while_the_same_bytes_are_erased_is_there(
    db: Session, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Erasing deletes row and file; it may come between our look at the file and our row."""
    put, erased = blobs._put, []

    def put_and_lose(sha256: str, data: bytes) -> None:
        put(sha256, data)
        if not erased:
            erased.append(sha256)
            blobs.drop(sha256)

    monkeypatch.setattr(blobs, "_put", put_and_lose)
    assert blobs.read(blobs.keep(db, b"wanted", "text/plain")) == b"wanted"


class TestFiles:
    @pytest.fixture
    def files(self, settings: Settings) -> Blobs:
        return Blobs(settings)

    def test_a_damaged_file_is_said_to_be_damaged(
        self, db: Session, settings: Settings, files: Blobs
    ) -> None:
        sha256 = files.keep(db, b"whole", "text/plain")
        _file(settings, sha256).write_bytes(b"whale")
        with pytest.raises(Damaged):
            files.read(sha256)

    def test_a_file_cut_short_by_a_power_cut_is_written_anew(
        self, db: Session, settings: Settings, files: Blobs
    ) -> None:
        sha256 = files.keep(db, b"whole", "text/plain")
        db.commit()
        _file(settings, sha256).write_bytes(b"")
        files.keep(db, b"whole", "text/plain")
        assert files.read(sha256) == b"whole"

    def test_file_and_folders_are_synced_before_the_row_is_written(
        self, db: Session, settings: Settings, files: Blobs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        synced: list[Path] = []

        def sync(path: Path) -> None:
            assert db.exec(select(Blob)).all() == []
            synced.append(path)

        monkeypatch.setattr(blobs_module, "_sync", sync)
        sha256 = files.keep(db, b"precious", "text/plain")
        file = _file(settings, sha256)
        assert synced == [file, file.parent, file.parent.parent]

    def test_the_folder_of_all_files_is_synced_before_there_is_any_file(
        self, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        synced: list[Path] = []
        monkeypatch.setattr(blobs_module, "_sync", synced.append)
        settings.data_dir = tmp_path / "new"
        Blobs(settings)
        assert synced == [settings.data_dir.absolute()]

    def test_a_folder_that_lies_safely_is_synced_for_its_files_alone(
        self, db: Session, settings: Settings, files: Blobs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = _file(settings, files.keep(db, b"precious", "text/plain"))
        alike = next(data for data in map(b"%d".__mod__, range(9999)) if _folder(data) == first.parent.name)
        synced: list[Path] = []
        monkeypatch.setattr(blobs_module, "_sync", synced.append)
        second = _file(settings, files.keep(db, alike, "text/plain"))
        assert synced == [second, first.parent]

    def test_a_sync_that_fails_is_an_error(
        self, db: Session, files: Blobs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(_: int) -> None:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(os, "fsync", fails)
        with pytest.raises(OSError, match="Input/output"):
            files.keep(db, b"precious", "text/plain")
        assert db.exec(select(Blob)).all() == []

    def test_what_could_not_be_synced_is_written_again_by_whoever_brings_it_again(
        self, db: Session, settings: Settings, files: Blobs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(_: int) -> None:
            raise OSError(5, "Input/output error")

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fails)
            with pytest.raises(OSError, match="Input/output"):
                files.keep(db, b"precious", "text/plain")
        sha256 = hashlib.sha256(b"precious").hexdigest()
        assert not _file(settings, sha256).exists()
        assert files.read(files.keep(db, b"precious", "text/plain")) == b"precious"


@pytest.mark.parametrize("url", ["ftp://x/y", "s3:///nowhere", "bucket"])
def test_a_store_of_another_kind_is_refused_at_the_start(settings: Settings, url: str) -> None:
    settings.blob_url = url
    with pytest.raises(Misconfigured):
        Blobs(settings)


def _folder(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:2]


def _file(settings: Settings, sha256: str) -> Path:
    return settings.data_dir.absolute() / "blobs" / sha256[:2] / sha256


def test_a_bucket_that_does_not_exist_is_not_taken_for_an_empty_one(settings: Settings, bucket: str) -> None:
    settings.blob_url = bucket.replace("badges", "nowhere")
    with pytest.raises(Misconfigured, match="does not exist"):
        Blobs(settings).read("0" * 64)


def test_a_bucket_that_does_not_answer_is_told_from_a_file_that_is_not_there(
    db: Session, settings: Settings, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs_module, "MOST_PATIENCE", timedelta(0))
    settings.blob_url = "s3://badges?endpoint=http://127.0.0.1:9"
    away = Blobs(settings)
    for act in (lambda: away.keep(db, b"new", "text/plain"), lambda: away.read("0" * 64)):
        with pytest.raises(Unreachable, match="error sending request"):
            act()
    assert db.exec(select(Blob)).all() == []

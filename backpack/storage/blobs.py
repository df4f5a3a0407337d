"""Bytes under their own hash: files in DATA_DIR, or a bucket by URL."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import BaseError, GenericError, NotFoundError
from obstore.store import LocalStore, S3Store
from sqlalchemy import bindparam, inspect, select
from sqlmodel import Session

from backpack.config import Settings, made
from backpack.errors import Damaged, Misconfigured, Missing

from .dialects import either
from .tables import Blob, now

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config


MOST_PATIENCE = timedelta(seconds=10)
"""How long a bucket that fails is asked again: somebody waits for the answer."""
_NO_BUCKET = "<Code>NoSuchBucket</Code>"  # obstore tells it from a missing file by S3's own words alone
_NAMED = select(inspect(Blob).columns.sha256).where(inspect(Blob).columns.sha256 == bindparam("name"))
_ENTERING = either(lambda insert: insert(inspect(Blob).local_table).on_conflict_do_nothing())


class Unreachable(Exception):
    """The bucket does not answer, or not as it should. It is no fault of what is kept there, and passes."""


class Blobs:
    """The blob store of an instance. ``BLOB_URL`` is empty for files, or ``s3://bucket/prefix``.

    Of an S3 URL the query may name ``endpoint`` and ``region``; keys are read from the usual AWS_ variables.
    """

    def __init__(self, settings: Settings) -> None:
        self._root = None if settings.blob_url else settings.data_dir.absolute() / "blobs"
        self._store: LocalStore | S3Store = _local(self._root) if self._root else _bucket(settings.blob_url)

    def keep(self, db: Session, data: bytes, media_type: str) -> str:
        """Store bytes under their own hash and return it; storing them twice is free.

        The bytes lie safely in the store before the row is added; the row is committed by the caller.
        """
        return self.keep_all(db, [(data, media_type)])[0]

    def keep_all(self, db: Session, files: Sequence[tuple[bytes, str]], named: str = "") -> list[str]:
        """Store several, each with its media type: all files are written before the first row needs a lock.

        The file that is ``named`` is there: a row which the caller holds until the commit names it.
        """
        names = [hashlib.sha256(data).hexdigest() for data, _ in files]
        by_name = dict(zip(names, files, strict=True))
        by_name.pop(named, None)
        written = {name for name, (data, _) in by_name.items() if self._written(db, name, data)}
        for name in sorted(by_name):  # in one order, or two that keep the same would wait for each other
            self._enter(db, name, *by_name[name], is_written=name in written)
        return names

    def _written(self, db: Session, sha256: str, data: bytes) -> bool:
        """Have the bytes lie safely in the store; whether they had to be written for that."""
        there = self._size(_path(sha256)) == len(data)
        # Who committed this row had the file synced before.
        if there and db.execute(_NAMED, {"name": sha256}).first():
            return False
        self._put(sha256, data)
        return True

    def _enter(self, db: Session, sha256: str, data: bytes, media_type: str, *, is_written: bool) -> None:
        row = {"sha256": sha256, "media_type": media_type, "size": len(data), "created_at": now()}
        added = db.execute(_ENTERING(db), row).rowcount  # type: ignore[attr-defined]
        if added and not (is_written and self._size(_path(sha256)) == len(data)):
            # Someone who erased the same bytes meanwhile took the file along with their row.
            self._put(sha256, data)

    def read(self, sha256: str) -> bytes:
        """The bytes, as they were. Raises Missing when they are not there, Damaged when they are not those."""
        try:
            with self._asked():
                data = self._bytes(_path(sha256))
        except (FileNotFoundError, NotFoundError) as error:
            if _NO_BUCKET in str(error):
                raise Misconfigured("The bucket of BACKPACK_BLOB_URL does not exist.", "Make it.") from error
            raise Missing("This file is not here any more.") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged("This file was damaged where it is stored.", "Tell whoever runs this instance.")
        return data

    def drop(self, sha256: str) -> None:
        """Delete the bytes; they may be gone already. Call it when the row is deleted, before the commit."""
        try:
            with self._asked():
                self._store.delete(_path(sha256))
        except (FileNotFoundError, NotFoundError):
            return
        if self._root:
            _sync((self._root / _path(sha256)).parent)

    def _put(self, sha256: str, data: bytes) -> None:
        path = _path(sha256)
        if self._size(path) != len(data):
            with self._asked():
                obstore.put(self._store, path, data, mode="overwrite", use_multipart=False)
        if self._root:
            _sync_in_its_place(self._root, path)

    def _bytes(self, path: str) -> bytes:
        # A file of our own needs none of the threads that wait for a bucket's answer.
        return (self._root / path).read_bytes() if self._root else bytes(self._store.get(path).bytes())

    def _size(self, path: str) -> int | None:
        try:
            with self._asked():
                return (
                    (self._root / path).stat().st_size if self._root else int(self._store.head(path)["size"])
                )
        except (FileNotFoundError, NotFoundError):
            return None

    @contextmanager
    def _asked(self) -> Iterator[None]:
        try:
            yield
        except NotFoundError:
            raise
        except BaseError as error:
            if self._root:
                raise
            raise Unreachable(str(error).partition("\n")[0]) from error


def _path(sha256: str) -> str:
    if len(sha256) != 64 or not sha256.isalnum():
        raise Missing("There is no such file.")
    return f"{sha256[:2]}/{sha256}"


def _sync_in_its_place(root: Path, path: str) -> None:
    # obstore makes the folder and renames a finished file into place, but leaves it to us that a power cut
    # spares them.
    file = root / path
    try:
        _sync(file)
        _sync(file.parent)
        _sync_folder_in(root, file.parent.name)
    except OSError:
        # What the kernel could not write it forgets, and the next sync would say all is well: so whoever
        # brings the same bytes again must write them again.
        with suppress(OSError):
            file.unlink()
        raise


@cache
def _sync_folder_in(root: Path, name: str) -> None:  # noqa: ARG001 - once for every folder
    """A folder stays for good: once it lies safely, its files need no more synced than their own."""
    _sync(root)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def _local(root: Path) -> LocalStore:
    made(root)
    _sync(root.parent)
    return LocalStore(root)


def _bucket(url: str) -> S3Store:
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc:
        raise Misconfigured(
            "BACKPACK_BLOB_URL is not usable.", "Use s3://bucket/prefix, or leave it empty for files."
        )
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    endpoint = query.get("endpoint") or os.environ.get("AWS_ENDPOINT_URL")
    config: S3Config = {
        "region": query.get("region") or os.environ.get("AWS_REGION") or "us-east-1",
        "virtual_hosted_style_request": False,
    }
    if endpoint:
        config["endpoint"] = endpoint
    options: ClientConfig = {"allow_http": True} if endpoint and endpoint.startswith("http://") else {}
    try:
        return S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            config=config,
            client_options=options,
            retry_config={"retry_timeout": MOST_PATIENCE},
        )
    except GenericError as error:
        raise Misconfigured("BACKPACK_BLOB_URL is not usable.", str(error)) from error

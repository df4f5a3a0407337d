"""The verification bundle: a badge, the documents that a report stands on, and that report, in one ZIP file.

It is written and read here. A stranger may have made it, so it is read under limits, nothing is written
anywhere, and names in it lead only to other files in it.
"""

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from ..errors import Damaged, TooLarge
from .credential import JsonObject
from .documents import Document, as_told

FORMAT = 1
MOST_ENTRIES = 5_000
MOST_BYTES = 500 * 1024 * 1024
LARGEST_FILE = 16 * 1024 * 1024
MOST_INFLATION = 100
_README, _ABOUT, _REPORT, _INDEX = "README.txt", "bundle.json", "report.json", "documents/index.json"
_DOCUMENTS = "documents/"
_BESIDE_THE_BADGE = (_README, _ABOUT, _REPORT, _DOCUMENTS)
_SMALL = 64 * 1024
_LINK = 0o120000


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle holds. ``recipients`` are those whom its report asked about, ``at`` is that report's time."""

    badge: bytes
    credential_sha256: str
    at: datetime
    recipients: tuple[str, ...] | None
    documents: tuple[Document, ...]
    report: dict[str, Any]


def is_bundle(archive: zipfile.ZipFile) -> bool:
    """Whether this archive holds what makes one."""
    return {_ABOUT, _REPORT, _INDEX}.issubset(archive.namelist())


def is_beside_the_badge(name: str) -> bool:
    """Whether a file in a bundle is of the bundle, and not the badge that all of it is about."""
    return name.startswith(_BESIDE_THE_BADGE)


def packed(
    badge: tuple[str, bytes],
    about: JsonObject,
    report: JsonObject,
    documents: Iterable[tuple[str, JsonObject, bytes | None]],
    readme: str,
    at: datetime,
) -> bytes:
    """A bundle of a badge (its name and bytes), every file in it stored as it is and dated ``at``.

    ``about`` says whose credential it is, the report's time, and whom it asked about. Of each document there
    are its address, how an index tells of it, and its body: None when another brought the same, or it is lost.
    """
    made, index = BytesIO(), dict[str, JsonObject]()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:

        def put(name: str, data: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), data)

        put(_README, readme.encode())
        put(_ABOUT, _written({"format": FORMAT, "badge": badge[0], **about}))
        put(*badge)
        put(_REPORT, _written(report))
        for url, entry, body in documents:
            index[url] = entry
            if body is not None:
                put(f"{_DOCUMENTS}{entry['file']}", body)
        put(_INDEX, _written(index))
    return made.getvalue()


def _written(value: JsonObject) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def opened(file: BinaryIO) -> Bundle | None:
    """The bundle in this file, None when there is none. Raises Damaged and TooLarge."""
    if not zipfile.is_zipfile(file):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            if not is_bundle(archive):
                return None
            _expect_harmless(archive)
            return _bundle(archive)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError) as error:
        raise Damaged("This bundle is damaged: it cannot be unpacked.") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Damaged("This bundle is damaged: a part of it is missing or not as it should be.") from error


def _bundle(archive: zipfile.ZipFile) -> Bundle:
    about, index = _object(archive, _ABOUT), _object(archive, _INDEX)
    at = _time(about["at"])
    recipients = about.get("recipients")
    return Bundle(
        badge=_file(archive, str(about["badge"])),
        credential_sha256=str(about["credential_sha256"]),
        at=at,
        recipients=None if recipients is None else tuple(map(str, recipients)),
        documents=tuple(_document(archive, url, entry, at) for url, entry in index.items()),
        report=_object(archive, _REPORT),
    )


def _document(archive: zipfile.ZipFile, url: str, entry: dict[str, Any], at: datetime) -> Document:
    name = f"{_DOCUMENTS}{entry['file']}"
    if name not in archive.NameToInfo:
        return Document(url, 0, problem="its file is missing from the bundle", fetched_at=at)
    return as_told(url, entry, _file(archive, name), at)


def _expect_harmless(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise TooLarge("This bundle holds more than a badge can need.")
    for entry in entries:
        name = PurePosixPath(entry.filename)
        is_link = entry.external_attr >> 16 & 0o170000 == _LINK
        if is_link or name.is_absolute() or ".." in name.parts or "\\" in entry.filename:
            raise Damaged("This bundle is not one that a backpack made: a name in it leads elsewhere.")


def _file(archive: zipfile.ZipFile, name: str) -> bytes:
    # The sizes in the archive's list may lie, so what is read is counted.
    entry = archive.getinfo(name)
    most = min(LARGEST_FILE, max(_SMALL, entry.compress_size * MOST_INFLATION))
    with archive.open(entry) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise TooLarge("A file in this bundle is larger than a badge can need.")
    return data


def _object(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    found = json.loads(_file(archive, name))
    if not isinstance(found, dict):
        raise ValueError(name)
    return found


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)

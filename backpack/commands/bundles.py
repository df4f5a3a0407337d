"""A verification bundle read from a file: a badge with its documents, as a backpack gave it out.

A stranger may have made it, so it is read under limits, nothing is written anywhere, and names in it lead
only to other files in it.
"""

import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from backpack.commands.offline import document
from backpack.errors import Damaged, TooLarge
from backpack.verifier import Document

MOST_ENTRIES = 5_000
MOST_BYTES = 500 * 1024 * 1024
LARGEST_FILE = 16 * 1024 * 1024
MOST_INFLATION = 100
File = Path | BytesIO
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


def is_bundle(file: File) -> bool:
    """Whether this file is a ZIP archive that says it is a bundle."""
    try:
        if not zipfile.is_zipfile(file):
            return False
        with zipfile.ZipFile(file) as archive:
            return "bundle.json" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def opened(file: File) -> Bundle:
    """The bundle in this file. Raises Damaged and TooLarge."""
    try:
        with zipfile.ZipFile(file) as archive:
            _expect_harmless(archive)
            return _bundle(archive)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise Damaged("This bundle is damaged: it cannot be unpacked.") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Damaged("This bundle is damaged: a part of it is missing or not as it should be.") from error


def _bundle(archive: zipfile.ZipFile) -> Bundle:
    about, index = _object(archive, "bundle.json"), _object(archive, "documents/index.json")
    at = _time(about["at"])
    recipients = about.get("recipients")
    return Bundle(
        badge=_file(archive, str(about["badge"])),
        credential_sha256=str(about["credential_sha256"]),
        at=at,
        recipients=None if recipients is None else tuple(map(str, recipients)),
        documents=tuple(_document(archive, url, entry, at) for url, entry in index.items()),
        report=_object(archive, "report.json"),
    )


def _document(archive: zipfile.ZipFile, url: str, entry: dict[str, Any], at: datetime) -> Document:
    name = f"documents/{entry['file']}"
    if name not in archive.NameToInfo:
        return Document(url, 0, problem="its file is missing from the bundle", fetched_at=at)
    return document(url, entry, _file(archive, name), at)


def _expect_harmless(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise TooLarge("This bundle holds more than a badge can need.")
    for entry in entries:
        name = Path(entry.filename)
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

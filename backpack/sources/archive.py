"""An archive: a ZIP, a mailbox file, or an exported backpack. It is taken apart in portions, never all at once."""

import io
import zipfile
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from backpack.errors import BackpackError, Damaged, NothingInside, TooLarge
from backpack.verifier import bundles

from . import _mbox as mbox
from . import _own as own
from . import _zip as zips
from ._parcel import Finds, Parcel, Piece

LABEL = "Archive"

LARGEST = 100 * zips.MIB
MOST_ENTRIES = zips.MOST_ENTRIES
MOST_BYTES = zips.MOST_BYTES
PORTION = 100
_PORTION_BYTES = 24 * zips.MIB


@dataclass(frozen=True, slots=True)
class Taken:
    """One file out of an archive; when it could not be taken, why. ``brings`` is of an exported backpack."""

    name: str
    data: bytes = b""
    says: str = ""
    try_this: str = ""
    code: str = ""
    brings: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Portion:
    """Some files out of an archive: those up to ``place``, of ``parts`` in all."""

    files: tuple[Taken, ...]
    place: int
    parts: int
    collections: tuple[dict[str, Any], ...] = ()


@dataclass
class _Filling:
    place: int
    files: list[Taken] = field(default_factory=list)
    size: int = 0

    def put(self, one: Taken) -> bool:
        """Take one more; whether there is room for another."""
        self.files.append(one)
        self.size += len(one.data)
        self.place += 1
        return len(self.files) < PORTION and self.size < _PORTION_BYTES


def is_archive(data: bytes) -> bool:
    """Whether these bytes are one, whatever they are called."""
    return data.startswith((b"PK\3\4", b"PK\5\6")) or mbox.holds_several(data)


def finds(parcel: Parcel) -> Finds:
    """What is in the first portion: all, of a small archive. Larger ones are taken apart by ``portion``."""
    taken = portion(io.BytesIO(parcel.data), 0).files
    return Finds(pieces=tuple(Piece(one.data, one.name) for one in taken if one.data))


def portion(file: BinaryIO, place: int) -> Portion:
    """The next files behind ``place``. Raises TooLarge, Damaged, NothingInside, of the archive as a whole."""
    file.seek(0)
    found = _of_mbox(file, place) if file.read(5) == b"From " else _of_zip(file, place)
    if not (found.parts or found.collections):
        raise NothingInside("There is no file in this archive.", "Choose the file that the issuer gave you.")
    return found


mail_places, mail = mbox.places, mbox.mail
"""Of a mailbox file of any size: where its mails are, and one of them."""


def _of_mbox(file: BinaryIO, place: int) -> Portion:
    where = mbox.places(file)
    if len(where) > mbox.MOST_MAILS:
        raise TooLarge(
            f"There are more than {mbox.MOST_MAILS:,} mails in this file.",
            "Put the mails about badges into a folder of their own, and save that.",
        )
    filling = _Filling(place)
    for number, (begin, end) in enumerate(where[place:], start=place + 1):
        if not filling.put(_mail(file, begin, end, f"Mail {number}")):
            break
    return Portion(tuple(filling.files), filling.place, len(where))


def _mail(file: BinaryIO, begin: int, end: int, name: str) -> Taken:
    if end - begin > zips.LARGEST_MAIL:
        says = f"This mail is larger than {zips.LARGEST_MAIL // zips.MIB} MB."
        return Taken(
            name, says=says, try_this="Save the badge from it and add that file.", code=TooLarge.code
        )
    return Taken(name, mbox.mail(file, begin, end))


def _of_zip(file: BinaryIO, place: int) -> Portion:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise Damaged("This archive is damaged.", "Make it anew, or add the files themselves.") from error
    with archive:
        is_own = own.is_export(archive)
        brings, collections = own.brought(archive) if is_own else ({}, [])
        entries = zips.files_in(archive, under=own.FOLDER if is_own else "")
        if bundles.is_bundle(archive):
            entries = [entry for entry in entries if not bundles.is_beside_the_badge(entry.filename)]
        filling = _Filling(place)
        for entry in entries[place:]:
            if not filling.put(_entry(archive, entry, brings.get(entry.filename))):
                break
        return Portion(tuple(filling.files), filling.place, len(entries), tuple(collections))


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, brings: dict[str, Any] | None) -> Taken:
    name = zips.shown(entry.filename)
    try:
        return Taken(name, zips.bytes_of(archive, entry), brings=brings)
    except BackpackError as error:
        return Taken(name, says=error.says, try_this=error.try_this, code=error.code)

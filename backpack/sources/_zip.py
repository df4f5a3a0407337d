"""A ZIP archive: which files are in it, and their bytes. Nothing is ever written under their names.

What the archive says of itself is believed only where it is to its disadvantage: sizes are limits while a file
is inflated, never promises. A link, a way out of the archive, a lock or an odd packing refuses that one file.
"""

import re
import stat
import zipfile
import zlib

from backpack.errors import BackpackError, Damaged, TooLarge, UnknownFormat

from . import _kinds as kinds

MIB = 1024 * 1024
MOST_ENTRIES = 5_000
MOST_BYTES = 500 * MIB
MOST_INFLATION = 100
LARGEST, LARGEST_MAIL, LARGEST_ARCHIVE = 8 * MIB, 15 * MIB, 32 * MIB
_ALWAYS = 64 * 1024  # a small file may be packed as tightly as it likes
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others inflate without asking how much is wanted
_LOCKED = 0x1
_LITTER = ("thumbs.db", "desktop.ini")
_DRIVE = re.compile(r"[A-Za-z]:")


def files_in(archive: zipfile.ZipFile, under: str = "") -> list[zipfile.ZipInfo]:
    """The files that people put in, below a folder; raises TooLarge when these are more than is taken at once."""
    listed = [one for one in archive.infolist() if not one.is_dir() and one.filename.startswith(under)]
    found = [one for one in listed if not _is_litter(one.filename)]
    if len(found) > MOST_ENTRIES:
        raise TooLarge(
            f"There are more than {MOST_ENTRIES:,} files in this archive.",
            "Make several smaller archives of it.",
        )
    if sum(one.file_size for one in found) > MOST_BYTES:
        raise TooLarge(
            f"Unpacked, this archive is larger than {MOST_BYTES // MIB} MB.",
            "Unpack it, and add the badges alone.",
        )
    return found


def bytes_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One file, counted while it is inflated. Raises TooLarge, Damaged, UnknownFormat."""
    _refuse(entry)
    most = max(_ALWAYS, entry.compress_size * MOST_INFLATION)
    try:
        with archive.open(entry) as file:
            data = file.read(min(most, LARGEST) + 1)
            if LARGEST < len(data) <= most:
                data += file.read(min(most, _largest(data)) + 1 - len(data))
    except BackpackError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Damaged(
            "It cannot be taken out of its archive.", "Unpack the archive, and add the file itself."
        ) from error
    if len(data) > most:
        raise TooLarge(
            "It is much larger than it claims to be.", "Unpack the archive, and add the file itself."
        )
    if len(data) > (largest := _largest(data)):
        raise TooLarge(
            f"This is larger than {largest // MIB} MB, more than a badge ever is.",
            "Ask the issuer for the original file.",
        )
    return data


def shown(name: str) -> str:
    """A file's name for people: nothing that could steer a terminal or a page."""
    return "".join(c for c in name.replace("\\", "/") if c.isprintable())[-200:] or "file"


def _is_litter(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return (
        any(p.startswith(".") and p != ".." for p in parts)
        or "__MACOSX" in parts
        or parts[-1].lower() in _LITTER
    )


def _refuse(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        raise Damaged("Its name leads out of the archive.", "Unpack the archive, and add the file itself.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Damaged("It is a link to another file.", "Add that other file.")
    if entry.flag_bits & _LOCKED:
        raise UnknownFormat("It is locked with a password.", "Unpack the archive, and add the file itself.")
    if entry.compress_type not in _PACKINGS:
        raise UnknownFormat(
            "It is packed in a way that we do not open.", "Unpack the archive, and add the file itself."
        )


def _largest(data: bytes) -> int:
    if data.startswith((b"PK\3\4", b"From ")):
        return LARGEST_ARCHIVE
    return LARGEST_MAIL if kinds.is_mail(data) or kinds.is_outlook(data) else LARGEST

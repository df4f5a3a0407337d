"""What a path on this machine delivers: a file itself, what is in a folder or an archive, each mail of a mailbox."""

import mailbox
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from backpack.errors import Damaged, Missing, TooLarge

MOST_ENTRIES = 5_000
MOST_BYTES = 500 * 1024 * 1024
LARGEST_ENTRY = 15 * 1024 * 1024
MOST_INFLATION = 100
_ENDINGS = {".png", ".svg", ".json", ".jsonld", ".jwt", ".jws", ".txt", ".eml", ".mbox", ".zip"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One import to make: ``read`` gives its bytes when its turn has come."""

    name: str
    source: str
    read: Callable[[], bytes]


def delivered(path: Path) -> Iterator[Delivery]:
    """Everything at this path that may be a badge. Raises Missing, Damaged, TooLarge."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and file.suffix.lower() in _ENDINGS:
                yield from delivered(file)
    elif not path.exists():
        raise Missing(f"There is no file {path}.")
    elif path.suffix.lower() == ".mbox":
        yield from _mails(path)
    elif zipfile.is_zipfile(path):
        yield from _entries(path)
    else:
        yield Delivery(path.name, "file", path.read_bytes)


def _mails(path: Path) -> Iterator[Delivery]:
    for number, mail in enumerate(mailbox.mbox(path, create=False), start=1):
        yield Delivery(f"{path.name}, mail {number}.eml", "file", mail.as_bytes)


def _entries(path: Path) -> Iterator[Delivery]:
    """The files in a ZIP archive; their names are only shown, nothing is ever written under them."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise Damaged(f"The archive {path.name} is damaged.") from error
    wanted = [i for i in archive.infolist() if not i.is_dir() and Path(i.filename).suffix.lower() in _ENDINGS]
    if len(wanted) > MOST_ENTRIES or sum(entry.file_size for entry in wanted) > MOST_BYTES:
        raise TooLarge(
            f"The archive {path.name} holds more than a backpack takes at once.", "Unpack it first."
        )
    for entry in wanted:
        yield Delivery(Path(entry.filename).name, "file", partial(_inflated, archive, entry))


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    # The sizes in the archive's list may lie, so what is read is counted.
    most = min(LARGEST_ENTRY, max(64 * 1024, entry.compress_size * MOST_INFLATION))
    try:
        with archive.open(entry) as file:
            data = file.read(most + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Damaged("It cannot be taken out of its archive.", "Unpack the archive first.") from error
    if len(data) > most:
        raise TooLarge("It is much larger than it claims to be.")
    return data

"""What a path on this machine delivers: a file itself, what is in a folder, each mail of a very large mailbox."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

_ENDINGS = {
    ".png",
    ".svg",
    ".json",
    ".jsonld",
    ".jwt",
    ".jws",
    ".txt",
    ".eml",
    ".msg",
    ".pdf",
    ".mbox",
    ".zip",
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One import to make: ``read`` gives its bytes when its turn has come."""

    name: str
    source: str
    read: Callable[[], bytes]


def delivered(path: Path) -> Iterator[Delivery]:
    """Everything at this path that may be a badge, or an archive of some."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and file.suffix.lower() in _ENDINGS:
                yield from delivered(file)
    elif path.suffix.lower() == ".mbox" and path.stat().st_size > _largest():
        yield from _mails(path)
    else:
        yield Delivery(_name(path), "file", path.read_bytes)


def _name(path: Path) -> str:
    """The name as text: on a disk it may be any bytes, which no database keeps."""
    return os.fsencode(path.name).decode(errors="replace")


def _largest() -> int:
    from backpack.sources import archive

    return archive.LARGEST


def _mails(path: Path) -> Iterator[Delivery]:
    """Each mail by itself: a mailbox of gigabytes is never in memory, nor kept as a whole."""
    from backpack.sources import archive

    with path.open("rb") as file:
        places = archive.mail_places(file)
    for number, (begin, end) in enumerate(places, start=1):
        yield Delivery(f"{_name(path)}, mail {number}", "file", partial(_mail, path, begin, end))


def _mail(path: Path, begin: int, end: int) -> bytes:
    from backpack.sources import archive

    with path.open("rb") as file:
        return archive.mail(file, begin, end)

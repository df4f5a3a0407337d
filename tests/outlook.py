"""A mail as Outlook saves it (.msg), written by us: the compound file that it is, with the few streams that matter.

outlook.saved(subject="You earned it", text="https://…", attached=[("badge.png", PNG)], inner=another)
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SECTOR = 512
SMALLEST = 4096  # smaller streams would need a table of their own
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

Tree = dict[str, "bytes | Tree"]


@dataclass
class Entry:
    """One line of the directory: a storage with its first child, or a stream."""

    name: str
    stream: bytes | None = None
    child: int = FREE
    sibling: int = FREE


def saved(**facts: Any) -> bytes:
    """The file; ``facts`` are subject, sender, text, head, attached (name and bytes), and inner: facts of another."""
    return compound({"__properties_version1.0": b"\0" * 32, **_streams(**facts)})


def compound(tree: Tree) -> bytes:
    """A compound file of version 3 (MS-CFB), siblings hanging on one another in a row."""
    entries = [Entry("Root Entry")]
    _enter(entries, 0, tree)
    chains = [b"\0" * (-(-len(entries) * 128 // SECTOR) * SECTOR)]
    chains += [_padded(entry.stream.ljust(SMALLEST, b"\0")) for entry in entries if entry.stream is not None]
    table: list[int] = []
    starts = []
    for chain in chains:
        starts.append(len(table))
        table += [*range(len(table) + 1, len(table) + len(chain) // SECTOR), END]
    first, sectors = len(table), len(table) // 127 + 1
    table += [FAT] * sectors
    table += [FREE] * (sectors * 128 - len(table))
    streams = iter(starts[1:])
    directory = b"".join(_line(number, entry, streams) for number, entry in enumerate(entries))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, sectors, 0, 0, SMALLEST, END, 0, END, 0
    )
    head += struct.pack("<109I", *range(first, first + sectors), *[FREE] * (109 - sectors))
    return head + _padded(directory) + b"".join(chains[1:]) + struct.pack(f"<{len(table)}I", *table)


def _enter(entries: list[Entry], parent: int, tree: Tree) -> None:
    """Everything below a storage."""
    last = None
    for name, inside in tree.items():
        own = len(entries)
        entries.append(Entry(name, inside if isinstance(inside, bytes) else None))
        if last is None:
            entries[parent].child = own
        else:
            entries[last].sibling = own
        last = own
        if not isinstance(inside, bytes):
            _enter(entries, own, inside)


def _line(number: int, entry: Entry, starts: Iterator[int]) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    is_stream = entry.stream is not None
    kind = 2 if is_stream else 1 if number else 5
    start, size = (next(starts), max(len(entry.stream or b""), SMALLEST)) if is_stream else (END, 0)
    links = struct.pack("<HBBIII", len(name), kind, 1, FREE, entry.sibling, entry.child)
    return name.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<IQ", start, size)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % SECTOR)


def _streams(
    subject: str = "",
    sender: str = "",
    text: str = "",
    head: str = "",
    attached: tuple[tuple[str, bytes], ...] = (),
    inner: dict[str, Any] | None = None,
) -> Tree:
    said = {"0037": subject, "5D01": sender, "1000": text, "007D": head}
    tree: Tree = {
        f"__substg1.0_{name}001F": value.encode("utf-16-le") for name, value in said.items() if value
    }
    for number, (name, data) in enumerate(attached):
        tree[f"__attach_version1.0_#{number:08X}"] = {
            "__substg1.0_3707001F": name.encode("utf-16-le"),
            "__substg1.0_37010102": data,
        }
    if inner is not None:
        embedded: Tree = {"__substg1.0_3701000D": _streams(**inner)}
        tree[f"__attach_version1.0_#{len(attached):08X}"] = embedded
    return tree

"""winmail.dat: what Outlook makes of attachments for those who do not use it (MS-OXTNEF 2.1).

A signature, a key, then attributes: level, name, length, bytes, checksum. An attachment begins with its
rendering data; its title and its bytes follow.
"""

import struct
from collections.abc import Iterator

from ._mime import Leaf

MAGIC = b"\x78\x9f\x3e\x22"
MOST_ATTACHMENTS = 20
_BEGINS, _TITLE, _DATA = 0x9002, 0x8010, 0x800F


def leaves(data: bytes) -> Iterator[Leaf]:
    """What is attached in it, as far as it can be read; nothing is said of a broken end."""
    name, number = "", 0
    for attribute, value in _attributes(data):
        if attribute == _BEGINS:
            name, number = "", number + 1
        elif attribute == _TITLE:
            name = value.split(b"\0")[0].decode("latin-1")
        elif attribute == _DATA:
            yield Leaf("application/octet-stream", value, "".join(c for c in name if c.isprintable())[:120])
        if number > MOST_ATTACHMENTS:
            return


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        _, attribute, _, length = struct.unpack_from("<BHHI", data, at)
        at += 9
        if at + length > len(data):
            return
        yield attribute, data[at : at + length]
        at += length + 2

"""Where badges come from. A source is a module with a label and ``finds``, and a line here.

Sources are pure: bytes in, finds out. They neither fetch nor decide whether something is a badge.
"""

from typing import Protocol

from . import archive, file, link, mail, paper, platforms, push, text
from ._confirmations import confirmation, may_confirm
from ._parcel import Finds, Letter, Parcel, Piece

__all__ = [
    "SOURCES",
    "Finds",
    "Letter",
    "Parcel",
    "Piece",
    "Source",
    "confirmation",
    "may_confirm",
    "platforms",
]


class Source(Protocol):
    """What a module in this folder offers."""

    LABEL: str

    def finds(self, parcel: Parcel) -> Finds:
        """What is in this parcel. Raises Unreadable, in words for the earner, when nothing can be."""


SOURCES: dict[str, Source] = {
    "file": file,
    "paper": paper,
    "link": link,
    "text": text,
    "mail": mail,
    "push": push,
    "archive": archive,
}

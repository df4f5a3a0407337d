"""A file: a picture, JSON, a signed text, or a mail saved from a mail program."""

from dataclasses import replace

from . import _kinds as kinds
from . import _listing as listing
from . import mail
from ._parcel import Finds, Parcel, Piece

LABEL = "File"


def finds(parcel: Parcel) -> Finds:
    """The file itself, or what is in it when it is a mail; its name is not believed."""
    if not is_itself(parcel.data):
        return mail.finds(parcel)
    return Finds(pieces=(Piece(parcel.data, parcel.origin),))


def is_itself(data: bytes) -> bool:
    """Whether a file is all that is in it, no mail to be taken apart: a first look is enough to tell."""
    return not kinds.is_mail(data) and not kinds.is_outlook(data)


def listed(data: bytes, name: str) -> Finds:
    """What a file lists that is no badge; by address only where it speaks of badges: others may name hundreds."""
    found = listing.in_json(data, name)
    return found if kinds.may_hold_badge(data) else replace(found, links=())

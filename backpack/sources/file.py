"""A file: a picture, JSON, a signed text, or a mail saved from a mail program."""

from . import _kinds as kinds
from . import mail
from ._parcel import Finds, Parcel, Piece

LABEL = "File"


def finds(parcel: Parcel) -> Finds:
    """The file itself, or what is in it when it is a mail; its name is not believed."""
    if kinds.is_mail(parcel.data) or kinds.is_outlook(parcel.data):
        return mail.finds(parcel)
    return Finds(pieces=(Piece(parcel.data, parcel.origin),))

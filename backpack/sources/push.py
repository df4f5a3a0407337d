"""What an issuer's platform hands in for an earner: one credential, as it was signed or hosted."""

from ._parcel import Finds, Parcel, Piece

LABEL = "Issuer"


def finds(parcel: Parcel) -> Finds:
    """The credential itself."""
    return Finds(pieces=(Piece(parcel.data, parcel.origin),))

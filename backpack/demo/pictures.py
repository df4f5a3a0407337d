"""How a badge names its picture: an address that answers, data inside, or nothing."""

import base64

from . import art
from .identity import Identity
from .shapes import Answer, Answers, Award

MEDIA_TYPES = {"png": "image/png", "svg": "image/svg+xml", "jpeg": "image/jpeg", "webp": "image/webp"}


def named(issuer: Identity, award: Award) -> tuple[str | None, Answers]:
    """The address that the badge gives for its picture, and what that address answers."""
    if award.picture == "none":
        return None, {}
    if award.picture == "data":
        return f"data:image/png;base64,{base64.b64encode(art.png(award.art, 200)).decode()}", {}
    address = issuer.address(f"art/{award.art}.{award.picture}")
    return address, {address: Answer(200, MEDIA_TYPES[award.picture], drawn(award.art, award.picture))}


def drawn(name: str, form: str) -> bytes:
    """A drawing in this format."""
    return art.svg(name).encode() if form == "svg" else art.raster(name, form)

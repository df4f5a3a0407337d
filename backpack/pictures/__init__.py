"""Our own pictures of what strangers send: thumbnails and preview cards. The only Pillow in the house.

Everything here that touches a stranger's bytes is done in a worker process under limits; this module
only hands the work over, and imports no picture library itself.
"""

from backpack import workers

from .kinds import media_type_of

__all__ = ["card", "codes", "media_type_of", "rasterise", "thumbnail"]


def thumbnail(data: bytes, size: int = 512) -> bytes:
    """A clean PNG copy of a PNG, JPEG, WebP, GIF (first frame) or SVG, at most ``size`` pixels a side.

    Raises UnknownFormat, TooLarge, TooComplex or Damaged.
    """
    png: bytes = workers.run("backpack.pictures.decoding:clean_png", data, size)
    return png


def rasterise(svg: bytes, size: int = 512) -> bytes:
    """An SVG drawn as PNG inside a square of ``size`` pixels; no script runs, no reference is followed."""
    png: bytes = workers.run("backpack.pictures.vector:drawn", svg, size)
    return png


def codes(data: bytes) -> list[str]:
    """What the QR codes in a picture or on the first pages of a PDF say. Raises what ``thumbnail`` does."""
    found: list[str] = workers.run("backpack.pictures.codes:texts", data, seconds=10)
    return found


def card(
    *,
    title: str,
    issuer: str,
    verdict: str,
    words: str,
    date: str = "",
    picture: bytes | None = None,
    site: str = "",
) -> bytes:
    """The preview card of a public page as PNG, 1200 × 630.

    ``verdict`` chooses seal and colours, ``words`` say it, ``date`` says when it was looked at;
    ``picture`` is one of our own thumbnails, ``site`` the host that the link leads to.
    """
    png: bytes = workers.run(
        "backpack.pictures.preview:drawn", title, issuer, verdict, words, date, picture, site
    )
    return png

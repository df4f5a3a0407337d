"""A stranger's picture in, our own clean PNG out. Runs in a worker process."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from backpack.errors import Damaged, TooLarge, UnknownFormat

from . import vector
from .kinds import is_svg

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_PIXELS = 16_000_000
LONGEST_SIDE = 8_192

# Pillow's own limit only warns, at five times ours; ours is checked before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


def clean_png(data: bytes, size: int) -> bytes:
    """The first frame, at most ``size`` pixels a side, drawn on a new canvas: no metadata, no baked badge.

    Raises UnknownFormat, TooLarge or Damaged.
    """
    picture = opened(vector.drawn(data, size) if is_svg(data) else data)
    try:
        small = _upright(_in_colour(picture, size))
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Damaged("This picture is damaged.", "Ask for the original file.") from error
    canvas = Image.new(small.mode, small.size)
    canvas.paste(small)
    return png(canvas)


def opened(data: bytes) -> Image.Image:
    """A picture whose size was checked and whose pixels are not decoded yet."""
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnknownFormat("This is not a picture we can show.") from error
    width, height = picture.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise TooLarge(
            f"This picture has {width} × {height} pixels; we take up to 16 million, and 8,192 a side.",
            "Ask for a smaller one.",
        )
    return picture


def png(picture: Image.Image) -> bytes:
    """As PNG, small enough to serve and quick enough to make."""
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _in_colour(picture: Image.Image, size: int) -> Image.Image:
    """RGB or RGBA within ``size``; a JPEG is decoded at a reduced scale, palettes before they are shrunk."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    picture.draft("RGB", (size, size))
    if picture.mode not in ("RGB", "RGBA"):
        picture = _with_exif(picture, picture.convert("RGBA"))
    picture.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        return _with_exif(picture, picture.convert("RGB"))
    return picture


def _with_exif(old: Image.Image, new: Image.Image) -> Image.Image:
    new.info = dict(old.info)
    return new


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its EXIF says, since the EXIF does not go along."""
    return ImageOps.exif_transpose(picture)

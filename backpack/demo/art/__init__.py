"""Badge art of our own, drawn by code."""

import io
from functools import cache

import resvg_py
from PIL import Image

from .drawings import DRAWINGS

SIZE = 480


def svg(name: str) -> str:
    """The drawing as SVG."""
    return DRAWINGS[name]()


@cache
def png(name: str, width: int = SIZE) -> bytes:
    """The drawing as PNG, this many pixels wide."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg(name), width=width, skip_system_fonts=True))


@cache
def raster(name: str, form: str, width: int = SIZE) -> bytes:
    """The drawing as png, jpeg or webp; a JPEG stands on white."""
    if form == "png":
        return png(name, width)
    with Image.open(io.BytesIO(png(name, width))) as drawn:
        ground = Image.new("RGB", drawn.size, "white")
        ground.paste(drawn, mask=drawn.getchannel("A"))
        out = io.BytesIO()
        (ground if form == "jpeg" else drawn).save(out, form, quality=88)
    return out.getvalue()

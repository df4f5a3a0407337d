"""QR codes in a photo, a screenshot, or on the pages of a PDF. Runs in a worker process."""

from collections.abc import Iterator

import pypdfium2
import zxingcpp
from PIL import Image, ImageOps

from backpack.errors import Damaged

from . import decoding

MOST_PAGES = 5
LONGEST_SIDE = 2400
"""Pixels: enough for a code of two centimetres on a page, whatever size the page claims to have."""
MOST_CODES = 10
_KINDS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def texts(data: bytes) -> list[str]:
    """What the codes say, each once. Raises UnknownFormat, TooLarge or Damaged when this is nothing to look at."""
    found: dict[str, None] = {}
    for picture in _pages(data) if data.startswith(b"%PDF-") else _picture(data):
        for code in zxingcpp.read_barcodes(picture, formats=_KINDS):
            found.setdefault(code.text)
        if len(found) >= MOST_CODES:
            break
    return list(found)[:MOST_CODES]


def _picture(data: bytes) -> Iterator[Image.Image]:
    """It alone; a JPEG is decoded at a reduced scale."""
    picture = decoding.opened(data)
    try:
        picture.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        if upright.mode in ("RGBA", "LA", "PA", "P"):  # black on nothing is black on white
            upright = upright.convert("RGBA")
            ground = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(ground, upright)
        grey = upright.convert("L")
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Damaged("This picture is damaged.", "Ask for the original file.") from error
    grey.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    yield grey


def _pages(data: bytes) -> Iterator[Image.Image]:
    """The first pages, drawn in grey at a size of ours."""
    try:
        document = pypdfium2.PdfDocument(data)
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            scale = LONGEST_SIDE / max(*page.get_size(), 1.0)
            yield page.render(scale=min(scale, 4.0), grayscale=True).to_pil()
    except pypdfium2.PdfiumError as error:
        raise Damaged("This PDF is damaged.", "Add a picture of the code printed on it.") from error

"""Finding the badge in a picture against Pillow's opening of it without decoding a pixel."""

import io
import secrets
from collections.abc import Callable, Iterator
from functools import partial

from PIL import Image

from backpack.verifier.carriers import png
from tests.issuing import award, issuer

from .timing import Ratio, compare

TIMES = 200


def measure() -> Iterator[Ratio]:
    """A drawn badge of a few kilobytes and a photograph-like one of some hundred."""
    text = issuer().ob3(award(), carrier="bare").text
    drawn = issuer().ob3(award()).data
    for name, picture in (("drawn", drawn), ("noisy", png.bake(_noise(), text, "openbadgecredential"))):
        yield compare(
            f"unbake a {name} PNG ({len(picture) / 1000:.0f} kB)",
            partial(_repeat, png.unbake, picture),
            partial(_repeat, _open_lazily, picture),
            "Pillow's lazy open",
            times=TIMES,
        )


def _repeat(work: Callable[[bytes], object], picture: bytes) -> None:
    for _ in range(TIMES):
        work(picture)


def _open_lazily(picture: bytes) -> object:
    return Image.open(io.BytesIO(picture)).info


def _noise() -> bytes:
    side = 400
    file = io.BytesIO()
    Image.frombytes("RGB", (side, side), secrets.token_bytes(side * side * 3)).save(file, "PNG")
    return file.getvalue()

"""QR codes of our own addresses, for paper."""

from functools import lru_cache
from io import BytesIO

import segno
from markupsafe import Markup


@lru_cache(maxsize=512)
def drawn(text: str) -> Markup:
    """The code as an element of a page; its colour is the text's."""
    rows = segno.make(text, error="m", micro=False).matrix
    path = "".join(_row(y, row) for y, row in enumerate(rows))
    return Markup(
        '<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="QR code of {text}" '
        'shape-rendering="crispEdges"><path fill="currentColor" d="{path}"/></svg>'
    ).format(size=len(rows), text=text, path=path)


def as_svg(text: str) -> bytes:
    """The code as a file that scales."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=8, border=4, xmldecl=False)
    return out.getvalue()


def as_png(text: str) -> bytes:
    """The code as a picture of about 400 pixels."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=12, border=4)
    return out.getvalue()


def _row(y: int, row: bytearray) -> str:
    runs: list[str] = []
    x = 0
    while x < len(row):
        start = x
        while x < len(row) and row[x]:
            x += 1
        if x > start:
            runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
        x += 1
    return "".join(runs)

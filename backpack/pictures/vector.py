"""Drawing an SVG without trusting it. Runs in a worker process.

The renderer reads local files that an image element names, and it allocates whatever size it is told.
So it never sees the stranger's text: the text is parsed here, and what is drawn is our own writing of
it, without scripts, without outside references, into a box of a fixed size.
"""

import functools
import re
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

import resvg_py

from backpack.errors import Damaged, TooComplex, TooLarge

LARGEST = 5 * 1024 * 1024
MOST_ELEMENTS = 10_000
DEEPEST = 64

_DROPPED = ("script", "foreignObject", "iframe", "object", "embed", "handler", "listener")
_HREF_INSIDE = re.compile(r"\s*(#|data:image/(png|jpe?g|gif|webp)[;,])", re.IGNORECASE)


def drawn(data: bytes, size: int) -> bytes:
    """The SVG as a PNG that fits a square of ``size`` pixels. Raises TooLarge, TooComplex or Damaged."""
    try:
        return resvg_py.svg_to_bytes(
            svg_string=_Copy().of(data),
            width=size,
            height=size,
            skip_system_fonts=True,
            font_dirs=[fonts()],
            font_family="Noto Sans",
            sans_serif_family="Noto Sans",
            serif_family="Noto Sans",
            monospace_family="Noto Sans",
        )
    except ValueError as error:
        raise Damaged("This SVG picture cannot be drawn.", "Ask for it as PNG.") from error


@functools.cache
def fonts() -> str:
    """The folder of the fonts we draw with: the same on every machine."""
    import manimgx_fonts

    return str(Path(manimgx_fonts.__file__).parent)


class _Copy:
    """Writes an SVG anew while reading it; what does not belong in a still picture is left out."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._length = self._depth = self._elements = 0
        self._dropped_at: int | None = None

    def of(self, data: bytes) -> str:
        if len(data) > LARGEST:
            raise TooLarge("This SVG picture is larger than 5 MB.", "Ask for it as PNG.")
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise Damaged("This SVG picture is damaged.", "Ask for the original file.") from error
        return "".join(self._out)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._elements > MOST_ELEMENTS or self._depth > DEEPEST:
            raise TooComplex("This SVG picture is too complex to draw safely.", "Ask for it as PNG.")
        if self._dropped_at is None and _local(name) in _DROPPED:
            self._dropped_at = self._depth
        if self._dropped_at is None:
            kept = (f" {key}={quoteattr(value)}" for key, value in attributes.items() if _is_kept(key, value))
            self._write(f"<{name}{''.join(kept)}>")

    def _end(self, name: str) -> None:
        if self._dropped_at is None:
            self._write(f"</{name}>")
        elif self._dropped_at == self._depth:
            self._dropped_at = None
        self._depth -= 1

    def _text(self, text: str) -> None:
        if self._dropped_at is None:
            self._write(escape(text))

    def _write(self, text: str) -> None:
        """A few entities can stand for gigabytes, so what is written is counted too."""
        self._length += len(text)
        if self._length > 2 * LARGEST:
            raise TooComplex("This SVG picture is too complex to draw safely.", "Ask for it as PNG.")
        self._out.append(text)


def _is_kept(key: str, value: str) -> bool:
    name = _local(key)
    if name.lower().startswith("on") or name == "base":
        return False
    return name not in ("href", "src") or _HREF_INSIDE.match(value) is not None


def _local(name: str) -> str:
    return name.rpartition(":")[2]

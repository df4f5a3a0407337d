"""Words in a picture: fonts for every script, lines that break well, text that runs from right to left.

A font draws one script; a title may mix several. So text is cut into runs of one font, each is shaped on
its own, and they are set one after another in the direction in which the text as a whole is read. What no
font of ours can draw is left out, and who asks is told how much that was.
"""

import functools
import importlib.resources
import importlib.util
import itertools
import unicodedata
from dataclasses import dataclass

from PIL import ImageDraw, ImageFont

LONGEST = 300
_MARKS_IN_A_ROW = 3
_JOINERS = "\u200c\u200d"

_SERIF = ("fontpkg_source_serif_4", "files/SourceSerif4[opsz,wght].ttf")
_SANS = ("manimgx_fonts", "NotoSans[wght].ttf")
_SCRIPTS = (
    "Arabic", "Hebrew", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada",
    "Malayalam", "Sinhala", "Thai", "Lao", "Myanmar", "Georgian", "Ethiopic", "Khmer", "Armenian", "Symbols",
)  # fmt: skip
_OTHERS = (
    *(("manimgx_fonts", f"NotoSans{script}[wght].ttf") for script in _SCRIPTS),
    ("manimgx_fonts", "NotoEmoji[wght].ttf"),
    ("manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc"),  # 33 MB: used where somebody installed it
)


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set: serif or not, size in pixels, weight from 400 to 700, height of a line in pixels."""

    serif: bool
    size: int
    weight: int
    leading: int


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text that one font draws."""

    text: str
    font: ImageFont.FreeTypeFont

    @property
    def direction(self) -> str:
        """As Pillow names it."""
        return "rtl" if reads_rtl(self.text) else "ltr"

    @property
    def width(self) -> float:
        """Pixels it takes."""
        return _length(self.text, self.font, self.direction)


def tidy(text: str) -> str:
    """One line, at most 300 characters, without controls that turn text around, and no towers of marks.

    The two joiners stay: in Persian and in the scripts of India they decide how letters are written.
    """
    text = unicodedata.normalize("NFC", text)[: 2 * LONGEST]
    kept, marks = [], 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category.startswith("M") else 0
        if char.isspace():
            kept.append(" ")
        elif (char in _JOINERS or not category.startswith("C")) and marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return " ".join("".join(kept).split())[:LONGEST]


def reads_rtl(text: str) -> bool:
    """Whether the first letter with a direction is read from right to left."""
    directions = (unicodedata.bidirectional(char) for char in text)
    return next((d for d in directions if d in ("L", "R", "AL")), "L") != "L"


def drawable(text: str, style: Style) -> str:
    """The text without what no font of ours draws."""
    return " ".join("".join(char for char in text if _font_for(char, style) is not None).split())


def lines_of(text: str, style: Style, width: int, most: int) -> list[str]:
    """Break into at most so many lines, of about the same length; what is over ends in an ellipsis."""
    lines = _broken(text, style, width)
    if len(lines) > most:
        return [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), style, width)]
    low, high = width // 2, width
    while high - low > 8:
        middle = (low + high) // 2
        narrower = _broken(text, style, middle)
        low, high = (low, middle) if len(narrower) == len(lines) else (middle, high)
    return _broken(text, style, high)


def draw(
    canvas: ImageDraw.ImageDraw, left: float, baseline: float, text: str, style: Style, colour: str
) -> None:
    """Set one line from its left edge on. Its runs follow one another as the line as a whole is read."""
    runs = runs_of(text, style)
    for run in reversed(runs) if reads_rtl(text) else runs:
        canvas.text(
            (left, baseline), run.text, fill=colour, font=run.font, anchor="ls", direction=run.direction
        )
        left += run.width


def width_of(text: str, style: Style) -> float:
    """Pixels a line takes."""
    return sum(run.width for run in runs_of(text, style))


def runs_of(text: str, style: Style) -> list[Run]:
    """Cut a line into runs of one font and one direction; the space between two runs is one of its own."""
    runs: list[Run] = []
    for (font, _), group in itertools.groupby(_fonts_along(text, style), key=lambda pair: pair[1:]):
        if font is None:
            continue
        words = "".join(char for char, *_ in group)
        runs.append(Run(words.rstrip(), font))
        if words[-1] == " ":
            runs.append(Run(" ", _font_for(" ", style) or font))
    return [run for run in runs if run.text]


def _fonts_along(text: str, style: Style) -> list[tuple[str, ImageFont.FreeTypeFont | None, bool]]:
    """For each character its font, and whether it is read from the right; marks and neutrals take their neighbour's."""
    along: list[tuple[str, ImageFont.FreeTypeFont | None, bool]] = []
    for char in text:
        direction = unicodedata.bidirectional(char)
        font, rtl = _font_for(char, style), direction in ("R", "AL")
        is_mark = unicodedata.category(char).startswith("M") or char in _JOINERS
        if along and (is_mark or direction not in ("L", "R", "AL")):
            _, before, rtl = along[-1]
            font = before if before and (is_mark or _draws(before, char)) else font
        along.append((char, font, rtl))
    return along


def _broken(text: str, style: Style, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(f"{lines[-1]} {word}", style) <= width:
            lines[-1] += f" {word}"
        else:
            lines += _pieces(word, style, width)
    return lines


def _pieces(word: str, style: Style, width: int) -> list[str]:
    """A word, broken anywhere when it is wider than a line (or is a script without spaces)."""
    pieces = [""]
    for char in word:
        if pieces[-1] and width_of(pieces[-1] + char, style) > width:
            pieces.append("")
        pieces[-1] += char
    return pieces


def _cut(text: str, style: Style, width: int) -> str:
    while text and width_of(f"{text}…", style) > width:
        text = text[:-1].rstrip()
    return f"{text}…"


@functools.lru_cache(maxsize=4096)
def _length(text: str, font: ImageFont.FreeTypeFont, direction: str) -> float:
    return font.getlength(text, direction=direction)


@functools.lru_cache(maxsize=4096)
def _font_for(char: str, style: Style) -> ImageFont.FreeTypeFont | None:
    """The first font that has the character, by its turn in the list above; None when none has."""
    families = (*((_SERIF,) if style.serif else ()), _SANS, *_OTHERS)
    fonts = (_font(*family, style.size, style.weight) for family in families)
    return next((font for font in fonts if font and _draws(font, char)), None)


@functools.lru_cache(maxsize=4096)
def _draws(font: ImageFont.FreeTypeFont, char: str) -> bool:
    """Whether a font has its own shape for a character, rather than the box for those it lacks."""
    if char.isspace():
        return True
    shape = font.getmask(char)
    lacking = font.getmask("\U0010fffe")
    return (shape.size, bytes(shape)) != (lacking.size, bytes(lacking))


@functools.lru_cache(maxsize=256)
def _font(package: str, name: str, size: int, weight: int) -> ImageFont.FreeTypeFont | None:
    if importlib.util.find_spec(package) is None:
        return None
    with importlib.resources.as_file(importlib.resources.files(package) / name) as path:
        font = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)
    axes = ((axis["name"] or b"", axis["default"] or 0) for axis in font.get_variation_axes())
    font.set_variation_by_axes([weight if name == b"Weight" else usual for name, usual in axes])
    return font

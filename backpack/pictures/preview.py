"""The picture that social sites show beside a link: a letter seen from afar. Runs in a worker process.

Two columns as on the page. On a band of the verdict's tint its seal, its words and the day of the check;
below the badge's own picture on a white plate beside its title and who awarded it; at the foot the house.
Everything turns around when the title is read from right to left.
"""

import functools
import importlib.resources
import io
import re

import resvg_py
from PIL import Image, ImageDraw

from . import decoding, lettering
from .lettering import Style

WIDTH, HEIGHT = 1200, 630
PAPER, WHITE, INK, QUIET, LINE, ACCENT = "#fbfaf7", "#ffffff", "#1b1f29", "#555b66", "#dbdee3", "#294c91"

_VERIFIED, _CAUTION, _ALARM = ("#136239", "#e5f7eb"), ("#7e4f04", "#fef2d9"), ("#a51f1e", "#ffedeb")
_PLAIN = (QUIET, "#f1f1ee")
_TONES = {
    "verified": _VERIFIED,
    "expired": _CAUTION,
    "unconfirmed": _CAUTION,
    "not_yet_valid": _CAUTION,
    "wrong_recipient": _CAUTION,
    "revoked": _ALARM,
    "suspended": _ALARM,
    "invalid": _ALARM,
    "not_a_badge": _ALARM,
}
_SEALS = {"invalid": "revoked", "not_a_badge": "revoked"}

_MARGIN, _GAP, _BAND, _FOOT = 72, 56, 156, 92
_PLATE = 322
_ART = 274
_COLUMN = _MARGIN + _PLATE + _GAP
_ROOM = WIDTH - _COLUMN - _MARGIN

_TITLES = [
    (Style(True, size, 600, round(size * 1.16)), lines)
    for size, lines in ((66, 2), (56, 3), (48, 4), (40, 5))
]
_VERDICTS = [(Style(True, 46, 600, 54), 1), (Style(True, 36, 600, 44), 2)]
_ISSUER = Style(False, 32, 400, 42)
_DATE = Style(False, 26, 400, 36)
_BRAND = Style(True, 28, 600, 34)
_SITE = Style(False, 24, 400, 34)


def drawn(
    title: str, issuer: str, verdict: str, words: str, date: str, picture: bytes | None, site: str
) -> bytes:
    """The card as PNG; see ``pictures.card``."""
    sheet = _Sheet(rtl=lettering.reads_rtl(title))
    sheet.band(verdict or "waiting", words, date)
    has_words = sheet.headline(title, issuer)
    sheet.plate(picture, _MARGIN if has_words else (WIDTH - _PLATE) // 2)
    sheet.foot(site)
    return decoding.png(sheet.image)


class _Sheet:
    """A card at work. Places are given as on a page read from the left; ``rtl`` mirrors them."""

    def __init__(self, *, rtl: bool) -> None:
        self.rtl = rtl
        self.image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def band(self, verdict: str, words: str, date: str) -> None:
        """The verdict: in shape, in colour, and in words."""
        tone, tint = _TONES.get(verdict, _PLAIN)
        self.pen.rectangle((0, 0, WIDTH - 1, _BAND - 1), fill=tint)
        seal = _symbol(f"seal-{_SEALS.get(verdict, verdict)}", 100, tone, tint)
        self._paste(seal, _MARGIN + (_PLATE - 100) // 2, (_BAND - 100) // 2)
        style, lines = _fitted(lettering.tidy(words), _VERDICTS, _ROOM, 120)
        day = lettering.tidy(date)
        height = len(lines) * style.leading + (4 + _DATE.leading if day else 0)
        y = self._lines(lines, style, tone, (_BAND - height) / 2)
        self._lines([day] if day else [], _DATE, QUIET, y + 4)

    def plate(self, picture: bytes | None, at: int) -> None:
        """The badge's picture, whole, on white; the house's mark where there is none."""
        x, y = self._left(at, _PLATE), (_BAND + HEIGHT - _FOOT - _PLATE) // 2 + 12
        self.image.paste(LINE, (x, y), _rounded(_PLATE, 24))
        self.image.paste(WHITE, (x + 1, y + 1), _rounded(_PLATE - 2, 23))
        art = _opened(picture) if picture else _symbol("brand", 140, LINE, WHITE)
        art.thumbnail((_ART, _ART), Image.Resampling.LANCZOS)
        where = (x + (_PLATE - art.width) // 2, y + (_PLATE - art.height) // 2)
        self.image.paste(art, where, art if art.mode == "RGBA" else None)

    def headline(self, title: str, issuer: str) -> bool:
        """What it is for and who awarded it, in the middle of the height; False when no font can draw either."""
        style, lines = _fitted(lettering.tidy(title), _TITLES, _ROOM, 260)
        by = lettering.drawable(lettering.tidy(issuer), _ISSUER)
        issuers = lettering.lines_of(by, _ISSUER, _ROOM, 2) if by else []
        height = len(lines) * style.leading + (20 if lines else 0) + len(issuers) * _ISSUER.leading
        y = self._lines(lines, style, INK, (_BAND + HEIGHT - _FOOT - height) / 2 + 8)
        self._lines(issuers, _ISSUER, QUIET, y + (20 if lines else 0))
        return bool(lines or issuers)

    def foot(self, site: str) -> None:
        """Where the link leads."""
        y = HEIGHT - 48
        self._paste(_symbol("brand", 34, ACCENT, PAPER), _MARGIN, y - 25)
        self._text(_MARGIN + 46, y, "Backpack", _BRAND, INK)
        name = lettering.drawable(lettering.tidy(site), _SITE)
        self._text(WIDTH - _MARGIN - lettering.width_of(name, _SITE), y, name, _SITE, QUIET)

    def _lines(self, lines: list[str], style: Style, colour: str, top: float) -> float:
        """Set lines in the second column; returns where the next would begin."""
        for line in lines:
            self._text(
                _COLUMN, top + (style.leading - style.size) / 2 + style.size * 0.8, line, style, colour
            )
            top += style.leading
        return top

    def _text(self, x: float, baseline: float, text: str, style: Style, colour: str) -> None:
        left = self._left(x, lettering.width_of(text, style))
        lettering.draw(self.pen, left, baseline, text, style, colour)

    def _left(self, x: float, width: float) -> int:
        return round(WIDTH - x - width if self.rtl else x)

    def _paste(self, picture: Image.Image, x: float, y: float) -> None:
        self.image.paste(picture, (self._left(x, picture.width), round(y)), picture)


def _fitted(text: str, choices: list[tuple[Style, int]], width: int, height: int) -> tuple[Style, list[str]]:
    """The largest style in which the text fits; the last one cuts it. Nothing when much of it cannot be drawn."""
    style, most = choices[-1]
    shown = lettering.drawable(text, style)
    if len(shown) < 0.7 * len(text):
        return style, []
    for larger, lines in choices:
        if len(lettering.lines_of(shown, larger, width, 99)) <= lines:
            style, most = larger, lines
            break
    return style, lettering.lines_of(shown, style, width, min(most, height // style.leading)) if shown else []


def _opened(picture: bytes) -> Image.Image:
    return decoding.opened(picture).convert("RGBA")


@functools.cache
def _rounded(size: int, radius: int) -> Image.Image:
    """A square with round corners, as a mask; drawn four times as large, so that they are smooth."""
    large = Image.new("L", (size * 4, size * 4))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, size * 4 - 1, size * 4 - 1), radius * 4, fill=255)
    return large.resize((size, size), Image.Resampling.LANCZOS)


@functools.lru_cache(maxsize=64)
def _symbol(name: str, size: int, colour: str, ground: str) -> Image.Image:
    """One of the house's own shapes, in these colours."""
    sheet = (importlib.resources.files(__package__) / "seals.svg").read_text()
    found = re.search(rf'<symbol id="{re.escape(name)}" (viewBox="[^"]*")>(.*?)</symbol>', sheet, re.DOTALL)
    if found is None:
        return Image.new("RGBA", (size, size))
    inside = found[2].replace("currentColor", colour).replace("var(--glyph)", ground)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {found[1]}>{inside}</svg>'
    return Image.open(io.BytesIO(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size))).convert(
        "RGBA"
    )

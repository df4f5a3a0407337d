"""The few strokes that all drawings are made of. Each gives SVG; the canvas is 240 × 240, its middle 120, 120."""

from collections.abc import Iterable
from itertools import pairwise
from math import cos, pi, radians, sin

Point = tuple[float, float]
MIDDLE: Point = (120, 120)


def canvas(title: str, *parts: str, width: int = 240, height: int = 240) -> str:
    """A whole drawing."""
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><title>{title}</title>{"".join(parts)}</svg>'


def disc(radius: float, fill: str, at: Point = MIDDLE, opacity: float = 1) -> str:
    """A filled circle."""
    see = f' opacity="{_n(opacity)}"' if opacity < 1 else ""
    return f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}" fill="{fill}"{see}/>'


def ring(radius: float, colour: str, width: float, at: Point = MIDDLE) -> str:
    """A circle's outline."""
    place = f'cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}"'
    return f'<circle {place} fill="none" stroke="{colour}" stroke-width="{_n(width)}"/>'


def shape(d: str, fill: str, opacity: float = 1) -> str:
    """A filled path."""
    see = f' fill-opacity="{_n(opacity)}"' if opacity < 1 else ""
    return f'<path d="{d}" fill="{fill}"{see}/>'


def stroke(d: str, colour: str, width: float) -> str:
    """A path drawn with a round pen."""
    pen = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{d}" {pen} stroke="{colour}" stroke-width="{_n(width)}"/>'


def box(x: float, y: float, width: float, height: float, fill: str, corner: float = 0) -> str:
    """A filled rectangle, its corners rounded."""
    place = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
    return f'<rect {place} rx="{_n(corner)}" fill="{fill}"/>'


def clipped(name: str, outline: str, *parts: str) -> str:
    """Parts that are seen only inside an outline (SVG of a shape)."""
    return f'<defs><clipPath id="{name}">{outline}</clipPath></defs><g clip-path="url(#{name})">{"".join(parts)}</g>'


def gradient(name: str, *stops: tuple[float, str]) -> str:
    """A vertical gradient, to be used as the fill ``url(#name)``."""
    colours = "".join(f'<stop offset="{_n(offset)}" stop-color="{colour}"/>' for offset, colour in stops)
    return f'<defs><linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">{colours}</linearGradient></defs>'


def turned(degrees: float, *parts: str, at: Point = MIDDLE) -> str:
    """Parts turned clockwise around a point."""
    return f'<g transform="rotate({_n(degrees)} {_n(at[0])} {_n(at[1])})">{"".join(parts)}</g>'


def polar(degrees: float, radius: float, at: Point = MIDDLE) -> Point:
    """The point in this direction; 0 is up, degrees go clockwise."""
    return at[0] + radius * sin(radians(degrees)), at[1] - radius * cos(radians(degrees))


def through(points: Iterable[Point], closed: bool = True) -> str:
    """Straight lines from point to point."""
    return "M" + "L".join(_xy(p) for p in points) + ("Z" if closed else "")


def smooth(points: list[Point]) -> str:
    """A closed curve past the points, through the middles between them."""
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise([*points, points[0]])]
    curves = "".join(
        f"Q{_xy(p)} {_xy(m)}"
        for p, m in zip([*points[1:], points[0]], [*middles[1:], middles[0]], strict=True)
    )
    return f"M{_xy(middles[0])}{curves}Z"


def rounded(corners: list[Point], by: float) -> str:
    """A polygon whose corners are rounded off, beginning ``by`` before each."""
    parts: list[str] = []
    for before, corner, after in zip(
        [corners[-1], *corners], corners, [*corners[1:], corners[0]], strict=False
    ):
        start, end = _towards(corner, before, by), _towards(corner, after, by)
        parts.append(f"{'L' if parts else 'M'}{_xy(start)}Q{_xy(corner)} {_xy(end)}")
    return "".join(parts) + "Z"


def regular(sides: int, radius: float, at: Point = MIDDLE) -> list[Point]:
    """The corners of a regular polygon that stands on its point's opposite."""
    return [polar(360 / sides * i, radius, at) for i in range(sides)]


def star(tips: int, outer: float, inner: float, at: Point = MIDDLE) -> str:
    """A star."""
    return through(polar(180 / tips * i, inner if i % 2 else outer, at) for i in range(2 * tips))


def scallops(count: int, radius: float, at: Point = MIDDLE) -> str:
    """A flower's outline: half circles side by side."""
    first, *rest = [polar(360 / count * i, radius, at) for i in range(count + 1)]
    bow = _n(radius * sin(pi / count) * 1.05)
    return f"M{_xy(first)}" + "".join(f"A{bow} {bow} 0 0 1 {_xy(p)}" for p in rest) + "Z"


def ticks(count: int, outer: float, inner: float, colour: str, width: float, at: Point = MIDDLE) -> str:
    """Short lines all around, as on a dial."""
    around = [360 / count * i for i in range(count)]
    lines = "".join(f"M{_xy(polar(a, outer, at))}L{_xy(polar(a, inner, at))}" for a in around)
    return stroke(lines, colour, width)


def leaf(root: Point, tip: Point, breadth: float) -> str:
    """A leaf's outline."""
    across, along = (
        ((root[1] - tip[1]) * breadth, (tip[0] - root[0]) * breadth),
        (root[0] + tip[0], root[1] + tip[1]),
    )
    left = along[0] / 2 + across[0], along[1] / 2 + across[1]
    right = along[0] / 2 - across[0], along[1] / 2 - across[1]
    return f"M{_xy(root)}Q{_xy(left)} {_xy(tip)}Q{_xy(right)} {_xy(root)}Z"


def waves(y: float, height: float, length: float, width: float, depth: float) -> str:
    """A band of water as wide as the canvas."""
    count = int(width / length) + 2
    return f"M{_n(-length)} {_n(y)}q{_n(length / 4)} {_n(-height)} {_n(length / 2)} 0" + (
        f"t{_n(length / 2)} 0" * (2 * count) + f"V{_n(depth)}H{_n(-length)}Z"
    )


def _towards(a: Point, b: Point, by: float) -> Point:
    length = ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
    return a[0] + (b[0] - a[0]) * by / length, a[1] + (b[1] - a[1]) * by / length


def _xy(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")

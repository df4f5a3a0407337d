"""Badges that show a place or a thing made: sky, sea, land, bread, clay, glass, ink."""

from math import cos, radians, sin

from .strokes import (
    Point,
    box,
    canvas,
    clipped,
    disc,
    gradient,
    leaf,
    polar,
    ring,
    shape,
    smooth,
    star,
    stroke,
    through,
    ticks,
    turned,
    waves,
)


def night_sky() -> str:
    """An observatory under the Milky Way."""
    sky = gradient(
        "sky", (0, "#0a0f2c"), (0.38, "#26265e"), (0.6, "#6d3f7c"), (0.74, "#c76a6b"), (0.84, "#f0b072")
    )
    return canvas(
        "Night Sky Volunteer",
        sky,
        clipped(
            "round",
            '<circle cx="120" cy="120" r="116"/>',
            box(0, 0, 240, 240, "url(#sky)"),
            _milky_way(),
            *_stars(130),
            shape("M0 186L34 164L62 178L98 150L136 182L170 160L206 180L240 162V240H0Z", "#7c4d74", 0.75),
            shape(
                "M0 206C40 190 66 196 92 186C118 176 150 186 176 192C202 198 222 190 240 194V240H0Z",
                "#2b1c40",
            ),
            shape("M138 186V166A23 23 0 0 1 184 166V190Z", "#140f26"),
            shape("M163 144L172 122L178 125L169 148Z", "#f7d9a0"),
            shape("M130 184H192V192H130Z", "#140f26"),
        ),
        ring(114.5, "#0a0f2c", 3),
    )


def _milky_way() -> str:
    """Many thin veils, one in another: a soft band without a blur."""
    veils = [(156 - 5 * i, 36 - 3.4 * i) for i in range(10)]
    return turned(-32, *(_oval((96, 66), rx, ry, "#cfd6ff", 0.045) for rx, ry in veils), at=(96, 66))


def _oval(at: Point, across: float, high: float, fill: str, opacity: float = 1) -> str:
    place = f'cx="{at[0]}" cy="{at[1]}" rx="{across:.1f}" ry="{high:.1f}"'
    return f'<ellipse {place} fill="{fill}" opacity="{opacity}"/>'


def _stars(count: int) -> list[str]:
    return [
        disc(
            0.6 + 1.3 * _noise(i, 3) ** 4,
            "#ffffff",
            (240 * _noise(i, 1), 156 * _noise(i, 2)),
            0.4 + 0.6 * _noise(i, 4),
        )
        for i in range(count)
    ]


def _noise(place: int, row: int) -> float:
    """A number in [0, 1) that looks like chance and is always the same."""
    return sin(place * 12.9898 + row * 78.233) * 43758.5453 % 1


def coastal_pilotage() -> str:
    """A lighthouse, its beam across a long pennant, and a compass rose."""
    outline = '<path d="M14 8H546L512 84L546 160H14Q6 160 6 152V16Q6 8 14 8Z"/>'
    sea = [("#1c5b7d", 118), ("#2c7c9e", 133), ("#7bb7c9", 149)]
    tower = "M76 68H104L111 140H69Z"
    bands = "M74.6 84H105.4L107.4 103H72.6ZM71 121H109L111 140H69Z"
    return canvas(
        "Coastal Pilotage",
        clipped(
            "pennant",
            outline,
            box(0, 0, 560, 168, "#0f3b57"),
            shape("M90 58L560 -4V120Z", "#f4d58d", 0.18),
            shape("M90 58L0 40V76Z", "#f4d58d", 0.18),
            *(shape(waves(y, 12, 80, 560, 170), colour) for colour, y in sea),
            _sailing_boat((262, 128)),
            shape(tower, "#f6f3ea"),
            shape(bands, "#c8452f"),
            box(80, 48, 20, 20, "#f4d58d"),
            shape("M76 48L90 34L104 48Z", "#c8452f"),
            box(72, 66, 36, 5, "#f6f3ea"),
            _compass_rose((424, 76)),
        ),
        stroke("M20 17H532L502 84L532 151H20Q15 151 15 146V22Q15 17 20 17Z", "#f4d58d", 3),
        width=560,
        height=168,
    )


def _sailing_boat(at: Point) -> str:
    x, y = at
    return (
        shape(f"M{x} {y - 66}L{x + 34} {y - 12}H{x}Z", "#f6f3ea")
        + shape(f"M{x - 6} {y - 54}V{y - 12}H{x - 30}Z", "#e3b94f")
        + shape(f"M{x - 40} {y - 7}H{x + 44}L{x + 30} {y + 8}H{x - 28}Z", "#c8452f")
    )


def _compass_rose(at: Point) -> str:
    return (
        ring(44, "#f4d58d", 2, at)
        + ticks(32, 44, 40, "#f4d58d", 1.5, at)
        + turned(45, shape(star(4, 26, 7, at), "#7bb7c9"), at=at)
        + shape(star(4, 52, 8, at), "#f6f3ea")
        + shape(through([polar(0, 52, at), polar(45, 8, at), at]), "#c8452f")
        + disc(4, "#0f3b57", at)
    )


def field_mapping() -> str:
    """Contour lines, a river, and a pin where the survey began."""
    greens = ["#dfe7c4", "#cbdab0", "#b4cc9a", "#98ba85", "#7aa36e", "#5b8a5a", "#44704b"]
    heights = [
        shape(contour := smooth(_contour(138 - 19 * i)), green) + stroke(contour, "#2f5a3f", 0.7)
        for i, green in enumerate(greens)
    ]
    pin = "M142 150C136 132 116 118 116 98A26 26 0 0 1 168 98C168 118 148 132 142 150Z"
    return canvas(
        "Field Mapping",
        disc(116, "#24483a"),
        clipped(
            "map",
            '<circle cx="120" cy="120" r="104"/>',
            box(0, 0, 240, 240, "#eaf0d8"),
            *heights,
            stroke("M50 208C82 226 116 206 146 198S202 198 232 184", "#4a8fb8", 7),
            shape("M62 62L70 92L62 86L54 92Z", "#24483a"),
        ),
        shape(pin, "#c8402f"),
        disc(10, "#fff6e9", (142, 98)),
    )


def _contour(radius: float) -> list[Point]:
    """A hill's outline at one height: a circle pulled out of round, more so near its foot."""
    around = [radians(a) for a in range(0, 360, 12)]
    bumps = [
        1 + 0.13 * sin(2 * a + 0.6) + 0.08 * cos(3 * a - radius / 60) + 0.03 * sin(5 * a) for a in around
    ]
    return [
        (112 + radius * b * sin(a), 126 - 0.82 * radius * b * cos(a))
        for a, b in zip(around, bumps, strict=True)
    ]


def grain_and_oven() -> str:
    """A loaf in a wreath of wheat."""
    loaf = "M70 134C70 102 92 86 120 86S170 102 170 134C170 146 162 150 150 150H90C78 150 70 146 70 134Z"
    cuts = "M96 128C98 114 103 106 110 101M116 130C118 116 123 107 131 102M137 131C139 120 143 113 150 109"
    return canvas(
        "Grain and Oven",
        disc(116, "#f3e6cc"),
        ring(110, "#8a5a2b", 2.5),
        *(_ear(side) for side in (-1, 1)),
        shape(loaf, "#8a4f24"),
        stroke(cuts, "#f3e6cc", 6),
    )


def _ear(side: int) -> str:
    stem = [polar(side * a, 84) for a in range(166, 30, -4)]
    # Grains point along the stem, a little outwards and a little inwards.
    grains = [
        shape(leaf(at, polar(angle - side * (90 - lean), 25, at), 0.3), "#c98f3a")
        for angle, at in ((side * a, polar(side * a, 84)) for a in range(158, 45, -14))
        for lean in (28, -28)
    ]
    return stroke(through(stem, closed=False), "#a87432", 3) + "".join(grains)


def lab_safety() -> str:
    """A flask in black lines on nothing: a picture with a transparent ground."""
    flask = "M104 66H136M109 66V100L82 156Q78 168 90 168H150Q162 168 158 156L131 100V66"
    return canvas(
        "Laboratory Safety",
        ring(114, "#111111", 5),
        ring(84, "#111111", 2.5),
        ticks(60, 104, 94, "#111111", 3),
        stroke(flask, "#111111", 5.5),
        stroke("M95 134Q108 126 120 134T146 134", "#111111", 4),
        *(
            disc(r, "#111111", at)
            for r, at in ((4, (110, 150)), (5.5, (131, 154)), (3, (121, 118)), (2.4, (124, 82)))
        ),
    )


def celadon() -> str:
    """A celadon bowl, mended with gold."""
    bowl = "M46 104H194C194 150 166 178 144 184V194H96V184C74 178 46 150 46 104Z"
    return canvas(
        "Celadon",
        disc(116, "#2c2a28"),
        disc(110, "#ece4d6"),
        disc(34, "#c25b3f", (170, 66)),
        shape(bowl, "#8fb8a4"),
        shape("M46 104H194C194 110 193.5 116 192.5 121H47.5C46.500 116 46 110 46 104Z", "#a9cbb9"),
        _oval((120, 104), 74, 15, "#7aa591"),
        _oval((120, 106), 64, 10.5, "#5f8b78"),
        shape("M96 184H144V194H96Z", "#6d947f"),
        stroke("M88 118L98 138L90 154L106 182M98 138L118 146L126 164", "#e0b64a", 3.4),
        stroke("M64 128C70 148 82 164 94 172", "#c5ded1", 3),
    )


def calligraphy() -> str:
    """An eight-pointed star, a reed pen and the line it draws."""
    teal, gold, ink = "#0e4f5c", "#d9ae4c", "#17242b"
    return canvas(
        "Calligraphy",
        *(_two_squares(size, colour) for size, colour in ((112, teal), (103, gold), (98, teal))),
        disc(62, "#f7f0df"),
        ring(62, gold, 3),
        stroke("M84 132C92 154 132 156 146 134C152 124 144 112 134 118C124 124 132 140 152 138", ink, 8),
        shape("M112 103L160 55L170 65L122 113L106 119Z", "#a8733a"),
        shape("M112 103L106 119L122 113Z", ink),
        disc(4, ink, (114, 164)),
        disc(4, ink, (126, 164)),
    )


def _two_squares(size: float, colour: str) -> str:
    square = shape(through(polar(45 + 90 * i, size) for i in range(4)), colour)
    return square + turned(45, square)


def stained_glass() -> str:
    """A pointed window of coloured panes."""
    arch = "M120 6C168 34 208 82 208 140V234H32V140C32 82 72 34 120 6Z"
    inner = "M120 24C160 50 192 92 192 142V218H48V142C48 92 80 50 120 24Z"
    lead, heart = "#221d2b", (120, 136)
    colours = ["#2f6db5", "#d8573c", "#e9b949", "#3b8f6b", "#7a4fa0", "#4aa3c7"]
    rays = [through([heart, polar(30 * i, 160, heart), polar(30 * i + 30, 160, heart)]) for i in range(12)]
    petals = [leaf(heart, polar(30 * i + 15, 50, heart), 0.3) for i in range(12)]
    return canvas(
        "Stained Glass",
        shape(arch, lead),
        clipped(
            "window",
            f'<path d="{inner}"/>',
            *(shape(ray, colours[i % 6]) + stroke(ray, lead, 4) for i, ray in enumerate(rays)),
            disc(58, lead, heart),
            disc(54, "#f3e3b5", heart),
            *(
                shape(petal, colours[(i + 2) % 6]) + stroke(petal, lead, 2.5)
                for i, petal in enumerate(petals)
            ),
            disc(13, lead, heart),
            disc(9, "#e9b949", heart),
        ),
        stroke(inner, lead, 3),
        stroke("M120 14C163 41 200 88 200 141V226H40V141C40 88 77 41 120 14Z", "#8d86a0", 1.5),
    )

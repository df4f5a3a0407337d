"""Badges that look like crests: shields, hexagons, ribbons, tiles."""

from math import exp

from .strokes import (
    MIDDLE,
    box,
    canvas,
    disc,
    leaf,
    polar,
    regular,
    ring,
    rounded,
    scallops,
    shape,
    star,
    stroke,
    through,
)

CREAM, GOLD, INK = "#fff6e9", "#e9c46a", "#12344d"


def data_stewardship() -> str:
    """Three layers in a hexagon."""
    colours = [
        ("#e9c46a", "#c39a3c", "#a67f28"),
        ("#f3efe4", "#d3ccba", "#b9b19c"),
        ("#5fb3a8", "#3c8d83", "#2c7169"),
    ]
    layers = [_slab(140 - 28 * place, *three) for place, three in enumerate(colours)]
    return canvas(
        "Data Stewardship",
        shape(rounded(regular(6, 116), 12), INK),
        stroke(rounded(regular(6, 101), 10), "#7fb7b3", 2),
        *layers,
        stroke("M98 84l22 11 22-11-22-11z", INK, 3),
        disc(5, GOLD, (110, 203)),
        disc(5, GOLD, (130, 203)),
    )


def _slab(y: float, top: str, left: str, right: str) -> str:
    return (
        shape(through([(120, y - 31), (182, y), (120, y + 31), (58, y)]), top)
        + shape(through([(58, y), (120, y + 31), (120, y + 44), (58, y + 13)]), left)
        + shape(through([(182, y), (120, y + 31), (120, y + 44), (182, y + 13)]), right)
    )


def first_aid() -> str:
    """A heart with its beat on a red shield."""
    right = "M120 10C150 28 184 34 212 34V112C212 168 172 208 120 232Z"
    left = "M120 10C90 28 56 34 28 34V112C28 168 68 208 120 232Z"
    edge = (
        "M120 24C148 39 176 45 200 46V112C200 160 166 196 120 218C74 196 40 160 40 112V46C64 45 92 39 120 24Z"
    )
    heart = (
        "M120 176C84 150 66 130 66 106C66 88 80 76 95 76C106 76 115 82 120 91"
        "C125 82 134 76 145 76C160 76 174 88 174 106C174 130 156 150 120 176Z"
    )
    return canvas(
        "First Aid at Work",
        shape(left, "#b8322a"),
        shape(right, "#d4473b"),
        stroke(edge, CREAM, 3),
        shape(heart, CREAM),
        stroke("M80 120H102L111 101L126 142L136 120H160", "#b8322a", 6),
    )


def accessible_documents() -> str:
    """A page on a hanging ribbon."""
    letter = "M56 84L68 54H76L88 84H80.5L78 77H66L63.5 84ZM68.2 71H75.8L72 60.5Z"
    return canvas(
        "Accessible Documents",
        shape("M22 6H158Q170 6 170 18V234L90 196L10 234V18Q10 6 22 6Z", "#0d6b66"),
        stroke("M27 17H153Q159 17 159 23V216L90 183.5L21 216V23Q21 17 27 17Z", "#8fd3c8", 2.5),
        box(44, 42, 92, 112, "#f4fbf9", 7),
        shape(letter, "#0d6b66"),
        stroke("M100 60H122M100 74H122", "#0d6b66", 6),
        stroke("M58 102H122M58 119H122M58 136H96", "#8fbdb8", 6),
        disc(20, "#f2b544", (128, 146)),
        stroke("M119 146L126 153L138 140", "#3c2a05", 5),
        width=180,
    )


def python_research() -> str:
    """A prompt over a measured curve, on a dark tile."""
    curve = [(48 + 4 * i, 186 - 82 * exp(-(((i - 17) / 13) ** 2))) for i in range(38)]
    # Measured points stray from the curve: a fixed pattern, so that the drawing is always the same.
    strays = [2, -5, 6, -3, -9, 4, -2, -8, 7, 3, 2, 5, 2, 1, 0, 7, -6, 3]
    measured = [
        disc(3.5 + (i % 3), "#f2b544", (x, y + dy))
        for i, ((x, y), dy) in enumerate(zip(curve[1::2], strays, strict=False))
    ]
    return canvas(
        "Python for Research",
        box(8, 8, 224, 224, "#1f2f3a", 44),
        '<rect x="18" y="18" width="204" height="204" rx="35" fill="none" stroke="#3d5666" stroke-width="2"/>',
        stroke("M46 48L64 64L46 80M78 82H104", "#8fd0c4", 9),
        stroke("M44 196H198M44 196V106", "#3d5666", 3),
        stroke(through(curve, closed=False), "#8b9aa3", 3),
        *measured,
    )


def reading_society() -> str:
    """An open book before the rising sun, on a flower."""
    pages = (
        "M116 150C102 140 80 137 57 139V170C80 168 102 171 116 180Z"
        "M124 150C138 140 160 137 183 139V170C160 168 138 171 124 180Z"
    )
    cover = (
        "M120 146C104 132 78 128 50 132V178C78 174 104 178 120 190"
        "C136 178 162 174 190 178V132C162 128 136 132 120 146Z"
    )
    rays = [
        stroke(
            through([polar(a, 50, (120, 132)), polar(a, 82 if i % 2 else 68, (120, 132))], closed=False),
            "#fff3d6",
            6,
        )
        for i, a in enumerate(range(-90, 91, 18))
    ]
    lines = "M66 148Q88 147 106 155M66 157Q88 156 106 164M174 148Q152 147 134 155M174 157Q152 156 134 164"
    return canvas(
        "Reading Society",
        shape(scallops(8, 102), "#d99a2b"),
        stroke(scallops(8, 93), "#fff3d6", 2.5),
        *rays,
        shape("M82 132A38 38 0 0 1 158 132Z", "#fff3d6"),
        shape(cover, "#6b3d12"),
        shape(pages, "#fffaf0"),
        stroke(lines, "#d9b98a", 2.5),
    )


def teaching_assistant() -> str:
    """Chalk on a slate: the angle sum of a triangle, under a small star."""
    chalk = "#f2efe6"
    return canvas(
        "Teaching Assistant",
        shape(rounded([(120, 8), (226, 52), (226, 164), (120, 232), (14, 164), (14, 52)], 16), "#7a4b2a"),
        shape(rounded([(120, 24), (211, 62), (211, 156), (120, 214), (29, 156), (29, 62)], 12), "#2d4a43"),
        stroke(through([(64, 148), (176, 148), (138, 84)]), chalk, 4),
        stroke(
            "M82 148A20 20 0 0 0 77 136M156 148A22 22 0 0 1 165 131M127 97A18 18 0 0 0 146 97", "#e8b84a", 4
        ),
        shape(star(5, 15, 6.4, (120, 56)), "#e8b84a"),
        stroke("M78 172Q100 166 120 171T164 169", chalk, 3),
    )


def peer_reviewer() -> str:
    """A pen on a rosette with two ribbons."""
    at = (120, 94)
    nib = "M120 46C132 62 140 76 140 90C140 100 134 108 128 114H112C106 108 100 100 100 90C100 76 108 62 120 46Z"
    return canvas(
        "Peer Reviewer",
        shape("M78 132L50 230L84 214L106 236L124 140Z", "#7c1f3a"),
        shape("M162 132L190 230L156 214L134 236L116 140Z", "#96304d"),
        shape(scallops(20, 84, at), "#a63a57"),
        disc(72, "#f6ecd9", at),
        ring(65, "#c79a3f", 2.5, at),
        shape(nib, "#2f2a33"),
        stroke("M120 52V90", "#f6ecd9", 3),
        disc(5.5, "#f6ecd9", (120, 93)),
        shape("M109 118H131L129 128H111Z", "#c79a3f"),
        *(disc(2.2, "#c79a3f", (112 + 8 * i, 142)) for i in range(3)),
    )


def open_science() -> str:
    """A sprout in an open ring, in a dial's frame."""
    plum, orange = "#4a2b57", "#e07a3f"
    marks = [
        stroke(
            through([polar(7.5 * i, 104, MIDDLE), polar(7.5 * i, 97 if i % 3 else 90, MIDDLE)], closed=False),
            plum,
            2.5,
        )
        for i in range(48)
    ]
    return canvas(
        "Open Science Foundations",
        disc(116, plum),
        disc(109, "#fbe8cf"),
        *marks,
        stroke("M145.9 72.1A58 58 0 1 1 88.4 75.4", orange, 16),
        stroke("M120 164C118 128 118 104 117 74", plum, 7),
        shape(leaf((118, 112), (79, 80), 0.3), "#6f9a5b"),
        shape(leaf((118, 90), (158, 50), 0.3), "#4f7d46"),
        shape(leaf((119, 140), (154, 112), 0.28), "#6f9a5b"),
    )

"""What templates and style sheets must keep to, so that the strictest policy holds."""

import re
from pathlib import Path

import pytest

from web.assets import STATIC, TEMPLATES

PAGES = [path for path in sorted(TEMPLATES.rglob("*.html")) if "api" not in path.parts]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_has_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son\w+=|hx-on|javascript:|js:", text)
    assert not re.search(r"<script(?![^>]* src=)", text)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)
    assert "| safe" not in text
    assert "|safe" not in text


def test_every_sign_that_templates_use_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    text = "\n".join(path.read_text() for path in PAGES)
    used = set(re.findall(r'icon\("([\w-]+)"', text)) | set(re.findall(r"icon\('([\w-]+)'", text))
    assert used <= drawn


# Contrast: WCAG 2.2 AA asks for 4.5 between text and its ground, 3 for the edges of what one can use.
TEXT, EDGE = 4.5, 3.0
PAIRS = [
    *[
        (ink, ground, TEXT)
        for ink in ("ink", "quiet", "accent")
        for ground in ("paper", "surface", "accent-tint")
    ],
    *[(tone, f"{tone}-tint", TEXT) for tone in ("verified", "caution", "alarm")],
    *[(tone, ground, TEXT) for tone in ("verified", "caution", "alarm") for ground in ("surface", "paper")],
    *[("ink", f"{tone}-tint", TEXT) for tone in ("verified", "caution", "alarm")],
    *[("quiet", f"{tone}-tint", TEXT) for tone in ("verified", "caution", "alarm")],
    ("on-accent", "accent", TEXT),
    ("edge", "paper", EDGE),
    ("edge", "surface", EDGE),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_colours_are_far_enough_apart(ink: str, ground: str, least: float, theme: int) -> None:
    colours = _colours(theme)
    lighter, darker = sorted((_light(colours[ink]), _light(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


def test_only_the_tokens_know_colours() -> None:
    for name in ("base.css", "parts.css"):
        found = re.findall(r"#[0-9a-fA-F]{3,8}\b", (STATIC / name).read_text())
        assert set(found) <= {"#000"}, name


def _colours(theme: int) -> dict[str, str]:
    found = re.findall(r"--([\w-]+):\s+light-dark\((#\w{6}), (#\w{6})\)", (STATIC / "tokens.css").read_text())
    return {name: pair[theme] for name, *pair in found}


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

"""Strangers' words inside our sentences stay words."""

import pytest

from backpack.verifier.legible import legible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("name", "name"),
        ("naïve 名 🏅", "naïve 名 🏅"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("\x1b[31mred", "�[31mred"),
        ("a\nb\u202etxt.exe", "a b�txt.exe"),
        ("Motif\N{NO-BREAK SPACE}: fraude", "Motif : fraude"),
        ("", ""),
    ],
)
def test_what_would_bend_the_line_is_taken_out(text, shown):
    assert legible(text) == shown

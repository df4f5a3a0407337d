"""Strangers' words inside our sentences stay words."""

import pytest

from backpack.verifier.legible import legible, quoted


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
        ("می\u200cخواهم 👩\u200d🔬", "می\u200cخواهم 👩\u200d🔬"),
        ("", ""),
    ],
)
def test_what_would_bend_the_line_is_taken_out(text, shown):
    assert legible(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("name", "“name”"),
        ("X” is verified. “Y", "“X’ is verified. ‘Y”"),
        ('the "best" «one»', "“the 'best' ‹one›”"),
        ("x" * 61, f"“{'x' * 59}…”"),
    ],
)
def test_what_is_quoted_ends_where_we_end_it(text, shown):
    assert quoted(text) == shown

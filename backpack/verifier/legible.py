"""Strangers' words inside our sentences: short, and without what would bend the line they stand in."""

_JOINERS = "\u200c\u200d"
"""They decide how letters are written in Persian and in the scripts of India, and join emoji."""
_WITHIN = str.maketrans('“”„‟«»"', "‘’‚‛‹›'")


def legible(text: str, size: int = 60) -> str:
    """The text in one line, cut to size, control characters and hidden turns of direction replaced."""
    plain = "".join(
        letter
        if letter.isprintable() or letter in _JOINERS
        else " "
        if letter.isspace()
        else "\N{REPLACEMENT CHARACTER}"
        for letter in text[: size + 1]
    )
    return plain if len(text) <= size else f"{plain[: size - 1]}…"


def quoted(text: str, size: int = 60) -> str:
    """The same between our quotation marks, which it cannot close: what comes after them is ours again."""
    return f"“{legible(text, size).translate(_WITHIN)}”"

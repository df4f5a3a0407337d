"""Strangers' words inside our sentences: short, and without what would bend the line they stand in."""


def legible(text: str, size: int = 60) -> str:
    """The text in one line, cut to size, control characters and hidden turns of direction replaced."""
    plain = "".join(
        letter if letter.isprintable() else " " if letter.isspace() else "\N{REPLACEMENT CHARACTER}"
        for letter in text[: size + 1]
    )
    return plain if len(text) <= size else f"{plain[: size - 1]}…"

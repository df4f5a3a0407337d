"""Numbers in words."""

_SMALL = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def number(count: int) -> str:
    """Small numbers as words."""
    return _SMALL[count] if count < len(_SMALL) else str(count)


def times(count: int) -> str:
    """ "once", "twice", "three times"."""
    return {1: "once", 2: "twice"}.get(count, f"{number(count)} times")


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 badge", "2,000 badges"; ``many`` where an s is not enough."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"

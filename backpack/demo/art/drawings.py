"""The drawings by name."""

from collections.abc import Callable


def open_science() -> str:
    """A sprout in an open ring."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240" width="240" height="240">'
        '<circle cx="120" cy="120" r="116" fill="#4a2b57"/><circle cx="120" cy="120" r="109" fill="#fbe8cf"/>'
        '<circle cx="120" cy="120" r="58" fill="none" stroke="#e07a3f" stroke-width="16"/>'
        "</svg>"
    )


DRAWINGS: dict[str, Callable[[], str]] = {"open-science": open_science}

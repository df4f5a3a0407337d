"""A progress bar for work on many things."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

T = TypeVar("T")


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[T], T]]:
    """A progress bar on a terminal's standard error; what is given to it is done, and given back."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task(what, total=total)

        def done(one: T) -> T:
            bar.advance(task)
            return one

        yield done

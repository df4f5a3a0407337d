"""The command line: `backpack …`, and `python -m backpack …`."""

import errno
import os
import sys
from typing import NoReturn

import click

from backpack.commands.demo import demo
from backpack.commands.export import export
from backpack.commands.import_ import import_
from backpack.commands.mailroom import mailroom
from backpack.commands.migrate import migrate
from backpack.commands.serve import serve
from backpack.commands.token import token
from backpack.commands.verify import verify
from backpack.commands.worker import worker
from backpack.errors import BackpackError

app = click.Group(
    "backpack",
    help="Keep every Open Badge you earned, prove that it is genuine, show it.",
    no_args_is_help=True,
)
for command in (serve, worker, mailroom, migrate, verify, import_, export, token, demo):
    app.add_command(command)


def run() -> None:
    """The entry point: what a person can put right is told in a sentence, never as a traceback."""
    try:
        try:
            app()
        finally:
            if sys.stdout:  # what Python itself writes at the very end, it could tell nobody
                sys.stdout.flush()
    except BackpackError as error:
        _end(f"{error.says} {error.try_this}".strip())
    except OSError as error:
        if error.errno not in _UNWRITTEN:
            raise
        if sys.stdout:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        # Whoever reads no further, as in `… | head`, knows.
        _end("" if error.errno == errno.EPIPE else f"Not everything could be written: {error.strerror}.")


def _end(why: str) -> NoReturn:
    sys.stderr.write(f"{why}\n" if why else "")
    sys.exit(1)


_UNWRITTEN = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

if __name__ == "__main__":
    run()

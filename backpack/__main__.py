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
from backpack.errors import BackpackError, reason

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
    except Exception as error:
        why = _away(error)
        if not why:
            raise
        _end(f"{why} Run the same command again once it does.")


def _away(error: Exception) -> str:
    """Of a database or a bucket that went away in the middle, what is told; nothing of any other error."""
    # Here, because no other command than those that use them has to wait for these to be loaded.
    from sqlalchemy.exc import InterfaceError, OperationalError

    from backpack.storage.blobs import Unreachable

    if isinstance(error, OperationalError | InterfaceError):
        return f"The database does not answer any more: {reason(error.orig)}"
    return f"The bucket of files does not answer: {reason(error)}" if isinstance(error, Unreachable) else ""


def _end(why: str) -> NoReturn:
    sys.stderr.write(f"{why}\n" if why else "")
    sys.exit(1)


_UNWRITTEN = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

if __name__ == "__main__":
    run()

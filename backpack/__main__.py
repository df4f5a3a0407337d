"""The command line: `backpack …`, and `python -m backpack …`."""

import sys

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
        app()
    except BackpackError as error:
        sys.stderr.write(f"{error.says} {error.try_this}".strip() + "\n")
        sys.exit(1)


if __name__ == "__main__":
    run()

"""`backpack export`: everything of an earner, in a ZIP."""

import errno
from pathlib import Path

import click

from .addressed import EMAIL


@click.command("export", short_help="Write everything of an earner into a ZIP file.")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT.zip", help="The file to write.")
@click.option("--of", type=EMAIL, required=True, metavar="EMAIL", help="A confirmed address of the earner.")
def export(out: Path, of: str) -> None:
    """Write everything of an earner into a ZIP file: originals, reports, collections, public links."""
    from backpack.config import Settings
    from backpack.errors import Missing, Unopened
    from backpack.services import exporting, joining
    from backpack.storage.blobs import Blobs
    from backpack.storage.database import migrate, session

    settings = Settings()
    migrate(settings)
    with session(settings) as db:
        earner = joining.earner_by_email(db, of)
        if earner is None:
            raise Missing(f"Nobody here has confirmed {of}.")
        data = exporting.export(db, Blobs(settings), earner)
    try:
        _write(out, data)
    except OSError as error:
        raise Unopened(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"{out} holds everything of {of} ({len(data) / 1e6:.1f} MB).", err=True)


def _write(out: Path, data: bytes) -> None:
    """Whole or not at all, and for nobody else's eyes."""
    if out.exists() and not out.is_file():
        # To put a file in the place of a device, such as /dev/null, would break the machine.
        raise FileExistsError(errno.EEXIST, "it is no file")
    part = out.with_name(f".{out.name}.part")
    try:
        part.touch(0o600)
        part.write_bytes(data)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)

"""Everything of an earner, to take along."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from backpack.services import exporting
from web.api import limits
from web.api.caller import Caller
from web.api.problems import problems
from web.deps import Db, Files, Now

router = APIRouter(tags=["export"])

_PIECE = 256 * 1024


@router.get(
    "/export",
    summary="Download everything",
    response_class=Response,
    responses={200: {"description": "A ZIP file", "content": {"application/zip": {}}}, **problems(429)},
)
def get_export(earner: Caller, db: Db, blobs: Files, at: Now) -> Response:
    """A ZIP file with every original as it came, all reports and what they stand on, collections, links, addresses.

    `manifest.json` in it names every file with its SHA-256. The originals can be brought in again, here or
    elsewhere.
    """
    limits.count_export(db, earner, at)
    # On disk, because a backpack may be larger than what one answer should take of the memory.
    file = TemporaryFile()  # noqa: SIM115 - _pieces closes it, after the last byte was sent
    exporting.write(db, blobs, earner, file)
    headers = {
        "content-disposition": f'attachment; filename="backpack-{at:%Y-%m-%d}.zip"',
        "content-length": str(file.tell()),
    }
    file.seek(0)
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece

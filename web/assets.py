"""Our own static files, each under an address with its hash, so that it may be kept for a year."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = HERE / "templates"

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, max-age=0, must-revalidate"


class Assets(StaticFiles):
    """Serves them. Under an address with its hash a file never changes."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        response = await super().get_response(path, scope)
        if response.status_code in (200, 304):
            is_hashed = scope["query_string"] == f"v={_hash_of(path)}".encode()
            response.headers["cache-control"] = FOR_EVER if is_hashed else ASK_AGAIN
        return response


def static(path: str) -> str:
    """Address of a static file, with its hash."""
    return f"/static/{path}?v={_hash_of(path)}"


@cache
def look() -> str:
    """Changes when templates or style sheets do: what was rendered before is then another page."""
    files = sorted([*TEMPLATES.rglob("*.html"), *STATIC.glob("*.*")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


@cache
def _hash_of(path: str) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]

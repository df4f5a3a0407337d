"""The yardstick for serving: an ASGI app that sends fixed bytes, read from the file named by PLAIN_BODY."""

import os
from pathlib import Path
from typing import Any

BODY = Path(os.environ["PLAIN_BODY"]).read_bytes()
HEADERS = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(BODY)).encode())]


async def app(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """Answer everything alike."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": BODY})

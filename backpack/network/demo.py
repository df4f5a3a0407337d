"""The names under ``.example``: nobody's in the real network, so no resolver is asked for them.

An instance that ran ``backpack demo`` has an invented issuer whose documents lie in its data folder.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from backpack.verifier.documents import Document

from .problems import NoAnswer, status_problem


def is_example(host: str) -> bool:
    """Whether this name is reserved for examples."""
    return host == "example" or host.endswith(".example")


def answer(url: str, host: str, data_dir: Path) -> Document:
    """What the demo issuer's folder has for this URL; raises NoAnswer when there is nothing."""
    folder = data_dir / "demo"
    try:
        entry = json.loads((folder / "index.json").read_bytes())[url]
        body = (folder / Path(entry["file"]).name).read_bytes()
    except (OSError, KeyError, ValueError) as error:
        raise NoAnswer(f"there is no public address for {host}") from error
    status = int(entry["status"])
    return Document(
        url=url,
        status=status,
        body=body,
        content_type=str(entry["content_type"]),
        problem=None if 200 <= status < 300 else status_problem(host, status),
        fetched_at=datetime.now(UTC),
        final_url=url,
    )

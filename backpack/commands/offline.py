"""Documents from a folder instead of the network, for checks that must always give the same answer."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from backpack.verifier import Document


class Folder:
    """A folder with an ``index.json`` of URL → ``{"file", "status", "content_type"}``; None is an empty one."""

    def __init__(self, folder: Path | None, at: datetime) -> None:
        self._folder = folder
        self._at = at
        self._index: dict[str, dict[str, Any]] = _index(folder) if folder else {}

    def fetch_all(self, urls: Iterable[str], _bare: bool = False) -> list[Document]:
        """What the folder holds for each of these; a problem where it holds nothing."""
        return [self._document(url) for url in urls]

    def _document(self, url: str) -> Document:
        entry = self._index.get(url)
        if entry is None or self._folder is None:
            return Document(url, 0, problem="it is not among the documents at hand", fetched_at=self._at)
        try:
            body = (self._folder / Path(entry["file"]).name).read_bytes()
        except (OSError, KeyError):
            return Document(url, 0, problem="its file is missing from the folder", fetched_at=self._at)
        return document(url, entry, body, self._at)


def document(url: str, entry: Mapping[str, Any], body: bytes, at: datetime) -> Document:
    """What an address answered, as an index tells it.

    Beside ``status`` and ``content_type`` it may tell ``problem``, ``final_url`` and ``fetched_at``, as a
    bundle's does. Raises ValueError when what it tells is of the wrong kind.
    """
    status = int(entry.get("status", 200))
    usual = None if 200 <= status < 300 else f"it answered {status}"
    told = {name: entry.get(name) for name in ("problem", "final_url", "fetched_at")}
    texts = {name: str(value) for name, value in told.items() if value is not None}
    return Document(
        url,
        status,
        body,
        str(entry.get("content_type", "")),
        texts.get("problem", usual),
        datetime.fromisoformat(texts["fetched_at"]) if "fetched_at" in texts else at,
        texts.get("final_url"),
    )


def _index(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        if isinstance(found, dict) and all(isinstance(entry, dict) for entry in found.values()):
            return found
    except (OSError, ValueError):
        pass
    raise click.BadParameter(f"{folder} has no index.json that can be read.", param_hint="--documents")

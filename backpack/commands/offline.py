"""Documents from a folder instead of the network, for checks that must always give the same answer."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from backpack.verifier import Document
from backpack.verifier.documents import as_told


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
        return as_told(url, entry, body, self._at)


def _index(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        if isinstance(found, dict) and all(isinstance(entry, dict) for entry in found.values()):
            return found
    except (OSError, ValueError):
        pass
    raise click.BadParameter(f"{folder} has no index.json that can be read.", param_hint="--documents")

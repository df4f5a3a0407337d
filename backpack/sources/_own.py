"""Our own export, taken in again: which badges are in it, and what was noted, ordered and hidden.

Reports and archived documents stay in the archive: nobody here saw those addresses answer, so every badge is
checked anew. Public links stay closed, and addresses are confirmed by mail alone.
"""

import json
import zipfile
from typing import Any

from backpack.errors import BackpackError, Damaged, UnknownFormat

from . import _zip as zips

FORMAT = 1
FOLDER = "badges/"
_MARKS = {"manifest.json", "backpack.json", "badges.json", "collections.json"}
_LARGEST = 32 * zips.MIB
_MOST_COLLECTIONS, _MOST_PLACES = 1_000, 20_000

Json = dict[str, Any]


def is_export(archive: zipfile.ZipFile) -> bool:
    """Whether this archive is a whole backpack."""
    return set(archive.namelist()) >= _MARKS


def brought(archive: zipfile.ZipFile) -> tuple[dict[str, Json], list[Json]]:
    """What each badge's file brings, by its name in the archive, and the collections. Raises UnknownFormat."""
    said = _read(archive, "backpack.json")
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise UnknownFormat(
            "This backpack was exported by another version.", "Unpack it, and add the folder “badges”."
        )
    collections = [
        {name: _text(one.get(name)) for name in ("title", "intro", "created_at")}
        | {"badges": one.get("badges")}
        for one in _rows(_read(archive, "collections.json"))[:_MOST_COLLECTIONS]
    ]
    places = _places(collections)
    badges = {
        _text(one.get("file")): {
            "credential": _text(one.get("credential_sha256")),
            **{name: _text(one.get(name)) for name in ("note", "hidden_at", "offered_at", "created_at")},
            "tags": [_text(tag) for tag in _list(one.get("tags")) if tag],
            "places": places.get(_text(one.get("id")), []),
        }
        for one in _rows(_read(archive, "badges.json"))
    }
    return badges, [{name: one[name] for name in ("title", "intro", "created_at")} for one in collections]


def _places(collections: list[Json]) -> dict[str, list[list[Any]]]:
    """By badge: which collection by number, at which place, with which remark."""
    found: dict[str, list[list[Any]]] = {}
    for number, one in enumerate(collections):
        for position, entry in enumerate(_rows(one["badges"])[:_MOST_PLACES]):
            found.setdefault(_text(entry.get("id")), []).append(
                [number, position, _text(entry.get("remark"))]
            )
    return found


def _read(archive: zipfile.ZipFile, name: str) -> Any:
    try:
        with archive.open(name) as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise _damaged()
        return json.loads(data)
    except BackpackError:
        raise
    except Exception as error:
        raise _damaged() from error


def _damaged() -> Damaged:
    return Damaged("This exported backpack is damaged.", "Unpack it, and add the folder “badges”.")


def _rows(value: Any) -> list[Json]:
    return [one for one in _list(value) if isinstance(one, dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value.replace("\0", "")[:20_000] if isinstance(value, str) else ""

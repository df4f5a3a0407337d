"""Canonical bytes by stock pyld and by plain JSON: the other way round from the verifier's own."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld
from pyld.documentloader.frozen import BUNDLED_CONTEXTS, FrozenDocumentLoader

from .shapes import JsonObject

_CONTEXTS = Path(__file__).parents[1] / "verifier" / "_contexts"


def rdfc(document: JsonObject) -> bytes:
    """The canonical N-Quads of a JSON-LD document.

    Raises ValueError when a term would be dropped: what is signed must be all that is shown.
    """
    options = {"documentLoader": _loader(), "base": ""}
    expanded = jsonld.expand(document, options, on_property_dropped=_refuse)
    wanted = {**options, "algorithm": "URDNA2015", "format": "application/n-quads"}
    return str(jsonld.normalize(expanded, wanted)).encode()


def _refuse(term: str | None) -> None:
    raise ValueError(f"no context defines {term!r}")


def jcs(document: JsonObject) -> bytes:
    """RFC 8785 for what the demo issuers write: ASCII keys, texts and whole numbers."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@cache
def _loader() -> Any:
    index = json.loads((_CONTEXTS / "index.json").read_text())
    shipped = {url: _CONTEXTS / name for name, entry in index.items() for url in entry["urls"]}
    return FrozenDocumentLoader(documents={**BUNDLED_CONTEXTS, **shipped})

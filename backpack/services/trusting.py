"""The operator's own list of trusted issuers, as a document that the verifier is handed with the others."""

import json
from pathlib import Path

from ..config import Settings
from ..errors import Misconfigured
from ..verifier import Document
from ..verifier.trusted import ADDRESS


def at_hand(settings: Settings) -> dict[str, Document]:
    """The list by its address, nothing when there is none; raises Misconfigured when it cannot be read."""
    if not settings.trusted_issuers:
        return {}
    try:
        body = Path(settings.trusted_issuers).read_bytes()
        is_list = isinstance(json.loads(body), dict)
    except (OSError, ValueError):
        is_list = False
    if not is_list:
        raise Misconfigured(
            "BACKPACK_TRUSTED_ISSUERS names no file that holds a JSON object.",
            'Write one such as {"https://school.example": ["z6Mk…"]}, or leave the setting empty.',
        )
    return {ADDRESS: Document(ADDRESS, 200, body, "application/json")}

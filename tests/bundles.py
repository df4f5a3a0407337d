"""Verification bundles made by hand, as strangers may make them."""

import json
import zipfile
from typing import Any

from tests.archives import zipped
from tests.issuing import MARIA, award, issuer

BADGE = issuer().ob2_hosted(award())
URL = str(BADGE.address)
ABOUT = {
    "format": 1,
    "badge": "badge.png",
    "credential_sha256": "",
    "at": "2026-03-14T09:00:00Z",
    "recipients": [MARIA],
}


def index() -> dict[str, Any]:
    """What its index tells of its documents."""
    return {
        url: {"file": f"{number}", "status": answer.status, "content_type": answer.content_type}
        for number, (url, answer) in enumerate(BADGE.documents.items())
    }


def bundle(packing: int = zipfile.ZIP_STORED, **changes: Any) -> bytes:
    """A bundle of a hosted badge, with these files instead; one of None is left out."""
    whole = {
        "bundle.json": ABOUT,
        "badge.png": BADGE.data,
        "report.json": {"checks": []},
        "documents/index.json": index(),
        **{f"documents/{number}": a.body for number, a in enumerate(BADGE.documents.values())},
        **changes,
    }
    files = {name: data for name, data in whole.items() if data is not None}
    return zipped(
        {n: data if isinstance(data, bytes) else json.dumps(data).encode() for n, data in files.items()},
        packing,
    )

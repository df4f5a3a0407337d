"""What makes two files the same badge: the text of the credential inside them, by its hash."""

import hashlib
import json

from .credential import Credential
from .reading import read_all


def credential_text(credential: Credential) -> bytes:
    """The signed text itself, or the JSON object in one spelling, or while only that is known the address."""
    if credential.compact:
        return credential.compact.encode()
    if credential.raw:
        spelled = json.dumps(credential.raw, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return spelled.encode("utf-8", "surrogatepass")
    return (credential.address or "").encode()


def credential_sha256(credential: Credential) -> str:
    """Hex SHA-256 of that text."""
    return hashlib.sha256(credential_text(credential)).hexdigest()


def read_this(data: bytes, sha256: str) -> Credential:
    """The badge in these bytes whose text has this hash; the one that counts when there is none of the kind."""
    found = read_all(data)
    return next((one for one in found if credential_sha256(one) == sha256), found[0])

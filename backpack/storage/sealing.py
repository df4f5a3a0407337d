"""Secrets that we must be able to say again, such as a mailbox's password: kept sealed with the instance's key.

Whoever reads the database alone learns nothing from it, and a secret that is moved to another row opens
nothing: it is sealed together with what it is for.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..errors import Damaged

_NONCE = 12


def seal(secret: str, key: bytes, purpose: str) -> str:
    """The secret as text to keep; ``key`` is the instance's, ``purpose`` is needed to open it again."""
    nonce = os.urandom(_NONCE)
    sealed = nonce + _cipher(key).encrypt(nonce, secret.encode(), purpose.encode())
    return base64.urlsafe_b64encode(sealed).decode()


def unseal(sealed: str, key: bytes, purpose: str) -> str:
    """What was sealed; raises Damaged when the instance's key is another now, or the purpose is."""
    try:
        kept = base64.urlsafe_b64decode(sealed)
        return _cipher(key).decrypt(kept[:_NONCE], kept[_NONCE:], purpose.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Damaged("A secret that was kept can no longer be opened.") from error


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=b"backpack sealing 1").derive(key))

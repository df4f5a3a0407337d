"""The signature algorithms we accept, each tied to one kind of key: a badge may name one, never choose another."""

from collections.abc import Callable
from typing import Any

from .keys import Key


def verifies(algorithm: str, key: Key, signature: bytes, data: bytes) -> bool:
    """Whether the signature over the data is by this key; False too when key and algorithm do not belong together."""
    kind, holds = ALGORITHMS[algorithm]
    if key.kind != kind:
        return False
    try:
        return holds(key.public, signature, data)
    except _refusals():
        return False


def _refusals() -> tuple[type[Exception], ...]:
    # Slow to import, and only asked for when something was raised.
    from cryptography.exceptions import InvalidSignature
    from nacl.exceptions import BadSignatureError

    return InvalidSignature, BadSignatureError, ValueError


def is_known(name: object) -> bool:
    """Whether an algorithm is one that we accept; “none” is not."""
    return isinstance(name, str) and name in ALGORITHMS


def _ed25519(public: Any, signature: bytes, data: bytes) -> bool:
    public.verify(data, signature)
    return True


def _ecdsa(digest: str, size: int) -> Callable[[Any, bytes, bytes], bool]:
    def holds(public: Any, signature: bytes, data: bytes) -> bool:
        """IEEE P1363: r and s side by side, never DER, which has more than one spelling."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

        if len(signature) != 2 * size:
            return False
        r, s = (int.from_bytes(half, "big") for half in (signature[:size], signature[size:]))
        public.verify(encode_dss_signature(r, s), data, ec.ECDSA(getattr(hashes, digest)()))
        return True

    return holds


def _rsa(digest: str) -> Callable[[Any, bytes, bytes], bool]:
    def holds(public: Any, signature: bytes, data: bytes) -> bool:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        public.verify(signature, data, padding.PKCS1v15(), getattr(hashes, digest)())
        return True

    return holds


def _rsa_pss(digest: str) -> Callable[[Any, bytes, bytes], bool]:
    def holds(public: Any, signature: bytes, data: bytes) -> bool:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        hashed = getattr(hashes, digest)()
        public.verify(signature, data, padding.PSS(padding.MGF1(hashed), padding.PSS.DIGEST_LENGTH), hashed)
        return True

    return holds


ALGORITHMS: dict[str, tuple[str, Callable[[Any, bytes, bytes], bool]]] = {
    "EdDSA": ("Ed25519", _ed25519),
    "Ed25519": ("Ed25519", _ed25519),
    "ES256": ("P-256", _ecdsa("SHA256", 32)),
    "ES384": ("P-384", _ecdsa("SHA384", 48)),
    "RS256": ("RSA", _rsa("SHA256")),
    "RS384": ("RSA", _rsa("SHA384")),
    "RS512": ("RSA", _rsa("SHA512")),
    "PS256": ("RSA", _rsa_pss("SHA256")),
    "PS384": ("RSA", _rsa_pss("SHA384")),
    "PS512": ("RSA", _rsa_pss("SHA512")),
}
UNSUPPORTED = (
    "ES512",
    "ES256K",
    "Ed448",
    "ESP512",
    "ESB256",
    "ESB384",
    "ML-DSA-44",
    "ML-DSA-65",
    "ML-DSA-87",
)
"""Registered algorithms that protect well, but that we cannot check: what they sign is not broken for that."""

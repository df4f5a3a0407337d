"""Signatures of providers, in the forms that theirs have."""

import base64
import binascii
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa


def ecdsa_key(coded: str) -> ec.EllipticCurvePublicKey | None:
    """A public key as base64 of its DER, the way providers show it; None when the text is none."""
    try:
        key = serialization.load_der_public_key(base64.b64decode(coded, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) else None


def is_ecdsa(key: ec.EllipticCurvePublicKey, signature: str, data: bytes) -> bool:
    """Whether this is the key's signature over the data with SHA-256, as base64 of its DER."""
    try:
        key.verify(base64.b64decode(signature, validate=True), data, ec.ECDSA(hashes.SHA256()))
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def is_certified(certificate: bytes, signature: str, data: bytes, version: str, at: datetime) -> bool:
    """Whether this is a signature (RSA) of whoever has this certificate (PEM), valid at this time."""
    digest = {"1": hashes.SHA1, "2": hashes.SHA256}.get(version)
    try:
        signer = x509.load_pem_x509_certificate(certificate)
        key = signer.public_key()
        if digest is None or not isinstance(key, rsa.RSAPublicKey):
            return False
        if not signer.not_valid_before_utc <= at <= signer.not_valid_after_utc:
            return False
        key.verify(base64.b64decode(signature, validate=True), data, padding.PKCS1v15(), digest())
    except (binascii.Error, ValueError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True

"""Throwaway keys of the demo issuers, in every form in which an issuer publishes them."""

from functools import cached_property

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.jwk import ECKey, OKPKey, RSAKey

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
Private = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def base58(data: bytes) -> str:
    """Base58 with the Bitcoin alphabet, as multibase ``z`` wants it."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        digits = ALPHABET[rest] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


class SigningKey:
    """One private key; ``name`` is ed25519, p256 or rsa and serves as its fragment and key id."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def private(self) -> Private:
        """The key itself, made on first use."""
        if self.name == "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        if self.name == "p256":
            return ec.generate_private_key(ec.SECP256R1())
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def sign(self, data: bytes) -> bytes:
        """A raw signature: 64 bytes of Ed25519, r‖s of ECDSA with SHA-256, or PKCS #1 v1.5 with SHA-256."""
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(data)
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    @property
    def multibase(self) -> str:
        """The public key as Multikey (Ed25519 and P-256 only)."""
        return "z" + base58(self._multicodec())

    def _multicodec(self) -> bytes:
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return b"\xed\x01" + self.private.public_key().public_bytes_raw()
        form = serialization.PublicFormat.CompressedPoint
        return b"\x80\x24" + self.private.public_key().public_bytes(serialization.Encoding.X962, form)

    @property
    def did(self) -> str:
        """The key as a ``did:key``."""
        return f"did:key:{self.multibase}"

    @property
    def pem(self) -> str:
        """The public key as PEM, as OB 1 and 2 publish it."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, form).decode()

    @property
    def jwk(self) -> dict[str, str]:
        """The public key as JWK, with its name as ``kid``."""
        kind: dict[str, type[OKPKey | ECKey | RSAKey]] = {"ed25519": OKPKey, "p256": ECKey, "rsa": RSAKey}
        public = kind[self.name].import_key(self.pem).as_dict(private=False)
        return {name: str(value) for name, value in public.items()} | {"kid": self.name}

"""Servers on loopback that behave as badly as a test wants."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from backpack.config import Settings

Behave = Callable[[socket.socket], None]


class Host:
    """A listener on loopback. Every connection is handed to ``behave`` after its request was read."""

    def __init__(self, behave: Behave) -> None:
        self.requests: list[bytes] = []
        self.over = threading.Event()
        self._behave = behave
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/badge.json"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while not self.over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            self.requests.append(connection.recv(65536))
            self._behave(connection)

    def close(self) -> None:
        """Stop listening; who is still talking is left alone."""
        self.over.set()
        self._listener.close()


@pytest.fixture
def host() -> Iterator[Callable[[Behave], Host]]:
    """``host(behave)`` starts a listener that does ``behave(connection)`` with whoever connects."""
    hosts: list[Host] = []

    def start(behave: Behave) -> Host:
        hosts.append(Host(behave))
        return hosts[-1]

    yield start
    for one in hosts:
        one.close()


@pytest.fixture
def settings(tmp_path) -> Settings:
    """An instance whose operator allows this machine to be fetched from."""
    return Settings(
        _env_file=None, data_dir=tmp_path, base_url="https://backpack.test", fetch_allow="127.0.0.1"
    )


@pytest.fixture
def certificate(tmp_path) -> Path:
    """A file with a key and its own certificate, for the name issuer.test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuer.test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("issuer.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path

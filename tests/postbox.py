"""A real IMAP server for tests: pymap in a process of its own, with mail in memory, TLS and STARTTLS.

Tests share it and its one account; each works in folders of its own.
"""

import contextlib
import imaplib
import ipaddress
import itertools
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from backpack.demo.shapes import Issued
from backpack.network import connecting
from backpack.services.mailboxes import Wanted
from tests.serving import free_port

HOST, USER, PASSWORD = "127.0.0.1", "maria@mail.example", "four words of ours"
PATIENCE = 30.0
# It hashes passwords as slowly as a server should, at every sign-in; tests have no time for that.
_SERVE = """
from pymap.main import main
from pysasl.hashing import BuiltinHash
BuiltinHash.__init__.__kwdefaults__["rounds"] = 1
main()
"""


class Postbox:
    """``port`` speaks STARTTLS (and nothing, where nobody asks for it), ``tls_port`` TLS from the first byte."""

    def __init__(self, folder: Path) -> None:
        self.certificate, key = certificate(folder)
        self.port = free_port()
        self._names = itertools.count()
        options = {"pid-file": f"postbox-{self.port}", "host": HOST, "port": self.port}
        options |= {"cert": self.certificate, "key": key}
        account = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _SERVE,
                *(f"--{name}={value}" for name, value in options.items()),
                *account,
            ],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._tls.load_cert_chain(self.certificate, key)
        self._front = socket.create_server((HOST, 0))
        self.tls_port = self._front.getsockname()[1]
        threading.Thread(target=self._take_in, daemon=True).start()
        _patiently(self.port).logout()

    def stop(self) -> None:
        self._front.close()
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def wanted(self, folder: str, **more: object) -> Wanted:
        """How to connect this folder."""
        usual: dict[str, object] = {
            "host": HOST,
            "port": self.tls_port,
            "username": USER,
            "password": PASSWORD,
        }
        return Wanted(**{**usual, "folder": folder, **more})  # type: ignore[arg-type]

    def folder(self, *messages: bytes) -> str:
        """A new folder with these messages."""
        name = f"Folder {next(self._names)}"
        with self.signed_in() as client:
            client.create(f'"{name}"')
        self.put(name, *messages)
        return name

    def put(self, folder: str, *messages: bytes) -> None:
        """Deliver messages."""
        with self.signed_in() as client:
            for message in messages:
                assert client.append(f'"{folder}"', "", "", message)[0] == "OK"

    def make_anew(self, folder: str, *messages: bytes) -> None:
        """The same folder under a new UIDVALIDITY, as after a restore from a backup."""
        with self.signed_in() as client:
            client.delete(f'"{folder}"')
            client.create(f'"{folder}"')
        self.put(folder, *messages)

    def state(self, folder: str) -> list[bytes]:
        """Every message's number, flags and text: what must stay as it is."""
        with self.signed_in() as client:
            client.select(f'"{folder}"', readonly=True)
            _, found = client.fetch("1:*", "(UID FLAGS BODY.PEEK[])")
        return [part for piece in found for part in (piece if isinstance(piece, tuple) else (piece,))]

    @contextlib.contextmanager
    def signed_in(self) -> Iterator[imaplib.IMAP4]:
        """The mail program of whoever owns the account."""
        client = _patiently(self.port)
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        try:
            yield client
        finally:
            client.logout()

    def _take_in(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = self._front.accept()
                threading.Thread(target=self._pass_on, args=(plain,), daemon=True).start()

    def _pass_on(self, plain: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            self._tls.wrap_socket(plain, server_side=True) as outside,
            socket.create_connection((HOST, self.port)) as inside,
        ):
            threading.Thread(target=_pump, args=(inside, outside), daemon=True).start()
            _pump(outside, inside)


@pytest.fixture(scope="session")
def postbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postbox]:
    """The server, shared: work in folders of your own."""
    made = Postbox(tmp_path_factory.mktemp("postbox"))
    yield made
    made.stop()


@pytest.fixture
def reachable(postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    """The server, with its certificate trusted in this process."""
    monkeypatch.setenv("SSL_CERT_FILE", str(postbox.certificate))
    connecting.tls.cache_clear()
    yield postbox
    connecting.tls.cache_clear()


def mail(
    number: int,
    sender: str = "Badgr <noreply@badgr.io>",
    subject: str = "",
    body: str = "",
    attached: Issued | None = None,
) -> bytes:
    """An award mail, different for every number; perhaps with a badge attached to it."""
    made = EmailMessage(policy=policy.SMTP)
    made["From"], made["To"] = sender, USER
    made["Subject"] = subject or f"You earned a badge, number {number}"
    made["Message-ID"] = f"<{number}@mail.example>"
    made.set_content(body or f"This is message {number}.")
    if attached:
        kind = "png" if attached.file_name.endswith(".png") else "json"
        made.add_attachment(attached.data, "image", kind, filename=attached.file_name)
    return made.as_bytes()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine's own address, signed by itself, and its key."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    unlocked = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(pem, pkcs8, unlocked))
    return folder / "cert.pem", folder / "key.pem"


def _patiently(port: int) -> imaplib.IMAP4:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return imaplib.IMAP4(HOST, port)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _pump(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)

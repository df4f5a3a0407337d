"""Reading mailboxes: what a good server answers, how each trouble is said, and hostile servers that end."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backpack.config import Settings
from backpack.errors import NoSuchFolder, NotConnected, WrongPassword
from backpack.network import folders
from backpack.network import mailboxes as network
from backpack.network.mailboxes import Account, opened
from tests.postbox import HOST, PASSWORD, USER, Postbox, mail
from tests.serving import free_port

Talk = Callable[[socket.socket], None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings under which this machine may be asked."""
    return Settings(_env_file=None, data_dir=tmp_path, fetch_allow=HOST)


@pytest.fixture
def account(reachable: Postbox) -> Account:
    """The account on the tests' own server."""
    return Account(HOST, reachable.tls_port, "tls", USER, PASSWORD)


@pytest.fixture
def server() -> Iterator[Callable[[Talk], Account]]:
    """A server of one's own: ``server(talk)`` gives the account there; ``talk`` has each connection."""
    listening: list[socket.socket] = []

    def start(talk: Talk) -> Account:
        front = socket.create_server((HOST, 0))
        listening.append(front)

        def serve() -> None:
            try:
                connection, _ = front.accept()
                with connection:
                    talk(connection)
            except OSError:
                pass  # we hung up, as we should

        threading.Thread(target=serve, daemon=True).start()
        return Account(HOST, front.getsockname()[1], "none", USER, PASSWORD)

    yield start
    for front in listening:
        front.close()


def _trouble(account: Account, settings: Settings, seconds: float = 20.0, folder: str = "INBOX") -> str:
    with pytest.raises(NotConnected) as raised, opened(account, folder, settings, seconds) as box:
        box.heads(box.after(0))
    return raised.value.says


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_folder_is_read_with_every_kind_of_security(
    security: str, account: Account, reachable: Postbox, settings: Settings
) -> None:
    folder = reachable.folder(mail(1), mail(2))
    port = reachable.tls_port if security == "tls" else reachable.port
    with opened(replace(account, security=security, port=port), folder, settings) as box:
        first, second = box.after(0)
        assert box.messages == 2
        assert box.after(first) == [second]
        [head] = box.heads([second])
        assert (head.uid, head.size) == (second, len(mail(2)))
        assert b"Subject: You earned a badge, number 2" in head.lines
        assert box.message(second) == mail(2)
        assert box.message(second + 1000) == b""


def test_names_of_folders_may_have_any_letters(
    account: Account, reachable: Postbox, settings: Settings
) -> None:
    with reachable.signed_in() as client:
        client.create(f'"{folders.encoded("Größe & Abzeichen")}"')
    with opened(account, "Größe & Abzeichen", settings) as box:
        assert box.messages == 0


@pytest.mark.parametrize("name", ["INBOX", "Größe & mehr", "台北/日本語", "~peter/mail/台北", "a&b", "🎓"])
def test_an_encoded_name_reads_as_it_was(name: str) -> None:
    assert folders.encoded(name).isascii()
    assert folders.decoded(folders.encoded(name)) == name


def test_a_wrong_password_is_said(account: Account, settings: Settings) -> None:
    with pytest.raises(WrongPassword), opened(replace(account, password="no"), "INBOX", settings):
        pass


def test_a_folder_that_is_missing_is_said_with_those_there_are(account: Account, settings: Settings) -> None:
    with pytest.raises(NoSuchFolder) as raised, opened(account, "Nowhere", settings):
        pass
    assert "INBOX" in raised.value.try_this


def test_a_certificate_nobody_vouches_for_is_said(postbox: Postbox, settings: Settings) -> None:
    account = Account(HOST, postbox.tls_port, "tls", USER, PASSWORD)
    assert _trouble(account, settings) == f"{HOST} has no certificate that we trust."


def test_a_port_without_tls_is_said(account: Account, reachable: Postbox, settings: Settings) -> None:
    assert "does not speak TLS" in _trouble(replace(account, port=reachable.port), settings)


def test_a_server_that_offers_no_encryption_gets_no_password(
    server: Callable[[Talk], Account], settings: Settings
) -> None:
    said: list[bytes] = []

    def talk(line: socket.socket) -> None:
        line.sendall(b"* OK ready\r\n")
        while heard := line.recv(4096):
            said.append(heard)
            line.sendall(b"* CAPABILITY IMAP4rev1\r\n" + heard.split()[0] + b" OK done\r\n")

    account = replace(server(talk), security="starttls")
    assert "offers no encryption" in _trouble(account, settings)
    assert not any(PASSWORD.encode() in heard for heard in said)


def test_nobody_listening_is_said(settings: Settings) -> None:
    assert "could not be reached" in _trouble(Account(HOST, free_port(), "tls", USER, PASSWORD), settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "localhost", "[::1]"])
def test_inner_addresses_are_not_asked(host: str, tmp_path: Path) -> None:
    nothing_allowed = Settings(_env_file=None, data_dir=tmp_path)
    says = _trouble(Account(host, 993, "tls", USER, PASSWORD), nothing_allowed)
    assert "do not fetch from that address" in says or "no public address" in says


def test_other_ports_than_those_of_mail_are_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backpack.network.guard.look_up", lambda host, port: ["203.0.114.7"])
    nothing_allowed = Settings(_env_file=None, data_dir=tmp_path)
    account = Account("imap.elsewhere.example", 25, "tls", USER, PASSWORD)
    assert _trouble(account, nothing_allowed) == "We do not fetch from that address."
    assert "without encryption" in _trouble(replace(account, port=143, security="none"), nothing_allowed)


def _endless_line(line: socket.socket) -> None:
    line.sendall(b"* OK ")
    while True:
        line.sendall(b"x" * 65536)


def _endless_answers(line: socket.socket) -> None:
    while True:
        line.sendall(b"* OK really\r\n" * 1000)


def _huge_literal(line: socket.socket) -> None:
    line.sendall(b"* OK ready\r\n")
    line.sendall(b"* CAPABILITY {1000000000000}\r\n")
    line.recv(4096)
    line.recv(4096)


def _number_without_end(line: socket.socket) -> None:
    line.sendall(b"* OK ready\r\n* CAPABILITY {" + b"9" * 6000 + b"}\r\n")
    line.recv(4096)
    line.recv(4096)


def _nonsense(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    line.recv(4096)


def _silence(line: socket.socket) -> None:
    line.recv(4096)
    line.recv(4096)


def _drip(line: socket.socket) -> None:
    while True:
        line.sendall(b"*")
        time.sleep(0.05)


@pytest.mark.parametrize(
    "talk",
    [_endless_line, _endless_answers, _huge_literal, _number_without_end, _nonsense, _silence, _drip],
    ids=lambda talk: talk.__name__.strip("_").replace("_", " "),
)
def test_a_hostile_server_ends(
    talk: Talk, server: Callable[[Talk], Account], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "_MOST_AT_ONCE", 1024 * 1024)
    assert _trouble(server(talk), settings, seconds=1.0).startswith(f"{HOST} ")

"""The other way out: reading a mailbox that an earner connected, by IMAP. Nothing in it is ever changed.

The folder is opened by EXAMINE and messages are fetched by PEEK, so not even a flag moves. Earners type in
these hosts, so they are guarded as those of fetches are; and whatever a server says is read here, not by
imaplib: one deadline for the whole conversation, a cap on lines, on what one command may bring, and on how
many lines that is. A server that drips, never ends a line, or announces a terabyte ends by itself.
"""

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import httpcore

from backpack.config import Settings
from backpack.errors import NoSuchFolder, NotConnected, WrongPassword

from . import connecting, folders
from .connecting import Deadline
from .guard import Allowed, addresses_of
from .problems import NoAnswer

MIB = 1024 * 1024
LARGEST = 15 * MIB
"""The largest message that is fetched."""
PORTS = (993, 143)
TOTAL_SECONDS = 90.0
CONNECT_SECONDS = 5.0
WAIT_SECONDS = 20.0
_GOOD_BYE_SECONDS = 2.0
_MOST_AT_ONCE = LARGEST + MIB
_MOST_LINES = 20_000
_MOST_FOLDERS = 30
_LONGEST_HEAD = 4096
_MOST_TRIED = 3

_HEAD = f"(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)]<0.{_LONGEST_HEAD}>)"
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,12})\b")
_LISTED = re.compile(rb'\([^)]*\) (?:"[^"]*"|NIL) "?(.*?)"?\Z', re.DOTALL)
_NOT_NOW = re.compile(rb"\[(UNAVAILABLE|INUSE|LIMIT)\]|too many|try again", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Account:
    """How to sign in. ``security`` is tls, starttls, or none where the operator allows the host."""

    host: str
    port: int
    security: str
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Head:
    """A message as far as it can be judged without fetching it: its size, and who sent what, as header lines."""

    uid: int
    size: int
    lines: bytes


@contextlib.contextmanager
def opened(
    account: Account, folder: str, settings: Settings, seconds: float = TOTAL_SECONDS
) -> Iterator["Folder"]:
    """A folder to read from, for so many seconds; raises NotConnected, WrongPassword or NoSuchFolder."""
    with _said_plainly(account.host):
        client = _Client(account, Allowed.of(settings.fetch_allow), Deadline(seconds))
    try:
        with _said_plainly(account.host):
            if account.security == "starttls":
                client.encrypt()
            _sign_in(client, account)
            examined = _examined(client, folder)
        yield examined
        client.say_good_bye()
    finally:
        client.shutdown()


class Folder:
    """A folder that was opened for reading only."""

    def __init__(self, client: "_Client", messages: int, uid_validity: int) -> None:
        self._client = client
        self.messages = messages
        """How many there are."""
        self.uid_validity = uid_validity
        """As long as it stays the same, numbers of messages do."""

    def after(self, uid: int) -> list[int]:
        """The numbers of the messages that came after this one, the oldest first."""
        found = self._ask("SEARCH", "UID", f"{uid + 1}:*")
        numbers = {int(word) for line in found for word in _bytes(line).split() if word.isdigit()}
        # "7:*" names the last message even when its number is less than 7.
        return sorted(number for number in numbers if uid < number < 1 << 32)

    def heads(self, uids: Sequence[int]) -> list[Head]:
        """What is known of these messages; those that are gone meanwhile are left out."""
        heads = (_head(*one) for one in _fetched(self._ask("FETCH", _ranges(uids), _HEAD)))
        wanted = set(uids)
        return sorted((head for head in heads if head and head.uid in wanted), key=lambda head: head.uid)

    def message(self, uid: int) -> bytes:
        """A whole message, unseen as it was; empty when the server does not give it."""
        for about, text in _fetched(self._ask("FETCH", str(uid), "(UID BODY.PEEK[])")):
            found = _UID.search(about)
            if found and int(found[1]) == uid:
                return text
        return b""

    def _ask(self, command: str, *arguments: str) -> list[object]:
        self._client.untagged_responses.clear()  # what a server says unasked does not pile up
        with _said_plainly(self._client.host):
            kind, data = self._client.uid(command, *arguments)
        return list(data or []) if kind == "OK" else []


class _TooMuch(Exception):
    pass


class _NotReached(Exception):
    pass


_TROUBLES = (OSError, httpcore.TimeoutException, imaplib.IMAP4.error, ValueError, KeyError, _TooMuch)


class _Client(imaplib.IMAP4):
    """imaplib's grammar on a connection of ours."""

    def __init__(self, account: Account, allowed: Allowed, deadline: Deadline) -> None:
        self._account, self._allowed, self._deadline = account, allowed, deadline
        self._buffer = bytearray()
        self._bytes_left, self._lines_left = _MOST_AT_ONCE, _MOST_LINES
        # Before STARTTLS not a byte is read ahead: what comes unencrypted is never taken for encrypted.
        self._chunk = 1 if account.security == "starttls" else 65536
        super().__init__(account.host, account.port)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:  # noqa: ARG002
        """Connect to an address that the guard has checked."""
        self.host, self.port = host, port
        addresses, vouched = addresses_of(host.lower().rstrip("."), port, self._allowed, PORTS)
        if self._account.security not in ("tls", "starttls") and not vouched:
            raise NoAnswer("we do not send a password without encryption")
        self.sock = self._connected(addresses[:_MOST_TRIED], port)
        if self._account.security == "tls":
            self.sock = self._encrypted(self.sock)

    def encrypt(self) -> None:
        """STARTTLS, or nothing."""
        if "STARTTLS" not in self.capabilities:
            raise NotConnected(f"{self.host} offers no encryption at this port.", _PORTS_ARE)
        self.sock.settimeout(self._deadline.cut(WAIT_SECONDS))
        self.starttls(connecting.tls())
        self._chunk = 65536

    def read(self, size: int) -> bytes:
        """So many bytes, if that is a sensible number."""
        if size > self._bytes_left + len(self._buffer):
            raise _TooMuch
        while len(self._buffer) < size:
            self._more()
        return self._taken(size)

    def readline(self) -> bytes:
        """One line with its end."""
        self._lines_left -= 1
        if self._lines_left < 0:
            raise _TooMuch
        looked = 0
        while (end := self._buffer.find(b"\n", looked)) < 0:
            looked = len(self._buffer)
            self._more()
        return self._taken(end + 1)

    def send(self, data: object) -> None:
        """Say something; what the server says to it is counted anew."""
        self._bytes_left, self._lines_left = _MOST_AT_ONCE, _MOST_LINES
        self.sock.settimeout(self._deadline.cut(WAIT_SECONDS))
        self.sock.sendall(data)  # type: ignore[arg-type]

    def say_good_bye(self) -> None:
        """Leave politely; nothing depends on it."""
        self._deadline = Deadline(_GOOD_BYE_SECONDS)
        with contextlib.suppress(*_TROUBLES):
            self.logout()

    def shutdown(self) -> None:
        """Hang up."""
        self.sock.close()

    def _connected(self, addresses: Iterable[str], port: int) -> socket.socket:
        problem: Exception = ConnectionError()
        for address in addresses:
            try:
                return socket.create_connection((address, port), self._deadline.cut(CONNECT_SECONDS))
            except OSError as error:
                problem = error
        raise _NotReached from problem

    def _encrypted(self, plain: socket.socket) -> ssl.SSLSocket:
        try:
            plain.settimeout(self._deadline.cut(CONNECT_SECONDS))
            return connecting.tls().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def _more(self) -> None:
        if self._bytes_left <= 0:
            raise _TooMuch
        self.sock.settimeout(self._deadline.cut(WAIT_SECONDS))
        data = self.sock.recv(self._chunk)
        if not data:
            raise ConnectionError
        self._bytes_left -= len(data)
        self._buffer += data

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


def _sign_in(client: _Client, account: Account) -> None:
    who = f"\0{account.username}\0{account.password}".encode()
    try:
        if "AUTH=PLAIN" in client.capabilities:
            client.authenticate("PLAIN", lambda _: who)
        elif "LOGINDISABLED" in client.capabilities:
            raise NotConnected(
                f"{account.host} lets nobody sign in with a password this way.",
                "Choose encryption, or ask your provider how other programs may read your mail.",
            )
        elif not who.isascii():
            raise WrongPassword(f"{account.host} takes no letters beyond ASCII in names and passwords.")
        else:
            client.login(_quoted(account.username), account.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        if _NOT_NOW.search(_bytes(error.args[0] if error.args else b"")):
            raise NotConnected(f"{account.host} asks us to come back later.") from error
        raise WrongPassword(f"{account.host} did not accept this name and password.") from error


def _examined(client: _Client, folder: str) -> Folder:
    kind, data = client.select(_quoted(folders.encoded(folder)), readonly=True)
    if kind != "OK":
        there = _names(client)
        raise NoSuchFolder(
            f"{client.host} has no folder “{folder}” in this mailbox.",
            f"There are: {', '.join(there)}." if there else "Most mail arrives in INBOX.",
        )
    validity = client.untagged_responses.get("UIDVALIDITY") or [b"0"]
    return Folder(client, _number(data[0] if data else b"0"), _number(validity[0]))


def _names(client: _Client) -> list[str]:
    _, listed = client.list()
    names = [_LISTED.match(_bytes(line)) for line in listed or []]
    shown = [folders.decoded(name[1].decode(errors="replace")) for name in names if name]
    return sorted("".join(c for c in name if c.isprintable())[:60] for name in shown)[:_MOST_FOLDERS]


def _fetched(data: Iterable[object]) -> Iterator[tuple[bytes, bytes]]:
    """Of each message in an answer: what was said about it, and its text. imaplib gives them in pieces."""
    about, text = b"", b""
    for piece in data:
        if isinstance(piece, tuple):
            about, text = about + bytes(piece[0]), bytes(piece[1])
        elif isinstance(piece, bytes):  # what came after the text, or all there was to say
            yield about + piece, text
            about, text = b"", b""


def _head(about: bytes, lines: bytes) -> Head | None:
    uid, size = _UID.search(about), _SIZE.search(about)
    return Head(int(uid[1]), int(size[1]), lines[:_LONGEST_HEAD]) if uid and size else None


def _ranges(uids: Sequence[int]) -> str:
    """``1:3,7`` for 1, 2, 3 and 7."""
    runs: list[list[int]] = []
    for uid in uids:
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in runs)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _bytes(said: object) -> bytes:
    return said if isinstance(said, bytes) else str(said or "").encode()


def _number(said: object) -> int:
    word = _bytes(said)
    return int(word) if word.isdigit() and len(word) <= 10 else 0


@contextlib.contextmanager
def _said_plainly(host: str) -> Iterator[None]:
    """Turn trouble with the server into one sentence and what to try."""
    try:
        yield
    except NoAnswer as reason:
        says = str(reason)
        raise NotConnected(f"{says[0].upper()}{says[1:]}.", _LOOK_UP) from reason
    except ssl.SSLCertVerificationError as error:
        raise NotConnected(f"{host} has no certificate that we trust.", _LOOK_UP) from error
    except ssl.SSLError as error:
        raise NotConnected(f"{host} does not speak TLS at this port.", _PORTS_ARE) from error
    except _NotReached as error:
        raise NotConnected(f"{host} could not be reached at this port.", _PORTS_ARE) from error
    except (TimeoutError, httpcore.TimeoutException) as error:
        raise NotConnected(f"{host} took too long to answer.", "We try again later.") from error
    except _TooMuch as error:
        raise NotConnected(f"{host} answered with more than we read.", "We try again later.") from error
    except OSError as error:
        raise NotConnected(f"{host} broke off the connection.", "We try again later.") from error
    except (imaplib.IMAP4.error, ValueError, KeyError) as error:
        raise NotConnected(f"{host} did not answer as a mail server does.", _LOOK_UP) from error


_LOOK_UP = "Look up the name of the IMAP server in the help of your provider."
_PORTS_ARE = "It is usually port 993 with TLS, or 143 with STARTTLS."

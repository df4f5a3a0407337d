"""The real server for tests: `backpack serve` as people start it, in a process of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from backpack.config import Settings
from backpack.services import granting, joining
from backpack.storage import database
from backpack.storage.tables import now

PATIENCE = 60.0


class Server:
    """A `backpack serve` on loopback with its own data, web, jobs and mailroom.

    ``base_url`` is without a slash at its end; ``smtp`` is the (host, port) that takes award mails;
    ``settings`` are the environment variables it runs with.
    """

    def __init__(self, folder: Path, database_url: str, **settings: str) -> None:
        self.data_dir = folder / "data"
        self.base_url = f"http://127.0.0.1:{free_port()}"
        self.smtp = ("127.0.0.1", free_port())
        self.settings = {
            "BACKPACK_DATA_DIR": str(self.data_dir),
            "BACKPACK_BASE_URL": self.base_url,
            "BACKPACK_DATABASE_URL": database_url,
            "BACKPACK_SMTP_LISTEN": f"127.0.0.1:{self.smtp[1]}",
            "BACKPACK_FETCH_ALLOW": "127.0.0.1",
            **settings,
        }
        self._folder = folder
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def known(self) -> Settings:
        """Where it keeps what it knows, for tests that put something there themselves."""
        url = self.settings["BACKPACK_DATABASE_URL"]
        return Settings(_env_file=None, data_dir=self.data_dir, database_url=url)

    def token(self, email: str) -> str:
        """A token for the API, of an earner who is made for it."""
        with database.session(self.known) as db:
            return granting.create_token(db, joining.make_earner(db, email, now()), "A program")

    @property
    def log(self) -> str:
        """All that it said."""
        return self._log.read_text() if self._log.exists() else ""

    def start(self) -> None:
        """Start it and come back when it answers, its mailroom too."""
        port = self.base_url.rpartition(":")[2]
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "backpack", "serve", "--port", port],
                cwd=self._folder,
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        is_up = wait_until_it_answers(f"{self.base_url}/healthz", self._process)
        has_mail = bool(self.settings["BACKPACK_SMTP_LISTEN"])
        if not is_up or (has_mail and not wait_until_it_listens(self.smtp, self._process)):
            self.kill()
            raise RuntimeError(f"The server did not start:\n{self.log[-4000:]}")

    def stop(self) -> int:
        """Ask it to end (SIGTERM) and return its exit status; it is killed when it takes too long."""
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL

    def kill(self) -> None:
        """End it and all its processes at once, as a power cut would (SIGKILL)."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            # Started in a session of its own: this reaches its workers and nothing else.
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Whether this address came to answer 2xx, before the process ended or patience did."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url, timeout=2).is_success:
                return True
        except httpx.TransportError:
            time.sleep(0.05)
    return False


def wait_until_it_listens(place: tuple[str, int], process: subprocess.Popen[bytes]) -> bool:
    """Whether somebody came to listen there, before the process ended or patience did."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(place, timeout=2):
            return True
        time.sleep(0.05)
    return False


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return int(it.getsockname()[1])

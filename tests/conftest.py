"""What every test may ask for: a clock, settings, a database of either kind, a running server, a browser."""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backpack.config import Settings

pytest_plugins = ["tests.databases", "tests.serving", "tests.browsing"]


class Clock:
    """A clock that stands still until it is moved: ``clock()`` says the time, ``clock.move(days=3)`` moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    """Noon of an ordinary day."""
    return Clock(datetime(2026, 5, 4, 12, 0, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """The settings of a small instance of its own, on the test's database."""
    return Settings(_env_file=None, data_dir=tmp_path / "data", database_url=database_url)


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches beyond loopback, and none asks a name server."""
    ask, connect = socket.getaddrinfo, socket.socket.connect

    def asks(host: str | bytes | None, *rest: object, **more: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host
        if name and not _is_here(name):
            raise socket.gaierror(socket.EAI_NONAME, f"A test asked where {name} is.")
        return ask(host, *rest, **more)

    def connects(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not _is_here(address[0]):
            raise OSError(f"A test tried to reach {address[0]}.")
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", asks)
    monkeypatch.setattr(socket.socket, "connect", connects)


def _is_here(host: str) -> bool:
    return (
        host in ("localhost", "::1", "0.0.0.0", "") or host.startswith("127.") or host.endswith(".localhost")
    )


@pytest.fixture(scope="session", autouse=True)
def no_settings_of_the_outside() -> Iterator[None]:
    """What is set on the machine that runs the tests changes nothing in them."""
    outside = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("BACKPACK_")}
    kept = {name: value for name, value in outside.items() if name == "BACKPACK_CHROMIUM"}
    os.environ.update(kept)
    yield
    os.environ.update(outside)

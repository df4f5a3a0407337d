"""What every test may ask for: a clock, settings, a database of either kind, a running server, a browser."""

import gc
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples
from sqlmodel import Session

from backpack.config import Settings
from backpack.storage import database
from tests.databases import KINDS, Databases
from tests.serving import Server

pytest_plugins = ["tests.browsing", "tests.postbox"]

StartServer = Callable[..., Server]

# A busy machine makes no promise false.
examples.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("untimed")


def pytest_xdist_auto_num_workers() -> int:
    """Three workers for two cores: there is always one that waits for a server, a browser or a disc."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores * 3 // 2


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """What is collected stays to the end: nobody need look through it for what could be thrown away."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may take longest begins first: at the end one would wait for it alone."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


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


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """An empty, migrated database; a test that asks for it runs once on SQLite and once on PostgreSQL."""
    with databases.lend(request.param) as url:
        yield url


@pytest.fixture
def postgresql_url(databases: Databases) -> Iterator[str]:
    """An empty, migrated database in PostgreSQL."""
    with databases.lend("postgresql") as url:
        yield url


@pytest.fixture
def db(settings: Settings) -> Iterator[Session]:
    """A session on the test's database."""
    with database.session(settings) as session:
        yield session


@pytest.fixture
def start_server(tmp_path: Path, databases: Databases) -> Iterator[StartServer]:
    """Start a server of the test's own: ``start_server("sqlite", BACKPACK_WEB_PROCESSES="2")``."""
    with ExitStack() as stack:

        def start(kind: str = "sqlite", **settings: str) -> Server:
            folder = tmp_path / f"server{len(list(tmp_path.iterdir()))}"
            server = Server(folder, stack.enter_context(databases.lend(kind)), **settings)
            stack.callback(server.stop)
            server.start()
            return server

        yield start


@pytest.fixture(scope="session", params=KINDS)
def live_server(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A running server, once on SQLite and once on PostgreSQL, shared: be an earner nobody else is.

    Whatever people did with it, no traceback stands in its log and it ends when asked to.
    """
    with databases.lend(request.param) as url:
        server = Server(tmp_path_factory.mktemp("server"), url)
        server.start()
        yield server
        status = server.stop()
    assert "Traceback" not in server.log, server.log[-8000:]
    assert status == 0, f"ended with {status}:\n{server.log[-4000:]}"


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

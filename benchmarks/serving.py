"""A public badge page from `backpack serve` against a plain ASGI app with the same bytes on the same uvicorn."""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.issuing import MARIA, award, issuer
from tests.serving import Server, free_port, wait_until_it_answers

from .load import requests_per_second
from .timing import Ratio, stay_on_one_core

ROUNDS = 5
SECONDS = 2.0


def measure() -> Iterator[Ratio]:
    """Requests per second by sixteen connections; the servers have one core, this client the other."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder, "backpack"), "")
        with _on_the_first_core():
            server.start()
        try:
            page = _share_a_badge(server)
            body = httpx.get(page, headers={"Accept-Encoding": "gzip"}, follow_redirects=False)
            with _plain_server(Path(folder), _bytes_as_sent(body)) as plain:
                yield _compare(page, plain)
        finally:
            server.stop()


def _compare(page: str, plain: str) -> Ratio:
    pairs = [(requests_per_second(page, SECONDS), requests_per_second(plain, SECONDS)) for _ in range(ROUNDS)]
    ours, yardstick = (statistics.median(column) for column in zip(*pairs, strict=True))
    return Ratio("serve a public badge page", ours, yardstick, "req/s", "plain ASGI, same uvicorn")


def _share_a_badge(server: Server) -> str:
    made = subprocess.run(
        [sys.executable, "-m", "backpack", "token", MARIA, "--create"],
        env={**os.environ, **server.settings},
        capture_output=True,
        text=True,
        check=True,
    )
    token = made.stdout.split()[-1]
    with httpx.Client(
        base_url=f"{server.base_url}/api/v1", headers={"Authorization": f"Bearer {token}"}
    ) as api:
        badge = issuer().ob3(award())
        arrival = api.post("/badges?wait=20", files={"file": ("badge.png", badge.data)}, timeout=30)
        shared = api.post(
            "/shares", json={"badge": arrival.raise_for_status().json()["badges"][0], "audience": "world"}
        )
        return str(shared.raise_for_status().json()["url"])


def _bytes_as_sent(answer: httpx.Response) -> bytes:
    with httpx.stream("GET", answer.url, headers={"Accept-Encoding": "gzip"}) as again:
        return b"".join(again.iter_raw())


@contextmanager
def _plain_server(folder: Path, body: bytes) -> Iterator[str]:
    (folder / "body").write_bytes(body)
    port = free_port()
    command = [
        "-m",
        "uvicorn",
        "benchmarks.plain:app",
        "--port",
        str(port),
        "--loop",
        "uvloop",
        "--http",
        "httptools",
    ]
    with _on_the_first_core():
        process = subprocess.Popen(
            [sys.executable, *command, "--no-access-log", "--log-level", "warning"],
            env={**os.environ, "PLAIN_BODY": str(folder / "body")},
        )
    try:
        if not wait_until_it_answers(f"http://127.0.0.1:{port}/", process):
            raise RuntimeError("The plain server did not start.")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _on_the_first_core() -> Iterator[None]:
    """What is started meanwhile stays on one core; afterwards this process has the others to itself."""
    cores = os.sched_getaffinity(0)
    stay_on_one_core()
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores - {min(cores)} or cores)

"""An importer that is killed again and again: run as ``python -m tests.killing``.

One process loads everything once, then forks a child for every round. The child delivers badges, reads and
checks them, and writes down what was acknowledged; some milliseconds after its first acknowledgement, or
before there is any, it is killed with SIGKILL, wherever it is. The clock goes on by more than a lease
between rounds, so that what a killed child left is taken over by the next.
"""

import importlib
import json
import os
import random
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlmodel import Session

from backpack import workers
from backpack.config import Settings
from backpack.services import checking, importing, joining
from backpack.storage.blobs import Blobs
from backpack.storage.database import engine_for
from backpack.verifier import verify

AT_ONCE = 0.25  # of the rounds end before anything need have been acknowledged
BETWEEN_ROUNDS = timedelta(minutes=5)
START = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def main() -> None:
    """Arguments: settings as JSON, the file for acknowledgements, a seed, how many rounds."""
    settings = Settings(_env_file=None, **json.loads(sys.argv[1]))
    chance, rounds = random.Random(int(sys.argv[3])), int(sys.argv[4])
    workers.run = _here  # a worker of its own for every child would take longer than the child lives
    assert verify
    learn(settings)
    for number in range(rounds):
        at_once, delay = chance.random() < AT_ONCE, chance.uniform(0, 0.15)
        told = _size(sys.argv[2])
        child = os.fork()
        if not child:
            _import_until_killed(settings, sys.argv[2], number)
        if not at_once:
            _wait_for_more(sys.argv[2], told)
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"round {number} ended by itself"


def learn(settings: Settings) -> None:
    """Have at hand what a child would first have to work out, which takes half of its life; no connection stays."""
    engine = engine_for(settings)
    with Session(engine) as db:
        joining.make_earner(db, "ada@people.example", START)
        importing.due(db, START, 3)
        checking.due(db, START, 3)
    engine.dispose()


def _size(file: str) -> int:
    return Path(file).stat().st_size if Path(file).exists() else 0


def _wait_for_more(file: str, told: int) -> None:
    deadline = time.monotonic() + 20
    while _size(file) == told and time.monotonic() < deadline:
        time.sleep(0.002)


def badge(number: int) -> bytes:
    """A badge that nobody signed: quickly judged, and different from every other."""
    return json.dumps(
        {
            "@context": [
                "https://www.w3.org/ns/credentials/v2",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            ],
            "id": f"urn:badge:{number}",
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": "did:example:issuer", "type": ["Profile"], "name": "Issuer"},
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {"type": ["AchievementSubject"], "achievement": {"name": f"Badge {number}"}},
        }
    ).encode()


def _here(function_path: str, *args: object, **limits: object) -> object:
    module, _, name = function_path.partition(":")
    return getattr(importlib.import_module(module), name)(*args)


def _import_until_killed(settings: Settings, file: str, number: int) -> None:
    try:
        at = START + number * BETWEEN_ROUNDS
        threading.Thread(target=_deliver, args=(settings, file, number, at)).start()
        _read_and_check(settings, at)
    finally:
        os._exit(1)


def _deliver(settings: Settings, file: str, number: int, at: datetime) -> None:
    blobs = Blobs(settings)
    log = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with Session(engine_for(settings), expire_on_commit=False) as db:
        earner = joining.make_earner(db, "ada@people.example", at)
        for turn in count():
            # Every third delivery brings what the one before it brought.
            data = badge(number * 1000 + turn - (turn % 3 == 2))
            arrival = importing.receive(db, blobs, earner, data, "file", f"{number}.{turn}", at)
            os.write(log, f"{arrival.public_id} {arrival.sha256}\n".encode())


def _read_and_check(settings: Settings, at: datetime) -> None:
    engine, blobs = engine_for(settings), Blobs(settings)
    while True:
        with Session(engine) as db:
            arrivals, badges = importing.due(db, at, 3), checking.due(db, at, 3)
        for row in arrivals:
            importing.unpack(engine, blobs, settings, row, at)
        for row in badges:
            checking.check_badge(engine, blobs, settings, row, at)
        if not arrivals and not badges:
            time.sleep(0.005)


if __name__ == "__main__":
    main()

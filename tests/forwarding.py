"""Two workers that are killed again and again while mail comes in: run as ``python -m tests.forwarding``.

One process loads everything once and forks two workers for every round; after some milliseconds each is killed
with SIGKILL, wherever it is. The clock goes on by more than a lease between rounds, so that what the killed left
is taken over. When the mail is all in, two last workers finish.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from sqlmodel import Session

from backpack import workers
from backpack.config import Settings
from backpack.services import checking, importing
from backpack.storage.blobs import Blobs
from backpack.storage.database import engine_for
from backpack.verifier import verify
from tests import killing

FEWEST_ROUNDS = 6


def main() -> None:
    """Arguments: settings as JSON, a file that is there when the mail is all in, a seed."""
    settings = Settings(_env_file=None, **json.loads(sys.argv[1]))
    chance, all_in = random.Random(int(sys.argv[3])), Path(sys.argv[2])
    workers.run = killing._here  # a worker of its own for every child would take longer than the child lives
    assert verify
    killing.learn(settings)
    at, rounds = datetime.now(UTC), 0
    while rounds < FEWEST_ROUNDS or not all_in.exists():
        at, rounds = at + killing.BETWEEN_ROUNDS, rounds + 1
        pair = [_worker(settings, at, lives_on=True) for _ in range(2)]
        for child in pair:
            time.sleep(chance.uniform(0, 0.4))
            os.kill(child, signal.SIGKILL)
            assert os.WIFSIGNALED(os.waitpid(child, 0)[1]), f"round {rounds}: a worker ended by itself"
    last = [_worker(settings, at + timedelta(hours=1), lives_on=False) for _ in range(2)]
    assert [os.waitpid(child, 0)[1] for child in last] == [0, 0]


def mail(number: int) -> bytes:
    """A forwarded award: every third one brings the badge that the one before it brought."""
    message = EmailMessage()
    message["From"], message["Subject"] = "ada@people.example", f"Fwd: your badge ({number})"
    message.set_content("See below.")
    badge = killing.badge(number - (number % 3 == 2))
    message.add_attachment(badge, maintype="application", subtype="json", filename="badge.json")
    return message.as_bytes().replace(b"\n", b"\r\n")


def _worker(settings: Settings, at: datetime, *, lives_on: bool) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        _work(settings, at, lives_on)
        status = 0
    finally:
        os._exit(status)


def _work(settings: Settings, at: datetime, lives_on: bool) -> None:
    engine, blobs = engine_for(settings), Blobs(settings)
    while True:
        with Session(engine) as db:
            arrivals, badges = importing.due(db, at, 3), checking.due(db, at, 3)
        for row in arrivals:
            importing.unpack(engine, blobs, settings, row, at)
        for row in badges:
            checking.check_badge(engine, blobs, settings, row, at)
        if not arrivals and not badges:
            if not lives_on:
                return
            time.sleep(0.005)


if __name__ == "__main__":
    main()

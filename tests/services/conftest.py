"""An earner, their files, and a small issuer's web: what most services need."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from backpack import network
from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.services import arriving, checking, drawing, importing, joining
from backpack.storage.blobs import Blobs
from backpack.storage.database import engine_for
from backpack.storage.tables import Arrival, Badge, Earner
from backpack.verifier import Document
from tests.conftest import Clock
from tests.issuing import MARIA, document


@pytest.fixture
def engine(settings: Settings) -> Engine:
    return engine_for(settings)


@pytest.fixture
def blobs(settings: Settings) -> Blobs:
    return Blobs(settings)


@pytest.fixture
def maria(db: Session, clock: Clock) -> Earner:
    """An earner who has confirmed the address that the test issuer awards to."""
    return joining.make_earner(db, MARIA, clock())


class Web:
    """What the issuers' addresses answer; everything else is silent. ``asked`` counts the requests."""

    def __init__(self) -> None:
        self.answers: dict[str, Document] = {}
        self.asked: list[str] = []

    def serve(self, *badges: Issued) -> None:
        for badge in badges:
            for url, answer in badge.documents.items():
                self.answers[url] = document(url, *answer)

    def say(self, url: str, body: bytes, content_type: str = "text/html", status: int = 200) -> None:
        self.answers[url] = document(url, status, content_type, body)

    def fetch(self, url: str, settings: Settings, **how: object) -> Document:
        self.asked.append(url)
        silent = Document(url, 0, problem="montalvo.example could not be reached")
        return self.answers.get(url.partition("#")[0], silent)

    def fetch_all(self, urls: Iterable[str], settings: Settings, **how: object) -> list[Document]:
        return [self.fetch(url, settings) for url in urls]


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    """The issuers' web in place of the network."""
    made = Web()
    monkeypatch.setattr(network, "fetch", made.fetch)
    monkeypatch.setattr(network, "fetch_all", made.fetch_all)
    return made


Bring = Callable[..., tuple[Arrival, list[Badge]]]


@pytest.fixture
def draw_all(
    db: Session, engine: Engine, blobs: Blobs, settings: Settings, clock: Clock
) -> Callable[[], None]:
    """Draw every picture that is due."""

    def draw_all() -> None:
        soon = clock() + timedelta(minutes=1)  # the clock of a job has gone on by what the job took
        for badge_id in drawing.due(db, soon):
            drawing.draw(engine, blobs, settings, badge_id, soon)

    return draw_all


@pytest.fixture
def bring(
    db: Session,
    engine: Engine,
    blobs: Blobs,
    settings: Settings,
    clock: Clock,
    web: Web,
    draw_all: Callable[[], None],
) -> Bring:
    """Deliver bytes and unpack them: ``bring(maria, data)`` gives the arrival and its badges."""

    def bring(
        earner: Earner, data: bytes, source: str = "file", origin: str = "badge.png", check: bool = False
    ) -> tuple[Arrival, list[Badge]]:
        arrival = importing.receive(db, blobs, earner, data, source, origin, clock())
        for badge_id in importing.unpack(engine, blobs, settings, arrival.id, clock()):
            if check:
                checking.check_badge(engine, blobs, settings, badge_id, clock())
        draw_all()
        db.expire_all()
        return arrival, [badge for badge, _ in arriving.badges_of(db, arrival)]

    return bring

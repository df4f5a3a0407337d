"""A mailroom that listens, and an earner with an import address."""

import smtplib
from collections.abc import Iterator

import pytest
from sqlmodel import Session

from backpack import mailroom
from backpack.config import Settings
from backpack.mailroom import Mailroom
from backpack.services import joining
from backpack.storage.tables import Earner
from tests.issuing import MARIA


@pytest.fixture
def settings(settings: Settings) -> Settings:
    listens = {"smtp_listen": "127.0.0.1:0", "lmtp_listen": "127.0.0.1:0", "inbox_domain": "in.backpack.test"}
    return settings.model_copy(update=listens)


@pytest.fixture
def nudged() -> list[int]:
    return []


@pytest.fixture
def room(settings: Settings, nudged: list[int]) -> Iterator[Mailroom]:
    opened = mailroom.start(settings, nudged.append)
    yield opened
    opened.stop()


@pytest.fixture
def smtp(room: Mailroom) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", room.ports[0], timeout=20) as client:
        yield client


@pytest.fixture
def maria(db: Session, clock) -> Earner:
    return joining.make_earner(db, MARIA, clock())


@pytest.fixture
def inbox(maria: Earner, settings: Settings) -> str:
    return joining.inbox_address(maria, settings)

"""A badge's picture, drawn in a job of its own: there once, whoever is killed, and no reason to keep no badge."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backpack import pictures
from backpack.config import Settings
from backpack.errors import Damaged
from backpack.services import checking, drawing, importing, joining, leasing
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Badge, Earner
from backpack.workers.messages import WorkerFailed
from tests.conftest import Clock
from tests.issuing import award, issuer
from tests.services.conftest import Web

PNG = issuer().ob3(award())


@pytest.fixture
def badge(
    db: Session, engine: Engine, blobs: Blobs, settings: Settings, maria: Earner, clock: Clock, web: Web
) -> Badge:
    """One that has its verdict, and no picture yet."""
    arrival = importing.receive(db, blobs, maria, PNG.data, "file", "", clock())
    importing.unpack(engine, blobs, settings, arrival.id, clock())
    clock.move(seconds=9)
    return db.exec(select(Badge)).one()


def test_a_verdict_does_not_wait_for_a_picture(db: Session, badge: Badge, clock: Clock) -> None:
    assert (badge.verdict, badge.picture_sha256) == ("verified", None)
    assert drawing.due(db, clock()) == [badge.id]


def test_it_is_drawn_once(
    db: Session, engine: Engine, blobs: Blobs, settings: Settings, badge: Badge, clock: Clock
) -> None:
    assert drawing.draw(engine, blobs, settings, badge.id, clock())
    assert not drawing.draw(engine, blobs, settings, badge.id, clock() + timedelta(hours=1))
    db.refresh(badge)
    assert blobs.read(badge.picture_sha256 or "").startswith(b"\x89PNG")
    assert drawing.due(db, clock() + timedelta(hours=1)) == []


def test_what_a_killed_worker_left_is_drawn_after_a_while(
    db: Session,
    engine: Engine,
    blobs: Blobs,
    settings: Settings,
    badge: Badge,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pictures, "thumbnail", killed)
        with pytest.raises(KeyboardInterrupt):
            drawing.draw(engine, blobs, settings, badge.id, clock())
    assert drawing.due(db, clock() + timedelta(seconds=60)) == []
    assert drawing.due(db, clock() + timedelta(seconds=121)) == [badge.id]
    leasing.free_all(db)  # as a server does that begins anew
    assert drawing.draw(engine, blobs, settings, badge.id, clock())


@pytest.mark.parametrize("error", [Damaged("This picture is damaged."), WorkerFailed("a traceback")])
def test_one_that_cannot_be_drawn_is_asked_for_again_with_the_next_check(
    db: Session,
    engine: Engine,
    blobs: Blobs,
    settings: Settings,
    maria: Earner,
    badge: Badge,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    def fails(_: bytes) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(pictures, "thumbnail", fails)
        assert not drawing.draw(engine, blobs, settings, badge.id, clock())
    assert drawing.due(db, clock() + timedelta(hours=1)) == []
    checking.check_now(db, maria, badge.public_id, clock())
    checking.check_badge(engine, blobs, settings, badge.id, clock())
    assert drawing.due(db, clock() + timedelta(hours=1)) == [badge.id]


def test_one_of_a_badge_that_is_gone_is_nobodys(
    db: Session,
    engine: Engine,
    blobs: Blobs,
    settings: Settings,
    maria: Earner,
    badge: Badge,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draws = pictures.thumbnail

    def meanwhile(data: bytes) -> bytes:
        joining.leave(db, maria, settings)
        return draws(data)

    monkeypatch.setattr(pictures, "thumbnail", meanwhile)
    assert not drawing.draw(engine, blobs, settings, badge.id, clock())

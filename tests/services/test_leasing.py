"""Work is claimed on its own row, for a while."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from backpack.errors import TooMany
from backpack.services import importing, leasing, throttling
from backpack.storage.blobs import Blobs
from backpack.storage.database import session
from backpack.storage.tables import Arrival, Earner
from tests.conftest import Clock


@pytest.fixture
def arrival(db: Session, blobs: Blobs, maria: Earner, clock: Clock) -> Arrival:
    return importing.receive(db, blobs, maria, b"x", "file", "", clock())


def test_what_is_claimed_is_claimed_once(db: Session, engine: Engine, arrival: Arrival, clock: Clock) -> None:
    assert leasing.claim(db, Arrival, arrival.id, clock())
    with session(engine) as other:
        assert leasing.claim(other, Arrival, arrival.id, clock()) is None


def test_what_is_not_due_is_not_claimed(db: Session, arrival: Arrival, clock: Clock) -> None:
    assert leasing.claim(db, Arrival, arrival.id, clock() - timedelta(seconds=1)) is None
    assert leasing.claim(db, Arrival, 99_999, clock()) is None


def test_a_row_is_given_as_it_was_claimed(db: Session, arrival: Arrival, clock: Clock) -> None:
    claimed = leasing.claim(db, Arrival, arrival.id, clock(), state="reading")
    assert claimed
    db.refresh(arrival)
    assert claimed[1].model_dump() == arrival.model_dump()
    assert (arrival.state, arrival.attempts, arrival.claimed_at) == ("reading", 1, clock())


def test_a_lease_ends_after_two_minutes_unless_it_is_extended(
    db: Session, arrival: Arrival, clock: Clock
) -> None:
    claimed = leasing.claim(db, Arrival, arrival.id, clock())
    assert claimed
    assert leasing.claim(db, Arrival, arrival.id, clock() + timedelta(seconds=120)) is None
    assert leasing.claim(db, Arrival, arrival.id, clock() + timedelta(seconds=121))
    assert not leasing.extend(db, claimed[0])
    assert not leasing.finish(db, claimed[0], state="done")


def test_what_is_finished_says_its_outcome(db: Session, arrival: Arrival, clock: Clock) -> None:
    claimed = leasing.claim(db, Arrival, arrival.id, clock(), state="reading")
    assert claimed
    assert leasing.extend(db, claimed[0], problem="so far")
    assert leasing.finish(db, claimed[0], state="done", due_at=None)
    db.commit()
    db.refresh(arrival)
    assert (arrival.state, arrival.problem, arrival.claimed_at, arrival.attempts) == (
        "done",
        "so far",
        None,
        1,
    )
    assert not leasing.finish(db, claimed[0], state="failed")


def test_a_process_that_ends_gives_back_what_it_holds(db: Session, arrival: Arrival, clock: Clock) -> None:
    claimed = leasing.claim(db, Arrival, arrival.id, clock())
    assert claimed
    assert leasing.give_back(db) == 1
    assert leasing.give_back(db) == 0
    assert not leasing.finish(db, claimed[0], state="done")
    assert leasing.claim(db, Arrival, arrival.id, clock())


def test_what_a_dead_process_held_can_be_freed_at_once(db: Session, arrival: Arrival, clock: Clock) -> None:
    claimed = leasing.claim(db, Arrival, arrival.id, clock())
    assert claimed
    leasing.free_all(db)
    assert not leasing.finish(db, claimed[0], state="done")
    assert leasing.claim(db, Arrival, arrival.id, clock())


class TestThrottling:
    def test_so_many_and_no_more_in_a_window(self, db: Session, clock: Clock) -> None:
        for _ in range(3):
            throttling.count(db, "key", 3, 60, clock())
        with pytest.raises(TooMany) as refused:
            throttling.count(db, "key", 3, 60, clock(), "Slowly.")
        assert refused.value.says == "Slowly."
        assert refused.value.try_this == "Try again in 1 minute."
        throttling.count(db, "another key", 3, 60, clock())
        clock.move(seconds=refused.value.retry_after)
        throttling.count(db, "key", 3, 60, clock())

    def test_all_processes_count_together(self, db: Session, engine: Engine, clock: Clock) -> None:
        throttling.count(db, "key", 1, 60, clock())
        with session(engine) as other, pytest.raises(TooMany):
            throttling.count(other, "key", 1, 60, clock())

"""Access tokens: what a program shows to speak for an earner."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session

from backpack.errors import Missing, NotSignedIn
from backpack.services import granting, joining
from backpack.storage.tables import Earner, Token
from tests.conftest import Clock


def test_a_token_speaks_for_its_earner(db: Session, maria: Earner, clock: Clock) -> None:
    token = granting.create_token(db, maria, "My script")
    assert granting.bearer(db, token, clock()).id == maria.id


def test_a_token_is_kept_as_a_hash_only(db: Session, maria: Earner, clock: Clock) -> None:
    token = granting.create_token(db, maria, "My script")
    (kept,) = granting.tokens(db, maria)
    assert token.removeprefix(granting.PREFIX) not in str(kept.model_dump())


@pytest.mark.parametrize("said", ["", "bp_", "bp_wrong", "\udcff".encode("utf-8", "replace").decode(), "é"])
def test_what_is_no_token_speaks_for_nobody(db: Session, maria: Earner, clock: Clock, said: str) -> None:
    granting.create_token(db, maria, "My script")
    with pytest.raises(NotSignedIn):
        granting.bearer(db, said, clock())


def test_a_token_that_was_ended_speaks_for_nobody(db: Session, maria: Earner, clock: Clock) -> None:
    token = granting.create_token(db, maria, "My script")
    (kept,) = granting.tokens(db, maria)
    granting.end_token(db, maria, kept.public_id, clock())
    assert granting.tokens(db, maria) == []
    with pytest.raises(NotSignedIn):
        granting.bearer(db, token, clock())


def test_nobody_ends_somebody_elses_token(db: Session, maria: Earner, clock: Clock) -> None:
    token = granting.create_token(db, maria, "My script")
    (kept,) = granting.tokens(db, maria)
    stranger = joining.make_earner(db, "stranger@elsewhere.example", clock())
    with pytest.raises(Missing):
        granting.end_token(db, stranger, kept.public_id, clock())
    assert granting.bearer(db, token, clock()).id == maria.id


def test_a_closed_backpack_has_no_working_token(db: Session, maria: Earner, clock: Clock) -> None:
    token = granting.create_token(db, maria, "My script")
    db.execute(update(Earner).values(closed_at=clock()))
    db.commit()
    with pytest.raises(NotSignedIn):
        granting.bearer(db, token, clock())


def test_when_a_token_was_last_used_is_noted_by_the_hour(db: Session, maria: Earner, clock: Clock) -> None:
    token, first = granting.create_token(db, maria, "My script"), clock()
    for minutes, noted in ((0, first), (59, first), (2, first + timedelta(minutes=61))):
        clock.move(minutes=minutes)
        granting.bearer(db, token, clock())
        db.expire_all()
        assert db.get_one(Token, granting.tokens(db, maria)[0].id).seen_at == noted

"""Rows written one by one are those that the unit of work would have written."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from backpack.storage import rows
from backpack.storage.tables import Arrival, Blob, Earner

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ITS_OWN = {"id", "public_id"}


@pytest.fixture
def about(db: Session) -> dict[str, object]:
    earner = Earner()
    db.add_all([earner, Blob(sha256="0" * 64, size=0)])
    db.commit()
    return {
        "earner_id": earner.id,
        "source": "file",
        "sha256": "0" * 64,
        "letter": {"from": "Ada"},
        "due_at": AT,
        "created_at": AT,
    }


def test_a_row_that_is_added_is_as_it_is_read_again(db: Session, about: dict[str, object]) -> None:
    row = rows.add(db, Arrival, **about)
    added = row.model_dump()
    db.refresh(row)
    assert row.model_dump() == added


def test_what_is_not_said_is_what_any_new_row_has(db: Session, about: dict[str, object]) -> None:
    row = rows.add(db, Arrival, **about)
    assert row.model_dump(exclude=ITS_OWN) == Arrival(**about).model_dump(exclude=ITS_OWN)
    assert rows.add(db, Arrival, **about).public_id != row.public_id


def test_what_must_be_said_is_asked_for(db: Session, about: dict[str, object]) -> None:
    del about["source"]
    with pytest.raises(IntegrityError):
        rows.add(db, Arrival, **about)


def test_what_is_changed_later_is_written(db: Session, about: dict[str, object]) -> None:
    rows.add(db, Arrival, **about).origin = "badge.png"
    db.commit()
    assert db.exec(select(Arrival.origin)).one() == "badge.png"


def test_a_row_may_be_the_first_thing_that_a_process_reads() -> None:
    begins = "from backpack.storage import rows, tables; print(rows.read(tables.Earner, {'id': 7}).id)"
    said = subprocess.run([sys.executable, "-c", begins], capture_output=True, text=True, check=False)
    assert (said.stdout, said.stderr) == ("7\n", "")

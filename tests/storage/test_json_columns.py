"""JSON in columns: what was put in comes out again, by whichever way it was written."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from backpack.storage import rows
from backpack.storage.json_columns import read, written
from backpack.storage.tables import Arrival, Blob, Earner
from tests.issuing import AT

HALF = "half a character: \ud83d"
TEXTS = st.text(st.characters(exclude_categories=()))  # halves of characters among them
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
)


@given(JSON)
def test_whatever_json_holds_comes_back_as_it_was(value: Any) -> None:
    assert read(written(value)) == value
    assert json.loads(written(value)) == value
    assert read(json.dumps(value)) == value  # as versions before wrote it


def test_what_json_has_not_is_refused() -> None:
    with pytest.raises(TypeError):
        written({"at": datetime(2026, 5, 3, tzinfo=UTC)})


def test_the_database_keeps_it_so(db: Session) -> None:
    letter = {"subject": HALF, "from": "Universität", "parts": [1, 2.5, None, True]}
    earner = Earner()
    db.add_all([earner, Blob(sha256="0" * 64, size=0)])
    db.flush()
    about = {"earner_id": earner.id, "source": "mail", "sha256": "0" * 64, "letter": letter, "created_at": AT}
    number = rows.add(db, Arrival, **about).id
    db.commit()
    db.expire_all()
    assert db.get_one(Arrival, number).letter == letter

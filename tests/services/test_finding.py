"""Finding badges stays quick when there are many: pages go by key, along an index."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event, insert
from sqlmodel import Session, select

from backpack.services import joining, organising
from backpack.storage.tables import Arrival, Badge, Blob, Earner
from tests.conftest import Clock
from tests.databases import Databases

MANY = 150


@pytest.fixture
def ada(db: Session, clock: Clock) -> Earner:
    """Somebody with many badges, among others who have some too."""
    people = [joining.make_earner(db, f"{name}@people.example", clock()) for name in ("ada", "bob")]
    for person in people:
        sha256 = f"{person.id:064}"
        db.add(Blob(sha256=sha256, size=0))
        db.flush()
        arrival = Arrival(earner_id=person.id, source="file", sha256=sha256, due_at=None)
        db.add(arrival)
        db.flush()
        hashes = [f"{person.id:032}{number:032}" for number in range(MANY)]
        db.execute(insert(Blob), [Blob(sha256=each, size=0).model_dump() for each in hashes])
        rows = [
            Badge(
                earner_id=person.id,
                arrival_id=arrival.id,
                original_sha256=sha256,
                credential_sha256=each,
                title=f"Badge {number % 7}",
                issuer_name=f"Issuer {number % 3}",
                verdict=("verified", "expired")[number % 2],
                issued_at=None if number % 5 else clock() - timedelta(days=number % 11),
                created_at=clock() + timedelta(minutes=number // 4),
            ).model_dump(exclude={"id"})
            for number, each in enumerate(hashes)
        ]
        db.execute(insert(Badge), rows)
    db.commit()
    return people[0]


@pytest.mark.parametrize("sort", organising.SORTS)
def test_all_pages_together_are_all_badges_once_and_in_order(db: Session, ada: Earner, sort: str) -> None:
    seen: list[Badge] = []
    cursor: str | None = None
    while True:
        page = organising.badges(db, ada, sort=sort, limit=17, cursor=cursor)
        assert page.total == MANY
        seen += page.badges
        cursor = page.next
        if cursor is None:
            break
    assert len({badge.id for badge in seen}) == len(seen) == MANY
    assert [b.id for b in seen] == [b.id for b in organising.badges(db, ada, sort=sort, limit=200).badges]
    assert {badge.earner_id for badge in seen} == {ada.id}


def test_a_badge_that_comes_in_meanwhile_shifts_nothing(db: Session, ada: Earner, clock: Clock) -> None:
    first = organising.badges(db, ada, limit=10)
    before = organising.badges(db, ada, limit=10, cursor=first.next)
    newest = db.get_one(Badge, first.badges[0].id)
    db.add(
        Badge(**newest.model_dump(include={"earner_id", "arrival_id", "original_sha256"}),
              credential_sha256=newest.original_sha256, created_at=clock() + timedelta(days=1))
    )  # fmt: skip
    db.commit()
    assert organising.badges(db, ada, limit=10, cursor=first.next).badges == before.badges


def test_a_cursor_of_somebody_else_leads_nowhere(db: Session, ada: Earner) -> None:
    theirs = db.exec(select(Badge.public_id).where(Badge.earner_id != ada.id)).first()
    for cursor in (theirs, "invented"):
        assert organising.badges(db, ada, cursor=cursor).badges == []


class TestPlans:
    """With so few rows PostgreSQL rightly reads the whole table, so this is asked of SQLite."""

    @pytest.fixture
    def database_url(self, databases: Databases) -> Iterator[str]:
        with databases.lend("sqlite") as url:
            yield url

    def test_the_newest_page_walks_along_its_index(self, db: Session, ada: Earner) -> None:
        cursor = organising.badges(db, ada, limit=10).next
        for plan in _plans(db, lambda: organising.badges(db, ada, limit=10, cursor=cursor)):
            assert "SCAN badge" not in plan
            assert "TEMP B-TREE" not in plan

    def test_what_stands_behind_the_tabs_is_counted_without_touching_a_row(
        self, db: Session, ada: Earner
    ) -> None:
        plans = _plans(db, lambda: organising.counts(db, ada))
        assert "COVERING INDEX badge_page" in plans[0]
        assert not any("SCAN" in plan for plan in plans)


def _plans(db: Session, ask) -> list[str]:
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, *_rest) -> None:
        asked.append((statement, parameters))

    event.listen(db.get_bind(), "before_cursor_execute", note)
    ask()
    event.remove(db.get_bind(), "before_cursor_execute", note)
    rows = [db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", given) for one, given in asked]
    return ["; ".join(row[-1] for row in plan) for plan in rows]

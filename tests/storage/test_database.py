"""One schema, one set of manners, on SQLite and on PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, SQLModel, select

from backpack.config import Settings
from backpack.errors import Misconfigured
from backpack.storage import database
from backpack.storage.tables import Address, Arrival, Badge, Blob, Earner, Report

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def badge(db: Session) -> Badge:
    earner = Earner()
    db.add_all([earner, Blob(sha256="0" * 64, size=0)])
    db.flush()
    arrival = Arrival(earner_id=earner.id, source="file", sha256="0" * 64)
    db.add(arrival)
    db.flush()
    made = Badge(
        earner_id=earner.id, arrival_id=arrival.id, original_sha256="0" * 64, credential_sha256="0" * 64
    )
    db.add(made)
    db.commit()
    return made


def test_the_migrations_make_exactly_the_tables_of_the_models(db: Session) -> None:
    context = MigrationContext.configure(db.connection(), opts={"compare_type": True})
    assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_again_changes_nothing(settings: Settings, db: Session, badge: Badge) -> None:
    database.migrate(settings)
    assert db.exec(select(Badge.id)).all() == [badge.id]


def test_whoever_had_a_backpack_before_news_was_told_keeps_it_and_hears_of_news(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "old")
    engine = create_engine(settings.database)
    (tmp_path / "old").mkdir()
    with engine.begin() as connection:
        command.upgrade(database._alembic(connection), "create_badge")
        connection.execute(
            text(
                "INSERT INTO earner (name, inbox_slug, accepts_forwarded, follows_links, hears_of_offers, created_at)"
                " VALUES ('Maria', 'm', 0, 0, 0, '2026-05-04 12:00:00.000000')"
            )
        )
    engine.dispose()
    database.migrate(settings)
    with database.session(settings) as db:
        kept = db.exec(select(Earner)).one()
        assert (kept.name, kept.hears_of_offers, kept.hears_of_news) == ("Maria", False, True)


def test_an_address_that_was_taken_for_another_s_is_told_apart_from_it(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "old")
    engine = create_engine(settings.database)
    (tmp_path / "old").mkdir()
    with engine.begin() as connection:
        command.upgrade(database._alembic(connection), "offer_originals")
        connection.execute(
            text(
                "INSERT INTO earner"
                " (id, name, inbox_slug, accepts_forwarded, follows_links, hears_of_offers, created_at)"
                " VALUES (1, 'Maria', 'm', 0, 0, 0, '2026-05-04 12:00:00.000000')"
            )
        )
        for written, key in (
            ("Maria@Straße.example", "maria@strasse.example"),
            ("M@x.example", "m@x.example"),
        ):
            connection.execute(
                text(
                    "INSERT INTO address (public_id, earner_id, email, email_key, confirmed_at, created_at) VALUES"
                    " (:key, 1, :written, :key, '2026-05-04 12:00:00.000000', '2026-05-04 12:00:00.000000')"
                ),
                {"written": written, "key": key},
            )
    engine.dispose()
    database.migrate(settings)
    with database.session(settings) as db:
        assert set(db.exec(select(Address.email_key))) == {"maria@straße.example", "m@x.example"}


def test_several_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "new")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(database.migrate, [settings] * 4))
    with database.session(settings) as db:
        assert db.exec(select(Earner)).all() == []


def test_a_schema_from_the_future_is_refused(settings: Settings, db: Session) -> None:
    db.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    db.commit()
    with pytest.raises(Misconfigured, match="does not fit"):
        database.migrate(settings)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE blob SET size = 1",
        "UPDATE badge SET credential_sha256 = 'x'",
        "UPDATE badge SET earner_id = 99",
        "UPDATE report SET verdict = 'verified'",
    ],
)
def test_the_database_refuses_to_rewrite_history(db: Session, badge: Badge, change: str) -> None:
    db.add(Report(badge_id=badge.id, at=AT, verdict="invalid", content={}))
    db.commit()
    with pytest.raises(DBAPIError, match="written once"):
        db.execute(text(change))


def test_what_is_not_history_may_change(db: Session, badge: Badge) -> None:
    badge.note, badge.verdict = "mine", "verified"
    db.commit()
    assert db.exec(select(Badge.note)).one() == "mine"


def test_a_session_refuses_to_rewrite_a_report(db: Session, badge: Badge) -> None:
    report = Report(badge_id=badge.id, at=AT, verdict="invalid", content={})
    db.add(report)
    db.commit()
    report.verdict = "verified"
    with pytest.raises(TypeError, match="written once"):
        db.commit()
    db.rollback()
    with pytest.raises(TypeError, match="written once"):
        db.execute(update(Report).values(verdict="verified"))


def test_a_session_refuses_to_give_a_badge_to_someone_else(db: Session, badge: Badge) -> None:
    badge.earner_id += 1
    with pytest.raises(TypeError, match="earner_id"):
        db.commit()


def test_times_come_back_aware_and_in_utc(db: Session, badge: Badge) -> None:
    badge.issued_at = AT.astimezone(tz=None)
    db.commit()
    db.expire_all()
    assert badge.issued_at == AT
    assert badge.issued_at.utcoffset() == AT.utcoffset()


def test_a_row_that_nothing_refers_to_may_not_be_taken_from_under_a_badge(db: Session, badge: Badge) -> None:
    with pytest.raises(DBAPIError):
        db.execute(text("DELETE FROM earner"))


def test_a_reader_that_turns_writer_waits_for_its_turn(settings: Settings, badge: Badge) -> None:
    """The classic SQLite trap: a transaction that began by reading fails at once when it wants to write."""
    began = threading.Event()

    def other() -> None:
        with database.session(settings) as db:
            database.hold(db, db.get_one(Badge, badge.id))
            began.set()
            threading.Event().wait(0.3)
            db.execute(update(Badge).values(note=Badge.note + "a"))
            db.commit()

    with database.session(settings) as db, ThreadPoolExecutor(1) as threads:
        assert db.get_one(Badge, badge.id).note == ""
        done = threads.submit(other)
        began.wait(5)
        db.execute(update(Badge).values(note=Badge.note + "b"))
        db.commit()
        done.result()
        assert db.exec(select(Badge.note)).one() == "ab"


def test_reading_needs_no_write(settings: Settings, badge: Badge) -> None:
    with database.session(settings) as writer, database.session(settings) as reader:
        database.hold(writer, writer.get_one(Badge, badge.id))
        assert reader.exec(select(Badge.id)).all() == [badge.id]


def test_only_what_is_done_again_after_a_power_cut_does_not_wait_for_the_disc(settings: Settings) -> None:
    engine = database.engine_for(settings)
    is_sqlite = engine.dialect.name == "sqlite"
    asked = text("PRAGMA synchronous" if is_sqlite else "SHOW synchronous_commit")
    usual, hurried = (2, 1) if is_sqlite else ("on", "off")
    with database.hurried(engine) as db:
        assert db.execute(asked).scalar_one() == hurried
        db.add(Earner())
        db.commit()
    with suppress(InterruptedError), database.hurried(engine) as db:
        db.add(Earner())
        db.flush()
        raise InterruptedError
    with database.session(engine) as db:
        assert db.execute(asked).scalar_one() == usual
        assert len(db.exec(select(Earner)).all()) == 1


class TestSqlite:
    @pytest.fixture
    def local(self, tmp_path: Path) -> Settings:
        settings = Settings(_env_file=None, data_dir=tmp_path / "data")
        database.migrate(settings)
        return settings

    def test_it_keeps_what_it_acknowledges(self, local: Settings) -> None:
        with database.session(local) as db:
            assert db.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
            assert db.execute(text("PRAGMA synchronous")).scalar_one() == 2
            assert db.execute(text("PRAGMA foreign_keys")).scalar_one() == 1

    def test_a_writer_that_gets_no_turn_gives_up_with_an_error(self, local: Settings) -> None:
        with database.session(local) as one, database.session(local) as two:
            one.add(Earner())
            one.flush()
            two.execute(text("PRAGMA busy_timeout=50"))
            two.add(Earner())
            with pytest.raises(OperationalError, match="locked"):
                two.flush()

    def test_an_unknown_kind_of_database_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Misconfigured):
            database.engine_for(Settings(_env_file=None, data_dir=tmp_path, database_url="mysql://x/y"))

    def test_a_network_file_system_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        mounts = (
            f"proc /proc proc rw 0 0\nnas:/x {tmp_path}/far\\040away nfs4 rw 0 0\n/dev/sda / ext4 rw 0 0\n"
        )
        monkeypatch.setattr(Path, "read_text", lambda _: mounts)
        far = Settings(_env_file=None, data_dir=tmp_path / "far away" / "data")
        with pytest.raises(Misconfigured, match="nfs4"):
            database.engine_for(far)
        database.engine_for(Settings(_env_file=None, data_dir=tmp_path / "near"))

    def test_a_database_in_memory_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Misconfigured):
            database.engine_for(Settings(_env_file=None, data_dir=tmp_path, database_url="sqlite://"))

"""Leaving, the bin, and taking everything along."""

import io
import json
import zipfile
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, select

from backpack.config import Settings
from backpack.errors import Missing
from backpack.services import (
    arriving,
    collecting,
    erasing,
    exporting,
    granting,
    joining,
    organising,
    sharing,
)
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Badge, Blob, Document, Earner, Outbox, Report, Throttle
from tests.conftest import Clock
from tests.issuing import AT, award, issuer
from tests.services.conftest import Bring, Web

PNG = issuer().ob3(award())
HOSTED = issuer().ob2_hosted(award(name="First Aid"), carrier="bare")


@pytest.fixture
def clock() -> Clock:
    return Clock(AT + timedelta(days=3))


@pytest.fixture
def full(db: Session, bring: Bring, maria: Earner, web: Web, settings: Settings, clock: Clock) -> Earner:
    """Maria with something of everything."""
    web.serve(HOSTED)
    _, [one] = bring(maria, PNG.data, check=True)
    _, [two] = bring(maria, HOSTED.data, check=True)
    bring(maria, b"no badge")
    joining.rename(db, maria, "Maria")
    organising.annotate(db, maria, one.public_id, note="Mine", tags=["science"])
    order = [(two.public_id, "First"), (one.public_id, "")]
    made = collecting.create_collection(db, maria, "Best", "My best", clock())
    collecting.arrange(db, maria, made.public_id, order)
    sharing.share_badge(db, maria, one.public_id, at=clock(), label="Job")
    sharing.share_collection(db, maria, made.public_id, at=clock())
    joining.add_address(db, maria, "m@work.example", settings, clock())
    granting.create_token(db, maria, "script")
    return maria


class TestLeaving:
    def test_nothing_of_the_earner_stays(
        self, db: Session, full: Earner, settings: Settings, blobs: Blobs
    ) -> None:
        files = db.exec(select(Blob.sha256)).all()
        joining.leave(db, full, settings)
        for table in SQLModel.metadata.sorted_tables:
            if table.name != Throttle.__tablename__:
                assert db.execute(select(table)).all() == [], table.name
        assert len(files) > 5
        for sha256 in files:
            with pytest.raises(Missing):
                blobs.read(sha256)

    def test_what_somebody_else_has_too_stays_theirs(
        self, db: Session, full: Earner, settings: Settings, blobs: Blobs, bring: Bring, clock: Clock
    ) -> None:
        other = joining.make_earner(db, "other@people.example", clock())
        _, [badge] = bring(other, HOSTED.data, check=True)
        joining.leave(db, full, settings)
        db.expire_all()
        assert organising.original(db, blobs, other, badge.public_id)[0] == HOSTED.data
        archived = db.exec(select(Document)).all()
        assert {d.url for d in archived} >= {"https://montalvo.example/ob2/issuer"}
        assert all(blobs.read(d.sha256) for d in archived)
        assert len(db.exec(select(Report)).all()) == 1

    def test_the_address_is_free_again(
        self, db: Session, full: Earner, settings: Settings, clock: Clock
    ) -> None:
        joining.leave(db, full, settings)
        assert joining.earner_by_email(db, "maria@backpack.example") is None
        assert organising.badges(db, joining.make_earner(db, "maria@backpack.example", clock())).total == 0

    def test_a_file_that_somebody_begins_to_use_meanwhile_stays(
        self, db: Session, full: Earner, settings: Settings, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Their import and our erasing meet in the database: the foreign key decides, and we look again."""
        erase, tries = erasing._erase_unused, []

        def meet(*what: object) -> None:
            tries.append(1)
            if len(tries) == 1:
                raise IntegrityError("DELETE", None, Exception("still referenced"))
            erase(*what)

        monkeypatch.setattr(erasing, "_erase_unused", meet)
        joining.leave(db, full, settings)
        assert len(tries) == 2
        assert db.exec(select(Earner)).all() == []

    def test_leaving_twice_is_leaving_once(self, db: Session, full: Earner, settings: Settings) -> None:
        joining.leave(db, full, settings)
        joining.leave(db, full, settings)


class TestTheBin:
    def test_a_deleted_badge_is_erased_after_thirty_days_and_not_before(
        self, db: Session, engine: Engine, blobs: Blobs, full: Earner, clock: Clock
    ) -> None:
        badge = db.exec(select(Badge).where(Badge.carrier == "png")).one()
        organising.delete(db, full, badge.public_id, clock())
        assert erasing.purge(engine, blobs, clock() + timedelta(days=29)) == 0
        assert erasing.purge(engine, blobs, clock() + timedelta(days=31)) == 1
        db.expunge_all()
        assert [b.title for b in db.exec(select(Badge))] == ["First Aid"]
        with pytest.raises(Missing):
            blobs.read(badge.original_sha256)

    def test_what_it_came_in_goes_with_it_unless_there_was_more_in_it(
        self, db: Session, engine: Engine, blobs: Blobs, maria: Earner, bring: Bring, clock: Clock
    ) -> None:
        mail = EmailMessage()
        mail.set_content("Congratulations!")
        mail.add_attachment(PNG.data, maintype="image", subtype="png", filename="badge.png")
        mail.add_attachment(HOSTED.data, maintype="application", subtype="json", filename="badge.json")
        mail["From"], mail["Subject"] = "issuer@montalvo.example", "You earned two"
        arrival, badges = bring(maria, mail.as_bytes(), "mail")
        organising.delete(db, maria, badges[0].public_id, clock())
        erasing.purge(engine, blobs, clock() + timedelta(days=31))
        assert blobs.read(arrival.sha256) == mail.as_bytes()
        organising.delete(db, maria, badges[1].public_id, clock())
        erasing.purge(engine, blobs, clock() + timedelta(days=31))
        with pytest.raises(Missing):
            blobs.read(arrival.sha256)
        db.expunge_all()
        assert arriving.arrivals(db, maria) == []

    def test_old_mails_go_too(
        self, db: Session, engine: Engine, blobs: Blobs, full: Earner, clock: Clock
    ) -> None:
        assert db.exec(select(Outbox)).all()
        erasing.purge(engine, blobs, clock() + timedelta(days=31))
        db.expunge_all()
        assert db.exec(select(Outbox)).all() == []


class TestExport:
    @pytest.fixture
    def exported(self, db: Session, full: Earner, blobs: Blobs) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(exporting.export(db, blobs, full)))

    def test_originals_are_byte_for_byte(self, exported: zipfile.ZipFile) -> None:
        listed = json.loads(exported.read("badges.json"))
        assert {exported.read(badge["file"]) for badge in listed} == {PNG.data, HOSTED.data}

    def test_every_report_and_what_it_stands_on_is_there(self, exported: zipfile.ZipFile) -> None:
        documents = {d["url"]: d["sha256"] for d in json.loads(exported.read("documents.json"))}
        for badge in json.loads(exported.read("badges.json")):
            [report] = json.loads(exported.read(f"reports/{badge['id']}.json"))
            assert report["verdict"] == badge["verdict"] == "verified"
            for used in report["documents"]:
                assert documents[used["url"]] == used["sha256"]
                assert exported.read(f"documents/{used['sha256']}")

    def test_order_notes_links_and_addresses_are_there(self, exported: zipfile.ZipFile) -> None:
        badges = {b["title"]: b for b in json.loads(exported.read("badges.json"))}
        science, aid = badges["Open Science Foundations"], badges["First Aid"]
        assert (science["note"], science["tags"]) == ("Mine", ["science"])
        [collection] = json.loads(exported.read("collections.json"))
        assert collection["badges"] == [
            {"id": aid["id"], "remark": "First"},
            {"id": science["id"], "remark": ""},
        ]
        shares = json.loads(exported.read("shares.json"))
        assert [(s["label"], s["badge"], s["collection"]) for s in shares] == [
            ("Job", science["id"], None),
            ("", None, collection["id"]),
        ]
        addresses = json.loads(exported.read("addresses.json"))
        assert [a["email"] for a in addresses] == ["maria@backpack.example", "m@work.example"]

    def test_nothing_of_anybody_else_is_in_it(
        self, db: Session, full: Earner, blobs: Blobs, bring: Bring, clock: Clock
    ) -> None:
        other = joining.make_earner(db, "other@people.example", clock())
        _, [badge] = bring(other, issuer().ob3(award(name="Theirs")).data, check=True)
        with zipfile.ZipFile(io.BytesIO(exporting.export(db, blobs, full))) as file:
            everything = b"".join(file.read(name) for name in file.namelist())
        for theirs in (b"other@people.example", badge.public_id.encode(), b"Theirs"):
            assert theirs not in everything

    def test_a_backpack_can_be_moved_by_it(
        self,
        db: Session,
        exported: zipfile.ZipFile,
        bring: Bring,
        settings: Settings,
        full: Earner,
        clock: Clock,
    ) -> None:
        joining.leave(db, full, settings)
        again = joining.make_earner(db, "maria@backpack.example", clock())
        for name in exported.namelist():
            if name.startswith("badges/"):
                bring(again, exported.read(name), origin=name, check=True)
        assert organising.counts(db, again)["verified"] == 2

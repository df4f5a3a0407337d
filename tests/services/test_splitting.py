"""An archive becomes an arrival for each of its files; stopped, killed or repeated, none is lost and none doubled."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backpack import jobs
from backpack.config import Settings
from backpack.services import batches, erasing, importing, leasing, organising, splitting
from backpack.sources import archive
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Arrival, Earner
from tests.archives import mail, mbox, zipped
from tests.conftest import Clock
from tests.issuing import award, issuer, renamed
from tests.services.conftest import Web

BADGES = [issuer().ob3(award(name=f"Badge {number}"), carrier="bare").data for number in range(3)]
FEW = zipped({f"{number}.json": data for number, data in enumerate(BADGES)})

Deliver = Callable[..., Arrival]
Work = Callable[[], None]


@pytest.fixture
def deliver(db: Session, blobs: Blobs, maria: Earner, clock: Clock) -> Deliver:
    def deliver(data: bytes, name: str = "all.zip") -> Arrival:
        return importing.receive(db, blobs, maria, data, "file", name, clock(), "batch")

    return deliver


@pytest.fixture
def work(db: Session, settings: Settings, web: Web) -> Work:
    """Do what is due, like the workers, until nothing is."""

    def work() -> None:
        jobs.work_off(settings, lambda: datetime.now(UTC))
        db.expire_all()

    return work


@pytest.fixture
def split(
    db: Session, engine: Engine, blobs: Blobs, settings: Settings, clock: Clock
) -> Callable[[Arrival], None]:
    """Take an archive apart, and read nothing yet."""

    def split(row: Arrival) -> None:
        importing.unpack(engine, blobs, settings, row.id, clock())
        db.expire_all()

    return split


def children(db: Session, parent: Arrival) -> list[Arrival]:
    rows = select(Arrival).where(Arrival.parent_id == parent.id).order_by(Arrival.id)
    return list(db.exec(rows))


def test_every_file_is_an_arrival_of_its_own(
    db: Session, maria: Earner, deliver: Deliver, work: Work
) -> None:
    parent = deliver(FEW)
    work()
    assert [(row.origin, row.state, row.batch) for row in children(db, parent)] == [
        (f"{number}.json", "done", "batch") for number in range(3)
    ]
    assert (parent.state, parent.source, parent.parts, parent.place) == ("done", "archive", 3, 3)
    assert organising.counts(db, maria)["verified"] == 3


def test_what_became_of_everything_is_summed_up(
    db: Session, maria: Earner, deliver: Deliver, work: Work
) -> None:
    deliver(BADGES[0], "0.json")
    forged = renamed(issuer().ob3(award(), carrier="bare")).data
    deliver(zipped({"0.json": BADGES[0], "1.json": BADGES[1], "f.json": forged, "n.txt": b"no", "..": b"x"}))
    work()
    told = batches.tally(db, maria, "batch")
    assert (told.total, told.done, told.reading, told.archives) == (6, 6, 0, 1)
    assert (told.imported, told.there, told.verdicts) == (2, 1, {"invalid": 1})
    assert (told.none, told.failed) == (1, 1)


def test_the_lists_behind_the_numbers_hold_what_these_count(
    db: Session, maria: Earner, deliver: Deliver, work: Work
) -> None:
    deliver(zipped({"a.json": BADGES[0], "b.json": BADGES[0], "n.txt": b"no", "..": b"x"}))
    work()
    listed = {
        shown: [row.origin for row in batches.files(db, maria, "batch", shown)[0]] for shown in batches.SHOWN
    }
    assert listed == {
        "failed": [".."],
        "unverified": [],
        "none": ["n.txt"],
        "there": ["b.json"],
        "imported": ["a.json"],
    }
    _, following = batches.files(db, maria, "batch", limit=3)
    assert [row.origin for row in batches.files(db, maria, "batch", after=following)[0]] == [".."]


def test_the_files_of_another_earner_are_not_counted(
    db: Session, maria: Earner, deliver: Deliver, clock: Clock
) -> None:
    from backpack.services import joining

    deliver(FEW)
    other = joining.make_earner(db, "stranger@elsewhere.example", clock())
    assert batches.tally(db, other, "batch") == batches.Tally()
    assert batches.stop(db, other, "batch") == 0


def test_stopped_nothing_more_is_begun_and_going_on_finishes_it(
    db: Session, maria: Earner, deliver: Deliver, split: Callable[[Arrival], None], work: Work, clock: Clock
) -> None:
    split(deliver(FEW))
    assert batches.stop(db, maria, "batch") == 3
    work()
    assert (batches.tally(db, maria, "batch").stopped, organising.badges(db, maria).total) == (3, 0)
    batches.go_on(db, maria, "batch", clock())
    work()
    assert (batches.tally(db, maria, "batch").stopped, organising.badges(db, maria).total) == (0, 3)


def test_stopped_while_it_is_taken_apart_it_goes_on_where_it_was(
    db: Session,
    maria: Earner,
    deliver: Deliver,
    split: Callable[[Arrival], None],
    work: Work,
    clock: Clock,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = splitting.workers.run

    def one_then_stop(path: str, *args: object, **limits: object) -> object:
        found = real(path, *args, **limits)
        if path.endswith("portion_of"):
            with Session(engine) as other:
                batches.stop(other, maria, "batch")
        return found

    parent = deliver(zipped({f"{number}.json": BADGES[number % 3] for number in range(archive.PORTION + 5)}))
    monkeypatch.setattr(splitting.workers, "run", one_then_stop)
    split(parent)
    monkeypatch.setattr(splitting.workers, "run", real)
    told = batches.tally(db, maria, "batch")
    assert (parent.state, parent.place, told.stopped, told.total) == ("stopped", 100, 105, 105)
    assert importing.due(db, datetime.now(UTC)) == []
    batches.go_on(db, maria, "batch", clock())
    split(parent)
    assert (parent.state, len(children(db, parent))) == ("done", 105)


def test_a_worker_that_lost_its_archive_makes_nothing(
    db: Session, engine: Engine, blobs: Blobs, deliver: Deliver, clock: Clock
) -> None:
    parent = deliver(FEW)
    slow = leasing.claim(db, Arrival, parent.id, clock(), state="reading")
    clock.move(minutes=5)
    quick = leasing.claim(db, Arrival, parent.id, clock(), state="reading")
    assert slow
    assert quick
    for lease, _ in (quick, slow):
        splitting.split(engine, blobs, lease, parent, FEW)
    db.expire_all()
    assert len(children(db, parent)) == 3


@pytest.mark.parametrize(("levels", "badges"), [(2, 3), (3, 0)])
def test_an_archive_in_an_archive_is_opened_and_no_deeper_one(
    db: Session, maria: Earner, deliver: Deliver, work: Work, levels: int, badges: int
) -> None:
    data = FEW
    for _ in range(levels - 1):
        data = zipped({"inner.zip": data})
    deliver(data)
    work()
    assert organising.badges(db, maria).total == badges
    assert batches.tally(db, maria, "batch").failed == (0 if badges else 1)


def test_a_mailbox_file_brings_the_badge_of_every_mail(
    db: Session, maria: Earner, deliver: Deliver, work: Work
) -> None:
    mails = [mail(f"Award {number}", attached=data, name="badge.json") for number, data in enumerate(BADGES)]
    deliver(mbox(*mails, mail("Nothing here")), "awards")
    work()
    told = batches.tally(db, maria, "batch")
    assert (told.imported, told.none) == (3, 1)


def test_an_archive_attached_to_a_mail_is_opened(
    db: Session, maria: Earner, deliver: Deliver, work: Work
) -> None:
    deliver(mail("Your badges", attached=FEW, name="badges.zip"), "award.eml")
    work()
    assert organising.badges(db, maria).total == 3


@pytest.mark.parametrize("data", [b"PK\3\4 cut", zipped({".DS_Store": b""})])
def test_an_archive_that_cannot_be_opened_says_why(
    db: Session, maria: Earner, deliver: Deliver, work: Work, data: bytes
) -> None:
    parent = deliver(data)
    work()
    assert (parent.state, bool(parent.problem), bool(parent.try_this)) == ("failed", True, True)
    assert batches.tally(db, maria, "batch").done == 1


def test_an_archive_is_erased_with_the_last_of_its_badges(
    db: Session, engine: Engine, blobs: Blobs, maria: Earner, deliver: Deliver, work: Work
) -> None:
    deliver(zipped({"a.json": BADGES[0], "b.json": BADGES[1], "notes.txt": b"milk"}))
    work()
    at, later = datetime.now(UTC), datetime.now(UTC) + timedelta(days=31)
    first, second = organising.badges(db, maria).badges
    for badge, left in ((first, 3), (second, 0)):
        organising.delete(db, maria, badge.public_id, at)
        erasing.purge(engine, blobs, later)
        assert len(db.exec(select(Arrival.id)).all()) == left

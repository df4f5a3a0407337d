"""A backpack that was exported comes back whole, and twice is once."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from sqlmodel import Session, select

from backpack import jobs
from backpack.config import Settings
from backpack.services import collecting, exporting, importing, joining, organising, sharing
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Address, Arrival, Badge, Collection, Earner, Share
from tests.archives import zipped
from tests.conftest import Clock
from tests.issuing import AT, award, issuer
from tests.services.conftest import Bring, Web

FIRST = issuer().ob3(award())
SECOND = issuer().ob3(award(name="Night Sky"), carrier="svg")
HOSTED = issuer().ob2_hosted(award(name="First Aid"), carrier="bare")


@pytest.fixture
def clock() -> Clock:
    return Clock(AT + timedelta(days=3))


@pytest.fixture
def exported(
    db: Session, bring: Bring, maria: Earner, web: Web, blobs: Blobs, settings: Settings, clock: Clock
) -> bytes:
    """The export of a backpack with something of everything."""
    web.serve(HOSTED)
    [one], [two], [three] = (bring(maria, badge.data, check=True)[1] for badge in (FIRST, SECOND, HOSTED))
    organising.annotate(db, maria, one.public_id, note="For the\napplication", tags=["science", "open data"])
    organising.hide(db, maria, two.public_id, clock())
    order = [(three.public_id, "First of all"), (one.public_id, ""), (two.public_id, "Last")]
    made = collecting.create_collection(db, maria, "Best", "My best\nones", clock(), order)
    collecting.create_collection(db, maria, "Empty", "", clock() + timedelta(seconds=1))
    sharing.share_badge(db, maria, one.public_id, at=clock(), label="Job")
    sharing.share_collection(db, maria, made.public_id, at=clock())
    return exporting.export(db, blobs, maria)


@pytest.fixture
def other(db: Session, clock: Clock) -> Earner:
    """Somebody with an empty backpack."""
    return joining.make_earner(db, "other@backpack.example", clock())


@pytest.fixture
def take_in(
    db: Session, blobs: Blobs, settings: Settings, clock: Clock, web: Web
) -> Callable[[Earner, bytes], None]:
    def take_in(earner: Earner, data: bytes) -> None:
        importing.receive(db, blobs, earner, data, "file", "backpack.zip", clock())
        jobs.work_off(settings, lambda: datetime.now(UTC))
        db.expire_all()

    return take_in


TakeIn = Callable[[Earner, bytes], None]


def told(db: Session, earner: Earner) -> dict[str, Any]:
    """A backpack by what stands in it, without anything that is of this instance alone."""
    badges = db.exec(select(Badge).where(Badge.earner_id == earner.id).order_by(Badge.id)).all()
    return {
        "badges": [
            (b.original_sha256, b.credential_sha256, b.note, b.tags, b.hidden_at, b.created_at)
            for b in badges
        ],
        "collections": [
            (
                row.title,
                row.intro,
                row.created_at,
                [(entry.badge.credential_sha256, entry.remark) for entry in collecting.entries(db, row)],
            )
            for row in db.exec(
                select(Collection).where(Collection.earner_id == earner.id).order_by(Collection.created_at)
            )
        ],
    }


def test_into_an_empty_backpack_everything_comes_back(
    db: Session, exported: bytes, maria: Earner, other: Earner, take_in: TakeIn
) -> None:
    take_in(other, exported)
    assert told(db, other) == told(db, maria)
    assert len(told(db, other)["collections"][0][3]) == 3


def test_collections_come_back_though_there_is_no_badge(
    db: Session, maria: Earner, other: Earner, blobs: Blobs, take_in: TakeIn, clock: Clock
) -> None:
    collecting.create_collection(db, maria, "To come", "What I\nwill learn", clock())
    collecting.create_collection(db, maria, "Later", "", clock() + timedelta(seconds=1))
    take_in(other, exporting.export(db, blobs, maria))
    assert told(db, other) == told(db, maria)
    assert [row.state for row in db.exec(select(Arrival).where(Arrival.earner_id == other.id))] == ["done"]


def test_no_link_is_opened_no_address_confirmed_and_no_report_believed_by_it(
    db: Session, exported: bytes, other: Earner, take_in: TakeIn
) -> None:
    take_in(other, exported)
    rows = db.exec(select(Arrival).where(Arrival.earner_id == other.id)).all()
    assert sorted(row.source for row in rows) == ["archive", "file", "file", "file"]
    assert db.exec(select(Share).where(Share.earner_id == other.id)).all() == []
    assert [row.email for row in db.exec(select(Address).where(Address.earner_id == other.id))] == [
        "other@backpack.example"
    ]


@pytest.mark.parametrize("source", ["mail", "file"])
def test_what_somebody_sends_by_mail_brings_no_note_and_no_collection(
    db: Session,
    exported: bytes,
    other: Earner,
    bring: Bring,
    blobs: Blobs,
    settings: Settings,
    clock: Clock,
    source: str,
) -> None:
    bring(other, FIRST.data)
    before = told(db, other)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "stranger@people.example", "Look"
    mail.set_content("See what is attached.")
    mail.add_attachment(exported, maintype="application", subtype="zip", filename="backpack.zip")
    importing.receive(db, blobs, other, mail.as_bytes(), source, "mail.eml", clock())
    jobs.work_off(settings, lambda: datetime.now(UTC))
    db.expire_all()
    after = told(db, other)
    assert after["badges"][:1] == before["badges"]
    assert len(after["badges"]) == 3
    assert after["collections"] == []
    assert {(badge[2], badge[3], badge[4]) for badge in after["badges"]} == {("", "", None)}


def test_twice_changes_nothing(
    db: Session, exported: bytes, maria: Earner, other: Earner, take_in: TakeIn
) -> None:
    take_in(other, exported)
    before = told(db, other)
    take_in(other, exported)
    take_in(maria, exported)
    assert told(db, other) == told(db, maria) == before


def test_what_was_written_here_meanwhile_stays(
    db: Session, exported: bytes, maria: Earner, take_in: TakeIn, clock: Clock
) -> None:
    [one, *_] = db.exec(select(Badge).where(Badge.earner_id == maria.id).order_by(Badge.id)).all()
    organising.annotate(db, maria, one.public_id, note="Newer", tags=["mine"])
    [best, _] = db.exec(
        select(Collection).where(Collection.earner_id == maria.id).order_by(Collection.id)
    ).all()
    collecting.edit_collection(db, maria, best.public_id, title="Better")
    collecting.arrange(db, maria, best.public_id, [(one.public_id, "Mine first")])
    take_in(maria, exported)
    assert (one.note, one.tags) == ("Newer", "mine,science,open data")
    assert (best.title, len(collecting.entries(db, best))) == ("Better", 3)
    assert ("Mine first", one.id) in [(e.remark, e.badge.id) for e in collecting.entries(db, best)]


def test_collections_made_at_the_same_moment_stay_two(
    db: Session, exported: bytes, blobs: Blobs, maria: Earner, other: Earner, take_in: TakeIn, clock: Clock
) -> None:
    for title in ("Third", "Fourth"):
        collecting.create_collection(db, maria, title, "", clock() + timedelta(seconds=2))
    data = exporting.export(db, blobs, maria)
    for _ in range(2):
        take_in(other, data)
        assert {one[0] for one in told(db, other)["collections"]} == {"Best", "Empty", "Third", "Fourth"}
        assert len(told(db, other)["collections"]) == 4


def changed(exported: bytes, name: str, content: object) -> bytes:
    with zipfile.ZipFile(BytesIO(exported)) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    return zipped({**files, name: json.dumps(content).encode()})


def test_what_makes_no_sense_in_an_export_is_left_out(
    db: Session, exported: bytes, other: Earner, take_in: TakeIn
) -> None:
    nonsense = [
        {"title": 5, "badges": "x", "created_at": []},
        "nonsense",
        None,
        {"badges": [None, {"id": 1}]},
    ]
    odd = changed(exported, "collections.json", nonsense)
    take_in(other, changed(odd, "badges.json", [{"file": {}, "note": ["x"], "tags": "no", "hidden_at": 7}]))
    assert organising.counts(db, other)["all"] == 3


def test_an_export_of_a_later_version_is_refused_with_a_way_out(
    db: Session, exported: bytes, other: Earner, take_in: TakeIn
) -> None:
    take_in(other, changed(exported, "backpack.json", {"format": 99}))
    [row] = db.exec(select(Arrival).where(Arrival.earner_id == other.id)).all()
    assert (row.state, row.try_this) == ("failed", "Unpack it, and add the folder “badges”.")

"""Mailboxes that earners connect: what is taken from them, how often, and that nothing in them changes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backpack.config import Settings
from backpack.errors import Clash, Missing, WrongPassword
from backpack.network import mailboxes as network
from backpack.services import importing, joining, mailboxes
from backpack.services.mailboxes import looking
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Arrival, Earner, Mailbox
from tests.conftest import Clock
from tests.issuing import award, issuer
from tests.postbox import HOST, Postbox, mail

PLAIN_MAIL = mail(0, "Ada <ada@people.example>", "Lunch on Friday?")

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what asks nothing of SQL that another test here does not ask."""

Connect = Callable[..., Mailbox]
Look = Callable[[Mailbox], list[int]]


@pytest.fixture
def settings(settings: Settings, reachable: Postbox) -> Settings:
    """Settings under which the test's own server may be asked."""
    settings.fetch_allow = HOST
    return settings


@pytest.fixture
def connect(db: Session, maria: Earner, settings: Settings, clock: Clock, postbox: Postbox) -> Connect:
    """Connect a folder: ``connect("Folder 7", takes="all")``."""
    return lambda folder, **more: mailboxes.connect(
        db, maria, postbox.wanted(folder, **more), settings, clock()
    )


@pytest.fixture
def look(engine: Engine, blobs: Blobs, settings: Settings, clock: Clock, db: Session) -> Look:
    """Look into a mailbox as a worker does, turn after turn while it goes on; gives the imports made."""

    def look(row: Mailbox) -> list[int]:
        made: list[int] = []
        while True:
            looked = mailboxes.look(engine, blobs, settings, row.id, clock())
            made += looked.arrivals
            if not looked.goes_on:
                db.expire_all()
                return made
            clock.move(seconds=30)

    return look


def _bytes_of(db: Session, blobs: Blobs) -> list[bytes]:
    return [blobs.read(sha256) for sha256 in db.exec(select(Arrival.sha256).order_by(Arrival.id))]


def test_award_mails_become_imports_of_this_mailbox(
    db: Session, blobs: Blobs, postbox: Postbox, connect: Connect, look: Look
) -> None:
    box = connect(postbox.folder(mail(1), PLAIN_MAIL, mail(2)))
    look(box)
    assert _bytes_of(db, blobs) == [mail(1), mail(2)]
    rows = db.exec(select(Arrival)).all()
    assert {(row.source, row.mailbox_id, row.batch) for row in rows} == {("mail", box.id, box.public_id)}
    assert (box.state, box.total, box.seen, box.taken) == ("idle", 3, 3, 2)


@once
def test_the_password_is_not_kept_as_it_is(db: Session, connect: Connect, postbox: Postbox) -> None:
    box = connect("INBOX")
    assert postbox.wanted("").password not in repr(box.model_dump())


@once
def test_nothing_in_the_mailbox_is_changed(postbox: Postbox, connect: Connect, look: Look) -> None:
    folder = postbox.folder(mail(1), PLAIN_MAIL)
    before = postbox.state(folder)
    assert look(connect(folder, takes="all"))
    assert postbox.state(folder) == before


@once
def test_only_new_messages_are_taken_the_next_time(
    db: Session, blobs: Blobs, postbox: Postbox, connect: Connect, look: Look, clock: Clock
) -> None:
    folder = postbox.folder(mail(1))
    box = connect(folder)
    look(box)
    postbox.put(folder, mail(2))
    assert look(box) == []  # not due yet
    clock.move(minutes=16)
    look(box)
    assert _bytes_of(db, blobs) == [mail(1), mail(2)]


@once
def test_a_look_that_finds_nothing_new_keeps_what_the_last_run_brought(
    postbox: Postbox, connect: Connect, look: Look, clock: Clock
) -> None:
    box = connect(postbox.folder(mail(1)))
    look(box)
    clock.move(minutes=16)
    assert look(box) == []
    assert (box.total, box.seen, box.taken) == (1, 1, 1)


@once
def test_everything_is_taken_when_the_earner_wants_that(
    postbox: Postbox, connect: Connect, look: Look
) -> None:
    assert len(look(connect(postbox.folder(PLAIN_MAIL, mail(1)), takes="all"))) == 2


@once
def test_messages_numbered_anew_are_looked_at_again_and_not_taken_twice(
    db: Session, blobs: Blobs, postbox: Postbox, connect: Connect, look: Look, clock: Clock
) -> None:
    folder = postbox.folder(mail(1), mail(2))
    box = connect(folder)
    look(box)
    postbox.make_anew(folder, mail(2), mail(3), mail(1))
    clock.move(minutes=16)
    look(box)
    assert _bytes_of(db, blobs) == [mail(1), mail(2), mail(3)]
    assert (box.seen, box.taken) == (3, 1)


def test_a_worker_killed_in_the_middle_costs_nothing_and_takes_nothing_twice(
    db: Session,
    blobs: Blobs,
    postbox: Postbox,
    connect: Connect,
    look: Look,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box = connect(postbox.folder(*map(mail, range(6))))
    receive, left = importing.receive, [3]

    def killed_after(*arguments: object, **more: object) -> object:
        made = receive(*arguments, **more)  # type: ignore[arg-type]
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt  # as good as SIGKILL: committed, and nothing more is done
        return made

    monkeypatch.setattr(importing, "receive", killed_after)
    with pytest.raises(KeyboardInterrupt):
        look(box)
    clock.move(minutes=5)  # its lease has run out
    look(box)
    assert _bytes_of(db, blobs) == list(map(mail, range(6)))
    assert (box.total, box.seen) == (6, 6)


@once
def test_a_long_run_gives_way_after_each_turn_and_says_how_far_it_is(
    engine: Engine,
    db: Session,
    blobs: Blobs,
    settings: Settings,
    postbox: Postbox,
    connect: Connect,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(looking, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(looking, "BATCH", 4)
    box = connect(postbox.folder(*map(mail, range(10))))
    far = []
    while mailboxes.look(engine, blobs, settings, box.id, clock()).goes_on:
        db.expire_all()
        far.append((box.state, box.seen, box.total, box.taken))
        clock.move(seconds=10)
    db.expire_all()
    assert far == [("working", 4, 10, 4), ("working", 8, 10, 8)]
    assert (box.state, box.seen, box.taken) == ("idle", 10, 10)


def test_an_earner_stops_a_run_and_goes_on_later(
    engine: Engine,
    db: Session,
    blobs: Blobs,
    settings: Settings,
    maria: Earner,
    postbox: Postbox,
    connect: Connect,
    look: Look,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(looking, "BATCH", 2)
    box = connect(postbox.folder(*map(mail, range(7))))
    heads = network.Folder.heads

    def stopped_meanwhile(folder: network.Folder, uids: list[int]) -> list[network.Head]:
        if len(uids) and box.seen == 0 and folder.messages == 7 and stops:
            mailboxes.stop(db, maria, stops.pop())
        return heads(folder, uids)

    stops = [box.public_id]
    monkeypatch.setattr(network.Folder, "heads", stopped_meanwhile)
    assert look(box) != list(range(7))
    assert (box.state, box.due_at) == ("stopped", None)
    clock.move(hours=3)
    assert look(box) == []
    mailboxes.look_now(db, maria, box.public_id, clock())
    look(box)
    assert _bytes_of(db, blobs) == list(map(mail, range(7)))
    assert (box.state, box.seen, box.total) == ("idle", 7, 7)


@once
def test_a_message_too_large_is_named_and_not_fetched(
    postbox: Postbox, connect: Connect, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "LARGEST", 2000)
    box = connect(postbox.folder(mail(1, body="x" * 3000), mail(2)))
    assert len(look(box)) == 1
    [left] = box.left_out
    assert left["subject"] == "You earned a badge, number 1"
    assert "larger than" in left["why"]


@once
def test_too_many_imports_in_an_hour_are_a_pause(
    postbox: Postbox, connect: Connect, look: Look, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "ARRIVALS_AN_HOUR", 2)
    box = connect(postbox.folder(*map(mail, range(3))))
    assert len(look(box)) == 2
    assert box.state == "working"
    assert look(box) == []
    clock.move(minutes=61)
    assert len(look(box)) == 1


@once
def test_a_wrong_password_is_tried_three_times_and_no_more(
    connect: Connect, look: Look, clock: Clock
) -> None:
    box = connect("INBOX", password="guessed")
    for _ in range(3):
        look(box)
        clock.move(hours=1)
    assert (box.state, box.due_at, box.failures) == ("failed", None, 3)
    assert "did not accept this name and password" in (box.problem or "")


@once
def test_a_mailbox_that_fails_is_looked_into_again_after_a_while(
    connect: Connect, look: Look, clock: Clock, postbox: Postbox
) -> None:
    box = connect("Nowhere")
    look(box)
    assert box.due_at
    assert timedelta(minutes=5) <= box.due_at - clock() < timedelta(minutes=6)
    assert "no folder “Nowhere”" in (box.problem or "")
    assert "INBOX" in (box.try_this or "")


@once
def test_another_key_of_the_instance_asks_for_the_password_again(
    db: Session,
    maria: Earner,
    settings: Settings,
    postbox: Postbox,
    connect: Connect,
    look: Look,
    clock: Clock,
) -> None:
    folder = postbox.folder(mail(1))
    box = connect(folder)
    settings.__dict__["key"] = b"another key of at least thirty-two characters"
    look(box)
    assert (box.state, box.due_at, box.try_this) == ("failed", None, "Enter the password again.")
    mailboxes.change(db, maria, box.public_id, postbox.wanted(folder), settings, clock())
    assert len(look(box)) == 1


@once
def test_a_kept_password_goes_to_no_other_server(
    db: Session, maria: Earner, settings: Settings, postbox: Postbox, connect: Connect, clock: Clock
) -> None:
    box = connect("INBOX")
    elsewhere = postbox.wanted("INBOX", host="imap.elsewhere.example", password="")
    with pytest.raises(WrongPassword, match="needed again"):
        mailboxes.change(db, maria, box.public_id, elsewhere, settings, clock())


@once
def test_a_mailbox_is_its_earners_alone(
    db: Session, maria: Earner, settings: Settings, postbox: Postbox, connect: Connect, clock: Clock
) -> None:
    box = connect("INBOX")
    other = joining.make_earner(db, "stranger@elsewhere.example", clock())
    for reach in (
        lambda: mailboxes.mailbox(db, other, box.public_id),
        lambda: mailboxes.stop(db, other, box.public_id),
        lambda: mailboxes.look_now(db, other, box.public_id, clock()),
        lambda: mailboxes.disconnect(db, other, box.public_id),
        lambda: mailboxes.change(db, other, box.public_id, postbox.wanted("INBOX"), settings, clock()),
    ):
        with pytest.raises(Missing):
            reach()
    with pytest.raises(Clash):
        connect("INBOX")


def test_disconnecting_keeps_what_came(
    db: Session, blobs: Blobs, maria: Earner, postbox: Postbox, connect: Connect, look: Look
) -> None:
    box = connect(postbox.folder(mail(1)))
    look(box)
    mailboxes.disconnect(db, maria, box.public_id)
    assert _bytes_of(db, blobs) == [mail(1)]
    assert db.exec(select(Mailbox)).all() == []


def test_what_a_run_brought_is_summed_up(
    engine: Engine,
    db: Session,
    blobs: Blobs,
    settings: Settings,
    postbox: Postbox,
    connect: Connect,
    look: Look,
    clock: Clock,
) -> None:
    advertisement = mail(2, body="Earn more: https://college.example/view?id=77")
    box = connect(postbox.folder(mail(1, attached=issuer().ob3(award())), advertisement))
    made = look(box)
    assert mailboxes.summary(db, box) == mailboxes.Summary(reading=2)
    clock.move(minutes=1)
    for arrival in made:
        importing.unpack(engine, blobs, settings, arrival, clock())
    assert mailboxes.summary(db, box) == mailboxes.Summary(brought=1, nothing=1)

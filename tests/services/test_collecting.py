"""Collections: an ordered set of badges with a remark on each."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from backpack.errors import Missing
from backpack.services import collecting, joining, organising, sharing
from backpack.storage.database import session
from backpack.storage.tables import Badge, Collection, Earner
from tests.conftest import Clock
from tests.issuing import award, issuer

from .conftest import Bring

NAMES = ("Bees", "Clouds", "Dunes", "Elms")


@pytest.fixture
def badges(maria: Earner, bring: Bring) -> list[Badge]:
    return [
        bring(maria, issuer().ob3(award(name=name), carrier="bare").data, check=True)[1][0] for name in NAMES
    ]


@pytest.fixture
def made(db: Session, maria: Earner, badges: list[Badge], clock: Clock) -> Collection:
    order = [(badge.public_id, f"On {badge.title}") for badge in badges]
    return collecting.create_collection(db, maria, "Outdoors", "What I learnt outside", clock(), order)


def shown(db: Session, found: Collection) -> list[tuple[str, str]]:
    return [(entry.badge.title, entry.remark) for entry in collecting.entries(db, found)]


def titles(db: Session, found: Collection) -> str:
    return " ".join(title for title, _ in shown(db, found))


def test_it_keeps_its_badges_in_order_with_their_remarks(db: Session, made: Collection) -> None:
    assert shown(db, made) == [(name, f"On {name}") for name in NAMES]


def test_the_list_shows_how_many_and_the_first_few(
    db: Session, maria: Earner, made: Collection, clock: Clock
) -> None:
    collecting.create_collection(db, maria, "Empty", "", clock())
    empty, outdoors = collecting.collections(db, maria, preview=2)
    assert (empty.collection.title, empty.count, empty.badges) == ("Empty", 0, [])
    assert (outdoors.count, [badge.title for badge in outdoors.badges]) == (4, ["Bees", "Clouds"])


def test_a_whole_new_order_replaces_the_old(
    db: Session, maria: Earner, badges: list[Badge], made: Collection
) -> None:
    order = [(badges[3].public_id, "Tall"), (badges[0].public_id, "")]
    collecting.arrange(db, maria, made.public_id, order)
    assert shown(db, made) == [("Elms", "Tall"), ("Bees", "")]


def test_a_badge_may_change_places_with_its_neighbours_up_to_the_ends(
    db: Session, maria: Earner, badges: list[Badge], made: Collection
) -> None:
    dunes = badges[2].public_id
    collecting.move(db, maria, made.public_id, dunes, earlier=True)
    assert titles(db, made) == "Bees Dunes Clouds Elms"
    for _ in range(3):
        collecting.move(db, maria, made.public_id, dunes, earlier=True)
    assert titles(db, made) == "Dunes Bees Clouds Elms"
    for _ in range(9):
        collecting.move(db, maria, made.public_id, dunes, earlier=False)
    assert titles(db, made) == "Bees Clouds Elms Dunes"
    assert dict(shown(db, made))["Dunes"] == "On Dunes"


def test_badges_are_added_at_the_end_and_once(
    db: Session, maria: Earner, badges: list[Badge], clock: Clock
) -> None:
    made = collecting.create_collection(db, maria, "", "", clock())
    assert made.title == "Untitled"
    collecting.add_to_collection(db, maria, made.public_id, [badges[1].public_id])
    both = [badges[0].public_id, badges[1].public_id, badges[0].public_id]
    collecting.add_to_collection(db, maria, made.public_id, both)
    assert titles(db, made) == "Clouds Bees"


def test_two_tabs_that_add_at_once_lose_nothing(
    db: Session, engine: Engine, maria: Earner, badges: list[Badge], clock: Clock
) -> None:
    made = collecting.create_collection(db, maria, "Both", "", clock())
    public_id = made.public_id

    earner_id, names = maria.id, [badge.public_id for badge in badges]

    def add(name: str) -> None:
        with session(engine) as own:
            mine = own.get_one(Earner, earner_id)
            collecting.add_to_collection(own, mine, public_id, [name, names[0]])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, names))
    assert sorted(titles(db, made).split()) == sorted(NAMES)


def test_what_is_taken_out_stays_in_the_backpack(
    db: Session, maria: Earner, badges: list[Badge], made: Collection
) -> None:
    collecting.take_out(db, maria, made.public_id, badges[0].public_id)
    assert titles(db, made) == "Clouds Dunes Elms"
    assert organising.badge(db, maria, badges[0].public_id)
    with pytest.raises(Missing):
        collecting.take_out(db, maria, made.public_id, badges[0].public_id)


def test_what_is_taken_out_is_put_back_where_it_was_with_its_remark(
    db: Session, maria: Earner, badges: list[Badge], made: Collection
) -> None:
    before = shown(db, made)
    clouds = badges[1].public_id
    taken = collecting.take_out(db, maria, made.public_id, clouds)
    for _ in range(2):
        collecting.put_back(db, maria, made.public_id, clouds, taken.remark, taken.position)
    assert shown(db, made) == before


def test_a_remark_can_be_changed(db: Session, maria: Earner, badges: list[Badge], made: Collection) -> None:
    collecting.remark(db, maria, made.public_id, badges[0].public_id, " Buzz\r\nbuzz ")
    assert shown(db, made)[0] == ("Bees", "Buzz\nbuzz")


def test_title_and_introduction_can_be_changed_one_by_one(
    db: Session, maria: Earner, made: Collection
) -> None:
    collecting.edit_collection(db, maria, made.public_id, title=" Out\nand about ")
    collecting.edit_collection(db, maria, made.public_id, intro="All of it")
    again = collecting.collection(db, maria, made.public_id)
    assert (again.title, again.intro) == ("Out and about", "All of it")


def test_a_badge_in_the_bin_is_not_shown_and_keeps_its_place(
    db: Session, maria: Earner, badges: list[Badge], made: Collection, clock: Clock
) -> None:
    organising.delete(db, maria, badges[1].public_id, clock())
    assert titles(db, made) == "Bees Dunes Elms"
    collecting.move(db, maria, made.public_id, badges[3].public_id, earlier=True)
    organising.restore(db, maria, badges[1].public_id)
    assert "Clouds" in titles(db, made)


def test_a_deleted_collection_closes_its_links_and_leaves_the_badges(
    db: Session, maria: Earner, made: Collection, clock: Clock
) -> None:
    share = sharing.share_collection(db, maria, made.public_id, at=clock())
    collecting.delete_collection(db, maria, made.public_id)
    with pytest.raises(Missing):
        sharing.open_share(db, share.slug, clock())
    assert organising.counts(db, maria)["all"] == len(NAMES)


class TestSomebodyElses:
    @pytest.fixture
    def stranger(self, db: Session, clock: Clock) -> Earner:
        return joining.make_earner(db, "someone@else.example", clock())

    def test_collections_are_missing_to_others(
        self, db: Session, stranger: Earner, badges: list[Badge], made: Collection
    ) -> None:
        badge, name = badges[0].public_id, made.public_id
        acts = (
            lambda: collecting.collection(db, stranger, name),
            lambda: collecting.edit_collection(db, stranger, name, title="Mine"),
            lambda: collecting.delete_collection(db, stranger, name),
            lambda: collecting.arrange(db, stranger, name, []),
            lambda: collecting.add_to_collection(db, stranger, name, []),
            lambda: collecting.take_out(db, stranger, name, badge),
            lambda: collecting.put_back(db, stranger, name, badge, "", 0),
            lambda: collecting.move(db, stranger, name, badge, earlier=True),
            lambda: collecting.remark(db, stranger, name, badge, "Hello"),
        )
        for act in acts:
            with pytest.raises(Missing):
                act()
        assert collecting.collections(db, stranger) == []
        assert shown(db, made) == [(each, f"On {each}") for each in NAMES]

    def test_badges_of_others_cannot_be_put_in(
        self, db: Session, stranger: Earner, badges: list[Badge], clock: Clock
    ) -> None:
        theirs = badges[0].public_id
        mine = collecting.create_collection(db, stranger, "Mine", "", clock())
        with pytest.raises(Missing):
            collecting.add_to_collection(db, stranger, mine.public_id, [theirs])
        db.rollback()
        with pytest.raises(Missing):
            collecting.arrange(db, stranger, mine.public_id, [(theirs, "")])
        db.rollback()
        with pytest.raises(Missing):
            collecting.create_collection(db, stranger, "Mine", "", clock(), [(theirs, "")])
        db.rollback()
        assert collecting.entries(db, mine) == []
        assert len(collecting.collections(db, stranger)) == 1

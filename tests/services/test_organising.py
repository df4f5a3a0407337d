"""Keeping order among badges: finding, noting, hiding, deleting with undo."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from backpack.errors import Missing
from backpack.services import joining, organising, sharing
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Badge, Earner
from tests.conftest import Clock
from tests.issuing import award, issuer

from .conftest import Bring

NAMES = ("Data Stewardship", "Élan vital", "Zoo keeping", "apiary", "Baking")


@pytest.fixture
def shelf(maria: Earner, bring: Bring, clock: Clock) -> list[Badge]:
    """Five badges, a day apart."""
    badges = []
    for name in NAMES:
        badges += bring(maria, issuer().ob3(award(name=name)).data, check=True)[1]
        clock.move(days=1)
    return badges


@pytest.fixture
def stranger(db: Session, clock: Clock) -> Earner:
    return joining.make_earner(db, "someone@else.example", clock())


def titles(page: organising.Page) -> list[str]:
    return [badge.title for badge in page.badges]


def test_the_newest_comes_first(db: Session, maria: Earner, shelf: list[Badge]) -> None:
    assert titles(organising.badges(db, maria)) == list(reversed(NAMES))


@pytest.mark.parametrize("sort", organising.SORTS)
def test_pages_follow_each_other_without_gap_or_repetition(
    db: Session, maria: Earner, shelf: list[Badge], sort: str
) -> None:
    whole = titles(organising.badges(db, maria, sort=sort))
    walked, cursor = [], None
    for _ in NAMES:
        page = organising.badges(db, maria, sort=sort, limit=2, cursor=cursor)
        walked += titles(page)
        assert page.total == len(NAMES)
        if (cursor := page.next) is None:
            break
    assert walked == whole
    assert cursor is None


@pytest.mark.parametrize("asked", ["elan", "ÉLAN", "élan vital", "vital montalvo"])
def test_search_knows_neither_case_nor_accents(
    db: Session, maria: Earner, shelf: list[Badge], asked: str
) -> None:
    assert titles(organising.badges(db, maria, q=asked)) == ["Élan vital"]


@pytest.mark.parametrize("asked", ["%", "_", "nothing like it", "\\"])
def test_search_takes_no_wildcards(db: Session, maria: Earner, shelf: list[Badge], asked: str) -> None:
    assert organising.badges(db, maria, q=asked).total == 0


def test_own_tags_are_found_and_filtered(db: Session, maria: Earner, shelf: list[Badge]) -> None:
    organising.annotate(db, maria, shelf[0].public_id, tags=["PhD", "data, open"])
    assert titles(organising.badges(db, maria, q="phd")) == ["Data Stewardship"]
    assert titles(organising.badges(db, maria, tag="phd")) == ["Data Stewardship"]
    assert organising.badges(db, maria, tag="ph").total == 0


def test_a_hidden_badge_stands_behind_its_own_tab(
    db: Session, maria: Earner, shelf: list[Badge], clock: Clock
) -> None:
    organising.hide(db, maria, shelf[2].public_id, clock())
    assert "Zoo keeping" not in titles(organising.badges(db, maria))
    assert titles(organising.badges(db, maria, status="hidden")) == ["Zoo keeping"]
    organising.show(db, maria, shelf[2].public_id)
    assert "Zoo keeping" in titles(organising.badges(db, maria))


def test_tabs_count_what_stands_behind_them(
    db: Session, maria: Earner, shelf: list[Badge], clock: Clock
) -> None:
    organising.hide(db, maria, shelf[0].public_id, clock())
    sharing.share_badge(db, maria, shelf[1].public_id, at=clock())
    counted = organising.counts(db, maria)
    for tab in ("verified", "needs_look", "shared", "hidden"):
        assert counted[tab] == organising.badges(db, maria, status=tab).total
    assert counted["all"] == organising.badges(db, maria).total == len(NAMES) - 1
    assert counted["shared"] == 1


def test_what_is_deleted_is_gone_and_comes_back_by_undo(
    db: Session, maria: Earner, shelf: list[Badge], clock: Clock
) -> None:
    gone = shelf[3].public_id
    organising.annotate(db, maria, gone, note="From the summer school")
    organising.delete(db, maria, gone, clock())
    with pytest.raises(Missing):
        organising.badge(db, maria, gone)
    assert "apiary" not in titles(organising.badges(db, maria))
    assert titles(organising.badges(db, maria, status="deleted")) == ["apiary"]
    organising.restore(db, maria, gone)
    assert organising.badge(db, maria, gone).note == "From the summer school"


def test_anothers_badge_is_as_absent_as_none(
    db: Session, blobs: Blobs, stranger: Earner, shelf: list[Badge], clock: Clock
) -> None:
    theirs = shelf[0].public_id
    attempts = [
        lambda: organising.badge(db, stranger, theirs),
        lambda: organising.original(db, blobs, stranger, theirs),
        lambda: organising.picture(db, blobs, stranger, theirs),
        lambda: organising.annotate(db, stranger, theirs, note="mine"),
        lambda: organising.hide(db, stranger, theirs, clock()),
        lambda: organising.delete(db, stranger, theirs, clock()),
        lambda: organising.restore(db, stranger, theirs),
        lambda: organising.badge(db, stranger, "no-such-badge"),
    ]
    for attempt in attempts:
        with pytest.raises(Missing, match="There is no such badge in your backpack"):
            attempt()
    assert organising.badges(db, stranger).total == 0
    assert organising.badges(db, stranger, cursor=theirs).badges == []


def test_the_original_comes_back_byte_by_byte(db: Session, blobs: Blobs, maria: Earner, bring: Bring) -> None:
    sent = issuer().ob3(award(name="Ünïque / name")).data
    _, [badge] = bring(maria, sent)
    data, media_type, name = organising.original(db, blobs, maria, badge.public_id)
    assert (data, media_type, name) == (sent, "image/png", "unique-name.png")


def test_a_page_costs_the_same_few_queries_however_many_badges_are_on_it(
    db: Session, maria: Earner, shelf: list[Badge]
) -> None:
    from sqlalchemy import event

    asked: list[str] = []
    db.refresh(maria)
    event.listen(db.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    organising.badges(db, maria)
    organising.counts(db, maria)
    organising.issuers(db, maria)
    assert len([one for one in asked if one.lstrip().upper().startswith("SELECT")]) <= 7


def test_time_of_awarding_sorts_across_years(db: Session, maria: Earner, bring: Bring, clock: Clock) -> None:
    for years in (3, 9, 1):
        issued = clock() - timedelta(days=365 * years)
        bring(maria, issuer().ob3(award(name=f"{years} years ago", issued_at=issued)).data, check=True)
    assert titles(organising.badges(db, maria, sort="awarded")) == [
        "1 years ago",
        "3 years ago",
        "9 years ago",
    ]

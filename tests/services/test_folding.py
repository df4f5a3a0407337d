"""Renewals and the same award in another version share one card, whose top is the best of them."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from backpack.services import collecting, folding, organising, sharing
from backpack.storage.tables import Badge, Earner
from tests.conftest import Clock
from tests.issuing import AT, answer_of, award, changed, issuer
from tests.services.conftest import Bring, Web
from tests.verifier.asking import raw

YEAR = timedelta(days=365)


@pytest.fixture
def clock() -> Clock:
    return Clock(AT + timedelta(days=3))


def badge(number: int, **facts: Any) -> Badge:
    """A verified badge of Maria's for one achievement; any column may be given."""
    usual: dict[str, Any] = {
        "verdict": "verified",
        "matched": "maria@backpack.example",
        "version": "3.0",
        "title": "First Aid",
        "achievement_id": "web:1",
        "achievement_key": "montalvo first aid",
        "issued_at": AT,
    }
    return Badge(id=number, **{**usual, **facts})


def cards(*badges: Badge) -> list[set[int]]:
    return sorted(({one.id for one in card} for card in folding.groups(badges)), key=min)


def tops(*badges: Badge) -> dict[int, int | None]:
    return dict(folding._placed(badges))


OB2 = {"version": "2.0", "achievement_id": "web:old"}


class TestWhatIsOneAchievement:
    def test_the_same_id_at_any_time_is(self) -> None:
        assert cards(badge(1), badge(2, issued_at=AT + YEAR)) == [{1, 2}]

    def test_two_ids_under_one_name_are_two(self) -> None:
        assert cards(badge(1), badge(2, achievement_id="web:2")) == [{1}, {2}]

    def test_another_title_under_an_old_id_is_another(self) -> None:
        assert cards(badge(1), badge(2, title="Second Aid", achievement_key="other")) == [{1}, {2}]

    def test_one_award_in_two_versions_is_known_by_name_and_moment(self) -> None:
        assert cards(badge(1), badge(2, **OB2, issued_at=AT + timedelta(hours=5))) == [{1, 2}]
        assert cards(badge(1), badge(2, **OB2, issued_at=AT + YEAR)) == [{1}, {2}]

    def test_an_id_that_tells_nothing_gives_way_to_the_name(self) -> None:
        named = {"version": "3.0", "achievement_id": "name:urn"}
        assert cards(badge(1, **OB2), badge(2, **named, issued_at=AT + YEAR)) == [{1, 2}]
        assert cards(badge(1), badge(2, **named)) == [{1}, {2}]
        assert cards(badge(1, achievement_id=""), badge(2)) == [{1, 2}]

    def test_nothing_is_guessed_where_it_could_be_either(self) -> None:
        assert cards(badge(1), badge(2, achievement_id="web:2"), badge(3, **OB2)) == [{1}, {2}, {3}]

    def test_one_award_address_is_one_award_whoever_issues_it(self) -> None:
        at_one_place = {"award_key": "badgr 1"}
        other = {"achievement_id": "web:2", "achievement_key": "else"}
        assert cards(badge(1, **at_one_place), badge(2, **at_one_place, **other)) == [{1, 2}]

    @pytest.mark.parametrize(
        "aside",
        [
            {"matched": ""},
            {"verdict": "invalid"},
            {"verdict": ""},
            {"offered_at": AT},
        ],
    )
    def test_what_is_not_yours_not_genuine_or_not_accepted_is_left_alone(self, aside: dict[str, Any]) -> None:
        assert cards(badge(1), badge(2, **aside)) == [{1}]

    def test_order_of_arrival_changes_nothing(self) -> None:
        many = [badge(n, version="2.0" if n % 3 else "3.0", issued_at=AT + n * YEAR / 2) for n in range(12)]
        expected = tops(*many)
        random.shuffle(many)
        assert tops(*many) == expected


class TestWhatStandsOnTop:
    def test_first_the_best_verdict(self) -> None:
        assert tops(badge(1), badge(2, issued_at=AT + YEAR, verdict="revoked")) == {1: None, 2: 1}

    def test_then_what_is_valid_longest(self) -> None:
        short = badge(1, issued_at=AT + YEAR, expires_at=AT + 2 * YEAR)
        assert tops(short, badge(2, expires_at=AT + 3 * YEAR)) == {1: 2, 2: None}

    def test_then_the_latest_award(self) -> None:
        assert tops(badge(1, issued_at=AT + YEAR), badge(2)) == {1: None, 2: 1}

    def test_then_the_newest_version_though_seconds_differ(self) -> None:
        second = timedelta(seconds=1)
        old = badge(1, **OB2, issued_at=AT + second, expires_at=AT + YEAR + second)
        assert tops(old, badge(2, expires_at=AT + YEAR)) == {1: 2, 2: None}

    @pytest.mark.parametrize("aside", [{"stands_alone": True}, {"hidden_at": AT}, {"deleted_at": AT}])
    def test_what_stands_alone_or_was_put_away_covers_nothing(self, aside: dict[str, Any]) -> None:
        assert tops(badge(1), badge(2, issued_at=AT + YEAR, **aside)) == {1: None}


@pytest.fixture
def three(bring: Bring, maria: Earner, web: Web) -> list[Badge]:
    """First Aid of two years, the later one in two versions."""
    first, again = (award(name="First Aid", issued_at=at) for at in (AT - YEAR, AT))
    hosted = issuer().ob2_hosted(again)
    web.serve(hosted)
    brought = [
        bring(maria, one.data, check=True)[1][0] for one in (issuer().ob3(first), hosted, issuer().ob3(again))
    ]
    assert [one.verdict for one in brought] == ["verified"] * 3
    return brought


def on_wall(db: Session, maria: Earner, q: str = "") -> list[int]:
    db.expire_all()
    return [one.id for one in organising.badges(db, maria, q).badges]


class TestOneCard:
    def test_it_counts_once_tells_what_is_under_it_and_is_found_by_that(
        self, db: Session, maria: Earner, three: list[Badge]
    ) -> None:
        old, twin, top = three
        organising.annotate(db, maria, old.public_id, tags=["Lifeboat"])
        fold = folding.folds(db, [top])[top.id]
        assert (fold.awards, fold.count, fold.twins, fold.is_latest) == ((old,), 1, (twin,), True)
        assert on_wall(db, maria) == on_wall(db, maria, "lifeboat aid") == [top.id]
        assert organising.counts(db, maria)["all"] == 1

    def test_the_next_comes_up_when_the_top_is_put_away_and_goes_back_under_it(
        self, db: Session, maria: Earner, three: list[Badge], clock: Clock
    ) -> None:
        _, twin, top = three
        organising.delete(db, maria, top.public_id, clock())
        assert on_wall(db, maria) == [twin.id]
        organising.restore(db, maria, top.public_id)
        assert on_wall(db, maria) == [top.id]
        organising.hide(db, maria, top.public_id, clock())
        assert on_wall(db, maria) == [twin.id]

    def test_it_unfolds_and_folds_again_on_demand(
        self, db: Session, maria: Earner, three: list[Badge]
    ) -> None:
        old, _, top = three
        folding.show_separately(db, maria, top.public_id)
        assert len(on_wall(db, maria)) == 3
        assert len(folding.apart(db, old)) == 2
        folding.put_together(db, maria, old.public_id)
        assert on_wall(db, maria) == [top.id]

    def test_links_and_collections_of_what_is_folded_stay_as_they_are(
        self, db: Session, maria: Earner, three: list[Badge], clock: Clock
    ) -> None:
        old, _, top = three
        link = sharing.share_badge(db, maria, old.public_id, at=clock())
        made = collecting.create_collection(db, maria, "All", "", clock(), [(old.public_id, "")])
        assert [one.id for one in organising.badges(db, maria, collection=made.public_id).badges] == [old.id]
        assert [one.id for one in organising.badges(db, maria, status="shared").badges] == [top.id]
        shown = sharing.open_share(db, link.slug, clock())
        assert (shown.entries[0].issued_at, shown.newer) == (old.issued_at, "")

    def test_nothing_is_newer_than_the_last_day_that_there_is(self, db: Session) -> None:
        last = badge(9, folded_under=1, issued_at=datetime.max.replace(tzinfo=UTC))
        assert folding.newer_than(db, last) == []

    def test_strangers_hear_of_a_newer_award_only_where_the_world_may_see_it(
        self, db: Session, maria: Earner, three: list[Badge], clock: Clock
    ) -> None:
        old, _, top = three
        link = sharing.share_badge(db, maria, old.public_id, at=clock())
        sharing.share_badge(db, maria, top.public_id, at=clock())
        assert sharing.open_share(db, link.slug, clock()).newer == ""
        world = sharing.share_badge(db, maria, top.public_id, at=clock(), audience="world")
        assert sharing.open_share(db, link.slug, clock()).newer == world.slug
        sharing.close(db, maria, world.public_id, clock())
        assert sharing.open_share(db, link.slug, clock()).newer == ""

    def test_strangers_hear_of_no_newer_award_that_nobody_confirmed(
        self, db: Session, bring: Bring, maria: Earner, web: Web, clock: Clock
    ) -> None:
        over = issuer().ob2_hosted(award(expires_at=AT), carrier="bare")
        web.serve(over)
        _, [old] = bring(maria, over.data, check=True)
        web.answers.clear()
        made_up = issuer().ob2_hosted(award(number=2, issued_at=AT), carrier="bare")
        badge = {**answer_of(over, raw(over)["badge"]), "issuer": answer_of(over, old.issuer_id)}
        _, [top] = bring(maria, changed(made_up, badge=badge).data, check=True)
        db.refresh(old)
        assert (old.verdict, top.verdict, old.folded_under) == ("expired", "unconfirmed", top.id)
        sharing.share_badge(db, maria, top.public_id, at=clock(), audience="world")
        link = sharing.share_badge(db, maria, old.public_id, at=clock())
        assert sharing.open_share(db, link.slug, clock()).newer == ""


def test_badges_of_two_people_or_two_issuers_are_never_one(bring: Bring, maria: Earner, web: Web) -> None:
    elsewhere = issuer("elsewhere.example").ob3(award(name="First Aid"))
    [mine], [other] = (
        bring(maria, one.data, check=True)[1] for one in (issuer().ob3(award(name="First Aid")), elsewhere)
    )
    assert (mine.folded_under, other.folded_under) == (None, None)
    assert mine.achievement_key != other.achievement_key

"""Links to this very Backpack, brought in: what they are is said, and nothing is asked of ourselves."""

import pytest
from sqlmodel import Session, select

from backpack.config import Settings
from backpack.services import answering, arriving, collecting, joining, sharing
from backpack.storage.tables import Arrival, Earner
from tests.conftest import Clock
from tests.issuing import award, issuer
from tests.services.conftest import Bring, Web

HOSTED = issuer().ob2_hosted(award(name="First Aid"), carrier="bare")
SIGNED = issuer().ob3(award())


@pytest.fixture
def ines(db: Session, clock: Clock) -> Earner:
    return joining.make_earner(db, "ines@backpack.example", clock())


def page(db: Session, earner: Earner, badge: str, settings: Settings, clock: Clock) -> str:
    return sharing.link_of(sharing.share_badge(db, earner, badge, at=clock()), settings)


def test_the_link_of_ones_own_page_is_a_badge_that_is_there(
    db: Session, maria: Earner, bring: Bring, web: Web, settings: Settings, clock: Clock
) -> None:
    _, [badge] = bring(maria, SIGNED.data)
    for url in (
        page(db, maria, badge.public_id, settings, clock),
        f"{settings.base_url}/badges/{badge.public_id}",
    ):
        arrival, brought = bring(maria, url.encode(), "link", url)
        assert (arrival.state, brought) == ("done", [badge])
        assert [is_new for _, is_new in arriving.badges_of(db, arrival)] == [False]
    assert web.asked == []


def test_ones_own_collection_brings_all_that_is_in_it(
    db: Session, maria: Earner, bring: Bring, settings: Settings, clock: Clock
) -> None:
    ids = [bring(maria, one.data)[1][0].public_id for one in (SIGNED, issuer().ob3(award(number=2)))]
    made = collecting.create_collection(db, maria, "Shown", "", clock())
    collecting.add_to_collection(db, maria, made.public_id, ids)
    link = sharing.link_of(sharing.share_collection(db, maria, made.public_id, at=clock()), settings)
    assert len(bring(maria, link.encode(), "link", link)[1]) == 2


def test_somebody_elses_signed_badge_is_said_to_be_theirs_to_give(
    db: Session, maria: Earner, ines: Earner, bring: Bring, web: Web, settings: Settings, clock: Clock
) -> None:
    _, [badge] = bring(maria, SIGNED.data, check=True)
    link = page(db, maria, badge.public_id, settings, clock)
    arrival, brought = bring(ines, link.encode(), "link", link)
    assert (arrival.state, brought) == ("failed", [])
    assert "the public page of “Open Science Foundations” on this Backpack" in str(arrival.problem)
    assert "Whoever it belongs to finds the file" in str(arrival.try_this)
    assert not any(settings.base_url in url for url in web.asked)


def test_somebody_elses_hosted_badge_is_fetched_from_its_issuer(
    db: Session, maria: Earner, ines: Earner, bring: Bring, web: Web, settings: Settings, clock: Clock
) -> None:
    web.serve(HOSTED)
    _, [badge] = bring(maria, HOSTED.data, check=True)
    link = page(db, maria, badge.public_id, settings, clock)
    arrival, _ = bring(ines, link.encode(), "link", link)
    inside = db.exec(select(Arrival).where(Arrival.parent_id == arrival.id)).all()
    assert [one.origin for one in inside] == [HOSTED.address]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/b/notherenotherenotherenot", "shows nothing any more"),
        ("/settings", "a page of this Backpack itself"),
        ("/badges/notherenotherenother", "a page of this Backpack itself"),
    ],
)
def test_an_address_of_ours_without_a_badge_is_said_to_be_that(
    maria: Earner, bring: Bring, web: Web, settings: Settings, path: str, says: str
) -> None:
    arrival, _ = bring(maria, f"{settings.base_url}{path}".encode(), "link")
    assert says in str(arrival.problem)
    assert web.asked == []


def test_an_employer_is_sent_to_the_page_itself(
    db: Session, maria: Earner, bring: Bring, web: Web, settings: Settings, clock: Clock
) -> None:
    _, [badge] = bring(maria, SIGNED.data)
    said = []
    for link in (
        page(db, maria, badge.public_id, settings, clock),
        f"{settings.base_url}/b/notherenotherenotherenot",
    ):
        answers = answering.look(db, link.encode(), "link", link, None, settings, "here", clock())
        said += [trouble.says for trouble in answers.troubles]
    assert said[0] == "This is the public page of “Open Science Foundations” on this Backpack."
    assert "shows nothing any more" in said[1]
    assert web.asked == []

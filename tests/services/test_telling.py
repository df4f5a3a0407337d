"""What an earner is told without asking: what changed, what ends soon, what nobody could confirm for a week."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backpack.config import Settings
from backpack.services import checking, organising, telling
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Address, Badge, Earner, Outbox
from backpack.verifier.times import day
from tests.conftest import Clock
from tests.issuing import AT, MARIA, answer_of, answering, award, changed, issuer
from tests.services.conftest import Bring, Web

HOSTED = issuer().ob2_hosted(award(name="First Aid"), carrier="bare")
OTHER = issuer().ob2_hosted(award(name="Lab Safety", number=2), carrier="bare")
PROFILE = "https://montalvo.example/ob2/issuer"
A_YEAR = timedelta(days=365)


@pytest.fixture
def clock() -> Clock:
    return Clock(AT + timedelta(days=3))


@pytest.fixture
def until(
    db: Session, engine: Engine, blobs: Blobs, settings: Settings, clock: Clock
) -> Callable[[datetime], None]:
    """Do what falls due until then: checks, and the telling of what they noted."""

    def until(end: datetime) -> None:
        while True:
            db.expire_all()
            turn = db.exec(select(Badge).order_by(col(Badge.next_check_at)).limit(1)).one()
            if turn.next_check_at > end:
                break
            clock.at = max(clock.at, turn.next_check_at)
            checking.check_badge(engine, blobs, settings, turn.id, clock())
            tell()
        clock.at = end
        tell()
        db.expire_all()

    def tell() -> None:
        for earner in telling.due(db, clock()):
            telling.tell(engine, settings, earner, clock())

    return until


@pytest.fixture
def mails(db: Session) -> Callable[[], list[tuple[str, str, str]]]:
    return lambda: [
        (one.to, one.subject, one.text) for one in db.exec(select(Outbox).order_by(col(Outbox.id)))
    ]


def ends(db: Session) -> datetime:
    return db.exec(select(Badge.expires_at)).one()


@pytest.fixture
def ending(bring: Bring, maria: Earner) -> Badge:
    """A badge that ends in a year, more or less."""
    made = issuer().ob3(award(name="First Aid", expires_at=AT + A_YEAR), carrier="bare")
    return bring(maria, made.data, check=True)[1][0]


def test_a_badge_that_ends_is_told_a_month_before_and_once(ending, until, mails) -> None:
    until(ending.expires_at - timedelta(days=31))
    assert mails() == []
    until(ending.expires_at - timedelta(days=1))
    [(to, subject, text)] = mails()
    assert (to, subject) == (MARIA, "News of “First Aid”")
    assert f"It ends on {day(ending.expires_at)}." in text
    assert f"/badges/{ending.public_id}" in text


def test_a_badge_that_ends_soon_when_it_comes_is_told_on_the_page_alone(
    ending, bring, maria, until, mails
) -> None:
    soon = issuer().ob3(award(name="Short", number=2, expires_at=AT + timedelta(days=20)), carrier="bare")
    bring(maria, soon.data, check=True)
    until(AT + timedelta(days=19))
    assert mails() == []


def test_a_badge_that_was_renewed_may_end(ending, bring, maria, until, mails, db) -> None:
    later = award(name="First Aid", issued_at=AT + timedelta(days=2), expires_at=AT + 2 * A_YEAR)
    [renewal] = bring(maria, issuer().ob3(later, carrier="bare").data, check=True)[1]
    db.expire_all()
    assert ending.folded_under == renewal.id
    until(ending.expires_at - timedelta(days=1))
    assert mails() == []


def test_what_an_issuer_changed_of_several_badges_is_one_mail(
    bring, maria, web: Web, until, mails, clock
) -> None:
    web.serve(HOSTED, OTHER)
    for one in (HOSTED, OTHER):
        bring(maria, one.data, check=True)
    said = answer_of(HOSTED, PROFILE)
    web.serve(answering(HOSTED, PROFILE, {**said, "name": "Montalvo School of Care"}))
    until(clock() + timedelta(days=10))
    news = [text for _, subject, text in mails() if subject == "News of 2 of your badges" or "“" in subject]
    assert 1 <= len(news) <= 2
    told = "\n".join(news)
    assert told.count("The issuer changed its profile.") == 2
    assert "“First Aid”" in told
    assert "“Lab Safety”" in told


def test_a_badge_that_was_renamed_is_told_with_the_name_that_its_earner_knows(
    bring, maria, web: Web, until, mails, clock
) -> None:
    web.serve(HOSTED)
    bring(maria, HOSTED.data, check=True)
    [described] = [url for url in HOSTED.documents if "/badges/" in url]
    web.serve(answering(HOSTED, described, {**answer_of(HOSTED, described), "name": "Advanced First Aid"}))
    until(clock() + timedelta(days=10))
    [(_, subject, text)] = mails()
    assert subject == "News of “Advanced First Aid”"
    assert "It was called “First Aid” before." in text


def test_what_only_its_file_called_it_is_no_name_that_it_had_before(
    bring, maria, web: Web, until, mails, clock
) -> None:
    web.serve(HOSTED)
    address = next(url for url in HOSTED.documents if "/awards/" in url)
    served = web.answers.pop(address)
    [described] = [url for url in HOSTED.documents if "/badges/" in url]
    doctor = {**answer_of(HOSTED, described), "id": "_:doctor", "name": "Doctor"}
    [badge] = bring(maria, changed(HOSTED, badge=doctor).data, check=True)[1]
    assert (badge.verdict, badge.title) == ("unconfirmed", "Doctor")
    web.serve(answering(HOSTED, PROFILE, {**answer_of(HOSTED, PROFILE), "name": "Montalvo School of Care"}))
    web.answers[address] = served
    until(clock() + timedelta(days=1))
    [(_, subject, text)] = mails()
    assert subject == "News of “First Aid”"
    assert "The issuer changed its profile." in text
    assert "Doctor" not in text


def test_what_changes_nothing_is_not_told(bring, maria, web: Web, until, mails, clock) -> None:
    web.serve(HOSTED)
    bring(maria, HOSTED.data, check=True)
    web.serve(answering(HOSTED, PROFILE, {**answer_of(HOSTED, PROFILE), "description": "Teaches care."}))
    until(clock() + timedelta(days=10))
    assert mails() == []


def test_an_issuer_that_stays_silent_for_a_week_is_told_once(
    bring, maria, web: Web, until, mails, clock
) -> None:
    web.serve(HOSTED)
    [badge] = bring(maria, HOSTED.data, check=True)[1]
    verified = day(badge.checked_at)
    web.answers.clear()
    until(badge.next_check_at + timedelta(days=5))
    assert mails() == []
    until(clock() + timedelta(days=60))
    [(_, _, text)] = mails()
    assert "Nobody could confirm it since" in text
    assert "montalvo.example could not be reached" in text
    assert f"It was last verified on {verified}" in text


def test_what_was_no_longer_theirs_meanwhile_is_not_said_to_have_been_silent_since(
    bring, maria, web: Web, until, mails, clock, db
) -> None:
    web.serve(HOSTED)
    [badge] = bring(maria, HOSTED.data, check=True)[1]
    address = db.exec(select(Address)).one()
    for confirmed_at, verdict in ((None, "wrong_recipient"), (AT, "unconfirmed")):
        clock.move(days=1)
        address.confirmed_at = confirmed_at
        db.add(address)
        checking.check_now(db, maria, badge.public_id, clock())
        until(clock())
        assert badge.verdict == verdict
        web.answers.clear()
    until(clock() + timedelta(days=60))
    assert mails() == []


def test_asking_again_and_again_makes_no_week(bring, maria, web: Web, mails, until, clock, db) -> None:
    web.serve(HOSTED)
    [badge] = bring(maria, HOSTED.data, check=True)[1]
    web.answers.clear()
    for _ in range(8):
        clock.move(minutes=1)
        checking.check_now(db, maria, badge.public_id, clock())
        until(clock())
    assert mails() == []


def test_news_is_told_once_a_day_and_what_is_none_any_more_is_forgotten(
    bring, maria, web: Web, until, mails, clock, db, engine, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By chance the checks are spread so far that nobody was silent for a week by then.
    monkeypatch.setattr("backpack.services.reporting.random.random", lambda: 0.5)
    web.serve(HOSTED)
    [badge] = bring(maria, HOSTED.data, check=True)[1]
    maria.told_of_news_at = badge.next_check_at + timedelta(days=9)
    db.add(maria)
    db.commit()
    web.answers.clear()
    until(badge.next_check_at + timedelta(days=9))
    assert badge.news
    assert mails() == []
    web.serve(HOSTED)
    until(clock() + timedelta(days=10))
    assert (badge.verdict, badge.news, mails()) == ("verified", None, [])


@pytest.mark.parametrize("why", ["does not want it", "put it into the bin"])
def test_who_wants_no_news_hears_none(ending, until, mails, maria, db, clock, why) -> None:
    if why == "does not want it":
        maria.hears_of_news = False
        db.add(maria)
        db.commit()
        until(ending.expires_at - timedelta(days=1))
    else:
        until(ending.expires_at - timedelta(days=31))
        ending.news = {"ends": "It ends."}
        db.add(ending)
        organising.delete(db, maria, ending.public_id, clock())
        until(clock() + timedelta(days=1))
    assert (mails(), ending.news) == ([], None)


def test_two_workers_tell_it_once(ending, until, mails, maria, db, engine, settings, clock) -> None:
    ending.news = {"ends": "It ends."}
    db.add(ending)
    db.commit()
    assert [telling.tell(engine, settings, maria.id, clock()) for _ in range(2)] == [True, False]
    assert len(mails()) == 1


def test_of_many_badges_some_are_named_and_the_others_counted() -> None:
    badges = [
        Badge(title=f"Part {n}", news={"ends": "It ends."}, public_id=f"p{n}")
        for n in range(telling.MOST + 3)
    ]
    text = telling._text(badges, Settings(_env_file=None))
    assert text.count("It ends.") == telling.MOST
    assert "There is news of 3 more" in text

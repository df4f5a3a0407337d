"""Who someone is: links and codes by mail, sign-ins, addresses."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from backpack.config import Settings
from backpack.errors import AddressTaken, Clash, Missing, Refused, TooMany, Unreadable
from backpack.services import joining, notifying
from backpack.storage.database import session
from backpack.storage.tables import Address, Challenge, Earner, Outbox, Signin
from tests.conftest import Clock

ADA, BOB = "ada@people.example", "bob@people.example"


@pytest.fixture
def ask(db: Session, settings: Settings, clock: Clock):
    """Ask to sign in and read the mail: gives the link's token and the code."""

    def ask(email: str = ADA) -> tuple[str, str]:
        joining.ask_to_sign_in(db, email, settings, clock())
        return _secrets(db)

    return ask


def _secrets(db: Session) -> tuple[str, str]:
    mail = notifying.kept(db)[0]
    code = re.search(r"\b\d{6}\b", mail.subject)
    link = re.search(r"/(?:signin/link|confirm)/([\w-]+)", mail.text)
    assert code
    assert link
    return link[1], code[0]


def test_the_first_sign_in_by_link_makes_a_backpack(db: Session, clock: Clock, ask) -> None:
    token, _ = ask()
    earner, secret = joining.sign_in_by_link(db, token, "Firefox", clock())
    assert [a.email for a in joining.addresses(db, earner)] == [ADA]
    found = joining.who(db, secret, clock())
    assert found is not None
    assert found[0].id == earner.id


def test_a_code_does_the_same(db: Session, clock: Clock, ask) -> None:
    _, code = ask()
    earner, secret = joining.sign_in_by_code(db, " ADA@People.example ", code, "Firefox", clock())
    assert joining.earner_by_email(db, ADA) == earner
    assert joining.who(db, secret, clock())


def test_whoever_comes_back_finds_the_same_backpack(db: Session, clock: Clock, ask) -> None:
    first, _ = joining.sign_in_by_link(db, ask()[0], "", clock())
    second, _ = joining.sign_in_by_link(db, ask("Ada@people.example")[0], "", clock())
    assert second.id == first.id


def test_who_reads_another_mailbox_finds_another_backpack(db: Session, clock: Clock, ask) -> None:
    theirs, _ = joining.sign_in_by_link(db, ask("info@strasse.example")[0], "", clock())
    mine, _ = joining.sign_in_by_link(db, ask("info@straße.example")[0], "", clock())
    assert mine.id != theirs.id
    assert [a.email for a in joining.addresses(db, mine)] == ["info@straße.example"]
    _, code = ask("Info@Straße.example")
    assert joining.sign_in_by_code(db, "info@straße.example", code, "", clock())[0].id == mine.id


def test_the_mail_says_the_code_first_and_carries_the_link_twice(
    db: Session, settings: Settings, ask
) -> None:
    token, code = ask()
    mail = notifying.kept(db)[0]
    assert mail.to == ADA
    assert mail.subject == f"{code} is your Backpack code"
    link = f"{settings.base_url}/signin/link/{token}"
    assert link in mail.text
    assert f'href="{link}"' in mail.html
    assert code in mail.html


def test_looking_at_a_link_does_not_use_it(db: Session, clock: Clock, ask) -> None:
    token, _ = ask()
    for _ in range(3):
        assert joining.look_at_link(db, token, clock()).email == ADA
    joining.sign_in_by_link(db, token, "", clock())
    with pytest.raises(Refused, match="used already"):
        joining.look_at_link(db, token, clock())


def test_a_link_works_once(db: Session, clock: Clock, ask) -> None:
    token, _ = ask()
    joining.sign_in_by_link(db, token, "", clock())
    with pytest.raises(Refused, match="used already"):
        joining.sign_in_by_link(db, token, "", clock())


def test_a_used_link_takes_its_code_with_it(db: Session, clock: Clock, ask) -> None:
    token, code = ask()
    joining.sign_in_by_link(db, token, "", clock())
    with pytest.raises(Refused):
        joining.sign_in_by_code(db, ADA, code, "", clock())


def test_a_link_used_by_two_at_once_signs_in_one(db: Session, settings: Settings, clock: Clock, ask) -> None:
    token, _ = ask()

    def use(_: int) -> bool:
        with session(settings) as own:
            try:
                joining.sign_in_by_link(own, token, "", clock())
            except Refused:
                return False
            return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(use, range(4))) == 1
    assert len(db.exec(select(Signin)).all()) == 1


def test_two_first_sign_ins_at_once_make_one_backpack(settings: Settings, db: Session, clock: Clock) -> None:
    def join(_: int) -> int:
        with session(settings) as own:
            return joining.make_earner(own, ADA, clock()).id

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(join, range(4)))) == 1
    assert len(db.exec(select(Earner)).all()) == 1


def test_a_link_lasts_half_an_hour_and_a_code_ten_minutes(db: Session, clock: Clock, ask) -> None:
    token, code = ask()
    clock.move(minutes=10, seconds=1)
    with pytest.raises(Refused, match="expired"):
        joining.sign_in_by_code(db, ADA, code, "", clock())
    joining.look_at_link(db, token, clock())
    clock.move(minutes=20)
    with pytest.raises(Refused, match="expired"):
        joining.sign_in_by_link(db, token, "", clock())


def test_after_five_wrong_codes_the_right_one_is_spent(db: Session, clock: Clock, ask) -> None:
    _, code = ask()
    for guess in range(5):
        with pytest.raises(Refused, match="not the code"):
            joining.sign_in_by_code(db, ADA, f"x{guess}", "", clock())
    with pytest.raises(Refused, match="too often"):
        joining.sign_in_by_code(db, ADA, code, "", clock())


def test_many_guesses_at_once_are_as_many_tries(settings: Settings, db: Session, clock: Clock, ask) -> None:
    ask()

    def guess(number: int) -> str:
        with session(settings) as own:
            try:
                joining.sign_in_by_code(own, ADA, f"x{number}", "", clock())
            except Refused as error:
                return error.code
        return "in"

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(guess, range(12))).count("wrong_code") <= 5
    assert db.exec(select(Challenge.tries)).one() == 5


def test_a_code_of_somebody_else_opens_nothing(db: Session, clock: Clock, ask) -> None:
    _, code = ask(ADA)
    ask(BOB)
    with pytest.raises(Refused):
        joining.sign_in_by_code(db, BOB, code if code != _secrets(db)[1] else "x", "", clock())


def test_an_invented_link_is_not_known(db: Session, clock: Clock) -> None:
    with pytest.raises(Missing):
        joining.sign_in_by_link(db, "invented", "", clock())


def test_known_and_unknown_addresses_are_answered_alike(db: Session, clock: Clock, ask) -> None:
    joining.sign_in_by_link(db, ask(ADA)[0], "", clock())
    ask(ADA)
    known = notifying.kept(db)[0]
    ask(BOB)
    unknown = notifying.kept(db)[0]
    assert [known.subject[6:], len(known.text)] == [unknown.subject[6:], len(unknown.text)]
    assert joining.earner_by_email(db, BOB) is None


def test_what_is_no_address_is_refused_in_words(db: Session, settings: Settings, clock: Clock) -> None:
    for text in ("", "ada", "ada@", "a b@c.example", "ada@people.example\nbcc: bob@people.example"):
        with pytest.raises(Unreadable, match="not an e-mail address"):
            joining.ask_to_sign_in(db, text, settings, clock())
    assert notifying.kept(db) == []


def test_nobody_is_flooded_with_mail(db: Session, clock: Clock, ask) -> None:
    for _ in range(5):
        ask()
    with pytest.raises(TooMany) as refused:
        ask()
    assert 0 < refused.value.retry_after <= 900
    ask(BOB)
    clock.move(minutes=15)
    ask()


def test_secrets_are_kept_as_hashes_only(db: Session, clock: Clock, ask) -> None:
    token, code = ask()
    _, secret = joining.sign_in_by_link(db, token, "", clock())
    kept = str([row.model_dump() for row in (*db.exec(select(Challenge)), *db.exec(select(Signin)))])
    for word in (token, code, secret):
        assert word not in kept


class TestSignins:
    @pytest.fixture
    def signed_in(self, db: Session, clock: Clock, ask) -> tuple[Earner, str]:
        return joining.sign_in_by_link(db, ask()[0], "Firefox on Linux", clock())

    def test_they_are_listed_and_ended_one_by_one(self, db: Session, clock: Clock, signed_in, ask) -> None:
        earner, here = signed_in
        _, there = joining.sign_in_by_link(db, ask()[0], "A phone", clock())
        phone = next(s for s in joining.signins(db, earner) if s.user_agent == "A phone")
        joining.end_signin(db, earner, phone.public_id)
        assert joining.who(db, there, clock()) is None
        assert joining.who(db, here, clock())
        assert [s.user_agent for s in joining.signins(db, earner)] == ["Firefox on Linux"]

    def test_nobody_ends_somebody_elses(self, db: Session, clock: Clock, signed_in) -> None:
        mine = joining.signins(db, signed_in[0])[0]
        with pytest.raises(Missing):
            joining.end_signin(db, joining.make_earner(db, BOB, clock()), mine.public_id)

    def test_signing_out_ends_it(self, db: Session, clock: Clock, signed_in) -> None:
        joining.sign_out(db, signed_in[1])
        assert joining.who(db, signed_in[1], clock()) is None

    def test_two_idle_weeks_end_it_but_a_daily_visit_keeps_it(
        self, db: Session, clock: Clock, signed_in
    ) -> None:
        _, secret = signed_in
        for _ in range(15):
            clock.move(days=1, minutes=1)
            assert joining.who(db, secret, clock())
        clock.move(days=14, minutes=1)
        assert joining.who(db, secret, clock()) is None

    def test_ninety_days_end_it_in_any_case(self, db: Session, clock: Clock, signed_in) -> None:
        for _ in range(9):
            clock.move(days=9, hours=23)
            assert joining.who(db, signed_in[1], clock())
        clock.move(days=1)
        assert joining.who(db, signed_in[1], clock()) is None

    def test_a_database_that_takes_no_writes_still_knows_who_it_is(
        self, db: Session, clock: Clock, signed_in, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock.move(days=3)

        def full() -> None:
            raise OperationalError("UPDATE", None, Exception("database or disk is full"))

        monkeypatch.setattr(db, "commit", full)
        assert joining.who(db, signed_in[1], clock())

    def test_an_invented_one_is_nobody(self, db: Session, clock: Clock) -> None:
        assert joining.who(db, "invented", clock()) is None


class TestAddresses:
    @pytest.fixture
    def ada(self, db: Session, clock: Clock) -> Earner:
        return joining.make_earner(db, ADA, clock())

    def test_one_that_is_not_confirmed_counts_for_nothing(
        self, db: Session, settings: Settings, clock: Clock, ada: Earner
    ) -> None:
        added = joining.add_address(db, ada, BOB, settings, clock())
        assert added.confirmed_at is None
        assert joining.earner_by_email(db, BOB) is None

    def test_link_or_code_confirm_it(
        self, db: Session, settings: Settings, clock: Clock, ada: Earner
    ) -> None:
        joining.add_address(db, ada, BOB, settings, clock())
        assert joining.confirm_by_link(db, _secrets(db)[0], clock()).confirmed_at == clock()
        joining.add_address(db, ada, "ada@work.example", settings, clock())
        joining.confirm_by_code(db, ada, "ada@work.example", _secrets(db)[1], clock())
        assert joining.earner_by_email(db, "ada@work.example") == ada
        assert joining.earner_by_email(db, BOB) == ada

    def test_a_link_that_confirms_signs_nobody_in(
        self, db: Session, settings: Settings, clock: Clock, ada: Earner
    ) -> None:
        joining.add_address(db, ada, BOB, settings, clock())
        with pytest.raises(Missing):
            joining.sign_in_by_link(db, _secrets(db)[0], "", clock())

    def test_a_link_that_signs_in_confirms_nothing(self, db: Session, clock: Clock, ask) -> None:
        with pytest.raises(Missing):
            joining.confirm_by_link(db, ask()[0], clock())

    def test_what_somebody_else_confirmed_is_told_only_to_whoever_reads_its_mail(
        self, db: Session, settings: Settings, clock: Clock, ada: Earner
    ) -> None:
        joining.make_earner(db, BOB, clock())
        added = joining.add_address(db, ada, BOB, settings, clock())
        assert added.confirmed_at is None
        with pytest.raises(AddressTaken):
            joining.confirm_by_link(db, _secrets(db)[0], clock())
        owner = joining.earner_by_email(db, BOB)
        assert owner is not None
        assert owner.id != ada.id

    def test_asked_again_it_is_sent_again_and_not_added_twice(
        self, db: Session, settings: Settings, clock: Clock, ada: Earner
    ) -> None:
        joining.add_address(db, ada, BOB, settings, clock())
        joining.add_address(db, ada, "Bob@people.example", settings, clock())
        assert len(joining.addresses(db, ada)) == 2
        assert len(notifying.kept(db)) == 2

    def test_one_that_is_confirmed_already_is_said_to_be(
        self, db: Session, settings: Settings, clock: Clock, ada: Earner
    ) -> None:
        with pytest.raises(Clash, match="already"):
            joining.add_address(db, ada, "ADA@people.example", settings, clock())

    def test_the_only_confirmed_one_stays(
        self, db: Session, settings: Settings, clock: Clock, ada: Earner
    ) -> None:
        added = joining.add_address(db, ada, BOB, settings, clock())
        with pytest.raises(Clash, match="only confirmed"):
            joining.remove_address(db, ada, joining.addresses(db, ada)[0].public_id)
        joining.remove_address(db, ada, added.public_id)
        assert [a.email for a in joining.addresses(db, ada)] == [ADA]

    def test_nobody_removes_somebody_elses(self, db: Session, clock: Clock, ada: Earner) -> None:
        bob = joining.make_earner(db, BOB, clock())
        with pytest.raises(Missing):
            joining.remove_address(db, bob, joining.addresses(db, ada)[0].public_id)

    def test_a_removed_one_is_not_confirmed_by_an_old_link(
        self, db: Session, settings: Settings, clock: Clock, ada: Earner
    ) -> None:
        added = joining.add_address(db, ada, BOB, settings, clock())
        joining.remove_address(db, ada, added.public_id)
        with pytest.raises(Missing, match="removed"):
            joining.confirm_by_link(db, _secrets(db)[0], clock())
        assert db.exec(select(Address.email)).all() == [ADA]

    def test_there_is_an_end_to_them(
        self, db: Session, settings: Settings, clock: Clock, ada: Earner
    ) -> None:
        for number in range(19):
            joining.add_address(db, ada, f"ada{number}@people.example", settings, clock())
        with pytest.raises(Clash, match="at most"):
            joining.add_address(db, ada, BOB, settings, clock())
        assert len(db.exec(select(Outbox)).all()) == 19


class TestInbox:
    def test_mail_to_the_personal_address_finds_its_earner(
        self, db: Session, settings: Settings, clock: Clock
    ) -> None:
        ada = joining.make_earner(db, ADA, clock())
        address = joining.inbox_address(ada, settings)
        assert joining.earner_of_inbox(db, address, settings) == ada
        assert joining.earner_of_inbox(db, address.upper(), settings) == ada

    def test_a_replaced_one_takes_nothing(self, db: Session, settings: Settings, clock: Clock) -> None:
        ada = joining.make_earner(db, ADA, clock())
        before = joining.inbox_address(ada, settings)
        after = joining.inbox_address(joining.replace_inbox(db, ada), settings)
        assert joining.earner_of_inbox(db, before, settings) is None
        assert joining.earner_of_inbox(db, after, settings) == ada

    @pytest.mark.parametrize(
        "address", ["", "@", "import+", "import+%@{host}", "ada@{host}", "import+{slug}@evil.example"]
    )
    def test_anything_else_finds_nobody(
        self, db: Session, settings: Settings, clock: Clock, address: str
    ) -> None:
        ada = joining.make_earner(db, ADA, clock())
        asked = address.format(host=settings.inbox_host, slug=ada.inbox_slug)
        assert joining.earner_of_inbox(db, asked, settings) is None


def test_a_name_is_one_line(db: Session, clock: Clock) -> None:
    ada = joining.make_earner(db, ADA, clock())
    assert joining.rename(db, ada, "  Ada\n Lovelace ").name == "Ada Lovelace"

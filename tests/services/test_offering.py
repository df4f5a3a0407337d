"""What comes by mail waits for its earner: shown to them alone, and nowhere before they accept it."""

import json
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from sqlmodel import Session, select

from backpack.errors import Clash, Missing
from backpack.services import (
    arriving,
    checking,
    collecting,
    exporting,
    importing,
    looking,
    notifying,
    offering,
    opening,
    organising,
    sharing,
)
from backpack.services.opening import Gathered
from backpack.services.vouching import Vouched
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Arrival, Badge, Earner, Outbox
from backpack.verifier import read
from backpack.verifier.sameness import credential_text
from tests.conftest import Clock
from tests.issuing import MARIA, award, changed, forged, issuer
from tests.services.conftest import Bring, Web

PNG = issuer().ob3(award())
FORWARDED = {"vouched": Vouched(author=MARIA, aligned=True, forwarded_by=MARIA).as_json()}


def mail(*attached: bytes, text: str = "Congratulations!") -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "awards@montalvo.example", MARIA, "You earned a badge"
    made.set_content(text)
    for data in attached:
        made.add_attachment(data, maintype="image", subtype="png", filename="badge.png")
    return made.as_bytes()


@pytest.fixture
def offered(bring: Bring, maria: Earner) -> Badge:
    """A badge that came by mail, checked."""
    _, [badge] = bring(maria, mail(PNG.data), "mail", "awards@montalvo.example", check=True)
    return badge


@pytest.fixture
def letter(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What is known of the next mails: a dictionary to fill; its "links" are what they may lead to."""
    known: dict[str, Any] = {}
    gather = importing.gather

    def knowing(data: bytes, source: str, *rest: Any) -> Gathered:
        found = gather(data, source, *rest)
        if source != "mail":
            return found
        told = {name: value for name, value in known.items() if name != "links"}
        return Gathered(found.badges, found.troubles, found.parts, tuple(known.get("links", ())), told)

    monkeypatch.setattr(importing, "gather", knowing)
    return known


class TestWaiting:
    def test_it_is_checked_and_offered_with_the_mail_it_came_in(
        self, db: Session, maria: Earner, offered: Badge
    ) -> None:
        [offer] = offering.offers(db, maria)
        assert offer.badges == (offered,)
        assert offered.verdict == "verified"
        assert offer.mail.origin == "awards@montalvo.example"

    def test_it_is_nowhere_among_their_badges(self, db: Session, maria: Earner, offered: Badge) -> None:
        for status in ("", "all", "verified", "needs_look", "shared", "hidden"):
            assert organising.badges(db, maria, status=status).total == 0
        assert organising.badges(db, maria, q="open science").badges == []
        assert set(organising.counts(db, maria).values()) == {0}
        assert organising.issuers(db, maria) == []
        assert [b.id for b in organising.badges(db, maria, status="offered").badges] == [offered.id]

    def test_it_can_neither_be_shared_nor_gathered(
        self, db: Session, maria: Earner, offered: Badge, clock: Clock
    ) -> None:
        with pytest.raises(Clash, match="still waits"):
            sharing.share_badge(db, maria, offered.public_id, at=clock())
        with pytest.raises(Missing):
            collecting.create_collection(db, maria, "Mine", "", clock(), [(offered.public_id, "")])

    def test_nobody_else_is_offered_it_or_may_accept_it(
        self, db: Session, offered: Badge, stranger: Earner
    ) -> None:
        assert offering.offers(db, stranger) == []
        with pytest.raises(Missing):
            offering.accept(db, stranger, [offered.public_id])

    def test_their_data_hold_it_marked_as_such(
        self, db: Session, blobs: Blobs, maria: Earner, offered: Badge
    ) -> None:
        with zipfile.ZipFile(BytesIO(exporting.export(db, blobs, maria))) as taken:
            [told] = json.loads(taken.read("badges.json"))
        assert told["offered_at"] == offered.offered_at.isoformat().replace("+00:00", "Z")

    def test_it_does_not_take_the_place_of_what_the_earner_brings(
        self, bring: Bring, maria: Earner, web: Web, blobs: Blobs
    ) -> None:
        hosted = issuer().ob2_hosted(award(name="First Aid"))
        of_a_stranger = changed(hosted, note="Mine")
        web.serve(hosted)
        _, [waiting] = bring(maria, mail(of_a_stranger.data), "mail", check=True)
        assert waiting.verdict == "verified"
        _, [badge] = bring(maria, hosted.data, check=True)
        assert blobs.read(badge.original_sha256) == hosted.data
        assert (badge.offered_at is None, waiting.offered_at is None) == (True, False)

    def test_no_picture_of_a_stranger_s_takes_it_either_that_holds_its_address_alone(
        self, bring: Bring, maria: Earner, web: Web, blobs: Blobs
    ) -> None:
        hosted = issuer().ob10(award(name="First Aid"))
        address = json.loads(hosted.text)["verify"]["url"]
        _, [waiting] = bring(maria, mail(forged(hosted, address).data), "mail", check=True)
        _, [badge] = bring(maria, hosted.data)
        assert (waiting.address, waiting.offered_at is None) == (address, False)
        assert blobs.read(badge.original_sha256) == hosted.data

    def test_no_mail_tells_what_becomes_of_it(
        self, db: Session, bring: Bring, maria: Earner, web: Web, check: Any
    ) -> None:
        maria.hears_of_offers = False
        db.commit()
        hosted = issuer().ob2_hosted(award(name="First Aid"))
        web.serve(hosted)
        _, [badge] = bring(maria, mail(hosted.data), "mail", check=True)
        assert badge.verdict == "verified"
        revoked = issuer().ob2_hosted(award(name="First Aid", standing="revoked"))
        web.answers.clear()
        web.serve(revoked)
        assert check(badge) == "revoked"
        assert db.exec(select(Outbox)).all() == []


class TestTelling:
    """One quiet mail a day."""

    def test_the_first_of_a_day_is_told_without_a_word_of_what_it_is(
        self, db: Session, bring: Bring, maria: Earner, clock: Clock
    ) -> None:
        for number in range(3):
            bring(maria, mail(issuer().ob3(award(number=number)).data), "mail")
        [told] = db.exec(select(Outbox)).all()
        assert (told.to, told.subject) == (MARIA, "Something waits in your backpack")
        assert "Open Science" not in told.text
        assert "/settings/mail" in told.text
        clock.move(days=1, minutes=1)
        bring(maria, mail(issuer().ob3(award(number=9)).data), "mail")
        assert len(db.exec(select(Outbox)).all()) == 2

    def test_nothing_waits_of_which_nobody_is_told(
        self, db: Session, bring: Bring, maria: Earner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Killed between the two, an earner would never hear of it: both are kept, or neither."""

        def killed(*_: object) -> None:
            raise RuntimeError("killed")

        with monkeypatch.context() as patch:
            patch.setattr(notifying, "something_waits", killed)
            with pytest.raises(RuntimeError, match="killed"):
                bring(maria, mail(PNG.data), "mail")
        assert db.exec(select(Badge)).all() == []

    @pytest.mark.parametrize(
        "why", ["does not want it", "sent it herself", "has it already", "brought it in"]
    )
    def test_nothing_is_told_to_who(
        self, db: Session, bring: Bring, maria: Earner, letter: dict[str, Any], why: str
    ) -> None:
        maria.hears_of_offers = why != "does not want it"
        db.commit()
        letter |= FORWARDED if why == "sent it herself" else {}
        if why == "has it already":
            bring(maria, PNG.data)
        bring(maria, mail(PNG.data), "file" if why == "brought it in" else "mail", "award.eml")
        assert db.exec(select(Outbox)).all() == []


class TestAnswering:
    def test_accepted_it_is_a_badge_like_any_other(self, db: Session, maria: Earner, offered: Badge) -> None:
        offering.accept(db, maria, [offered.public_id])
        assert organising.counts(db, maria)["verified"] == 1
        assert offering.offers(db, maria) == []

    def test_declined_it_lies_in_the_bin_and_waits_again_when_that_is_undone(
        self, db: Session, maria: Earner, offered: Badge, clock: Clock
    ) -> None:
        organising.delete(db, maria, offered.public_id, clock())
        assert offering.offers(db, maria) == []
        organising.restore(db, maria, offered.public_id)
        assert [offer.badges for offer in offering.offers(db, maria)] == [(offered,)]
        assert organising.badges(db, maria).badges == []

    @pytest.mark.parametrize("source", ["file", "text", "push"])
    def test_bringing_the_same_badge_in_oneself_accepts_it(
        self, db: Session, bring: Bring, blobs: Blobs, maria: Earner, offered: Badge, source: str
    ) -> None:
        text = credential_text(read(blobs.read(offered.original_sha256)))
        assert importing.known(db, maria, PNG.data) == []
        arrival, [badge] = bring(maria, PNG.data if source == "file" else text, source)
        assert badge.id == offered.id
        assert badge.offered_at is None
        assert arriving.badges_of(db, arrival) == [(badge, True)]

    def test_a_badge_that_they_have_is_not_offered_again(
        self, db: Session, bring: Bring, maria: Earner
    ) -> None:
        bring(maria, PNG.data)
        bring(maria, mail(PNG.data), "mail")
        assert offering.offers(db, maria) == []
        assert organising.badges(db, maria).total == 1

    def test_no_stranger_takes_a_badge_out_of_the_bin_and_back_onto_a_public_page(
        self, db: Session, bring: Bring, maria: Earner, clock: Clock
    ) -> None:
        _, [badge] = bring(maria, PNG.data, check=True)
        share = sharing.share_badge(db, maria, badge.public_id, at=clock())
        shown = collecting.create_collection(db, maria, "Mine", "", clock(), [(badge.public_id, "Look")])
        link = sharing.share_collection(db, maria, shown.public_id, at=clock())
        organising.delete(db, maria, badge.public_id, clock())
        bring(maria, mail(PNG.data), "mail")
        with pytest.raises(Missing):
            sharing.open_share(db, share.slug, clock())
        assert sharing.open_share(db, link.slug, clock()).entries == ()
        assert collecting.entries(db, shown) == []
        assert [view.count for view in collecting.collections(db, maria)] == [0]
        collecting.arrange(db, maria, shown.public_id, [])
        offering.accept(db, maria, [badge.public_id])
        assert [entry.remark for entry in collecting.entries(db, shown)] == ["Look"]


class TestOnesOwnMail:
    @pytest.mark.parametrize(
        ("wants", "known", "waits"), [(True, True, False), (True, False, True), (False, True, True)]
    )
    def test_what_they_forwarded_themselves_needs_no_accepting_if_they_want_that(
        self,
        db: Session,
        bring: Bring,
        maria: Earner,
        letter: dict[str, Any],
        wants: bool,
        known: bool,
        waits: bool,
    ) -> None:
        maria.accepts_forwarded = wants
        db.commit()
        letter |= FORWARDED if known else {"from": MARIA}
        _, [badge] = bring(maria, mail(PNG.data), "mail", MARIA)
        assert (badge.offered_at is not None) is waits

    def test_a_mail_saved_as_a_file_does_not_wait(self, bring: Bring, maria: Earner) -> None:
        _, [badge] = bring(maria, mail(PNG.data), "file", "award.eml")
        assert badge.offered_at is None


LINK = "https://montalvo.example/badges/7"


class TestLinks:
    def test_they_are_listed_and_nobody_is_asked(
        self, db: Session, bring: Bring, maria: Earner, letter: dict[str, Any], web: Web
    ) -> None:
        letter["links"] = [LINK]
        arrival, [] = bring(maria, mail(text="nothing"), "mail")
        [offer] = offering.offers(db, maria)
        assert (offer.links, arrival.state, web.asked) == ((LINK,), "done", [])

    def test_a_mail_of_an_unknown_sender_waits_with_what_it_leads_to(
        self, db: Session, bring: Bring, maria: Earner, web: Web
    ) -> None:
        told = "See https://college.example/award/77\nStop: https://college.example/unsubscribe/9"
        arrival, [] = bring(maria, mail(text=told), "mail")
        [offer] = offering.offers(db, maria)
        assert (offer.links, arrival.problem, web.asked) == (("https://college.example/award/77",), None, [])
        assert "awards@montalvo.example" in offer.mail.letter["from"]

    def test_where_it_leads_to_nothing_known_its_other_links_wait(
        self, db: Session, bring: Bring, maria: Earner, web: Web
    ) -> None:
        arrival, [] = bring(maria, mail(text="You passed! https://college.example/view?id=77"), "mail")
        [offer] = offering.offers(db, maria)
        assert (offer.links, arrival.problem, web.asked) == (
            ("https://college.example/view?id=77",),
            None,
            [],
        )

    def test_they_do_not_wait_where_the_badge_itself_is_attached(
        self, db: Session, bring: Bring, maria: Earner, letter: dict[str, Any]
    ) -> None:
        letter["links"] = [LINK]
        bring(maria, mail(PNG.data), "mail")
        [offer] = offering.offers(db, maria)
        assert (len(offer.badges), offer.links) == (1, ())

    def test_what_is_behind_one_waits_with_the_same_mail(
        self, db: Session, bring: Bring, maria: Earner, letter: dict[str, Any], web: Web, look: Any
    ) -> None:
        letter["links"] = [LINK, f"{LINK}7"]
        bring(maria, mail(text="nothing"), "mail")
        web.say(LINK, PNG.data, "image/png")
        [offer] = offering.offers(db, maria)
        look(offer.mail, LINK)
        [offer] = offering.offers(db, maria)
        assert [badge.title for badge in offer.badges] == ["Open Science Foundations"]
        assert offer.links == (f"{LINK}7",)
        assert {row.batch for row in db.exec(select(Arrival))} == {offer.mail.batch}

    def test_once_all_are_looked_at_the_mail_waits_no_longer(
        self, db: Session, bring: Bring, maria: Earner, letter: dict[str, Any], look: Any
    ) -> None:
        letter["links"] = [LINK, f"{LINK}7"]
        arrival, _ = bring(maria, mail(text="nothing"), "mail")
        look(arrival)
        assert offering.offers(db, maria) == []

    def test_what_is_not_in_the_mail_is_not_opened_through_it(
        self, db: Session, blobs: Blobs, bring: Bring, maria: Earner, letter: dict[str, Any], clock: Clock
    ) -> None:
        letter["links"] = [LINK]
        arrival, _ = bring(maria, mail(text="nothing"), "mail")
        with pytest.raises(Missing):
            looking.look(db, blobs, maria, arrival.public_id, clock(), "https://other.example/")

    def test_put_away_they_are_not_offered_any_more(
        self, db: Session, bring: Bring, maria: Earner, letter: dict[str, Any], clock: Clock
    ) -> None:
        letter["links"] = [LINK]
        arrival, _ = bring(maria, mail(text="nothing"), "mail")
        arriving.dismiss(db, maria, arrival.public_id, clock())
        assert offering.offers(db, maria) == []

    @pytest.mark.parametrize("known", [True, False])
    def test_they_are_opened_at_once_only_in_what_the_earner_sent(
        self, db: Session, bring: Bring, maria: Earner, letter: dict[str, Any], web: Web, known: bool
    ) -> None:
        maria.follows_links = maria.accepts_forwarded = True
        db.commit()
        letter |= {"links": [LINK], **(FORWARDED if known else {})}
        web.say(LINK, PNG.data, "image/png")
        bring(maria, mail(text="nothing"), "mail")
        assert organising.badges(db, maria).total == (1 if known else 0)
        assert bool(web.asked) is known


CONFIRMATION = """From: Gmail Team <forwarding-noreply@google.com>
Subject: (#123456789) Gmail Forwarding Confirmation - Receive Mail from
 maria@mail.example
Content-Type: text/plain; charset=utf-8

maria@mail.example would like mail to be forwarded to import+0a1b2c3d4e@backpack.example.
Confirmation code: 123456789
https://mail-settings.google.com/mail/vf-%5BANGjdJ8a%5D-Ab_c
To cancel: https://mail-settings.google.com/mail/uf-%5BANGjdJ8a%5D-Ab_c
"""


class TestForwardingConfirmed:
    def test_the_code_is_shown_and_the_link_is_never_opened(
        self, db: Session, bring: Bring, maria: Earner, web: Web
    ) -> None:
        bring(maria, CONFIRMATION.encode(), "mail", "forwarding-noreply@google.com")
        [offer] = offering.offers(db, maria)
        assert offer.mail.letter["confirmation"] == {
            "provider": "Gmail",
            "mailbox": "maria@mail.example",
            "code": "123456789",
            "link": "https://mail-settings.google.com/mail/vf-%5BANGjdJ8a%5D-Ab_c",
        }
        assert web.asked == []

    @pytest.mark.parametrize(
        "changed",
        [
            ("forwarding-noreply@google.com", "forwarding-noreply@google.example"),
            ("mail-settings.google.com/mail/vf", "mail.google.com.evil.example/mail/vf"),
        ],
    )
    def test_what_only_looks_like_it_shows_no_link(
        self, db: Session, bring: Bring, maria: Earner, changed: tuple[str, str]
    ) -> None:
        bring(maria, CONFIRMATION.replace(*changed).encode(), "mail")
        offers = offering.offers(db, maria)
        assert not [o for o in offers if o.mail.letter.get("confirmation", {}).get("link")]
        assert not [link for o in offers for link in o.links if "f-%5B" in link]

    def test_the_code_is_found_in_any_language(self) -> None:
        found = opening.workers.run("backpack.sources:confirmation", _in_german())
        assert (found["code"], found["mailbox"]) == ("987654321", "maria@mail.example")


def _in_german() -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "forwarding-noreply@google.com", "Bestätigung für die Weiterleitung"
    made.set_content("maria@mail.example möchte weiterleiten.\nBestätigungscode: 987654321\n", cte="base64")
    return made.as_bytes()


@pytest.fixture
def stranger(db: Session, clock: Clock) -> Earner:
    from backpack.services import joining

    return joining.make_earner(db, "someone@else.example", clock())


@pytest.fixture
def check(db: Session, engine: Any, blobs: Blobs, settings: Any, clock: Clock) -> Any:
    """Check a badge once more and say what came of it."""

    def check(badge: Badge) -> str:
        clock.move(days=40)
        checking.check_badge(engine, blobs, settings, badge.id, clock())
        db.expire_all()
        return badge.verdict

    return check


@pytest.fixture
def look(db: Session, engine: Any, blobs: Blobs, settings: Any, maria: Earner, clock: Clock) -> Any:
    """Look where the links of a mail lead, and read what is there."""

    def look(mail: Arrival, url: str = "") -> None:
        for row in looking.look(db, blobs, maria, mail.public_id, clock(), url):
            importing.unpack(engine, blobs, settings, row.id, clock())
        db.expire_all()

    return look

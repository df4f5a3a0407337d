"""Bringing badges in: kept first, then read; every way in, and what bad input gets."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from backpack.config import Settings
from backpack.errors import Missing, NothingInside, TooLarge, TooMany
from backpack.services import arriving, importing, joining, organising
from backpack.storage.blobs import Blobs
from backpack.storage.database import session
from backpack.storage.tables import Arrival, ArrivalBadge, Badge, Blob, Earner
from backpack.verifier import Document
from tests import awards
from tests.conftest import Clock
from tests.issuing import answer_of, award, changed, issuer, record
from tests.services.conftest import Bring, Web

PNG = issuer().ob3(award())
SVG = issuer().ob3(award(name="Night Sky"), carrier="svg")
HOSTED = issuer().ob2_hosted(award(name="First Aid"), carrier="bare")
RECTOR = {"type": "email", "hashed": False, "identity": "rector@uc.example"}
NESTED = issuer().ob3(award(name="Welding"), carrier="bare")
PAGE = b"<!doctype html><html><head><title>A badge</title>%s</head><body>Look!</body></html>"


class TestReceiving:
    def test_bytes_and_row_are_committed_and_nothing_is_read(
        self, db: Session, settings: Settings, blobs: Blobs, maria: Earner, clock: Clock
    ) -> None:
        arrival = importing.receive(db, blobs, maria, PNG.data, "file", "a.png", clock(), batch="b1")
        with session(settings) as other:
            row = other.get_one(Arrival, arrival.id)
            assert (row.state, row.source, row.origin, row.batch) == ("waiting", "file", "a.png", "b1")
            assert blobs.read(row.sha256) == PNG.data
            assert other.exec(select(Badge)).all() == []

    def test_no_bytes_at_all_are_refused(
        self, db: Session, blobs: Blobs, maria: Earner, clock: Clock
    ) -> None:
        for nothing in (b"", b" \n"):
            with pytest.raises(NothingInside):
                importing.receive(db, blobs, maria, nothing, "file", "empty.png", clock())

    @pytest.mark.parametrize(
        ("source", "origin", "size"),
        [
            ("file", "a.png", 8 << 20),
            ("text", "", 64 << 10),
            ("mail", "", 15 << 20),
            ("file", "Award.EML", 15 << 20),
        ],
    )
    def test_too_much_is_refused_and_nothing_is_kept(
        self, db: Session, blobs: Blobs, maria: Earner, clock: Clock, source: str, origin: str, size: int
    ) -> None:
        with pytest.raises(TooLarge):
            importing.receive(db, blobs, maria, b"x" * (size + 1), source, origin, clock())
        assert db.exec(select(Arrival)).all() == []
        assert db.exec(select(Blob)).all() == []
        importing.receive(db, blobs, maria, b"x" * size, source, origin, clock())

    def test_an_hour_has_room_for_many_but_not_for_any_number(
        self, db: Session, blobs: Blobs, maria: Earner, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(importing, "ARRIVALS_AN_HOUR", 2)
        for number in range(2):
            importing.receive(db, blobs, maria, b"%d" % number, "file", "", clock())
        with pytest.raises(TooMany):
            importing.receive(db, blobs, maria, b"one more", "file", "", clock())
        clock.move(hours=1)
        importing.receive(db, blobs, maria, b"one more", "file", "", clock())

    def test_bytes_that_are_erased_at_this_very_moment_are_kept_anew(
        self, db: Session, blobs: Blobs, maria: Earner, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep, kept = blobs.keep, []

        def meet(*what: object) -> str:
            kept.append(keep(*what))
            if len(kept) == 1:
                raise IntegrityError("INSERT", None, Exception("blob is gone"))
            return kept[-1]

        monkeypatch.setattr(blobs, "keep", meet)
        arrival = importing.receive(db, blobs, maria, b"x", "file", "", clock())
        assert db.get_one(Arrival, arrival.id).sha256 == kept[1]

    def test_a_name_with_anything_in_it_is_kept_as_one_line(
        self, db: Session, blobs: Blobs, maria: Earner, clock: Clock
    ) -> None:
        arrival = importing.receive(db, blobs, maria, b"x", "file", "a\0b\r\nc" + "d" * 999, clock())
        assert arrival.origin.startswith("ab cd")
        assert len(arrival.origin) == 500


class TestUnpacking:
    def test_a_picture_becomes_a_badge(self, bring: Bring, maria: Earner, blobs: Blobs) -> None:
        arrival, [badge] = bring(maria, PNG.data)
        assert (arrival.state, arrival.problem, arrival.due_at) == ("done", None, None)
        assert (badge.title, badge.version, badge.carrier) == ("Open Science Foundations", "3.0", "png")
        assert badge.issuer_name == "Universidade de Montalvo"
        assert blobs.read(badge.original_sha256) == PNG.data

    def test_one_whose_issuer_must_be_asked_is_due_now(
        self, bring: Bring, maria: Earner, clock: Clock, web: Web
    ) -> None:
        _, [badge] = bring(maria, HOSTED.data)
        assert web.asked == []
        assert badge.verdict == ""
        assert badge.next_check_at <= clock() + timedelta(minutes=1)

    @pytest.mark.parametrize("badge", [PNG, SVG])
    def test_it_gets_a_picture_of_our_own(self, bring: Bring, maria: Earner, blobs: Blobs, badge) -> None:
        _, [brought] = bring(maria, badge.data)
        picture = blobs.read(brought.picture_sha256)
        assert picture.startswith(b"\x89PNG\r\n\x1a\n")
        assert b"openbadge" not in picture

    def test_the_same_bytes_again_are_the_same_badge(self, db: Session, bring: Bring, maria: Earner) -> None:
        _, [first] = bring(maria, PNG.data)
        arrival, [second] = bring(maria, PNG.data, origin="again.png")
        assert second.id == first.id
        assert arrival.state == "done"
        assert arriving.badges_of(db, arrival) == [(first, False)]

    def test_the_same_badge_in_another_carrier_is_the_same_badge(self, bring: Bring, maria: Earner) -> None:
        _, [first] = bring(maria, PNG.data)
        _, [second] = bring(maria, PNG.text.encode(), "text")
        spaced = json.dumps(json.loads(PNG.text), indent=4).encode()
        _, [third] = bring(maria, spaced, "file", "badge.json")
        assert first.id == second.id == third.id

    def test_the_same_badge_of_two_people_is_two_badges(
        self, db: Session, bring: Bring, maria: Earner, clock: Clock
    ) -> None:
        other = joining.make_earner(db, "other@people.example", clock())
        _, [mine] = bring(maria, PNG.data)
        _, [theirs] = bring(other, PNG.data)
        assert mine.id != theirs.id
        assert len(db.exec(select(Arrival.sha256).distinct()).all()) == 1

    def test_fifty_at_once_are_one_badge(
        self,
        db: Session,
        engine: Engine,
        settings: Settings,
        blobs: Blobs,
        maria: Earner,
        clock: Clock,
        web: Web,
    ) -> None:
        def deliver(_: int) -> list[int]:
            with session(engine) as own:
                mine = own.get_one(Earner, maria.id)
                arrival = importing.receive(own, blobs, mine, PNG.data, "file", "", clock())
            return importing.unpack(engine, blobs, settings, arrival.id, clock())

        with ThreadPoolExecutor(5) as threads:
            list(threads.map(deliver, range(50)))
        [badge] = db.exec(select(Badge))
        flags = db.exec(select(ArrivalBadge.is_new).where(ArrivalBadge.badge_id == badge.id)).all()
        assert sorted(flags) == [False] * 49 + [True]

    def test_a_deleted_badge_that_is_brought_again_is_back(
        self, db: Session, bring: Bring, maria: Earner, clock: Clock
    ) -> None:
        _, [badge] = bring(maria, PNG.data, check=True)
        organising.annotate(db, maria, badge.public_id, note="Mine")
        organising.delete(db, maria, badge.public_id, clock())
        arrival, [back] = bring(maria, PNG.data)
        assert (back.id, back.note, back.deleted_at) == (badge.id, "Mine", None)
        assert arriving.badges_of(db, arrival)[0][1] is True

    def test_an_address_only_and_what_is_read_there_are_one_badge(
        self, bring: Bring, maria: Earner, web: Web
    ) -> None:
        baked = issuer().ob10(award(name="Old"), carrier="png")
        web.serve(baked)
        _, [by_picture] = bring(maria, baked.data)
        address = by_picture.address
        assert address.startswith("https://")
        _, [by_link] = bring(maria, address.encode(), "link")
        assert by_link.id == by_picture.id

    def test_what_is_not_due_is_not_unpacked_again(
        self, engine: Engine, blobs: Blobs, settings: Settings, bring: Bring, maria: Earner, clock: Clock
    ) -> None:
        arrival, _ = bring(maria, PNG.data)
        clock.move(hours=1)
        assert importing.unpack(engine, blobs, settings, arrival.id, clock()) == []

    def test_an_arrival_without_its_earner_brings_nothing(
        self,
        db: Session,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        maria: Earner,
        clock: Clock,
        web: Web,
    ) -> None:
        arrival = importing.receive(db, blobs, maria, PNG.data, "file", "", clock())
        joining.leave(db, maria, settings)
        assert importing.unpack(engine, blobs, settings, arrival.id, clock()) == []
        assert db.exec(select(Badge)).all() == []


class TestKilledWorkers:
    def test_what_a_killed_one_left_is_done_again_after_its_lease(
        self,
        db: Session,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        maria: Earner,
        clock: Clock,
        web: Web,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        arrival = importing.receive(db, blobs, maria, HOSTED.data, "file", "", clock())
        with monkeypatch.context() as patch:
            patch.setattr(importing, "gather", _killed)
            with pytest.raises(KeyboardInterrupt):
                importing.unpack(engine, blobs, settings, arrival.id, clock())
        assert importing.due(db, clock()) == []
        clock.move(seconds=121)
        assert importing.due(db, clock()) == [arrival.id]
        assert len(importing.unpack(engine, blobs, settings, arrival.id, clock())) == 1

    def test_one_whose_lease_ran_out_writes_nothing(
        self,
        db: Session,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        maria: Earner,
        clock: Clock,
        web: Web,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        arrival = importing.receive(db, blobs, maria, HOSTED.data, "file", "", clock())
        gather = importing.gather

        def slow(*what):
            monkeypatch.setattr(importing, "gather", gather)
            later = clock() + timedelta(seconds=121)
            assert len(importing.unpack(engine, blobs, settings, arrival.id, later)) == 1
            db.execute(update(ArrivalBadge).values(is_new=False))
            db.commit()
            return gather(*what)

        monkeypatch.setattr(importing, "gather", slow)
        assert importing.unpack(engine, blobs, settings, arrival.id, clock()) == []
        assert db.exec(select(ArrivalBadge.is_new)).all() == [False]

    def test_one_that_fails_time_and_again_is_given_up_in_words(
        self,
        db: Session,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        maria: Earner,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("ours")

        monkeypatch.setattr(importing, "gather", broken)
        arrival = importing.receive(db, blobs, maria, PNG.data, "file", "", clock())
        for _ in range(importing.MOST_CLAIMS - 1):
            with pytest.raises(RuntimeError):
                importing.unpack(engine, blobs, settings, arrival.id, clock())
            clock.move(seconds=121)
        importing.unpack(engine, blobs, settings, arrival.id, clock())
        db.refresh(arrival)
        assert arrival.state == "failed"
        assert "on our side" in (arrival.problem or "")


class TestBadInput:
    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (b"Hello, this is no badge.", "not a kind of file"),
            (b'{"hello": "world"}', "no badge"),
            (b"{" * 9, ""),
            (b"\x89PNG\r\n\x1a\n", ""),
            (PNG.data[:300], ""),
            (b"\xff\xd8\xff\xe0 a photo", "cannot carry a badge"),
        ],
    )
    def test_it_is_told_in_a_sentence_and_brings_nothing(
        self, db: Session, bring: Bring, maria: Earner, data: bytes, says: str
    ) -> None:
        arrival, badges = bring(maria, data)
        assert (arrival.state, badges, arrival.due_at) == ("failed", [], None)
        assert says in (arrival.problem or "")
        assert (arrival.problem or "").endswith(".")
        assert db.exec(select(Badge)).all() == []

    def test_a_failed_one_stays_in_view_until_it_is_put_away(
        self, db: Session, bring: Bring, maria: Earner, clock: Clock
    ) -> None:
        arrival, _ = bring(maria, b"no badge")
        assert arriving.arrivals(db, maria) == [arrival]
        arriving.dismiss(db, maria, arrival.public_id)
        assert arriving.arrivals(db, maria) == []

    def test_nobody_sees_or_touches_somebody_elses(
        self, db: Session, bring: Bring, maria: Earner, clock: Clock
    ) -> None:
        arrival, _ = bring(maria, b"no badge")
        other = joining.make_earner(db, "other@people.example", clock())
        assert arriving.arrivals(db, other) == []
        for act in (arriving.arrival, arriving.dismiss, arriving.retry):
            with pytest.raises(Missing):
                act(db, other, arrival.public_id)


class TestLinks:
    def test_a_link_to_the_data_brings_it(self, bring: Bring, maria: Earner, web: Web) -> None:
        web.serve(HOSTED)
        address = json.loads(HOSTED.text)["id"]
        _, [badge] = bring(maria, address.encode(), "link")
        assert (badge.version, badge.address) == ("2.0", address)

    def test_a_link_to_a_page_finds_the_badge_behind_it(self, bring: Bring, maria: Earner, web: Web) -> None:
        web.say(
            "https://show.example/b/1",
            PAGE % b'<link rel="alternate" type="application/ld+json" href="/b/1.json">',
        )
        web.say("https://show.example/b/1.json", PNG.text.encode(), "application/ld+json")
        arrival, [badge] = bring(maria, b"https://show.example/b/1", "link")
        assert badge.title == "Open Science Foundations"
        assert arrival.problem is None

    def test_a_link_to_a_page_that_shows_the_baked_picture(
        self, bring: Bring, maria: Earner, web: Web
    ) -> None:
        web.say(
            "https://show.example/b/1",
            PAGE % b'<meta property="og:image" content="https://show.example/b.png">',
        )
        web.say("https://show.example/b.png", PNG.data, "image/png")
        _, [badge] = bring(maria, b"https://show.example/b/1", "link")
        assert badge.carrier == "png"

    def test_each_badge_of_a_collection_is_an_import_of_its_own_and_no_list_in_it_is_followed(
        self, db: Session, bring: Bring, maria: Earner, web: Web, engine, blobs, settings, clock
    ) -> None:
        address, lists = "https://show.example/list", ["https://show.example/other"]
        for url in (address, *lists):
            web.say(url, json.dumps({"badges": [json.loads(HOSTED.text)["id"], *lists]}).encode())
        web.serve(HOSTED)
        parent, badges = bring(maria, address.encode(), "link")
        assert (parent.state, badges) == ("done", [])
        clock.move(minutes=1)
        for child in importing.due(db, clock()):
            importing.unpack(engine, blobs, settings, child, clock())
        db.expire_all()
        below = db.exec(select(Arrival).where(Arrival.parent_id == parent.id).order_by(col(Arrival.id))).all()
        assert [one.origin for one in below] == [json.loads(HOSTED.text)["id"], *lists]
        assert importing.due(db, clock()) == []
        assert [badge.title for badge, _ in arriving.badges_of(db, below[0])] == [""]

    def test_a_hosted_award_is_one_badge_by_whatever_name_of_its_host_it_came(
        self, bring: Bring, maria: Earner, web: Web
    ) -> None:
        web.serve(HOSTED)
        _, [first] = bring(maria, HOSTED.data, check=True)
        for host in (
            "https://www.montalvo.example",
            "https://api.montalvo.example",
            "http://montalvo.example",
        ):
            elsewhere = HOSTED.text.replace("https://montalvo.example/ob2/awards", f"{host}/ob2/awards")
            _, [again] = bring(maria, elsewhere.encode())
            assert again.id == first.id

    def test_one_mail_brings_a_hosted_award_once_by_whatever_names_of_its_host(
        self, bring: Bring, maria: Earner
    ) -> None:
        message = EmailMessage()
        message["From"], message["Subject"] = "awards@badgr.example", "You earned a badge"
        for host in ("https://api.badgr.io", "https://badgr.com", "http://www.badgr.com"):
            said = json.loads(HOSTED.text) | {"id": f"{host}/public/assertions/4f5kxWJtRZWc-7BpL0xUHw"}
            message.add_attachment(
                json.dumps(said).encode(), maintype="application", subtype="json", filename="a.json"
            )
        _, badges = bring(maria, message.as_bytes(), "mail")
        assert len(badges) == 1

    def test_a_file_that_nobody_has_checked_yet_is_not_taken_for_the_award_that_it_names(
        self, bring: Bring, maria: Earner, web: Web
    ) -> None:
        web.serve(HOSTED)
        _, [unchecked] = bring(maria, changed(HOSTED, narrative="All of it.").data)
        _, [honest] = bring(maria, HOSTED.data, check=True)
        assert (unchecked.verdict, honest.verdict) == ("", "verified")
        assert honest.id != unchecked.id

    @pytest.mark.parametrize("said", [{"expires": "2025-06-01T00:00:00Z"}, {"recipient": RECTOR}])
    def test_a_file_that_nobody_answered_for_is_not_taken_for_the_award_that_it_names(
        self, bring: Bring, maria: Earner, web: Web, said: dict[str, object]
    ) -> None:
        elsewhere = {"id": json.loads(HOSTED.text)["id"].replace("montalvo.example", "www.montalvo.example")}
        badge = answer_of(HOSTED, json.loads(HOSTED.text)["badge"])
        forged = changed(HOSTED, badge=badge, **elsewhere, **said)
        _, [first] = bring(maria, forged.data, check=True)
        assert first.verdict in ("expired", "wrong_recipient")
        web.serve(HOSTED)
        _, [honest] = bring(maria, HOSTED.data, check=True)
        assert (honest.id != first.id, honest.verdict) == (True, "verified")

    def test_a_page_without_a_badge_says_so(self, bring: Bring, maria: Earner, web: Web) -> None:
        web.say("https://show.example/", PAGE % b"")
        arrival, badges = bring(maria, b"https://show.example/", "link")
        assert (arrival.state, badges, arrival.due_at) == ("failed", [], None)
        assert "no badge" in (arrival.problem or "")
        assert arrival.try_this

    def test_a_silent_one_is_kept_and_tried_again_until_it_answers(
        self,
        db: Session,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        bring: Bring,
        maria: Earner,
        clock: Clock,
        web: Web,
    ) -> None:
        arrival, _ = bring(maria, b"https://montalvo.example/x", "link")
        assert arrival.state == "failed"
        assert "could not be reached" in (arrival.problem or "")
        assert importing.due(db, clock()) == []
        clock.move(seconds=90)
        assert importing.due(db, clock()) == [arrival.id]
        web.say("https://montalvo.example/x", PNG.data, "image/png")
        importing.unpack(engine, blobs, settings, arrival.id, clock())
        db.refresh(arrival)
        assert (arrival.state, arrival.problem, arrival.due_at) == ("done", None, None)
        assert len(arriving.badges_of(db, arrival)) == 1

    def test_a_silent_one_is_not_tried_for_ever(
        self,
        db: Session,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        bring: Bring,
        maria: Earner,
        clock: Clock,
    ) -> None:
        arrival, _ = bring(maria, b"https://montalvo.example/x", "link")
        tries = 1
        while arrival.due_at is not None and tries < 99:
            clock.at = arrival.due_at
            importing.unpack(engine, blobs, settings, arrival.id, clock())
            db.refresh(arrival)
            tries += 1
        assert tries == 6
        assert arriving.arrivals(db, maria) == [arrival]

    def test_the_earner_may_try_at_once(
        self,
        db: Session,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        bring: Bring,
        maria: Earner,
        clock: Clock,
        web: Web,
    ) -> None:
        arrival, _ = bring(maria, b"https://montalvo.example/x", "link")
        web.say("https://montalvo.example/x", PNG.data, "image/png")
        again = arriving.retry(db, maria, arrival.public_id)
        assert again.state == "waiting"
        importing.unpack(engine, blobs, settings, again.id, clock())
        assert len(arriving.badges_of(db, again)) == 1

    def test_one_that_is_gone_is_not_tried_again(self, bring: Bring, maria: Earner, web: Web) -> None:
        web.say("https://montalvo.example/x", b"", status=404)
        arrival, _ = bring(maria, b"https://montalvo.example/x", "link")
        assert (arrival.state, arrival.due_at) == ("failed", None)

    def test_no_more_is_asked_than_a_delivery_is_worth(self, bring: Bring, maria: Earner, web: Web) -> None:
        images = b"".join(b'<img src="/badge%d.png">' % n for n in range(40))
        for page in range(10):
            web.say(f"https://show.example/badges/{page}", PAGE % images)
        text = "\n".join(f"https://show.example/badges/{page}" for page in range(10))
        bring(maria, text.encode(), "text")
        assert len(web.asked) <= 20


class TestRecords:
    def test_each_badge_in_a_record_is_a_badge_of_its_own(
        self, bring: Bring, maria: Earner, blobs: Blobs
    ) -> None:
        token = issuer().ob3_jwt(award(name="Soldering"), carrier="bare")
        _, badges = bring(maria, record(json.loads(NESTED.text), token.text), check=True)
        assert {(badge.title, badge.carrier, badge.verdict) for badge in badges} == {
            ("Transcript", "json", "invalid"),  # nobody signed it
            ("Welding", "json", "verified"),
            ("Soldering", "jwt", "unconfirmed"),
        }
        assert blobs.read(next(b for b in badges if b.carrier == "jwt").original_sha256) == token.data


class TestMail:
    def _mail(self, *attached: bytes, text: str = "Congratulations!") -> bytes:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = (
            "issuer@montalvo.example",
            "maria@people.example",
            "You earned it",
        )
        mail.set_content(text)
        for data in attached:
            mail.add_attachment(data, maintype="image", subtype="png", filename="badge.png")
        return mail.as_bytes()

    def test_several_badges_may_be_in_one(self, bring: Bring, maria: Earner) -> None:
        arrival, badges = bring(maria, self._mail(PNG.data, SVG.data), "mail", "issuer@montalvo.example")
        assert {badge.title for badge in badges} == {"Open Science Foundations", "Night Sky"}
        assert arrival.state == "done"

    def test_one_bad_attachment_does_not_hide_the_good_one(self, bring: Bring, maria: Earner) -> None:
        broken = PNG.data[:200] + b"openbadgecredential" + PNG.data[200:4000]
        arrival, badges = bring(maria, self._mail(broken, SVG.data), "mail")
        assert [badge.title for badge in badges] == ["Night Sky"]
        assert arrival.state == "done"
        assert "badge.png" in (arrival.problem or "")

    def test_links_that_lead_elsewhere_are_no_problem_once_the_badge_is_there(
        self, bring: Bring, maria: Earner
    ) -> None:
        text = "See https://montalvo.example/badges/1"
        arrival, badges = bring(maria, self._mail(PNG.data, text=text), "mail")
        assert len(badges) == 1
        assert arrival.problem is None

    def test_the_badge_of_a_platform_is_fetched_where_its_data_is_and_nothing_else_is_asked(
        self, bring: Bring, maria: Earner, web: Web
    ) -> None:
        data = f"https://api.badgr.io/public/assertions/{awards.BADGR_ID}"
        web.say(data, PNG.data, "image/png")
        arrival, badges = bring(maria, bytes(awards.gmail_forward(awards.badgr())), "mail")
        assert (len(badges), web.asked, arrival.problem) == (1, [data], None)
        assert (arrival.letter["platform"], arrival.letter["to"]) == ("Badgr", [awards.EARNER])

    def test_a_badge_that_is_private_at_its_platform_says_how_to_bring_it(
        self, bring: Bring, maria: Earner, web: Web
    ) -> None:
        data = f"https://api.edubadges.nl/public/assertions/{awards.BADGR_ID}"
        web.say(data, b"", status=404)
        arrival, _ = bring(maria, bytes(awards.edubadges()), "mail")
        assert (arrival.state, web.asked) == ("failed", [data])
        assert "private until you make it public" in (arrival.try_this or "")

    def test_links_of_somebody_unknown_are_kept_and_not_opened(
        self, bring: Bring, maria: Earner, web: Web
    ) -> None:
        url = "https://montalvo.example/badges/1"
        arrival, badges = bring(maria, self._mail(text=f"See {url} or {url}/claim"), "mail")
        assert (badges, web.asked) == ([], [])
        assert arrival.links == [url]

    def test_a_saved_mail_may_be_uploaded(self, bring: Bring, maria: Earner) -> None:
        _, badges = bring(maria, self._mail(PNG.data), "file", "award.eml")
        assert len(badges) == 1


def test_a_batch_is_shown_in_the_order_it_came(
    db: Session, blobs: Blobs, maria: Earner, clock: Clock
) -> None:
    names = ["c", "a", "b"]
    for name in names:
        importing.receive(db, blobs, maria, name.encode(), "file", name, clock(), batch="one")
    importing.receive(db, blobs, maria, b"x", "file", "x", clock(), batch="two")
    assert [a.origin for a in arriving.arrivals(db, maria, "one")] == names
    assert [a.origin for a in arriving.arrivals(db, maria)] == ["x", "b", "a", "c"]


def test_originals_come_back_byte_for_byte(db: Session, bring: Bring, maria: Earner, blobs: Blobs) -> None:
    for issued in (PNG, SVG, HOSTED):
        _, [badge] = bring(maria, issued.data)
        assert organising.original(db, blobs, maria, badge.public_id)[0] == issued.data
    assert len(set(db.exec(select(col(Badge.original_sha256))))) == 3


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_an_address_that_is_never_fetched_is_not_tried_again(
    db: Session, maria: Earner, bring: Bring, web: Web
) -> None:
    web.answers["http://127.0.0.1:22/"] = Document(
        "http://127.0.0.1:22/", 0, problem="we do not fetch from that address"
    )
    arrival, badges = bring(maria, b"http://127.0.0.1:22/", source="link", origin="http://127.0.0.1:22/")
    db.refresh(arrival)
    assert badges == []
    assert arrival.due_at is None
    assert "try again" not in (arrival.try_this or "")

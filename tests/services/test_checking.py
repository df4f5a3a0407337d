"""The first check and every later one: what is asked, kept, shown, told, and when to look again."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from backpack.config import Settings
from backpack.demo import baking
from backpack.demo.shapes import Issued
from backpack.errors import Missing, TooComplex, TooMany
from backpack.services import checking, joining, notifying, organising, reports, sharing
from backpack.storage.blobs import Blobs
from backpack.storage.database import session
from backpack.storage.tables import Address, Badge, Document, Earner, Report, ReportDocument
from backpack.workers.messages import WorkerFailed
from tests.conftest import Clock
from tests.issuing import AT, answer_of, answering, award, changed, issuer, renamed
from tests.services.conftest import Bring, Web
from tests.verifier.asking import raw
from tests.verifier.signing import badge as unsigned_badge
from tests.verifier.signing import secured

PNG = issuer().ob3(award())
HOSTED = issuer().ob2_hosted(award(name="First Aid"), carrier="bare")
RECTOR = {"type": "email", "hashed": False, "identity": "rector@uc.example"}
DOCTOR = {
    **answer_of(HOSTED, raw(HOSTED)["badge"]),
    "id": "_:doctor",
    "name": "Doctor",
    "description": "A doctor of everything.",
    "tags": ["doctor", "of", "everything"],
}
FORGED = changed(HOSTED, expires="2050-01-01T00:00:00Z", badge=DOCTOR)
NAMING_ANOTHER = changed(FORGED, recipient=[raw(HOSTED)["recipient"], RECTOR])
OVER = changed(HOSTED, expires="2026-03-16T00:00:00Z")
UNSOUND = changed(HOSTED, issuedOn="some day")
ADDRESS, CLASS = raw(HOSTED)["id"], raw(HOSTED)["badge"]
PROFILE = answer_of(HOSTED, CLASS)["issuer"]
ADDRESS_ALONE = baking.with_text(replace(HOSTED, carrier="png"), ADDRESS).data
SILENCES: dict[str, Callable[[Web], object]] = {
    "nobody is there": lambda web: web.answers.clear(),
    "out of order": lambda web: web.say(ADDRESS, b"", status=503),
    "another page": lambda web: web.say(ADDRESS, b"<p>We are at work on our site.</p>"),
    "no description": lambda web: web.say(CLASS, b"", status=404),
    "no profile": lambda web: web.say(PROFILE, b"", status=410),
    "taken back": lambda web: web.say(ADDRESS, b'{"revoked": true}', status=410),
}
"""Ways in which an issuer may not answer for its badge any more."""
WITH_LIST = award(name="Bee Keeping", standing="good")
WITHDRAWN = award(name="Bee Keeping", standing="revoked")


@pytest.fixture
def clock() -> Clock:
    """Some days after the test issuer's awards."""
    return Clock(AT + timedelta(days=3))


@pytest.fixture
def unchecked(bring: Bring, maria: Earner, web: Web) -> Badge:
    """A badge that is due: what can be said of it is for its issuer to answer."""
    web.serve(HOSTED)
    _, [badge] = bring(maria, HOSTED.data)
    return badge


@pytest.fixture
def check(engine: Engine, blobs: Blobs, settings: Settings, clock: Clock, db: Session, draw_all):
    """Check a badge when it is next due; gives its report and moves the clock there."""

    def check(badge: Badge) -> Report:
        clock.at = max(clock.at, badge.next_check_at)
        report = checking.check_badge(engine, blobs, settings, badge.id, clock())
        draw_all()
        db.expire_all()
        assert report is not None
        return report

    return check


def _told(entry: sharing.ShownBadge) -> tuple[object, ...]:
    """All that strangers are told of a badge but what a check found."""
    found = {"report": None, "verdict": "", "checked_at": None, "verified_at": None}
    return replace(entry, **found), (entry.report or {})["badge"]


class TestTheFirstCheck:
    def test_it_ends_in_a_report_a_face_and_a_next_time(
        self, db: Session, bring: Bring, maria: Earner, clock: Clock
    ) -> None:
        _, [badge] = bring(maria, PNG.data, check=True)
        [report] = reports.history(db, maria, badge.public_id)
        assert badge.verdict == report.verdict == report.content["verdict"] == "verified"
        assert [check["id"] for check in report.content["checks"]][:3] == ["structure", "proof", "issuer"]
        assert badge.progress is None
        assert badge.claimed_at is None
        assert clock() < badge.checked_at + timedelta(minutes=1)
        assert timedelta(days=7) <= badge.next_check_at - badge.checked_at <= timedelta(days=8)
        assert badge.matched == "maria@backpack.example"

    def test_a_hosted_badge_gets_its_face_from_what_its_issuer_answers(
        self, db: Session, bring: Bring, maria: Earner, web: Web, blobs: Blobs
    ) -> None:
        web.serve(HOSTED)
        _, [badge] = bring(maria, HOSTED.data, check=True)
        assert (badge.verdict, badge.title) == ("verified", "First Aid")
        assert "first aid" in badge.search
        assert blobs.read(badge.picture_sha256 or "").startswith(b"\x89PNG")

    def test_every_document_it_stands_on_is_archived(
        self, db: Session, bring: Bring, maria: Earner, web: Web, blobs: Blobs
    ) -> None:
        web.serve(HOSTED)
        _, [badge] = bring(maria, HOSTED.data, check=True)
        report = reports.latest(db, badge)
        assert report is not None
        kept = {
            document.url: blobs.read(document.sha256)
            for document in db.exec(
                select(Document).join(ReportDocument).where(ReportDocument.report_id == report.id)
            )
        }
        for used in report.content["documents"]:
            assert kept[used["url"]] == HOSTED.documents[used["url"]].body
        assert len(kept) >= 3

    def test_only_confirmed_addresses_count(
        self, db: Session, bring: Bring, settings: Settings, clock: Clock, check
    ) -> None:
        ada = joining.make_earner(db, "ada@people.example", clock())
        joining.add_address(db, ada, "maria@backpack.example", settings, clock())
        _, [badge] = bring(ada, PNG.data, check=True)
        assert badge.verdict == "wrong_recipient"
        token = notifying.kept(db)[0].text.split("/confirm/")[1].split()[0]
        joining.confirm_by_link(db, token, clock())
        db.expire_all()
        assert badge.next_check_at <= clock()
        assert check(badge).verdict == "verified"
        assert "maria" not in [mail.subject for mail in notifying.kept(db)]

    def test_an_address_that_is_removed_proves_nothing_any_more(
        self, db: Session, bring: Bring, maria: Earner, settings: Settings, clock: Clock, check
    ) -> None:
        _, [badge] = bring(maria, PNG.data, check=True)
        db.add(
            Address(earner_id=maria.id, email="m@x.example", email_key="m@x.example", confirmed_at=clock())
        )
        db.commit()
        joining.remove_address(db, maria, joining.addresses(db, maria)[0].public_id)
        db.expire_all()
        assert badge.next_check_at <= clock()
        assert check(badge).verdict == "wrong_recipient"
        assert badge.matched == ""

    def test_a_forgery_is_kept_and_said_to_be_one(self, bring: Bring, maria: Earner) -> None:
        _, [badge] = bring(maria, renamed(PNG).data, check=True)
        assert badge.verdict == "invalid"

    def test_what_is_known_so_far_is_shown_while_it_runs(
        self,
        db: Session,
        bring: Bring,
        maria: Earner,
        web: Web,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        web.serve(HOSTED)
        seen = []

        def look(urls, settings: Settings, **how: object) -> list:
            with session(settings) as other:
                seen.append(other.exec(select(Badge.progress)).one())
            return web.fetch_all(urls, settings)

        monkeypatch.setattr("backpack.network.fetch_all", look)
        _, [badge] = bring(maria, HOSTED.data, check=True)
        assert [check["id"] for check in seen[0]["checks"]]
        assert badge.progress is None

    def test_no_transaction_is_open_while_addresses_are_asked(
        self, engine: Engine, bring: Bring, maria: Earner, web: Web, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whoever holds one makes everybody wait for an issuer."""
        web.serve(HOSTED)

        def ask(urls, settings: Settings, **how: object) -> list:
            assert engine.pool.checkedout() <= 1  # the test's own, which is only read from
            with session(engine) as other:
                other.execute(update(Earner).values(name="Maria"))
                other.commit()
            return web.fetch_all(urls, settings)

        monkeypatch.setattr("backpack.network.fetch_all", ask)
        _, [badge] = bring(maria, HOSTED.data, check=True)
        assert badge.verdict == "verified"


class TestPictures:
    @pytest.mark.parametrize("picture", ["png", "svg", "jpeg", "webp", "data"])
    def test_a_badge_without_one_of_its_own_gets_the_one_it_names(
        self, bring: Bring, maria: Earner, web: Web, blobs: Blobs, picture: str
    ) -> None:
        badge = issuer().ob2_hosted(award(name="Bees", picture=picture), carrier="bare")
        web.serve(badge)
        _, [brought] = bring(maria, badge.data, check=True)
        assert blobs.read(brought.picture_sha256 or "").startswith(b"\x89PNG\r\n\x1a\n")

    def test_one_that_does_not_answer_is_asked_again_with_the_next_check(
        self, bring: Bring, maria: Earner, web: Web, check
    ) -> None:
        web.serve(HOSTED)
        silent = {url for url in web.answers if url.endswith(".png")}
        answers = {url: web.answers.pop(url) for url in silent}
        _, [badge] = bring(maria, HOSTED.data, check=True)
        assert (badge.verdict, badge.picture_sha256) == ("verified", None)
        web.answers |= answers
        check(badge)
        assert badge.picture_sha256

    def test_one_that_is_no_picture_takes_nothing_from_the_badge(
        self, bring: Bring, maria: Earner, web: Web
    ) -> None:
        web.serve(HOSTED)
        for url in [url for url in web.answers if url.endswith(".png")]:
            web.say(url, b"<html>Buy now!</html>", "image/png")
        _, [badge] = bring(maria, HOSTED.data, check=True)
        assert (badge.verdict, badge.picture_sha256) == ("verified", None)

    def test_one_that_is_written_out_in_the_badge_is_not_kept_in_its_reports_too(
        self, db: Session, bring: Bring, maria: Earner, web: Web
    ) -> None:
        badge = issuer().ob2_hosted(award(name="Bees", picture="data"), carrier="bare")
        web.serve(badge)
        _, [brought] = bring(maria, badge.data, check=True)
        report = reports.latest(db, brought)
        assert report is not None
        assert "base64" not in str(report.content)


class TestWhatTheFileAloneSays:
    """A hosted badge is what its issuer serves; whoever brings its file can have written anything into that."""

    @pytest.mark.parametrize("is_silent_at_first", [False, True])
    def test_is_not_shown_once_its_issuer_answered(
        self, db: Session, bring: Bring, maria: Earner, web: Web, check, is_silent_at_first: bool
    ) -> None:
        if not is_silent_at_first:
            web.serve(HOSTED)
        _, [badge] = bring(maria, NAMING_ANOTHER.data, check=True)
        web.serve(HOSTED)
        check(badge)
        _, [honest] = bring(joining.make_earner(db, "ada@people.example", AT), HOSTED.data, check=True)
        assert badge.verdict == "verified"
        for name in ("title", "description", "issuer_name", "recipient_hint", "expires_at", "search"):
            assert getattr(badge, name) == getattr(honest, name), name

    @pytest.mark.parametrize("also", [{}, {"expires": "2026-01-01T00:00:00Z"}])
    def test_is_no_picture_of_it(
        self, db: Session, bring: Bring, maria: Earner, web: Web, check, also: dict[str, str]
    ) -> None:
        web.say("https://uc.example/seal.png", issuer().ob3(award(art="night-sky")).data, "image/png")
        art = {**DOCTOR, "image": "https://uc.example/seal.png"}
        _, [badge] = bring(maria, changed(HOSTED, badge=art, **also).data, check=True)
        assert badge.verdict == ("expired" if also else "unconfirmed")
        assert badge.picture_sha256 is None
        web.serve(HOSTED)
        check(badge)
        _, [honest] = bring(joining.make_earner(db, "ada@people.example", AT), HOSTED.data, check=True)
        assert badge.verdict == "verified"
        assert badge.picture_sha256 == honest.picture_sha256 is not None

    def test_is_no_picture_of_it_either_that_is_drawn_when_its_issuer_answers_no_more(
        self,
        db: Session,
        bring: Bring,
        maria: Earner,
        web: Web,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        clock: Clock,
        check,
    ) -> None:
        web.serve(HOSTED)
        web.say("https://uc.example/seal.png", issuer().ob3(award(art="night-sky")).data, "image/png")
        art = {**DOCTOR, "image": "https://uc.example/seal.png"}
        _, [badge] = bring(maria, changed(HOSTED, badge=art).data)
        checking.check_badge(engine, blobs, settings, badge.id, clock())
        db.refresh(badge)
        web.answers = {url: web.answers[url] for url in ["https://uc.example/seal.png"]}
        check(badge)
        assert (badge.verdict, badge.title) == ("unconfirmed", "First Aid")
        assert badge.picture_sha256 is None

    def test_is_not_shown_either_when_its_issuer_answers_no_more(
        self, bring: Bring, maria: Earner, web: Web, check
    ) -> None:
        web.serve(HOSTED)
        _, [badge] = bring(maria, FORGED.data, check=True)
        web.answers.clear()
        check(badge)
        assert badge.verdict == "unconfirmed"
        assert (badge.title, badge.issuer_name) == ("First Aid", "Universidade de Montalvo")

    @pytest.mark.parametrize("silence", SILENCES)
    @pytest.mark.parametrize("file", [FORGED, OVER, UNSOUND], ids=["more", "over", "unsound"])
    def test_is_told_nowhere_while_its_issuer_that_answered_is_silent(
        self,
        db: Session,
        bring: Bring,
        maria: Earner,
        web: Web,
        check,
        clock: Clock,
        file: Issued,
        silence: str,
    ) -> None:
        web.serve(HOSTED)
        _, [badge] = bring(maria, file.data, check=True)
        link = sharing.share_badge(db, maria, badge.public_id, at=clock())
        [before] = sharing.open_share(db, link.slug, clock()).entries
        assert before.verdict == "verified"
        SILENCES[silence](web)
        check(badge)
        [now] = sharing.open_share(db, link.slug, clock()).entries
        assert _told(now) == _told(before)
        is_gone = silence == "taken back"
        assert now.verdict == ("revoked" if is_gone else "unconfirmed")
        assert now.verified_at == (None if is_gone else before.checked_at)
        assert len(notifying.kept(db)) == is_gone

    def test_is_not_mailed_when_its_issuer_first_answers(
        self, db: Session, bring: Bring, maria: Earner, web: Web, check
    ) -> None:
        _, [badge] = bring(maria, changed(OVER, badge=DOCTOR).data, check=True)
        assert (badge.verdict, badge.title) == ("expired", "Doctor")
        web.serve(HOSTED)
        check(badge)
        [mail] = notifying.kept(db)
        assert mail.subject == "“First Aid” is verified"
        assert "Awarded by Universidade de Montalvo." in mail.text

    def test_is_told_again_nowhere_of_a_badge_whose_address_alone_was_in_a_picture(
        self, db: Session, bring: Bring, maria: Earner, web: Web, check, clock: Clock
    ) -> None:
        web.serve(HOSTED)
        _, [badge] = bring(maria, ADDRESS_ALONE, check=True)
        link = sharing.share_badge(db, maria, badge.public_id, at=clock())
        [before] = sharing.open_share(db, link.slug, clock()).entries
        assert before.verdict == "verified"
        web.say(ADDRESS, b"<p>We are at work on our site.</p>")
        check(badge)
        [now] = sharing.open_share(db, link.slug, clock()).entries
        assert (now.verdict, now.verified_at) == ("unconfirmed", before.checked_at)
        assert _told(now) == _told(before)

    def test_is_not_said_to_have_been_verified(
        self, db: Session, bring: Bring, maria: Earner, web: Web, check, clock: Clock
    ) -> None:
        renewed = answer_of(HOSTED, CLASS) | {"name": "Second Aid"}
        web.serve(HOSTED)
        _, [badge] = bring(maria, HOSTED.data, check=True)
        link = sharing.share_badge(db, maria, badge.public_id, at=clock())
        web.serve(answering(HOSTED, CLASS, renewed))
        del web.answers[answer_of(HOSTED, PROFILE)["revocationList"]]
        check(badge)
        [entry] = sharing.open_share(db, link.slug, clock()).entries
        assert (entry.title, entry.verdict, entry.verified_at) == ("Second Aid", "unconfirmed", None)


class TestLaterChecks:
    def test_a_silent_issuer_is_asked_again_sooner_then_later(
        self, bring: Bring, maria: Earner, check
    ) -> None:
        _, [badge] = bring(maria, HOSTED.data, check=True)
        assert badge.verdict == "unconfirmed"
        pauses = [badge.next_check_at - badge.checked_at]
        for _ in range(3):
            check(badge)
            pauses.append(badge.next_check_at - badge.checked_at)
        hours = [round(pause / timedelta(hours=1) / 1.05) for pause in pauses]
        assert hours[:2] == [1, 6]
        assert 22 <= hours[2] <= 26
        assert 150 <= hours[3] <= 186

    def test_once_it_answers_the_badge_is_verified_and_the_pause_forgotten(
        self, bring: Bring, maria: Earner, web: Web, check
    ) -> None:
        _, [badge] = bring(maria, HOSTED.data, check=True)
        web.serve(HOSTED)
        assert check(badge).verdict == "verified"
        assert badge.unknowns == 0

    def test_a_link_to_a_badge_in_doubt_tells_when_it_was_verified_last(
        self, db: Session, bring: Bring, maria: Earner, web: Web, check, clock: Clock
    ) -> None:
        web.serve(HOSTED)
        _, [badge] = bring(maria, HOSTED.data, check=True)
        link, verified_at = sharing.share_badge(db, maria, badge.public_id, at=clock()), badge.checked_at
        assert sharing.open_share(db, link.slug, clock()).entries[0].verified_at is None
        web.answers.clear()
        check(badge)
        assert sharing.open_share(db, link.slug, clock()).entries[0].verified_at == verified_at

    def test_an_outage_takes_nothing_away_and_is_not_mailed(
        self, db: Session, bring: Bring, maria: Earner, web: Web, check
    ) -> None:
        web.serve(HOSTED)
        _, [badge] = bring(maria, HOSTED.data, check=True)
        web.answers.clear()
        assert check(badge).verdict == "unconfirmed"
        assert (badge.title, badge.issuer_name) == ("First Aid", "Universidade de Montalvo")
        assert [r.verdict for r in reports.history(db, maria, badge.public_id)] == [
            "unconfirmed",
            "verified",
        ]
        assert notifying.kept(db) == []

    def test_a_withdrawn_badge_is_told_once(
        self, db: Session, bring: Bring, maria: Earner, web: Web, check
    ) -> None:
        good, bad = issuer().ob3(WITH_LIST), issuer().ob3(WITHDRAWN)
        web.serve(good)
        _, [badge] = bring(maria, good.data, check=True)
        assert badge.verdict == "verified"
        web.serve(bad)
        assert check(badge).verdict == "revoked"
        check(badge)
        [mail] = notifying.kept(db)
        assert mail.to == "maria@backpack.example"
        assert "Bee Keeping" in mail.subject
        assert "withdrawn" in mail.subject
        assert badge.public_id in mail.text

    @pytest.mark.parametrize("kind", ["signed", "hosted", "an address alone"])
    def test_one_that_was_withdrawn_stays_so_while_its_issuer_is_silent_and_until_that_serves_it_again(
        self, db: Session, bring: Bring, maria: Earner, web: Web, check, clock: Clock, kind: str
    ) -> None:
        good = issuer().ob3(WITH_LIST) if kind == "signed" else HOSTED
        withdrawn = answering(HOSTED, ADDRESS, {"revoked": True}, 410)
        gone = issuer().ob3(WITHDRAWN) if kind == "signed" else withdrawn
        web.serve(good)
        _, [badge] = bring(maria, ADDRESS_ALONE if kind == "an address alone" else good.data, check=True)
        link = sharing.share_badge(db, maria, badge.public_id, at=clock())
        [before] = sharing.open_share(db, link.slug, clock()).entries
        web.serve(gone)
        assert check(badge).verdict == "revoked"
        said_on = f"{badge.checked_at:%-d %B %Y}"
        web.answers.clear()
        for _ in range(2):
            report = check(badge)
            assert report.verdict == badge.verdict == "revoked"
            [says] = [each["message"] for each in report.content["checks"] if each["id"] == "revocation"]
            assert said_on in says
        [now] = sharing.open_share(db, link.slug, clock()).entries
        assert (now.verified_at, _told(now)) == (None, _told(before))
        web.serve(good)
        assert check(badge).verdict == "verified"
        web.answers.clear()
        assert check(badge).verdict == "unconfirmed"
        assert [mail.subject.rpartition("”")[2] for mail in reversed(notifying.kept(db))] == [
            " was withdrawn by its issuer",
            " is verified",
        ]

    def test_the_first_verdict_is_not_mailed(self, db: Session, bring: Bring, maria: Earner) -> None:
        bring(maria, renamed(PNG).data, check=True)
        assert notifying.kept(db) == []

    def test_it_is_looked_at_again_right_after_the_day_it_ends(
        self, bring: Bring, maria: Earner, check, clock: Clock
    ) -> None:
        ends = clock() + timedelta(days=2)
        _, [badge] = bring(maria, issuer().ob3(award(expires_at=ends)).data, check=True)
        assert badge.verdict == "verified"
        assert timedelta(0) < badge.next_check_at - ends < timedelta(hours=1)
        assert check(badge).verdict == "expired"
        assert badge.next_check_at - badge.checked_at >= timedelta(days=30)

    def test_it_is_looked_at_again_right_after_it_begins_whenever_it_was_awarded(
        self, bring: Bring, maria: Earner, check, clock: Clock
    ) -> None:
        begins = clock() + timedelta(seconds=30)
        dates = {"awardedDate": "2026-05-03T00:00:00Z", "validFrom": begins.isoformat()}
        _, [badge] = bring(maria, json.dumps(secured(unsigned_badge(**dates))).encode(), check=True)
        assert badge.verdict == "not_yet_valid"
        assert timedelta(0) < badge.next_check_at - begins < timedelta(hours=1)
        assert check(badge).verdict != "not_yet_valid"

    def test_the_same_answer_is_archived_once(
        self, db: Session, bring: Bring, maria: Earner, web: Web, check
    ) -> None:
        web.serve(HOSTED)
        _, [badge] = bring(maria, HOSTED.data, check=True)
        before = len(db.exec(select(Document)).all())
        check(badge)
        assert len(db.exec(select(Document)).all()) == before
        assert len(db.exec(select(Report)).all()) == 2

    def test_a_changed_answer_is_archived_beside_the_old_one(
        self, db: Session, bring: Bring, maria: Earner, web: Web, check
    ) -> None:
        web.serve(HOSTED)
        _, [badge] = bring(maria, HOSTED.data, check=True)
        web.say("https://montalvo.example/ob2/issuer", b'{"type": "Issuer"}', "application/json")
        check(badge)
        chosen = select(Document).where(Document.url == "https://montalvo.example/ob2/issuer")
        assert len(db.exec(chosen).all()) == 2


class TestLeases:
    def test_two_workers_check_once(
        self,
        db: Session,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        unchecked: Badge,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        judged = checking._judged

        def meanwhile(*what: object) -> object:
            monkeypatch.setattr(checking, "_judged", judged)
            assert checking.check_badge(engine, blobs, settings, unchecked.id, clock()) is None
            return judged(*what)

        monkeypatch.setattr(checking, "_judged", meanwhile)
        assert checking.check_badge(engine, blobs, settings, unchecked.id, clock() + timedelta(seconds=9))
        assert len(db.exec(select(Report)).all()) == 1

    def test_one_whose_lease_ran_out_writes_nothing(
        self,
        db: Session,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        unchecked: Badge,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        judged = checking._judged

        def meanwhile(*what: object) -> object:
            monkeypatch.setattr(checking, "_judged", judged)
            later = clock() + timedelta(seconds=200)
            assert checking.check_badge(engine, blobs, settings, unchecked.id, later)
            return judged(*what)

        monkeypatch.setattr(checking, "_judged", meanwhile)
        assert (
            checking.check_badge(engine, blobs, settings, unchecked.id, clock() + timedelta(seconds=9))
            is None
        )
        assert len(db.exec(select(Report)).all()) == 1

    def test_who_asks_during_a_check_gets_another_one(
        self,
        db: Session,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        maria: Earner,
        unchecked: Badge,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        judged = checking._judged

        def meanwhile(*what: object) -> object:
            checking.check_now(db, maria, unchecked.public_id, clock() + timedelta(seconds=20))
            return judged(*what)

        monkeypatch.setattr(checking, "_judged", meanwhile)
        assert checking.check_badge(engine, blobs, settings, unchecked.id, clock() + timedelta(seconds=9))
        assert checking.due(db, clock() + timedelta(seconds=30)) == [unchecked.id]

    def test_what_a_killed_worker_left_is_due_again(
        self,
        db: Session,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        unchecked: Badge,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(checking, "_judged", _killed)
            with pytest.raises(KeyboardInterrupt):
                checking.check_badge(engine, blobs, settings, unchecked.id, clock() + timedelta(seconds=9))
        assert checking.due(db, clock() + timedelta(seconds=60)) == []
        assert checking.due(db, clock() + timedelta(seconds=130)) == [unchecked.id]


class TestTrouble:
    @pytest.mark.parametrize("error", [TooComplex("This is too much."), WorkerFailed("a traceback")])
    def test_what_cannot_be_judged_is_unconfirmed_with_the_reason(
        self,
        db: Session,
        bring: Bring,
        maria: Earner,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
        error: Exception,
    ) -> None:
        _, [badge] = bring(maria, PNG.data)
        checking.check_now(db, maria, badge.public_id, clock())

        def fails(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("backpack.workers.run", fails)
        clock.move(minutes=1)
        report = checking.check_badge(engine, blobs, settings, badge.id, clock())
        assert report is not None
        assert report.verdict == "unconfirmed"
        assert "traceback" not in str(report.content)
        db.expire_all()
        assert badge.title == "Open Science Foundations"

    def test_a_fault_of_ours_is_tried_again_after_a_while(
        self,
        db: Session,
        engine: Engine,
        blobs: Blobs,
        settings: Settings,
        bring: Bring,
        maria: Earner,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        _, [badge] = bring(maria, PNG.data)
        checking.check_now(db, maria, badge.public_id, clock())

        def fails(*_: object, **__: object) -> None:
            raise OSError("disk")

        with monkeypatch.context() as patch:
            patch.setattr(blobs, "read", fails)
            with pytest.raises(OSError, match="disk"):
                checking.check_badge(engine, blobs, settings, badge.id, clock() + timedelta(seconds=9))
        assert checking.due(db, clock() + timedelta(minutes=5)) == []
        assert checking.due(db, clock() + timedelta(hours=2)) == [badge.id]

    def test_a_badge_that_names_endless_addresses_is_not_followed_for_ever(
        self, bring: Bring, maria: Earner, web: Web, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        judged = checking._judged

        def greedy(original, badge, hand, asked, at):
            made = judged(original, badge, {}, asked, at)
            return type(made)(
                tuple(f"https://x.example/{len(hand)}/{n}" for n in range(7)),
                made.report,
                made.verdict,
                made.facts,
            )

        monkeypatch.setattr(checking, "_judged", greedy)
        _, [badge] = bring(maria, HOSTED.data, check=True)
        assert len(web.asked) == 20
        assert badge.verdict

    def test_words_that_would_bend_a_page_or_break_a_database_are_made_plain(
        self, db: Session, bring: Bring, maria: Earner
    ) -> None:
        name, text = "A\x00B\u202eC\n D\x7f", "One\x00\r\ntwo\u2067"
        badge = issuer().ob3(award(name=name, description=text), carrier="bare")
        _, [brought] = bring(maria, badge.data, check=True)
        assert (brought.title, brought.description) == ("ABC D", "One\ntwo")
        assert brought.verdict
        assert reports.latest(db, brought)

    def test_an_address_without_end_is_left_unasked_and_harms_nothing(
        self, db: Session, bring: Bring, maria: Earner
    ) -> None:
        badge = json.loads(HOSTED.text)
        badge["badge"] = "https://montalvo.example/" + "x" * 3000
        _, [brought] = bring(maria, json.dumps(badge).encode(), check=True)
        assert brought.verdict in ("unconfirmed", "invalid")
        assert all(len(document.url) <= 2048 for document in db.exec(select(Document)))


class TestAsking:
    def test_an_earner_may_ask_at_any_time_and_only_for_theirs(
        self, db: Session, bring: Bring, maria: Earner, clock: Clock, check
    ) -> None:
        _, [badge] = bring(maria, PNG.data, check=True)
        clock.move(minutes=1)
        checking.check_now(db, maria, badge.public_id, clock())
        db.expire_all()
        assert checking.due(db, clock()) == [badge.id]
        with pytest.raises(Missing):
            checking.check_now(db, joining.make_earner(db, "o@x.example", clock()), badge.public_id, clock())

    def test_a_stranger_may_ask_once_in_ten_minutes(
        self, db: Session, bring: Bring, maria: Earner, clock: Clock, check
    ) -> None:
        _, [badge] = bring(maria, PNG.data, check=True)
        share = sharing.share_badge(db, maria, badge.public_id, at=clock())
        clock.move(hours=1)
        checking.check_again(db, share.slug, "192.0.2.0/24", clock())
        with pytest.raises(TooMany, match="only just now"):
            checking.check_again(db, share.slug, "198.51.100.0/24", clock())
        assert checking.due(db, clock()) == [badge.id]

    def test_a_closed_link_checks_nothing(
        self, db: Session, bring: Bring, maria: Earner, clock: Clock
    ) -> None:
        _, [badge] = bring(maria, PNG.data, check=True)
        share = sharing.share_badge(db, maria, badge.public_id, at=clock())
        sharing.close(db, maria, share.public_id, clock())
        with pytest.raises(Missing):
            checking.check_again(db, share.slug, "192.0.2.0/24", clock())

    def test_what_lies_in_the_bin_is_not_checked(
        self, db: Session, bring: Bring, maria: Earner, clock: Clock
    ) -> None:
        _, [badge] = bring(maria, PNG.data)
        organising.delete(db, maria, badge.public_id, clock())
        assert checking.due(db, clock() + timedelta(days=1)) == []


def test_reports_are_only_ever_added(db: Session, bring: Bring, maria: Earner, check) -> None:
    _, [badge] = bring(maria, PNG.data, check=True)
    first = reports.latest(db, badge)
    assert first is not None
    content = first.content
    check(badge)
    assert [r.id for r in reports.history(db, maria, badge.public_id)][-1] == first.id
    assert db.exec(select(Report.content).where(col(Report.id) == first.id)).one() == content


def _killed(*_: object) -> None:
    raise KeyboardInterrupt

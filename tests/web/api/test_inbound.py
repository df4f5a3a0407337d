"""Providers hand award mails over: kept before they hear “done”, and each hears what makes it stop or try again."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from backpack import network
from backpack.config import Settings
from backpack.services import admitting, importing, joining, relaying
from backpack.sources.webhooks import WEBHOOKS, Call
from backpack.storage import database
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Arrival
from backpack.verifier import Document
from tests import webhooks as calls
from tests.apps import create
from tests.databases import Databases
from tests.issuing import MARIA
from tests.webhooks import PASSWORD, RAW, SENDER, TOPIC

NOBODY = "import+00000000000000000000@localhost"
STOPS = {"postmark": 403, "mailgun": 406, "sendgrid": 200, "ses": 403}


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """One kind of database is enough here: how a mail is kept is tested beside."""
    with databases.lend("sqlite") as url:
        yield url


@pytest.fixture
def settings(settings: Settings) -> Settings:
    secrets = {
        "postmark_secret": PASSWORD,
        "mailgun_key": PASSWORD,
        "ses_topic": TOPIC,
        "inbox_domain": "localhost",
    }
    return settings.model_copy(update={**secrets, "sendgrid_key": calls.sendgrid_public_key()})


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was fetched: SNS answers with its certificate, and agrees to everything."""
    urls: list[str] = []

    def fetch(url: str, *_: object, **__: object) -> Document:
        urls.append(url)
        return Document(url, 200, calls.certificate(datetime.now(UTC)))

    monkeypatch.setattr(network, "fetch", fetch)
    monkeypatch.setattr(relaying, "_certificates", {})
    return urls


@pytest.fixture
def app(settings: Settings, fetched: list[str]) -> FastAPI:
    return create(settings)


@pytest.fixture
def client(app: FastAPI, settings: Settings) -> TestClient:
    return TestClient(app, settings.base_url, raise_server_exceptions=False)


@pytest.fixture
def inbox(settings: Settings) -> str:
    with database.session(settings) as db:
        return joining.inbox_address(joining.make_earner(db, MARIA, datetime.now(UTC)), settings)


def call_of(name: str, to: str) -> Call:
    now = datetime.now(UTC)
    return {
        "postmark": lambda: calls.postmark(to),
        "mailgun": lambda: calls.mailgun(to, at=now),
        "sendgrid": lambda: calls.sendgrid(to, at=now),
        "ses": lambda: calls.ses(calls.received(to)),
    }[name]()


def post(client: TestClient, name: str, call: Call, path: str = "") -> int:
    return client.post(f"/inbound/{name}{path}", content=call.body, headers=dict(call.headers)).status_code


def arrivals(settings: Settings) -> list[Arrival]:
    with database.session(settings) as db:
        return list(db.exec(select(Arrival)))


@pytest.mark.parametrize("name", WEBHOOKS)
class TestEach:
    """Whoever the provider is."""

    def test_a_mail_is_kept_as_it_was_sent_and_only_once(self, name, client, settings, inbox):
        call = call_of(name, inbox)
        assert [post(client, name, call) for _ in range(2)] == [200, 200]
        (kept,) = arrivals(settings)
        assert Blobs(settings).read(kept.sha256) == RAW
        assert (kept.source, kept.origin, kept.letter["reception"]["door"]) == ("mail", SENDER, "webhook")

    def test_a_mail_for_nobody_here_makes_it_stop(self, name, client, settings, inbox):
        assert post(client, name, call_of(name, NOBODY)) == STOPS[name]
        assert arrivals(settings) == []

    def test_a_call_that_is_not_its_own_is_refused(self, name, client, settings, inbox):
        other = {"postmark_secret": "x", "mailgun_key": "x", "sendgrid_key": "x", "ses_topic": "x"}
        client.app.state.settings = settings.model_copy(update=other)
        assert post(client, name, call_of(name, inbox)) == 401
        assert arrivals(settings) == []

    def test_one_that_is_not_set_up_is_not_there(self, name, client, settings, inbox):
        client.app.state.settings = settings.model_copy(update={WEBHOOKS[name].SETTING: ""})
        assert post(client, name, call_of(name, inbox)) == 404

    def test_when_a_mail_cannot_be_kept_it_tries_again(self, name, client, settings, inbox, monkeypatch):
        def broken(*_: object, **__: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr(importing, "receive", broken)
        assert post(client, name, call_of(name, inbox)) == 500
        assert arrivals(settings) == []


def test_mailgun_finds_its_own_address(client, settings, inbox):
    assert post(client, "mailgun", call_of("mailgun", inbox), "/mime") == 200
    assert len(arrivals(settings)) == 1


def test_a_mail_in_parts_is_asked_for_again_until_the_switch_is_turned(client, settings, inbox):
    call = calls.postmark(inbox, RawEmail="")
    answer = client.post("/inbound/postmark", content=call.body, headers=dict(call.headers))
    assert answer.status_code == 503
    assert "Include raw email content" in answer.json()["try_this"]
    assert arrivals(settings) == []


def test_half_a_character_in_what_a_provider_says_of_a_mail_keeps_nothing_from_anybody(
    client, settings, inbox
):
    raw = RAW.decode().replace("\r\n\r\n", "\r\n\r\nHalf: \ud800\r\n", 1)
    assert post(client, "postmark", calls.postmark(inbox, RawEmail=raw)) == 200
    assert len(arrivals(settings)) == 1
    assert post(client, "postmark", calls.postmark(inbox, OriginalRecipient=f"\ud800{inbox}")) == 403


def test_a_mail_that_goes_round_in_circles_is_ended(client, settings, inbox):
    circling = "Received: from a by b\r\n" * (admitting.MOST_HOPS + 2) + RAW.decode()
    assert post(client, "postmark", calls.postmark(inbox, RawEmail=circling)) == 403


def test_a_subscription_to_our_topic_is_agreed_to_and_to_no_other(client, fetched):
    assert post(client, "ses", calls.confirmation()) == 200
    assert fetched == [calls.CERTIFICATE, calls.CONFIRM]
    foreign = calls.ses(
        "x", Type="SubscriptionConfirmation", Token="1", SubscribeURL=calls.CONFIRM, TopicArn="other"
    )
    assert post(client, "ses", foreign) == 401
    assert fetched == [calls.CERTIFICATE, calls.CONFIRM]


def test_a_certificate_that_cannot_be_fetched_now_is_a_reason_to_try_again(
    client, settings, inbox, monkeypatch
):
    silent = Document(calls.CERTIFICATE, 0, problem="it could not be reached")
    monkeypatch.setattr(network, "fetch", lambda *_, **__: silent)
    assert post(client, "ses", call_of("ses", inbox)) == 503


def test_a_whole_award_mail_fits_and_more_does_not(client, inbox):
    large = "Subject: x\r\n\r\n" + "y" * 14 * 1024 * 1024
    assert post(client, "postmark", calls.postmark(inbox, RawEmail=large)) == 200
    larger = calls.postmark(inbox, RawEmail="y" * 47 * 1024 * 1024)
    assert post(client, "postmark", larger) == 413

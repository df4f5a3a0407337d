"""Mail that providers hand over: genuine or not, whole or not."""

import base64
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from backpack.errors import TooLarge, Unreadable
from backpack.sources.webhooks import WEBHOOKS, Call, NotRaw, mailgun, postmark, sendgrid, ses
from tests import webhooks as calls
from tests.webhooks import NOW, PASSWORD, RAW, SENDER, TOPIC

TO = "import+0123456789abcdef0123@in.backpack.test"


def genuine(webhook, call, secret=PASSWORD, at=NOW, document=b""):
    return webhook.is_genuine(call, secret, at, document)


class TestPostmark:
    def test_a_mail_comes_out_as_it_was_sent(self):
        found = postmark.mail(calls.postmark(TO))
        assert (found.recipients, found.data, found.sender) == ((TO,), RAW, SENDER)

    def test_the_password_in_its_address_shows_who_calls(self):
        assert genuine(postmark, calls.postmark(TO))
        assert not genuine(postmark, calls.postmark(TO, "another password"))
        for header in ("", "Basic", "Basic !", f"Bearer {PASSWORD}", "Basic eA=="):
            assert not genuine(postmark, replace(calls.postmark(TO), headers={"authorization": header}))

    def test_a_mail_in_parts_is_refused_with_the_switch_to_turn(self):
        with pytest.raises(NotRaw) as refusal:
            postmark.mail(calls.postmark(TO, RawEmail=""))
        assert "Include raw email content" in refusal.value.try_this


class TestMailgun:
    def test_a_mail_comes_out_as_it_was_sent(self):
        found = mailgun.mail(calls.mailgun(f"{TO}, b@c.test"))
        assert (found.recipients, found.data, found.sender) == ((TO, "b@c.test"), RAW, SENDER)

    def test_its_signature_shows_who_calls(self):
        assert genuine(mailgun, calls.mailgun(TO))
        assert not genuine(mailgun, calls.mailgun(TO, key="another"))
        for changed in ({"token": "x"}, {"signature": "0" * 64}, {"signature": None}, {"timestamp": None}):
            assert not genuine(mailgun, calls.mailgun(TO, **changed))

    def test_one_that_was_recorded_does_not_serve_for_ever(self):
        call = calls.mailgun(TO)
        assert genuine(mailgun, call, at=NOW + timedelta(hours=8))
        assert not genuine(mailgun, call, at=NOW + timedelta(hours=10))
        assert not genuine(mailgun, call, at=NOW - timedelta(hours=10))

    def test_a_mail_in_parts_is_refused_with_the_address_to_set(self):
        with pytest.raises(NotRaw) as refusal:
            mailgun.mail(calls.mailgun(TO, **{"body-mime": None, "body-plain": "Hello"}))
        assert "/inbound/mailgun/mime" in refusal.value.try_this


class TestSendGrid:
    def test_a_mail_comes_out_as_it_was_sent(self):
        found = sendgrid.mail(calls.sendgrid(TO))
        assert (found.recipients, found.data, found.sender) == ((TO,), RAW, SENDER)

    def test_its_signature_shows_who_calls(self):
        key, call = calls.sendgrid_public_key(), calls.sendgrid(TO)
        assert genuine(sendgrid, call, key)
        assert not genuine(sendgrid, replace(call, body=call.body + b"x"), key)
        assert not genuine(sendgrid, call, key, at=NOW + timedelta(days=5))
        for name in call.headers:
            assert (
                not genuine(sendgrid, replace(call, headers={**call.headers, name: "1"}), key)
                or "type" in name
            )

    def test_a_password_serves_only_where_no_key_is_set(self):
        call = calls.sendgrid(TO, signed=False)
        assert genuine(sendgrid, call)
        assert not genuine(sendgrid, call, "another password")
        assert not genuine(sendgrid, call, calls.sendgrid_public_key())

    def test_a_mail_in_parts_is_refused_with_the_switch_to_turn(self):
        with pytest.raises(NotRaw) as refusal:
            sendgrid.mail(calls.form({"envelope": b"{}", "text": b"Hello"}))
        assert "raw, full MIME" in refusal.value.try_this


class TestSes:
    def test_a_mail_comes_out_as_it_was_sent(self):
        for content in (RAW.decode(), base64.b64encode(RAW).decode()):
            found = ses.mail(calls.ses(calls.received(TO, content)))
            assert (found.recipients, found.data, found.sender) == ((TO,), RAW, SENDER)

    @pytest.mark.parametrize("version", ["1", "2"])
    def test_the_signature_of_sns_shows_who_calls(self, version):
        call = calls.ses(calls.received(TO), version)
        assert ses.needs(call) == calls.CERTIFICATE
        assert genuine(ses, call, TOPIC, document=calls.certificate())

    @pytest.mark.parametrize("name", ["Message", "Subject", "Timestamp", "MessageId", "Type", "Signature"])
    def test_whatever_was_changed_breaks_it(self, name):
        told = json.loads(calls.ses(calls.received(TO)).body)
        told[name] = told[name][:-1]
        assert not genuine(ses, Call({}, json.dumps(told).encode()), TOPIC, document=calls.certificate())

    def test_another_topic_is_somebody_elses(self):
        call = calls.ses(calls.received(TO), TopicArn=f"{TOPIC}-of-another")
        assert not genuine(ses, call, TOPIC, document=calls.certificate())

    def test_neither_an_old_certificate_nor_none_nor_another_version_serves(self):
        call = calls.ses(calls.received(TO))
        assert not genuine(ses, call, TOPIC, at=NOW + timedelta(days=2), document=calls.certificate())
        assert not genuine(ses, call, TOPIC, document=b"")
        assert not genuine(ses, calls.ses(calls.received(TO), "3"), TOPIC, document=calls.certificate())

    @pytest.mark.parametrize(
        "address",
        [
            "https://sns.evil.example/x.pem",
            "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem",
            "http://sns.eu-west-1.amazonaws.com/x.pem",
            "https://sns.eu-west-1.amazonaws.com@evil.example/x.pem",
            "https://bucket.s3.amazonaws.com/x.pem",
            "https://sns.eu-west-1.amazonaws.com/?x.pem",
            "https://sns.eu-west-1.amazonaws.com/x.pem\n",
        ],
    )
    def test_a_certificate_is_asked_for_at_sns_alone(self, address):
        assert ses.needs(calls.ses("x", SigningCertURL=address)) == ""

    def test_a_subscription_is_agreed_to_at_sns_alone(self):
        assert ses.mail(calls.confirmation()).confirm == calls.CONFIRM
        with pytest.raises(Unreadable):
            ses.mail(calls.confirmation("https://evil.example/?Action=ConfirmSubscription&Token=1"))
        with pytest.raises(Unreadable):
            ses.mail(calls.confirmation(calls.CONFIRM.replace("ConfirmSubscription", "DeleteTopic")))

    @pytest.mark.parametrize("message", ["Successfully validated SNS topic.", {"notificationType": "Bounce"}])
    def test_what_is_no_mail_brings_none(self, message):
        assert ses.mail(calls.ses(message)).data == b""

    def test_word_of_a_mail_in_a_bucket_is_refused_with_the_action_to_choose(self):
        with pytest.raises(NotRaw) as refusal:
            ses.mail(calls.ses(calls.received(TO, "")))
        assert "Publish to Amazon SNS topic" in refusal.value.try_this

    def test_more_than_sns_ever_carries_is_not_even_read(self):
        with pytest.raises(TooLarge):
            ses.needs(Call({}, b"[" * (ses.LARGEST + 1)))


BODIES = [
    b"",
    b"{",
    b"[]",
    b"[" * 100_000,
    b"\xff\xfe",
    b"--edge\r\n\r\n",
    b"&" * 100_000,
    b"a=b&" * 500,
    b'{"Message": 1}',
]
KINDS = [
    "",
    "application/json",
    "multipart/form-data; boundary=edge",
    "multipart/form-data",
    "multipart/\udcff",
]


@pytest.mark.parametrize("name", WEBHOOKS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_no_provider_sends_is_neither_genuine_nor_a_fault(name, kind):
    webhook = WEBHOOKS[name]
    for body in BODIES:
        call = Call({"content-type": kind}, body)
        with suppress(Unreadable):
            assert not webhook.is_genuine(call, PASSWORD, NOW, webhook.needs(call).encode())
        with suppress(Unreadable, NotRaw):
            assert webhook.mail(call).data == b""


def test_a_mail_in_any_charset_comes_through_a_form_byte_for_byte():
    raw = bytes(range(256)) * 3
    assert sendgrid.mail(calls.form({"email": raw})).data == raw
    coded = Call({"content-type": "application/x-www-form-urlencoded"}, b"body-mime=" + quote(raw).encode())
    assert mailgun.mail(coded).data == raw

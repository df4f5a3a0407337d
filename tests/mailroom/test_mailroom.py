"""Real conversations with the mailroom: what was acknowledged is kept, what was not is tried again."""

import smtplib
import socket
from email.message import EmailMessage

import pytest
from sqlmodel import Session, select

from backpack import mailroom
from backpack.config import Settings
from backpack.errors import Misconfigured, TooMany
from backpack.mailroom import lines
from backpack.services import importing, joining
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Arrival
from tests.issuing import MARIA

MIB = 1024 * 1024


def award(words: str = "Congratulations!") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "noreply@issuer.test",
        MARIA,
        "You earned a badge",
    )
    message.set_content(words)
    return message


def arrivals(db: Session) -> list[Arrival]:
    db.rollback()
    return list(db.exec(select(Arrival).order_by(Arrival.id)))


def kept(db: Session, settings: Settings, arrival: Arrival) -> bytes:
    return Blobs(settings).read(arrival.sha256)


class TestDelivery:
    """A message is an arrival."""

    def test_a_message_is_kept_as_it_came_and_somebody_is_told(
        self, smtp, inbox, maria, db, settings, nudged
    ):
        raw = b"From: a@b.test\r\nSubject: x\r\n\r\n..dots\r\n.\xc3\xa9\r\n"
        assert smtp.sendmail("noreply@issuer.test", [inbox], raw) == {}
        (arrival,) = arrivals(db)
        assert (arrival.earner_id, arrival.source, arrival.origin) == (
            maria.id,
            "mail",
            "noreply@issuer.test",
        )
        assert kept(db, settings, arrival) == raw
        assert nudged == [arrival.id]

    def test_the_address_is_found_in_any_case(self, smtp, inbox, maria, db):
        smtp.send_message(award(), to_addrs=[inbox.upper()])
        assert [arrival.earner_id for arrival in arrivals(db)] == [maria.id]

    def test_one_message_for_two_is_one_arrival_for_each(self, smtp, inbox, db, clock, settings):
        jan = joining.make_earner(db, "jan@montalvo.example", clock())
        smtp.send_message(award(), to_addrs=[inbox, joining.inbox_address(jan, settings)])
        both = arrivals(db)
        assert len({arrival.earner_id for arrival in both}) == 2
        assert len({arrival.sha256 for arrival in both}) == 1

    def test_several_messages_go_over_one_connection(self, smtp, inbox, db):
        for number in range(3):
            smtp.send_message(award(f"Badge {number}"), to_addrs=[inbox])
        assert len(arrivals(db)) == 3

    def test_a_bounce_with_no_sender_is_kept_too(self, smtp, inbox, db):
        smtp.sendmail("", [inbox], bytes(award()))
        assert arrivals(db)[0].origin == ""

    def test_lines_longer_than_the_rule_allows_are_taken(self, smtp, inbox, db, settings):
        smtp.sendmail("a@b.test", [inbox], b"Subject: x\r\n\r\n" + b"y" * 100_000 + b"\r\n")
        assert b"y" * 100_000 in kept(db, settings, arrivals(db)[0])


class TestRefusal:
    """What is refused is refused early, with the code that tells the sender what to do."""

    def refused(self, smtp, to, code):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
            smtp.send_message(award(), to_addrs=[to])
        assert refusal.value.recipients[to][0] == code

    def test_an_unknown_recipient_is_refused_before_the_message_is_sent(self, smtp, inbox, db):
        local, _, domain = inbox.partition("@")
        for unknown in (
            f"import+{'0' * 20}@{domain}",
            f"{local}@elsewhere.test",
            f"maria@{domain}",
            f"import+@{domain}",
            "import+'%",
        ):
            self.refused(smtp, unknown, 550)
        assert arrivals(db) == []

    def test_the_known_one_of_two_recipients_gets_the_message(self, smtp, inbox, db):
        refused = smtp.send_message(award(), to_addrs=["nobody@in.backpack.test", inbox])
        assert list(refused) == ["nobody@in.backpack.test"]
        assert len(arrivals(db)) == 1

    def test_an_address_that_was_replaced_takes_nothing_more(self, smtp, inbox, db, maria):
        joining.replace_inbox(db, maria)
        self.refused(smtp, inbox, 550)

    def test_a_message_over_15_mb_is_refused_by_its_announced_size(self, smtp, inbox, db):
        smtp.ehlo()
        code, _ = smtp.docmd(f"MAIL FROM:<a@b.test> SIZE={15 * MIB + 1}")
        assert code == 552

    def test_a_message_over_15_mb_is_refused_by_its_real_size(self, smtp, inbox, db):
        smtp.ehlo()
        smtp.mail("a@b.test")
        smtp.rcpt(inbox)
        code, _ = smtp.data(b"Subject: x\r\n\r\n" + (b"z" * 998 + b"\r\n") * (15 * MIB // 1000 + 20))
        assert code == 552
        assert arrivals(db) == []

    def test_a_message_that_goes_round_in_circles_is_refused(self, smtp, inbox, db):
        hops = b"".join(b"Received: from a by b; hop %d\r\n" % n for n in range(60))
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            smtp.sendmail("a@b.test", [inbox], hops + bytes(award()))
        assert refusal.value.smtp_code == 554
        assert arrivals(db) == []

    def test_more_recipients_than_anybody_needs_are_put_off(self, smtp, inbox, db):
        smtp.ehlo()
        smtp.mail("a@b.test")
        codes = [smtp.rcpt(inbox)[0] for _ in range(51)]
        assert codes == [250] * 50 + [452]


class TestTrouble:
    """A message that could not be kept is not acknowledged."""

    def sent(self, smtp, inbox):
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            smtp.send_message(award(), to_addrs=[inbox])
        return refusal.value.smtp_code

    def test_the_sender_of_what_could_not_be_stored_is_asked_to_try_again(
        self, smtp, inbox, db, monkeypatch, nudged
    ):
        def broken(*args, **more):
            raise OSError("disk full")

        monkeypatch.setattr(importing, "receive", broken)
        assert self.sent(smtp, inbox) == 451
        assert (arrivals(db), nudged) == ([], [])

    def test_the_sender_of_too_many_is_asked_to_come_back(self, smtp, inbox, monkeypatch):
        def often(*args, **more):
            raise TooMany

        monkeypatch.setattr(importing, "receive", often)
        assert self.sent(smtp, inbox) == 451

    def test_a_message_with_nothing_in_it_is_refused_for_good(self, smtp, inbox, db):
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            smtp.sendmail("a@b.test", [inbox], b"")
        assert refusal.value.smtp_code == 554

    def test_when_nobody_knows_the_recipients_the_sender_is_asked_to_try_again(
        self, smtp, inbox, monkeypatch
    ):
        def broken(*args):
            raise OSError("no database")

        monkeypatch.setattr(joining, "earner_of_inbox", broken)
        smtp.ehlo()
        smtp.mail("a@b.test")
        assert smtp.rcpt(inbox)[0] == 451

    def test_a_connection_that_breaks_off_leaves_nothing_behind(self, room, inbox, db):
        with smtplib.SMTP("127.0.0.1", room.ports[0], timeout=20) as client:
            client.ehlo()
            client.mail("a@b.test")
            client.rcpt(inbox)
            assert client.docmd("DATA")[0] == 354
            client.send(b"Subject: half a mess")
            client.sock.shutdown(socket.SHUT_RDWR)
            client.sock.close()
            client.sock = None
        assert arrivals(db) == []

    def test_more_connections_than_memory_allows_are_put_off(self, room, monkeypatch):
        monkeypatch.setattr(lines, "MOST_CONNECTIONS", 1)
        with socket.create_connection(("127.0.0.1", room.ports[0])) as first:
            assert first.recv(100).startswith(b"220")
            with socket.create_connection(("127.0.0.1", room.ports[0])) as second:
                assert b"421" in second.recv(1000)
        with smtplib.SMTP("127.0.0.1", room.ports[0], timeout=20) as later:
            assert later.noop()[0] == 250


class TestLmtp:
    """For a mail server in front: an answer for each recipient."""

    def test_a_message_is_kept(self, room, inbox, db):
        with smtplib.LMTP("127.0.0.1", room.ports[1], timeout=20) as client:
            client.send_message(award(), to_addrs=[inbox])
        assert len(arrivals(db)) == 1

    def test_each_recipient_has_an_answer(self, room, inbox, db, clock, settings):
        jan = joining.make_earner(db, "jan@montalvo.example", clock())
        with smtplib.LMTP("127.0.0.1", room.ports[1], timeout=20) as client:
            client.ehlo()
            client.mail("a@b.test")
            for to in (inbox, joining.inbox_address(jan, settings)):
                assert client.rcpt(to)[0] == 250
            assert client.data(bytes(award()))[0] == 250
            assert client.getreply()[0] == 250
        assert len(arrivals(db)) == 2


class TestListening:
    """Where it listens is the operator's choice, and a wrong one is said at once."""

    @pytest.mark.parametrize("where", ["nowhere", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:99999", ":-1"])
    def test_a_place_that_is_none_is_refused(self, settings, where):
        with pytest.raises(Misconfigured, match="BACKPACK_SMTP_LISTEN is not host:port"):
            mailroom.start(settings.model_copy(update={"smtp_listen": where}), print)

    def test_a_place_that_is_taken_is_refused(self, settings, room):
        taken = settings.model_copy(update={"smtp_listen": f"127.0.0.1:{room.ports[0]}"})
        with pytest.raises(Misconfigured, match="Mail cannot be taken at"):
            mailroom.start(taken, print)

    def test_no_place_at_all_is_refused(self, settings):
        nowhere = settings.model_copy(update={"smtp_listen": "", "lmtp_listen": ""})
        with pytest.raises(Misconfigured, match="nowhere to take mail"):
            mailroom.start(nowhere, print)

    @pytest.mark.parametrize("where", ["[::1]:0", "localhost:0"])
    def test_it_listens_wherever_it_is_told(self, settings, db, where):
        room = mailroom.start(settings.model_copy(update={"smtp_listen": where}), print)
        with smtplib.SMTP("localhost" if "local" in where else "::1", room.ports[0], timeout=20) as client:
            assert client.noop()[0] == 250
        room.stop()

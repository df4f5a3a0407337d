"""Conversations byte by byte: over TLS, in pieces, by those who are slow, many, or up to something."""

import datetime as dt
import os
import smtplib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlmodel import Session, select

from backpack import mailroom
from backpack.config import Settings
from backpack.errors import Misconfigured
from backpack.mailroom import Mailroom, desk, lines
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Arrival
from tests.databases import Databases

AWARD = b"From: a@b.test\r\nSubject: You earned a badge\r\n\r\nCongratulations!\r\n"


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """One kind of database is enough here: what is kept, and how, is tested beside."""
    with databases.lend("sqlite") as url:
        yield url


def certify(folder: Path, name: str) -> None:
    """Write a certificate for this name, and its key, where the settings say."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@pytest.fixture
def secured(settings: Settings, tmp_path: Path) -> Settings:
    certify(tmp_path, "in.backpack.test")
    files = {"smtp_tls_cert": str(tmp_path / "cert.pem"), "smtp_tls_key": str(tmp_path / "key.pem")}
    return settings.model_copy(update=files)


@pytest.fixture
def tls_room(secured: Settings) -> Iterator[Mailroom]:
    opened = mailroom.start(secured, lambda _: None)
    yield opened
    opened.stop()


def trusting(folder: Path) -> ssl.SSLContext:
    """A client that knows the certificate which lies there now, and no other."""
    return ssl.create_default_context(cafile=str(folder / "cert.pem"))


def secure_line(room: Mailroom, folder: Path) -> smtplib.SMTP:
    client = smtplib.SMTP("127.0.0.1", room.ports[0], timeout=20)
    client._host = "in.backpack.test"
    client.starttls(context=trusting(folder))
    return client


def arrivals(db: Session) -> list[Arrival]:
    db.rollback()
    return list(db.exec(select(Arrival).order_by(Arrival.id)))


class Raw:
    """A line without manners: what is sent is what goes over it."""

    def __init__(self, port: int) -> None:
        self.line = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.heard = self.line.makefile("rb")
        self.answer()

    def send(self, data: bytes) -> None:
        self.line.sendall(data)

    def answer(self) -> int:
        """The code of the next answer; 0 when the other side hung up."""
        said = self.heard.readline()
        while said[3:4] == b"-":
            said = self.heard.readline()
        return int(said[:3] or 0)

    def close(self) -> None:
        self.heard.close()
        self.line.close()


@pytest.fixture
def raw(room: Mailroom) -> Iterator[Raw]:
    opened = Raw(room.ports[0])
    yield opened
    opened.close()


class TestTls:
    """A message may come over an encrypted line."""

    def test_a_mail_server_that_can_encrypt_does(self, tls_room, tmp_path, inbox, db):
        with secure_line(tls_room, tmp_path) as client:
            assert client.sendmail("a@b.test", [inbox], AWARD) == {}
            assert not client.has_extn("starttls")
        assert len(arrivals(db)) == 1

    def test_who_cannot_encrypt_is_taken_too_unless_the_operator_asks_for_it(
        self, tls_room, secured, inbox, db
    ):
        with smtplib.SMTP("127.0.0.1", tls_room.ports[0], timeout=20) as client:
            client.sendmail("a@b.test", [inbox], AWARD)
        strict = mailroom.start(secured.model_copy(update={"smtp_tls_required": True}), print)
        with smtplib.SMTP("127.0.0.1", strict.ports[0], timeout=20) as client:
            client.ehlo()
            assert client.mail("a@b.test")[0] == 530
        with smtplib.LMTP("127.0.0.1", strict.ports[1], timeout=20) as client:
            client.ehlo()
            assert client.mail("a@b.test")[0] == 250
        strict.stop()
        assert len(arrivals(db)) == 1

    def test_without_a_certificate_encryption_is_not_offered(self, smtp):
        smtp.ehlo()
        assert not smtp.has_extn("starttls")
        assert smtp.docmd("STARTTLS")[0] >= 450

    def test_a_renewed_certificate_is_taken_up_by_the_next_connection(self, tls_room, tmp_path, inbox):
        secure_line(tls_room, tmp_path).close()
        certify(tmp_path, "in.backpack.test")
        for file in ("cert.pem", "key.pem"):
            os.utime(tmp_path / file, ns=(1, 1))  # as new as you like: it is another time
        with secure_line(tls_room, tmp_path) as client:  # which trusts the new one only
            assert client.noop()[0] == 250

    def test_half_a_renewal_leaves_the_old_certificate_in_use(self, tls_room, tmp_path, secured):
        known = trusting(tmp_path)
        (tmp_path / "cert.pem").write_text("half a certif")
        with smtplib.SMTP("127.0.0.1", tls_room.ports[0], timeout=20) as client:
            client._host = "in.backpack.test"
            assert client.starttls(context=known)[0] == 220

    def test_what_was_sent_in_the_clear_behind_starttls_is_never_done(self, tls_room, tmp_path):
        line = Raw(tls_room.ports[0])
        line.send(b"EHLO me.test\r\n")
        assert line.answer() == 250
        line.send(b"STARTTLS\r\nMAIL FROM:<evil@b.test>\r\n")
        assert line.answer() == 220
        secure = trusting(tmp_path).wrap_socket(line.line, server_hostname="in.backpack.test")
        secure.sendall(b"EHLO me.test\r\nRCPT TO:<a@b.test>\r\nQUIT\r\n")
        said = secure.makefile("rb").read()
        assert b"\r\n503 Error: need MAIL command\r\n221" in said
        secure.close()
        line.close()

    @pytest.mark.parametrize("broken", ["nowhere.pem", "key.pem"])
    def test_a_certificate_that_is_none_is_said_at_once(self, secured, tmp_path, broken):
        wrong = secured.model_copy(update={"smtp_tls_cert": str(tmp_path / broken)})
        with pytest.raises(Misconfigured, match="BACKPACK_SMTP_TLS_CERT"):
            mailroom.start(wrong, print)

    def test_to_ask_for_encryption_without_a_certificate_is_refused(self, settings):
        with pytest.raises(Misconfigured, match="there is no certificate"):
            mailroom.start(settings.model_copy(update={"smtp_tls_required": True}), print)


class TestSmuggling:
    """One message in is one message kept, wherever others would see its end."""

    @pytest.mark.parametrize(
        "false_end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r", b"\r\n\0.\r\n", b"\r.\r\n"]
    )
    def test_only_the_true_end_ends_a_message(self, raw, inbox, db, settings, false_end):
        smuggled = (
            b"MAIL FROM:<evil@b.test>\r\nRCPT TO:<" + inbox.encode() + b">\r\nDATA\r\nSubject: smuggled"
        )
        body = b"Subject: one\r\n\r\nx" + false_end + smuggled + b"\r\n"
        raw.send(b"EHLO me.test\r\n")
        raw.answer()
        raw.send(b"MAIL FROM:<a@b.test>\r\nRCPT TO:<" + inbox.encode() + b">\r\nDATA\r\n")
        assert [raw.answer() for _ in range(3)] == [250, 250, 354]
        raw.send(body + b".\r\n")
        assert raw.answer() == 250
        raw.send(b"QUIT\r\n")
        assert raw.answer() == 221
        (kept,) = arrivals(db)
        assert kept.origin == "a@b.test"
        assert b"Subject: smuggled" in Blobs(settings).read(kept.sha256)

    def test_several_messages_in_one_packet_are_several_messages(self, raw, inbox, db):
        one = (
            b"MAIL FROM:<a@b.test>\r\nRCPT TO:<"
            + inbox.encode()
            + b">\r\nDATA\r\nSubject: %d\r\n\r\nx\r\n.\r\n"
        )
        raw.send(b"EHLO me.test\r\n" + b"".join(one % number for number in range(3)) + b"QUIT\r\n")
        assert [raw.answer() for _ in range(14)] == [250, *[250, 250, 354, 250] * 3, 221]
        assert len(arrivals(db)) == 3

    def test_a_refused_recipient_leaves_no_message_to_send(self, raw, db):
        raw.send(b"EHLO me.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<nobody@in.backpack.test>\r\nDATA\r\n")
        assert [raw.answer() for _ in range(4)] == [250, 250, 550, 503]


class TestMeans:
    """Nobody takes more of the mailroom than a mail server needs."""

    def test_one_peer_does_not_take_every_line(self, room, monkeypatch):
        monkeypatch.setattr(lines, "MOST_OF_ONE_PEER", 1)
        first = Raw(room.ports[0])
        second = socket.create_connection(("127.0.0.1", room.ports[0]), timeout=20)
        assert b"421" in second.recv(1000)
        mail_server = Raw(room.ports[1])  # ours may have as many as there are
        for line in (first, second, mail_server):
            line.close()

    def test_a_line_over_tls_counts_once(self, tls_room, tmp_path, monkeypatch):
        monkeypatch.setattr(lines, "MOST_OF_ONE_PEER", 2)
        for _ in range(3):
            first, second = secure_line(tls_room, tmp_path), secure_line(tls_room, tmp_path)
            assert (first.noop()[0], second.noop()[0]) == (250, 250)
            first.quit()
            second.quit()

    def test_who_says_nothing_is_hung_up_on(self, settings, monkeypatch):
        monkeypatch.setattr(mailroom, "IDLE_SECONDS", 0.05)
        room = mailroom.start(settings, print)
        line = Raw(room.ports[0])
        assert line.answer() == 0
        line.close()
        room.stop()

    def test_who_never_ends_is_hung_up_on(self, settings, monkeypatch):
        monkeypatch.setattr(lines, "LONGEST_SECONDS", 0.05)
        room = mailroom.start(settings, print)
        line = Raw(room.ports[0])
        assert line.answer() == 0
        line.close()
        room.stop()

    def test_who_guesses_addresses_is_put_off(self, smtp, inbox, monkeypatch):
        monkeypatch.setattr(desk, "MOST_STRANGERS", 2)
        smtp.ehlo()
        smtp.mail("a@b.test")
        codes = [smtp.rcpt(f"import+{number:020}@in.backpack.test")[0] for number in range(3)]
        assert (codes, smtp.rcpt(inbox)[0]) == ([550, 550, 450], 450)

    def test_a_fault_of_ours_is_no_reason_to_give_up(self, room, monkeypatch):
        async def broken(*_: object) -> str:
            raise RuntimeError("secret detail")

        monkeypatch.setattr(lines.Smtp, "smtp_VRFY", broken)
        with smtplib.SMTP("127.0.0.1", room.ports[0], timeout=20) as client:
            assert client.docmd("VRFY x") == (451, b"4.3.0 Please try again later")


class TestLmtp:
    """Each recipient has an answer, also when the message is no good."""

    def test_a_message_that_is_too_large_is_refused_for_each(self, room, inbox, db, monkeypatch):
        monkeypatch.setattr(mailroom, "LARGEST", 1000)
        line = Raw(room.ports[1])
        line.send(
            b"LHLO me.test\r\nMAIL FROM:<a@b.test>\r\n" + 2 * (b"RCPT TO:<" + inbox.encode() + b">\r\n")
        )
        assert [line.answer() for _ in range(4)] == [250] * 4
        line.send(b"DATA\r\nSubject: x\r\n\r\n" + b"y" * 2000 + b"\r\n.\r\nQUIT\r\n")
        assert [line.answer() for _ in range(4)] == [354, 552, 552, 221]
        line.close()
        assert arrivals(db) == []


class TestReception:
    """What our own door saw is kept beside the message, which could say anything."""

    def test_of_smtp_the_peer_is_known(self, smtp, inbox, db):
        smtp.ehlo("mx.uni.test")
        smtp.sendmail("a@b.test", [inbox], AWARD)
        assert arrivals(db)[0].letter["reception"] == {
            "door": "smtp",
            "peer": "127.0.0.1",
            "helo": "mx.uni.test",
            "mail_from": "a@b.test",
        }

    def test_of_lmtp_it_is_not(self, room, inbox, db):
        with smtplib.LMTP("127.0.0.1", room.ports[1], timeout=20) as client:
            client.sendmail("a@b.test", [inbox], AWARD)
        told = arrivals(db)[0].letter["reception"]
        assert (told["door"], told["peer"]) == ("lmtp", "")

    def test_the_same_message_sent_again_is_the_same_arrival(self, smtp, inbox, db):
        for _ in range(2):
            smtp.sendmail("a@b.test", [inbox], AWARD)
        assert len(arrivals(db)) == 1

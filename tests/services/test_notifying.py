"""Mail that we send: with the change it tells of, and never twice."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backpack.config import Settings
from backpack.services import handing_over, joining, leasing, notifying
from backpack.storage.database import session
from backpack.storage.tables import Outbox
from tests.conftest import Clock
from tests.issuing import award, issuer
from tests.services.conftest import Bring

ADA = "ada@people.example"


class MailServer:
    """A mail server that answers as it is told: ``says["RCPT"] = "550 no"``; "" breaks off instead.

    ``got`` are the messages whose last line arrived.
    """

    def __init__(self) -> None:
        self.says: dict[str, str] = {}
        self.got: list[bytes] = []
        self.verbs: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines, suppress(OSError):
                self._talk(connection, lines)

    def _talk(self, connection: socket.socket, lines) -> None:
        if not self._answer(connection, "CONNECT", "220 hello"):
            return
        for line in lines:
            verb = line.split()[0].upper().decode()
            self.verbs.append(verb)
            usual = {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok")
            if not self._answer(connection, verb, usual) or verb == "QUIT":
                return
            if verb == "DATA" and self.says.get("DATA", "354")[:3] == "354":
                message = b""
                for part in lines:
                    if part == b".\r\n":
                        break
                    message += part[1:] if part.startswith(b"..") else part
                self.got.append(message)
                if not self._answer(connection, "MESSAGE", "250 taken"):
                    return

    def _answer(self, connection: socket.socket, verb: str, usual: str) -> bool:
        said = self.says.get(verb, usual)
        connection.sendall(f"{said}\r\n".encode() if said else b"")
        return bool(said)


@pytest.fixture
def server() -> Iterator[MailServer]:
    made = MailServer()
    yield made
    made.close()


@pytest.fixture
def settings(settings: Settings, server: MailServer) -> Settings:
    settings.mail_url = server.url
    return settings


@pytest.fixture
def mail(db: Session, settings: Settings, clock: Clock) -> Outbox:
    made = notifying.post(db, settings, ADA, "Hello", "A line\n.\nanother", clock(), "<p>A line</p>")
    db.commit()
    return made


@pytest.fixture
def send(db: Session, engine: Engine, settings: Settings, clock: Clock):
    """Send what is due after some time; gives the mail's state."""

    def send(**later: float) -> str:
        clock.move(**later)
        notifying.send_due(engine, settings, clock())
        db.expire_all()
        return db.exec(select(Outbox.state)).one()

    return send


def test_it_arrives_as_it_was_written(mail: Outbox, server: MailServer, settings: Settings, send) -> None:
    assert send() == "sent"
    [got] = [message_from_bytes(raw, policy=policy.default) for raw in server.got]
    assert (got["To"], got["Subject"], got["Message-ID"]) == (ADA, "Hello", mail.message_id)
    assert got["From"] == f"Backpack <{settings.sender}>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.get_body(("plain",)).get_content().splitlines() == ["A line", ".", "another"]
    assert "<p>A line</p>" in got.get_body(("html",)).get_content()


def test_nothing_of_it_stays_once_it_left(db: Session, mail: Outbox, send, clock: Clock) -> None:
    send()
    assert (mail.text, mail.html, mail.next_try_at, mail.claimed_at) == ("", "", None, None)
    assert mail.sent_at is not None
    assert send(days=9) == "sent"


def test_it_leaves_with_the_change_it_tells_of_or_not_at_all(
    db: Session, engine: Engine, settings: Settings, clock: Clock, server: MailServer
) -> None:
    notifying.post(db, settings, ADA, "Hello", "text", clock())
    db.rollback()
    assert notifying.send_due(engine, settings, clock()) == 0
    assert server.got == []


def test_a_subject_or_address_cannot_smuggle_in_a_header(
    db: Session, engine: Engine, settings: Settings, clock: Clock, server: MailServer
) -> None:
    notifying.post(db, settings, ADA, "Hello\r\nBcc: eve@evil.example", "text", clock())
    db.commit()
    notifying.send_due(engine, settings, clock())
    [got] = [message_from_bytes(raw, policy=policy.default) for raw in server.got]
    assert got["Bcc"] is None
    assert got["Subject"] == "Hello Bcc: eve@evil.example"


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"])
def test_a_server_that_is_busy_is_tried_again(mail: Outbox, server: MailServer, send, verb: str) -> None:
    server.says[verb] = "451 later"
    server.says["HELO"] = "451 later"
    assert send() == "unsent"
    server.says.clear()
    assert send(seconds=30) == "unsent"
    assert send(seconds=40) == "sent"


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "MESSAGE"])
def test_a_server_that_refuses_is_not_asked_again(
    db: Session, mail: Outbox, server: MailServer, send, verb: str
) -> None:
    server.says[verb] = "550 <script>never</script>"
    assert send() == "failed"
    assert mail.problem == "The mail server answered 550."
    server.says.clear()
    before = len(server.got)
    assert send(days=2) == "failed"
    assert len(server.got) == before


def test_a_password_that_was_wrong_loses_no_mail_and_is_told_to_the_operator(
    mail: Outbox, server: MailServer, settings: Settings, send, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(notifying.log, "warning", lambda says, *what: told.append(says % what))
    settings.mail_url = server.url.replace("//", "//us:them@")
    server.says |= {"EHLO": "250-hello\r\n250 AUTH PLAIN", "AUTH": "535 no"}
    assert send() == "unsent"
    assert "535 to the name and password in MAIL_URL" in told[0]
    assert ADA not in told[0]
    server.says["AUTH"] = "235 welcome"
    assert send(minutes=2) == "sent"


@pytest.mark.parametrize("verb", ["CONNECT", "MAIL", "RCPT"])
def test_one_that_breaks_off_before_the_mail_began_is_tried_again(
    mail: Outbox, server: MailServer, send, verb: str
) -> None:
    server.says[verb] = ""
    assert send() == "unsent"
    server.says.clear()
    assert send(minutes=2) == "sent"
    assert len(server.got) == 1


def test_one_that_breaks_off_after_the_mail_is_not_asked_again(
    mail: Outbox, server: MailServer, send
) -> None:
    server.says["MESSAGE"] = ""
    assert send() == "unknown"
    assert "may have been sent" in (mail.problem or "")
    server.says.clear()
    assert send(days=2) == "unknown"
    assert len(server.got) == 1


def test_one_that_is_away_is_tried_for_two_days_and_no_longer(
    db: Session, mail: Outbox, server: MailServer, send, clock: Clock
) -> None:
    server.says["CONNECT"] = ""
    state, tries = send(), 1
    while state == "unsent" and tries < 50:
        assert mail.next_try_at is not None
        clock.at = mail.next_try_at
        state, tries = send(seconds=1), tries + 1
    assert (state, tries) == ("failed", 8)
    assert "could not be reached" in (mail.problem or "")


def test_a_goodbye_that_fails_unsays_nothing(mail: Outbox, server: MailServer, send) -> None:
    server.says["QUIT"] = ""
    assert send() == "sent"


def test_who_was_killed_before_the_mail_began_is_followed_by_another(
    db: Session, mail: Outbox, server: MailServer, send, clock: Clock
) -> None:
    assert leasing.claim(db, Outbox, mail.id, clock())
    assert send(seconds=60) == "unsent"
    assert send(seconds=61) == "sent"


def test_who_was_killed_after_it_began_leaves_it_unknown(
    db: Session, mail: Outbox, server: MailServer, send, clock: Clock
) -> None:
    claimed = leasing.claim(db, Outbox, mail.id, clock())
    assert claimed
    leasing.extend(db, claimed[0], state="sending")
    assert send(seconds=60) == "sending"
    assert send(seconds=120) == "unknown"
    assert server.got == []


def test_many_workers_send_each_mail_once(
    db: Session, engine: Engine, settings: Settings, clock: Clock, server: MailServer
) -> None:
    for number in range(6):
        notifying.post(db, settings, ADA, f"Mail {number}", "text", clock())
    db.commit()
    threads = [
        threading.Thread(target=notifying.send_due, args=(engine, settings, clock())) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    subjects = [message_from_bytes(raw)["Subject"] for raw in server.got]
    assert sorted(subjects) == [f"Mail {number}" for number in range(6)]


def test_who_lost_its_lease_does_not_begin(
    db: Session,
    engine: Engine,
    settings: Settings,
    mail: Outbox,
    server: MailServer,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hand_over = handing_over.hand_over

    def slow(*what: object) -> handing_over.Outcome:
        monkeypatch.setattr(notifying, "hand_over", hand_over)
        assert notifying.send(engine, settings, mail.id, clock() + timedelta(seconds=121))
        return hand_over(*what)

    monkeypatch.setattr(notifying, "hand_over", slow)
    assert not notifying.send(engine, settings, mail.id, clock())
    assert len(server.got) == 1
    with session(engine) as other:
        assert other.exec(select(Outbox.state)).one() == "sent"


def test_without_a_mail_server_mail_is_kept_to_be_read_here(
    db: Session, engine: Engine, settings: Settings, clock: Clock
) -> None:
    settings.mail_url = ""
    for number in range(3):
        notifying.post(db, settings, ADA, f"Mail {number}", "text", clock())
    db.commit()
    assert notifying.send_due(engine, settings, clock() + timedelta(days=3650)) == 0
    assert [mail.subject for mail in notifying.kept(db)] == ["Mail 2", "Mail 1", "Mail 0"]


class TestChangedVerdicts:
    @pytest.mark.parametrize(
        ("before", "after", "told"),
        [
            ("verified", "revoked", True),
            ("verified", "expired", True),
            ("unconfirmed", "suspended", True),
            ("suspended", "verified", True),
            ("", "revoked", False),
            ("revoked", "revoked", False),
            ("verified", "unconfirmed", False),
            ("unconfirmed", "verified", False),
            ("wrong_recipient", "verified", False),
            ("revoked", "unconfirmed", False),
        ],
    )
    def test_what_is_lost_or_regained_is_told(
        self,
        db: Session,
        settings: Settings,
        clock: Clock,
        bring: Bring,
        before: str,
        after: str,
        told: bool,
    ) -> None:
        ada = joining.make_earner(db, ADA, clock())
        _, [badge] = bring(ada, issuer().ob3(award(name="Bees")).data)
        notifying.verdict_changed(db, settings, badge, before, after, clock())
        subjects = [mail.subject for mail in db.exec(select(Outbox))]
        assert len(subjects) == told
        assert all("Bees" in subject for subject in subjects)

    def test_a_subject_says_what_happened_whatever_the_badge_is_called(
        self, db: Session, settings: Settings, clock: Clock, bring: Bring
    ) -> None:
        ada = joining.make_earner(db, ADA, clock())
        called = "Bees” is closed. Sign in at evil.example to keep “Bees" * 9
        _, [badge] = bring(ada, issuer().ob3(award(name=called)).data)
        notifying.verdict_changed(db, settings, badge, "verified", "revoked", clock())
        subject = db.exec(select(Outbox)).one().subject
        assert subject.endswith("…” was withdrawn by its issuer")
        assert subject.count("”") == 1

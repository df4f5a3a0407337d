"""From the door to the backpack: what an earner forwards is theirs at once, what a stranger sends waits."""

import base64
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlmodel import select

from backpack import jobs
from backpack.network import names
from backpack.storage import database
from backpack.storage.tables import Arrival, Badge
from tests.databases import Databases
from tests.issuing import MARIA, award, issuer
from tests.naming import NameServer, name_server

DOMAIN = MARIA.partition("@")[2]


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """One kind of database is enough here."""
    with databases.lend("sqlite") as url:
        yield url


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    with name_server() as server:
        monkeypatch.setattr(names, "resolver", lambda: server.resolver)
        yield server


def forwarded(author: str) -> bytes:
    """A mail with a badge in it, as this author's mail program would write it."""
    badge = issuer().ob3(award()).data
    head = f"From: Maria <{author}>\r\nSubject: Fwd: You earned a badge\r\nMIME-Version: 1.0\r\n"
    kind = "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return (head + kind).encode() + base64.encodebytes(badge).replace(b"\n", b"\r\n")


def signed(mail: bytes, world: NameServer) -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    world.publish(f"mail._domainkey.{DOMAIN}", f"v=DKIM1; p={base64.b64encode(public).decode()}")
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return dkim.sign(mail, b"mail", DOMAIN.encode(), pem) + mail


@pytest.mark.parametrize(("is_signed", "waits"), [(True, False), (False, True)])
def test_what_its_earner_forwards_needs_no_accepting(
    room, maria, inbox, db, settings, world, is_signed, waits
):
    maria.accepts_forwarded = True
    db.add(maria)
    db.commit()
    mail = forwarded(MARIA)
    with smtplib.LMTP("127.0.0.1", room.ports[1], timeout=20) as client:
        client.sendmail(MARIA, [inbox], signed(mail, world) if is_signed else mail)
    jobs.work_off(settings, lambda: datetime.now(UTC))
    with database.session(settings) as fresh:
        letter = fresh.exec(select(Arrival)).one().letter
        badge = fresh.exec(select(Badge)).one()
    assert letter["vouched"]["forwarded_by"] == (MARIA if is_signed else None)
    assert ((badge.offered_at is not None), badge.verdict) == (waits, "verified")

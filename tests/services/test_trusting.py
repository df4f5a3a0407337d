"""The operator's own list of trusted issuers is handed to every check, and archived with the reports it decided."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backpack.config import Settings
from backpack.errors import Misconfigured
from backpack.services import checking, examining, sharing, trusting
from backpack.services.examining import Terms
from backpack.services.faults import Counting
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Document, Earner
from backpack.verifier import Demand
from backpack.verifier.trusted import ADDRESS
from tests.conftest import Clock
from tests.issuing import MARIA
from tests.services.conftest import Bring, Web
from tests.verifier.signing import badge, secured, signer

ISSUER = "https://gone.example/issuer"
KEY = f"{ISSUER}#{signer().multikey}"
SIGNED = secured(badge(ISSUER), verificationMethod=KEY)
TO_MARIA = {"type": "IdentityObject", "hashed": False, "identityType": "emailAddress", "identityHash": MARIA}


@pytest.fixture
def at(clock: Clock) -> datetime:
    return clock()


@pytest.fixture
def trusting_settings(settings: Settings, tmp_path: Path) -> Settings:
    settings.trusted_issuers = str(tmp_path / "issuers.json")
    Path(settings.trusted_issuers).write_text(json.dumps({ISSUER: [signer().multikey]}))
    return settings


def is_verified(db: Session, settings: Settings, at: datetime) -> bool:
    terms = Terms(Demand(), Counting())
    return examining.examine_credential(db, SIGNED, terms, settings, "198.51.100.0/24", at).verified


def test_nobody_is_trusted_unless_the_operator_says_so(
    db: Session, settings: Settings, at: datetime, web: Web
) -> None:
    assert trusting.at_hand(settings) == {}
    assert not is_verified(db, settings, at)


def test_a_key_on_the_list_is_its_issuer_s_though_its_site_is_gone(
    db: Session, trusting_settings: Settings, at: datetime, web: Web
) -> None:
    assert is_verified(db, trusting_settings, at)


def test_a_report_that_stands_on_the_list_keeps_it(
    db: Session, trusting_settings: Settings, bring: Bring, maria: Earner, web: Web
) -> None:
    _, [kept] = bring(maria, json.dumps(SIGNED).encode(), check=True)
    assert ADDRESS in db.exec(select(Document.url)).all(), kept.verdict


def test_once_a_key_is_off_the_list_nobody_is_told_that_it_was_verified_by_that(
    db: Session,
    trusting_settings: Settings,
    bring: Bring,
    maria: Earner,
    web: Web,
    engine: Engine,
    blobs: Blobs,
    clock: Clock,
) -> None:
    hers = badge(ISSUER)
    hers["credentialSubject"] |= {"identifier": [TO_MARIA]}
    signed = secured(hers, verificationMethod=KEY)
    _, [kept] = bring(maria, json.dumps(signed).encode(), check=True)
    assert kept.verdict == "verified"
    link = sharing.share_badge(db, maria, kept.public_id, at=clock())
    Path(trusting_settings.trusted_issuers).write_text("{}")
    clock.at = kept.next_check_at
    checking.check_badge(engine, blobs, trusting_settings, kept.id, clock())
    db.expire_all()
    [entry] = sharing.open_share(db, link.slug, clock()).entries
    assert (entry.verdict, entry.verified_at) == ("unconfirmed", None)


@pytest.mark.parametrize("text", [None, "[]", "{"])
def test_a_list_that_cannot_be_read_is_refused(text: str | None, settings: Settings, tmp_path: Path) -> None:
    settings.trusted_issuers = str(tmp_path / "issuers.json")
    if text is not None:
        Path(settings.trusted_issuers).write_text(text)
    with pytest.raises(Misconfigured, match="TRUSTED_ISSUERS"):
        trusting.at_hand(settings)

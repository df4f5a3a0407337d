"""The operator's own list of trusted issuers is handed to every check, and archived with the reports it decided."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from backpack.config import Settings
from backpack.errors import Misconfigured
from backpack.services import examining, trusting
from backpack.services.examining import Terms
from backpack.services.faults import Counting
from backpack.storage.tables import Document, Earner
from backpack.verifier import Demand
from backpack.verifier.trusted import ADDRESS
from tests.conftest import Clock
from tests.services.conftest import Bring, Web
from tests.verifier.signing import badge, secured, signer

ISSUER = "https://gone.example/issuer"
SIGNED = secured(badge(ISSUER), verificationMethod=f"{ISSUER}#{signer().multikey}")


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


@pytest.mark.parametrize("text", [None, "[]", "{"])
def test_a_list_that_cannot_be_read_is_refused(text: str | None, settings: Settings, tmp_path: Path) -> None:
    settings.trusted_issuers = str(tmp_path / "issuers.json")
    if text is not None:
        Path(settings.trusted_issuers).write_text(text)
    with pytest.raises(Misconfigured, match="TRUSTED_ISSUERS"):
        trusting.at_hand(settings)

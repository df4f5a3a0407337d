"""Answering programs: counted for all processes together, fetched by the rules, and nothing kept."""

from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from backpack.config import Settings
from backpack.errors import TooMany
from backpack.services import answering, examining
from backpack.services.examining import Terms
from backpack.services.faults import Counting
from backpack.storage.tables import Arrival, Badge, Blob, Document
from backpack.verifier import Demand
from tests.conftest import Clock
from tests.services.conftest import Web
from tests.verifier.signing import badge, controller, method, secured, served, signer

USUAL = Terms(Demand(), Counting())
WEB = "did:web:school.example"
DID_DOCUMENT = "https://school.example/.well-known/did.json"


def of_web() -> dict[str, Any]:
    return secured(badge(WEB), verificationMethod=f"{WEB}#key-1")


@pytest.fixture
def at(clock: Clock) -> datetime:
    return clock()


def test_what_it_names_is_fetched_and_nothing_is_kept(
    db: Session, settings: Settings, at: datetime, web: Web
) -> None:
    web.answers[DID_DOCUMENT] = served(DID_DOCUMENT, controller(WEB, method(WEB)))
    found = examining.examine_credential(db, of_web(), USUAL, settings, "198.51.100.0/24", at)
    assert (found.verified, found.report["verdict"], web.asked) == (True, "verified", [DID_DOCUMENT])
    kept = [db.exec(select(table)).all() for table in (Arrival, Badge, Blob, Document)]
    assert kept == [[]] * 4


def test_what_cannot_be_fetched_is_not_verified(
    db: Session, settings: Settings, at: datetime, web: Web
) -> None:
    found = examining.examine_credential(db, of_web(), USUAL, settings, "198.51.100.0/24", at)
    assert not found.verified
    assert found.problems[0].type == "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
    assert "school.example" in found.problems[0].detail


def test_a_chain_of_documents_ends(
    db: Session, settings: Settings, at: datetime, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "MOST_ROUNDS", 1)
    web.answers[DID_DOCUMENT] = served(DID_DOCUMENT, controller(WEB, method(WEB)))
    # What the last round brought is looked at too.
    assert examining.examine_credential(db, of_web(), USUAL, settings, "198.51.100.0/24", at).verified


def test_whoever_waits_gets_what_is_known_by_then(
    db: Session, settings: Settings, at: datetime, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "LONGEST", -1.0)
    found = examining.examine_credential(db, of_web(), USUAL, settings, "198.51.100.0/24", at)
    assert (found.verified, web.asked) == (False, [])


def test_a_network_may_ask_so_often_an_hour_and_another_one_too(
    db: Session, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "FOR_EACH_NETWORK", 2)
    sound = secured(badge())

    def ask(network: str) -> bool:
        return examining.examine_credential(db, sound, USUAL, settings, network, clock()).verified

    assert [ask("198.51.100.0/24"), ask("198.51.100.0/24"), ask("203.0.113.0/24")] == [True, True, True]
    with pytest.raises(TooMany):
        ask("198.51.100.0/24")
    clock.move(hours=1)
    assert ask("198.51.100.0/24")


def test_a_presentation_is_weighed_with_all_it_shows(
    db: Session, settings: Settings, at: datetime, web: Web
) -> None:
    web.answers[DID_DOCUMENT] = served(DID_DOCUMENT, controller(WEB, method(WEB)))
    holder = signer("ed25519", "holder")
    bare = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "VerifiablePresentation",
        "holder": holder.did,
        "verifiableCredential": [of_web()],
    }
    shown = secured(bare, by=holder, proofPurpose="authentication")
    terms = Terms(Demand("authentication"), Counting())
    found = examining.examine_presentation(db, shown, terms, settings, "198.51.100.0/24", at)
    assert (found.verified, web.asked) == (True, [DID_DOCUMENT])
    assert found.report["credentials"][0]["verdict"] == "verified"

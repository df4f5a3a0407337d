"""Several badges in one JSON text: what a wallet writes down, what an issuer's program answers."""

import json
from email.message import EmailMessage

import pytest
from sqlmodel import Session, select

from backpack.sources import _listing as listing
from backpack.storage.blobs import Blobs
from backpack.storage.tables import Arrival, Earner
from tests.issuing import award, issuer
from tests.services.conftest import Bring, Web

WELDING = issuer().ob3(award(name="Welding"), carrier="bare")
TOKEN = issuer().ob3_jwt(award(name="Soldering"), carrier="bare")
HOSTED = issuer().ob2_hosted(award(name="First Aid"), carrier="bare")
SECRET = "zrv3kJcnBP1RpYmvNZ9jcYpKBZg41iSobWxSg3ix2U7Cp59kjwQFCT4SZTgLSL3HP8iGMdJs3nedjqYgNn6ZJmsmjRm"
WALLET = {
    "@context": ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/wallet/v1"],
    "id": "urn:uuid:0a2b5d6e-5a0c-4a87-9c0d-0f3b8f8a4a11",
    "type": "UniversalWallet2020",
    "status": "UNLOCKED",
    "contents": [
        json.loads(WELDING.text),
        TOKEN.text,
        {"id": "did:key:z6Mk", "type": "Key", "privateKeyMultibase": SECRET},
        {"id": "did:web:maria.example", "verificationMethod": []},
    ],
}
ANSWER = {"credential": [json.loads(WELDING.text)], "compactJwsString": [TOKEN.text]}
ENVELOPED = {
    "@context": "https://www.w3.org/ns/credentials/v2",
    "type": "EnvelopedVerifiableCredential",
    "id": f"data:application/vc+jwt,{TOKEN.text}",
}


@pytest.mark.parametrize(
    "made",
    [WALLET, ANSWER, [json.loads(WELDING.text), TOKEN.text], [json.loads(WELDING.text), ENVELOPED]],
    ids=["wallet", "answer of an issuer's program", "list", "envelopes"],
)
@pytest.mark.parametrize("source", ["file", "text"])
def test_each_badge_in_it_becomes_a_badge(
    bring: Bring, maria: Earner, blobs: Blobs, made: object, source: str
) -> None:
    arrival, badges = bring(maria, json.dumps(made, indent=1).encode(), source, "wallet.json", check=True)
    assert [badge.title for badge in badges] == ["Welding", "Soldering"]
    assert badges[0].verdict == "verified"
    assert (arrival.state, arrival.problem) == ("done", None)
    kept = [blobs.read(badge.original_sha256) for badge in badges]
    assert json.loads(kept[0]) == json.loads(WELDING.text)
    assert SECRET.encode() not in b"".join(kept)  # an original may be offered to others


def test_one_that_is_only_named_is_fetched_as_an_import_of_its_own(
    db: Session, bring: Bring, maria: Earner, web: Web
) -> None:
    web.serve(HOSTED)
    address = json.loads(HOSTED.text)["id"]
    _, badges = bring(maria, json.dumps([json.loads(WELDING.text), address]).encode())
    assert [badge.title for badge in badges] == ["Welding"]
    assert address in [arrival.origin for arrival in db.exec(select(Arrival))]


def test_addresses_in_a_list_of_other_things_are_left_alone(bring: Bring, maria: Earner, web: Web) -> None:
    songs = {"items": [{"title": "A song", "url": "https://songs.example/1"}]}
    arrival, badges = bring(maria, json.dumps(songs).encode())
    assert (arrival.state, badges, web.asked) == ("failed", [], [])


def test_one_that_cannot_be_read_takes_no_other_with_it_and_is_told(bring: Bring, maria: Earner) -> None:
    spoilt = {**json.loads(WELDING.text), "type": ["VerifiablePresentation", "VerifiableCredential"]}
    arrival, badges = bring(maria, json.dumps([spoilt, json.loads(WELDING.text)]).encode())
    assert [badge.title for badge in badges] == ["Welding"]
    assert "no badge in this presentation" in (arrival.problem or "")


def test_where_none_of_them_can_be_read_it_is_told_why(bring: Bring, maria: Earner) -> None:
    spoilt = {**json.loads(WELDING.text), "type": ["VerifiablePresentation", "VerifiableCredential"]}
    arrival, badges = bring(maria, json.dumps([spoilt]).encode())
    assert (arrival.state, badges) == ("failed", [])
    assert "no badge in this presentation" in (arrival.problem or "")


def test_more_than_are_taken_at_once_are_told() -> None:
    tokens = [issuer().ob3_jwt(award(number=n), carrier="bare").text for n in range(4)]
    finds = listing.in_json(json.dumps(tokens * 51).encode(), "all.json")
    assert (len(finds.pieces), finds.steps) == (200, (listing.MORE,))
    assert listing.in_json(json.dumps(tokens * 50).encode(), "all.json").steps == ()


def test_addresses_in_a_list_that_a_mail_brought_are_offered_and_not_asked(
    bring: Bring, maria: Earner, web: Web
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@unknown.example", "maria@people.example", "Your badges"
    mail.set_content("Here they are.")
    listed = {"credentials": [json.loads(WELDING.text), "https://unknown.example/badge/7"]}
    mail.add_attachment(
        json.dumps(listed).encode(), maintype="application", subtype="json", filename="b.json"
    )
    arrival, badges = bring(maria, mail.as_bytes(), "mail", "a@unknown.example")
    assert [badge.title for badge in badges] == ["Welding"]
    assert arrival.links == ["https://unknown.example/badge/7"]
    assert not any("unknown.example" in address for address in web.asked)

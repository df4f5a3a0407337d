"""Known attacks by name, each as an employer would meet it: the verdict on what the forger sends.

Beside their code, in more detail: graphs made to be slow (canonical/test_rdfc), pictures and lists that
unpack to far more than they are (carriers/, status/), presentations shown twice (test_presenting),
addresses inside our own network (tests/network), script in names (tests/web/test_texts).
"""

import json
from dataclasses import replace
from typing import Any

import pytest

from backpack.errors import Unreadable
from backpack.verifier import Document, Documents, Verdict, read, verify, wanted
from tests.issuing import (
    AT,
    MARIA,
    answering,
    award,
    by_stranger,
    changed,
    documents,
    forged,
    issuer,
    jws_by_stranger,
    keyed_with_public_key,
    renamed,
    stranger_key,
    unsigned,
    with_proof_of,
)
from tests.verifier.asking import raw, report
from tests.verifier.signing import badge, secured

BADGE = issuer().ob3(award(), carrier="bare")
JWT = issuer().ob3_jwt(award())
V2 = "https://www.w3.org/ns/credentials/v2"
ELSEWHERE = "https://forger.example/keys"


def seen(text: str) -> Verdict | None:
    """The verdict on this text, None when it is not even read as a badge."""
    try:
        return verify(read(text.encode("utf-8", "surrogatepass")), documents(BADGE), (MARIA,), AT).verdict
    except Unreadable:
        return None


def test_a_signature_by_no_algorithm():
    assert report(unsigned(JWT)).verdict is Verdict.invalid


def test_a_public_key_taken_for_a_secret():
    assert report(keyed_with_public_key(JWT)).verdict is Verdict.invalid


@pytest.mark.parametrize("header", ["jwk", "jku", "x5c"])
def test_a_key_that_the_forger_brings_along(header):
    value: Any = {"jwk": stranger_key(), "jku": ELSEWHERE, "x5c": ["MIIB"]}[header]
    badge = jws_by_stranger(award(), **{header: value})
    assert report(badge).verdict is Verdict.invalid
    assert ELSEWHERE not in wanted(read(badge.data), documents())


@pytest.mark.parametrize("speaks", ["did:key", "did:web", "https"])
def test_somebody_else_s_name_over_the_forger_s_own_key(speaks):
    badge = by_stranger(award(), speaks=speaks) if speaks != "did:key" else _named_as_another()
    assert report(badge).verdict is Verdict.invalid


def _named_as_another() -> Any:
    return changed(BADGE, issuer={**raw(BADGE)["issuer"], "id": "https://montalvo.example/issuer"})


def test_another_file_at_the_address_of_a_published_vocabulary():
    swapped = json.dumps({"@context": {"name": "https://schema.org/description"}})
    held = answering(BADGE, V2, swapped)
    assert report(held).verdict is Verdict.verified
    assert report(answering(renamed(BADGE), V2, swapped)).verdict is Verdict.invalid


@pytest.mark.parametrize("keyword", ["@base", "@import", "@propagate"])
def test_an_inline_vocabulary_that_bends_others(keyword):
    inline = {keyword: True if keyword == "@propagate" else "https://forger.example/"}
    assert (
        report(changed(BADGE, **{"@context": [*raw(BADGE)["@context"], inline]})).verdict is Verdict.invalid
    )


def test_a_vocabulary_for_every_word_makes_none_of_them_signed():
    """It bends no word of the standards; a word that it alone defines is one more statement, which nobody signed."""
    inline = [*raw(BADGE)["@context"], {"@vocab": "https://forger.example/"}]
    assert report(changed(BADGE, **{"@context": inline, "grade": "With honours"})).verdict is Verdict.invalid


def test_an_inline_vocabulary_that_redefines_a_word():
    redefined = {"Achievement": "https://forger.example/nothing", "name": "https://forger.example/name"}
    assert (
        report(changed(BADGE, **{"@context": [*raw(BADGE)["@context"], redefined]})).verdict
        is Verdict.invalid
    )


@pytest.mark.parametrize("word", ["unheard", "urn", "grade", "@custom"])
def test_words_that_no_signature_covers(word):
    assert report(changed(BADGE, **{word: "With honours"})).verdict is Verdict.invalid


@pytest.mark.parametrize("keyword", ["@included", "@reverse", "@graph", "@nest", "@set"])
def test_statements_smuggled_in_by_keyword(keyword):
    hidden = {"id": "urn:uuid:more", "type": ["Achievement"], "name": "Doctor of Everything"}
    assert report(changed(BADGE, **{keyword: hidden})).verdict is Verdict.invalid


TEXTS = {
    "a name twice": BADGE.text.replace("{", '{"name": "Doctor of Everything", ', 1),
    "not a number": BADGE.text.replace("{", '{"x": NaN, ', 1),
    "without end": BADGE.text.replace("{", '{"x": Infinity, ', 1),
    "half a character": BADGE.text.replace("{", '{"x": "\\ud800", ', 1),
    "a huge number": BADGE.text.replace("{", '{"x": 1' + "0" * 400 + ", ", 1),
    "too deep": BADGE.text.replace("{", '{"x": ' + "[" * 500 + "]" * 500 + ", ", 1),
}


@pytest.mark.parametrize("what", TEXTS)
def test_json_that_two_readers_read_differently(what):
    assert seen(TEXTS[what]) in (None, Verdict.invalid)


@pytest.mark.parametrize(
    "spell", [str.upper, str.lower, "{}=".format, "{}1".format, " {}".format, "z{}".format]
)
def test_a_signature_spelled_in_another_way(spell):
    proof = raw(BADGE)["proof"]
    bent = {**proof, "proofValue": spell(proof["proofValue"])}
    assert report(changed(BADGE, proof=bent)).verdict is Verdict.invalid


def test_a_jwt_with_disclosures_behind_it():
    assert report(forged(JWT, JWT.text + "~")).verdict is Verdict.unconfirmed


@pytest.mark.parametrize("tail", ["=", "A", ".", " ."])
def test_a_jwt_with_something_behind_it(tail):
    try:
        found = report(forged(JWT, JWT.text + tail)).verdict
    except Unreadable:
        return
    assert found is Verdict.invalid


def test_a_status_that_was_taken_off():
    withdrawn = issuer().ob3(award(standing="revoked"), carrier="bare")
    bare = {name: value for name, value in raw(withdrawn).items() if name != "credentialStatus"}
    assert report(withdrawn).verdict is Verdict.revoked
    assert report(forged(withdrawn, json.dumps(bare))).verdict is Verdict.invalid


def test_a_withdrawn_badge_that_writes_its_id_in_short():
    badge = issuer().ob3(award(standing="revoked", listed="1edtech", number=85), carrier="bare")
    assert report(badge).verdict is Verdict.revoked
    said = raw(badge)
    own = {"short": {"@id": said["id"][:12], "@prefix": True}}
    hidden = changed(badge, id=f"short:{said['id'][12:]}", **{"@context": [*said["@context"], own]})
    assert report(hidden).verdict is Verdict.unconfirmed


def test_the_proof_of_another_badge():
    other = issuer().ob3(award(name="Doctor of Everything"), carrier="bare")
    assert report(with_proof_of(other, BADGE)).verdict is Verdict.invalid


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
@pytest.mark.parametrize(
    "beside", [{"cryptosuite": "of-tomorrow"}, {"type": "OfTomorrow"}, {"proofValue": "z1"}]
)
@pytest.mark.parametrize("place", ["issuer", "creator", "evidence"])
def test_words_about_the_issuer_in_one_more_proof_that_anybody_can_add(suite, beside, place):
    honest = issuer().ob3(award(), suite, carrier="bare")
    said = raw(honest)
    words = {
        "id": said["issuer"]["id"],
        "type": ["Profile"],
        "description": "Accredited by the ministry.",
        "phone": "+100",
        "image": f"{ELSEWHERE}/seal.png",
    }
    more = {**said["proof"], **beside, place: {**words, "issuer": words, "name": "Work"}}
    found = report(changed(honest, proof=[said["proof"], more])).credential
    assert replace(found, raw={}, notes=()) == replace(report(honest).credential, raw={}, notes=())


def test_what_the_issuer_says_once_told_twice():
    """Statements are signed, in whatever number of places they stand."""
    work = {"id": f"{ELSEWHERE}/work", "type": ["Evidence"], "name": "A gate"}
    subject = raw(BADGE)["credentialSubject"]
    edition = {"id": f"{ELSEWHERE}/2", "type": ["Related"], "version": "2"}
    skill = {"id": f"{ELSEWHERE}/skill", "type": ["Alignment"], "targetName": "TIG", "targetUrl": ELSEWHERE}
    subject["achievement"] |= {"tag": ["steel"], "related": [edition], "creditsAvailable": 3}
    entry = {"type": ["IdentifierEntry"], "identifier": "W1", "identifierType": "identifier"}
    subject["achievement"] |= {"alignment": [skill], "otherIdentifier": [{"id": f"{ELSEWHERE}/w1", **entry}]}
    subject["result"] = [{"id": f"{ELSEWHERE}/result", "type": ["Result"], "value": "A"}]
    honest = secured(badge(evidence=[work], credentialSubject=subject))
    twice = json.loads(json.dumps(honest).replace('"creditsAvailable": 3', '"creditsAvailable": 3.0'))
    achievement = twice["credentialSubject"]["achievement"]
    for place, name in ((twice, "evidence"), (twice["credentialSubject"], "result")):
        place[name] *= 2
    for name in ("tag", "related", "alignment", "otherIdentifier"):
        achievement[name] *= 2
    one, other = (verify(read(json.dumps(said).encode()), Documents(), None, AT) for said in (honest, twice))
    assert one.verdict is other.verdict is Verdict.verified
    assert replace(other.credential, raw={}) == replace(one.credential, raw={})


def test_members_in_another_order():
    guild = {"id": f"{ELSEWHERE}/guild", "type": ["Profile"]}
    subject = raw(BADGE)["credentialSubject"] | {"source": {**guild, "name": "Guild"}}
    said = badge(credentialSubject=subject)
    said["issuer"]["parentOrg"] = {**guild, "name": "Guild of Crafts"}
    honest = secured(said, "eddsa-jcs-2022")
    turned = json.dumps(dict(reversed(honest.items())))
    one, other = (verify(read(text.encode()), Documents(), None, AT) for text in (json.dumps(honest), turned))
    assert one.verdict is other.verdict is Verdict.verified
    assert replace(other.credential, raw={}) == replace(one.credential, raw={})


def test_proofs_that_each_come_after_the_other():
    proof = raw(BADGE)["proof"]
    circle = [
        {**proof, "id": "urn:a", "previousProof": "urn:b"},
        {**proof, "id": "urn:b", "previousProof": "urn:a"},
    ]
    assert report(changed(BADGE, proof=circle)).verdict is Verdict.invalid


def test_a_badge_that_the_forger_hosts_in_the_issuer_s_name():
    honest = issuer().ob2_hosted(award(), carrier="bare")
    where = "https://forger.example/award"
    said = {**json.loads(honest.text), "id": where}
    served = Document(where, 200, json.dumps(said).encode(), "application/json", None, AT)
    found = verify(read(json.dumps(said).encode()), documents(honest).plus(served), (MARIA,), AT)
    assert found.verdict is Verdict.invalid


def test_an_endorsement_is_no_badge_s_own_word():
    """Praise that its signer never signed is never shown as genuine, nor does it count for the badge."""
    praise = {"type": ["VerifiableCredential", "EndorsementCredential"], "issuer": "https://ministry.example"}
    assert report(changed(BADGE, endorsement=[praise])).verdict is Verdict.invalid

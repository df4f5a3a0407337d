"""What others say for a badge: shown when it is genuine, and never held against the badge."""

import json
from functools import partial
from typing import Any

import pytest

from backpack.demo.issuing import DemoIssuer
from backpack.demo.shapes import Issued
from backpack.demo.signing import compact_jws, with_proof
from backpack.errors import TooComplex
from backpack.verifier import (
    Document,
    Documents,
    Outcome,
    Report,
    Verdict,
    as_json,
    endorsements,
    read,
    verify,
    wanted,
)
from backpack.verifier.case import Case
from tests.issuing import AT, MARIA, answer_of, answering, award, documents, issuer, without
from tests.verifier.asking import raw
from tests.verifier.status.test_bitstring import signed
from tests.verifier.versions.test_ob3 import OB3, V2

GUILD = DemoIssuer("Guild of Librarians", "guild.example", AT).identity
KEY = GUILD.keys["ed25519"]
VOCABULARY = "https://purl.imsglobal.org/spec/vc/ob/vocab.html"
ASSERTION_ABOUT = "https://guild.example/endorsements/1"


def endorsement(subject: str, comment: str = "We hire by it.", **members: Any) -> dict[str, Any]:
    unsigned = {
        "@context": [V2, OB3],
        "id": "urn:uuid:1d4f0c5e-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "A word for it",
        "issuer": {"id": GUILD.id("did:key", KEY), "type": ["Profile"], "name": "Guild of Librarians"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": subject, "type": ["EndorsementSubject"], "endorsementComment": comment},
    } | members
    found: dict[str, Any] = with_proof(unsigned, "eddsa-rdfc-2022", KEY, GUILD.method("did:key", KEY), AT)
    return found


def as_jwt(raw_credential: dict[str, Any]) -> str:
    claims = {"iss": raw_credential["issuer"]["id"], "jti": raw_credential["id"], "nbf": int(AT.timestamp()),
              "sub": raw_credential["credentialSubject"]["id"]}  # fmt: skip
    payload = {name: value for name, value in raw_credential.items() if name != "proof"}
    return compact_jws(
        {**payload, **claims}, "EdDSA", KEY, {"kid": GUILD.method("did:key", KEY), "typ": "JWT"}
    )


def badge(place: str = "badge", member: str = "endorsement", **members: Any) -> dict[str, Any]:
    """A badge that its issuer signed with endorsements on it; each takes the id of what it stands on."""
    bare = {k: v for k, v in raw(issuer().ob3(award(), carrier="bare")).items() if k != "proof"}
    things = {
        "badge": bare,
        "issuer": bare["issuer"],
        "achievement": bare["credentialSubject"]["achievement"],
    }
    things[place][member] = [make(things[place]["id"]) for make in members.pop("made")]
    # Older prints of the vocabulary lack the word for endorsements as JWT.
    bare["@context"].append({"endorsementJwt": {"@id": f"{VOCABULARY}#endorsementJwt", "@container": "@set"}})
    return signed(bare)


def judged(document: dict[str, Any]) -> Report:
    return verify(read(json.dumps(document).encode()), documents(issuer().ob3(award())), (MARIA,), AT)


def row(report: Report) -> Any:
    return next((check for check in report.checks if check.id == "endorsements"), None)


@pytest.mark.parametrize("place", ["badge", "issuer", "achievement"])
def test_an_endorsement_is_verified_wherever_it_stands(place):
    found = judged(badge(place, made=[endorsement]))
    assert [(one.about, one.verdict) for one in found.endorsements] == [(place, Verdict.verified)]
    assert (found.verdict, row(found).outcome) == (Verdict.verified, Outcome.passed)


def test_an_endorsement_may_be_a_jwt():
    found = judged(badge(member="endorsementJwt", made=[lambda subject: as_jwt(endorsement(subject))]))
    assert [one.verdict for one in found.endorsements] == [Verdict.verified], found.endorsements


def test_an_endorsement_that_stands_there_twice_is_one():
    """Where statements are signed, anybody can write one of them twice, or nothing beside it."""
    once = badge(member="endorsementJwt", made=[lambda subject: as_jwt(endorsement(subject))])
    found = judged({**once, "endorsementJwt": [None, *once["endorsementJwt"] * 3]})
    assert (found.verdict, found.endorsements) == (Verdict.verified, judged(once).endorsements)


def test_a_report_tells_who_endorses_and_what_they_say():
    found = judged(badge(made=[endorsement]))
    assert found.endorsements[0].said.name == "A word for it"
    (said,) = as_json(found)["badge"]["endorsements"]
    assert (said["name"], said["comment"], said["verdict"]) == (
        "Guild of Librarians",
        "We hire by it.",
        "verified",
    )


def test_an_endorser_known_by_a_key_alone_is_told_from_one_whose_site_vouches():
    own = badge(made=[endorsement])
    assert as_json(judged(own))["badge"]["endorsements"][0]["by_key_alone"] is True
    site = GUILD.id("did:web", KEY)
    by_site = {"issuer": {"id": site, "type": ["Profile"], "name": "Guild of Librarians"}}

    def made(subject: str) -> dict[str, Any]:
        bare = {k: v for k, v in endorsement(subject, **by_site).items() if k != "proof"}
        return with_proof(bare, "eddsa-rdfc-2022", KEY, GUILD.method("did:web", KEY), AT)

    document = badge(made=[made])
    listed = {
        "id": GUILD.method("did:web", KEY),
        "type": "JsonWebKey",
        "controller": site,
        "publicKeyJwk": KEY.jwk,
    }
    said = {"id": site, "verificationMethod": [listed], "assertionMethod": [listed["id"]]}
    held = Document("https://guild.example/.well-known/did.json", 200, json.dumps(said).encode())
    found = verify(read(json.dumps(document).encode()), Documents(held), None, AT)
    assert [(one.verdict, one.by_key_alone) for one in found.endorsements] == [(Verdict.verified, False)]
    assert as_json(found)["badge"]["endorsements"][0]["id"] == site


def test_a_badge_without_endorsements_has_no_row_about_them():
    assert row(judged(raw(issuer().ob3(award(), carrier="bare")))) is None


BAD = {
    "invalid": lambda subject: {**endorsement(subject), "name": "A better word"},
    "expired": lambda subject: endorsement(subject, validUntil="2026-02-01T00:00:00Z"),
    "not_yet_valid": lambda subject: endorsement(subject, validFrom="2027-02-01T00:00:00Z"),
}


@pytest.mark.parametrize("verdict", BAD)
def test_a_bad_endorsement_is_told_and_says_nothing_against_the_badge(verdict):
    found = judged(badge(made=[BAD[verdict]]))
    assert [one.verdict.value for one in found.endorsements] == [verdict]
    assert (found.verdict, row(found).outcome) == (Verdict.verified, Outcome.failed)


def second(subject: str) -> dict[str, Any]:
    return endorsement(subject, id="urn:uuid:1d4f0c5e-0000-4000-8000-000000000002")


HARMLESS = "This says nothing against the badge itself."


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ([endorsement], "Its endorsement is genuine."),
        ([endorsement, second], "All 2 endorsements are genuine."),
        (
            [partial(endorsement, id=f"urn:uuid:1d4f0c5e-0000-4000-8000-{n:012}") for n in range(13)],
            "All 12 endorsements are genuine; we look at no more.",
        ),
        ([BAD["expired"], second], f"1 of 2 endorsements is confirmed; the rest is not shown. {HARMLESS}"),
        ([BAD["expired"]], f"Its endorsement is not confirmed, and not shown. {HARMLESS}"),
        ([BAD["expired"]] * 2, f"Its endorsements are not confirmed, and not shown. {HARMLESS}"),
    ],
)
def test_how_many_are_genuine_is_said(made, says):
    assert row(judged(badge(made=made))).message == says


def test_of_each_its_endorser_and_what_it_came_to_are_told():
    genuine = (
        "It is genuine; its endorser is known by a key alone, and nothing tells who holds it. "
        "The id by which it names this could stand in anybody's badge."
    )
    assert row(judged(badge(made=[BAD["expired"], second]))).detail == {
        "Endorsement 1 (“Guild of Librarians”)": "It expired on 1 February 2026.",
        "Endorsement 2 (“Guild of Librarians”)": genuine,
    }
    assert row(judged(badge(made=[endorsement]))).detail == {"Endorsement 1 (“Guild of Librarians”)": genuine}
    (unread,) = row(judged(badge(member="endorsementJwt", made=[lambda _: 7]))).detail
    assert unread == "Endorsement 1"


def test_where_nothing_speaks_against_one_but_not_all_is_known_it_stays_open():
    status = {"id": "https://status.example/1", "type": "https://status.example/#Traffic"}
    found = judged(badge(made=[lambda subject: endorsement(subject, credentialStatus=status), second]))
    assert [one.verdict for one in found.endorsements] == [Verdict.unconfirmed, Verdict.verified]
    assert row(found).outcome is Outcome.unknown
    assert found.endorsements[0].message.startswith("It has a status of a kind that we do not know")


def test_what_is_wrong_with_one_is_told_before_what_is_not_known():
    elsewhere = {"id": "did:web:guild.example", "type": ["Profile"], "name": "Guild of Librarians"}
    facts = {"issuer": elsewhere, "validUntil": "2026-02-01T00:00:00Z"}
    (one,) = judged(badge(made=[lambda subject: endorsement(subject, **facts)])).endorsements
    assert (one.verdict, one.message) == (Verdict.expired, "It expired on 1 February 2026.")


def test_an_endorsement_of_nothing_is_not_genuine():
    said = {"type": ["EndorsementSubject"], "endorsementComment": "We hire by it."}
    (one,) = judged(badge(made=[lambda _: endorsement("", credentialSubject=said)])).endorsements
    assert (one.verdict, one.about) == (Verdict.invalid, None)


def test_whoever_made_what_a_badge_is_for_may_be_endorsed_too():
    bare = {k: v for k, v in raw(issuer().ob3(award(), carrier="bare")).items() if k != "proof"}
    creator = {
        "id": "urn:creator",
        "type": ["Profile"],
        "name": "Crafts",
        "endorsement": endorsement("urn:creator"),
    }
    bare["credentialSubject"]["achievement"]["creator"] = creator
    (one,) = judged(signed(bare)).endorsements
    assert (one.about, one.verdict, one.by_own_id) == ("creator", Verdict.verified, False)


@pytest.mark.parametrize(
    ("named", "is_own"),
    [
        ("https://montalvo.example/badges/1", True),
        ("https://montalvo.example:443/badges/1", True),
        ("did:web:montalvo.example:badges:1", True),
        ("https://harvard.example/badges/1", False),
        ("https://montalvo.example.evil.example/badges/1", False),
        ("did:web:127.0.0.1", False),
        ("urn:uuid:8d7a3f60-5b0e-4b8c-9f60-1a0a6c3d2b11", False),
    ],
)
def test_an_id_that_is_not_the_issuer_s_own_could_have_been_taken_from_another_badge(named, is_own):
    given = issuer().ob3(award(), speaks="did:web", carrier="bare")
    bare = {name: value for name, value in raw(given).items() if name != "proof"}
    bare["credentialSubject"]["achievement"] |= {"id": named, "endorsement": [endorsement(named)]}
    who = issuer().identity
    document = with_proof(
        bare, "eddsa-rdfc-2022", who.keys["ed25519"], who.method("did:web", who.keys["ed25519"]), AT
    )
    (one,) = verify(read(json.dumps(document).encode()), documents(given), None, AT).endorsements
    assert (one.about, one.verdict, one.by_own_id) == ("achievement", Verdict.verified, is_own)
    assert ("could stand in anybody's badge" in one.message) is not is_own


@pytest.mark.parametrize(("known", "is_own"), [(True, True), (False, False)])
def test_an_endorsement_of_the_issuer_is_of_who_signed_it(known, is_own):
    document = badge("issuer", made=[endorsement])
    if not known:
        document["name"] = "Another name"
    (one,) = judged(document).endorsements
    assert (one.about, one.verdict, one.by_own_id) == ("issuer", Verdict.verified, is_own)


def test_an_endorsement_of_another_thing_is_not_genuine_here():
    (one,) = judged(badge(made=[lambda _: endorsement("urn:uuid:something-else")])).endorsements
    assert (one.verdict, one.about) == (Verdict.invalid, None)
    assert one.message == "It is about something else, and does not belong here."


def test_another_credential_is_no_endorsement():
    (one,) = judged(
        badge(made=[lambda subject: endorsement(subject, type=["VerifiableCredential"])])
    ).endorsements
    assert one.verdict is Verdict.invalid


def test_an_endorsement_whose_subject_is_something_else_than_endorsed_is_none():
    made = [lambda subject: endorsement(subject, credentialSubject={"id": subject, "type": ["Profile"]})]
    (one,) = judged(badge(made=made)).endorsements
    assert (one.verdict, one.message) == (Verdict.invalid, "It does not say that it is an endorsement.")


def test_an_endorsement_that_would_take_too_much_work_to_read_is_left_open():
    deep: list[Any] = []
    for _ in range(100):
        deep = [deep]
    made = [lambda subject: as_jwt({**endorsement(subject), "deep": deep})]
    (one,) = judged(badge(member="endorsementJwt", made=made)).endorsements
    assert one.verdict is Verdict.unconfirmed


@pytest.mark.parametrize("value", ["https://guild.example/1", "eyJ.eyJ.", 7])
def test_what_cannot_be_read_as_a_signed_text_is_not_genuine(value):
    found = judged(badge(member="endorsementJwt", made=[lambda _: value]))
    assert {one.verdict for one in found.endorsements} == {Verdict.invalid}


def test_no_more_than_a_dozen_are_read():
    made = [lambda _, n=n: f"no {n}" for n in range(40)]
    assert len(judged(badge(member="endorsementJwt", made=made)).endorsements) == 12


def test_endorsements_of_endorsements_are_nobody_s_question():
    def twice(subject: str) -> dict[str, Any]:
        return endorsement(subject, id="urn:praise:2", endorsement=[endorsement("urn:praise:2")])

    twice_endorsed = badge(made=[twice])
    assert [one.verdict for one in judged(twice_endorsed).endorsements] == [Verdict.verified]
    in_hand = documents(issuer().ob3(award()))
    assert not wanted(read(json.dumps(twice_endorsed).encode()), in_hand)


def old(**members: Any) -> Issued:
    """A hosted badge whose assertion names an endorsement at the guild's site."""
    honest = issuer().ob2_hosted(award(), carrier="bare")
    where = json.loads(honest.text)["id"]
    context = "https://w3id.org/openbadges/v2"
    profile = {"@context": context, "type": "Profile", "id": "https://guild.example/", "name": "Guild",
               "url": "https://guild.example/", "email": "guild@guild.example"}  # fmt: skip
    said = {"@context": context, "type": "Endorsement", "id": ASSERTION_ABOUT, "issuer": profile["id"],
            "claim": {"id": where, "endorsementComment": "We hire by it."},
            "issuedOn": "2026-01-01T00:00:00Z", "verification": {"type": "hosted"}} | members  # fmt: skip
    named = answering(honest, where, {**answer_of(honest, where), "endorsement": [ASSERTION_ABOUT]})
    return answering(answering(named, ASSERTION_ABOUT, said), profile["id"], profile)


def of_old(badge: Issued) -> tuple[Verdict, Verdict]:
    found = verify(read(badge.data), documents(badge), (MARIA,), AT)
    return found.verdict, found.endorsements[0].verdict


def test_a_hosted_endorsement_holds_when_its_own_site_serves_it():
    assert of_old(old()) == (Verdict.verified, Verdict.verified)


@pytest.mark.parametrize(("part", "about"), [("badge", "achievement"), ("issuer", "issuer")])
def test_the_description_and_the_profile_of_a_hosted_badge_may_be_endorsed_too(part, about):
    badge = old()
    where = str(json.loads(badge.text)["id"])
    named = answer_of(badge, where)["badge"]
    if part == "issuer":
        named = answer_of(badge, named)["issuer"]
    claim = {"id": named, "endorsementComment": "We hire by it."}
    moved = answering(badge, where, {**answer_of(badge, where), "endorsement": []})
    moved = answering(moved, named, {**answer_of(badge, named), "endorsement": ASSERTION_ABOUT})
    moved = answering(moved, ASSERTION_ABOUT, {**answer_of(badge, ASSERTION_ABOUT), "claim": claim})
    (one,) = verify(read(moved.data), documents(moved), (MARIA,), AT).endorsements
    assert (one.about, one.verdict) == (about, Verdict.verified)


def test_a_hosted_endorsement_cannot_bring_its_endorser_along():
    made_up = {
        "type": "Profile",
        "id": "https://guild.example/",
        "name": "Ministry",
        "url": "https://m.example/",
    }
    claimed = old(issuer=made_up)
    assert of_old(without(claimed, "https://guild.example/")) == (Verdict.verified, Verdict.unconfirmed)
    (one,) = verify(read(claimed.data), documents(claimed), (MARIA,), AT).endorsements
    assert (one.said.by.name, one.verdict) == ("Guild", Verdict.verified)


def test_why_a_hosted_endorsement_does_not_hold_is_said():
    for members, says in (
        ({"revoked": True}, "Whoever gave it has taken it back."),
        ({"type": "Assertion"}, "What is served at its address is not an endorsement."),
        ({"expires": "2026-03-01T00:00:00Z"}, "It expired on 1 March 2026."),
    ):
        found = verify(read(old().data), documents(old(**members)), (MARIA,), AT)
        assert found.endorsements[0].message == says


@pytest.mark.parametrize(
    ("members", "verdict"),
    [
        ({"issuer": "https://montalvo.example/nobody"}, Verdict.unconfirmed),
        ({"type": "Assertion"}, Verdict.invalid),
        ({"claim": {"id": "https://guild.example/other"}}, Verdict.invalid),
        ({"revoked": True}, Verdict.revoked),
        ({"id": "https://guild.example/"}, Verdict.invalid),
        ({"expires": "2026-03-01T00:00:00Z"}, Verdict.expired),
        ({"expires": "2026-04-01T00:00:00Z"}, Verdict.verified),
        ({"issuedOn": "2026-04-01T00:00:00Z"}, Verdict.not_yet_valid),
    ],
)
def test_a_hosted_endorsement_that_does_not_hold_is_told_and_leaves_the_badge(members, verdict):
    assert of_old(old(**members)) == (Verdict.verified, verdict)


def test_a_hosted_endorsement_by_another_site_is_not_genuine():
    forged = old(issuer="https://library.example/")
    profile = {**answer_of(forged, "https://guild.example/"), "id": "https://library.example/"}
    assert of_old(answering(forged, "https://library.example/", profile)) == (
        Verdict.verified,
        Verdict.invalid,
    )


@pytest.mark.parametrize(
    ("names", "verdict"),
    [
        ([ASSERTION_ABOUT], Verdict.revoked),
        (["https://guild.example/other"], Verdict.verified),
        (None, Verdict.unconfirmed),
    ],
)
def test_a_hosted_endorsement_may_be_taken_back_in_its_endorser_s_list(names, verdict):
    badge, where = old(), "https://guild.example/withdrawn"
    profile = {**answer_of(badge, "https://guild.example/"), "revocationList": where}
    named = answering(badge, "https://guild.example/", profile)
    listed = {"type": "RevocationList", "id": where, "issuer": profile["id"], "revokedAssertions": names}
    whole = named if names is None else answering(named, where, listed)
    assert of_old(whole) == (Verdict.verified, verdict)
    assert wanted(read(named.data), documents(named)) == {where}


def test_an_endorser_that_does_not_answer_leaves_it_open():
    found = verify(read(old().data), documents(without(old(), ASSERTION_ABOUT)), (MARIA,), AT)
    assert (found.verdict, found.endorsements[0].verdict) == (Verdict.verified, Verdict.unconfirmed)
    assert found.endorsements[0].message == "It has not been fetched."
    gone = answering(old(), ASSERTION_ABOUT, b"", status=404)
    found = verify(read(gone.data), documents(gone), (MARIA,), AT)
    assert found.endorsements[0].verdict is Verdict.unconfirmed
    assert found.endorsements[0].message == "The endorsement could not be fetched: answered 404"
    assert row(found).outcome is Outcome.unknown


def test_endorsements_are_asked_for_only_when_nothing_else_is_open():
    held, asked = Documents(), []
    credential = read(old().data)
    while urls := wanted(credential, held):
        asked.append(urls)
        held = held.plus(*(one for one in documents(old()) if one.url in urls))
    assert asked[-2:] == [{ASSERTION_ABOUT}, {"https://guild.example/"}]


def test_an_endorsement_of_the_older_kind_that_is_hosted_nowhere_is_not_genuine():
    badge = old()
    where = json.loads(badge.text)["id"]
    inside = {"type": "Endorsement", "claim": {"id": where, "endorsementComment": "We hire by it."}}
    said = {**answer_of(badge, where), "endorsement": [inside, "no address", 7]}
    here = answering(badge, where, said)
    assert wanted(read(here.data), documents(here)) == set()
    found = verify(read(here.data), documents(here), (MARIA,), AT)
    assert [one.verdict for one in found.endorsements] == [Verdict.invalid] * 3
    assert found.endorsements[0].said.comment == "We hire by it."


def test_a_hosted_endorsement_that_stands_on_a_badge_in_other_words_is_shown_as_its_own_site_serves_it():
    badge = old()
    where = json.loads(badge.text)["id"]
    inside = answer_of(badge, ASSERTION_ABOUT) | {"claim": {"id": where, "endorsementComment": "The best!"}}
    here = answering(badge, where, {**answer_of(badge, where), "endorsement": [inside]})
    (found,) = verify(read(here.data), documents(here), (MARIA,), AT).endorsements
    assert (found.said.comment, found.verdict) == ("We hire by it.", Verdict.verified)


def test_a_hosted_endorsement_whose_addresses_contradict_each_other_is_not_genuine():
    second, third = f"{ASSERTION_ABOUT}/2", f"{ASSERTION_ABOUT}/3"
    badge = old(id=second)
    there = answer_of(badge, ASSERTION_ABOUT) | {"id": third}
    assert of_old(answering(badge, second, there)) == (Verdict.verified, Verdict.invalid)


def test_an_endorsement_that_takes_too_much_work_is_left_open():
    def tired(credential: Any) -> Report:
        raise TooComplex("It would take too much work.")

    credential = read(json.dumps(badge(made=[endorsement])).encode())
    (found,) = endorsements.endorsed(Case(credential, Documents(), None, AT), tired)
    assert (found.verdict, found.message) == (Verdict.unconfirmed, "It would take too much work.")

"""All checks together: the verdict, what is wanted, what is used."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpack.demo.shapes import Issued
from backpack.demo.signing import compact_jws
from backpack.errors import TooComplex, Unreadable
from backpack.verifier import (
    Document,
    Documents,
    Outcome,
    Verdict,
    as_json,
    read,
    verify,
    verify_so_far,
    verifying,
    wanted,
)
from backpack.verifier.case import Case
from backpack.verifier.checks import CHECKS
from backpack.verifier.concluding import verdict_of
from backpack.verifier.report import Check
from tests.issuing import (
    AT,
    MARIA,
    answering,
    award,
    document,
    documents,
    issuer,
    record,
    renamed,
    unsigned,
    without,
)
from tests.verifier.asking import raw, report
from tests.verifier.status.test_bitstring import IDENTITY, signed
from tests.verifier.test_reading import ANYTHING, WORDS
from tests.verifier.versions.test_ob3 import V2

GENERATIONS = ["ob05", "ob10", "ob11", "ob1_signed", "ob2_hosted", "ob2_signed", "ob3", "ob3_jwt"]
SURE = [Check(name, Outcome.passed, "") for name in ("structure", "proof", "issuer")]


def bad(verdict: Verdict | None) -> Check:
    return Check("some", Outcome.failed, "", verdict)


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("carrier", ["png", "svg", "bare"])
def test_an_honest_badge_of_every_generation_is_verified(generation, carrier):
    badge = getattr(issuer(), generation)(award(), carrier=carrier)
    assert report(badge, (MARIA,)).verdict is Verdict.verified


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_badge_for_somebody_else_is_genuine_but_not_yours(generation):
    badge = getattr(issuer(), generation)(award())
    assert report(badge, ("other@montalvo.example",)).verdict is Verdict.wrong_recipient


@pytest.mark.parametrize("generation", GENERATIONS)
def test_without_any_document_nothing_is_verified_that_needs_one(generation):
    badge = getattr(issuer(), generation)(award())
    found = verify(read(badge.data), Documents(), (MARIA,), AT)
    assert found.valid is (generation == "ob3")  # did:key needs nobody


@pytest.mark.parametrize("generation", GENERATIONS)
def test_whatever_is_asked_for_is_asked_for_once(generation):
    badge = getattr(issuer(), generation)(award())
    held, asked = Documents(), []
    while urls := wanted(read(badge.data), held):
        asked += urls
        held = held.plus(*(Document(u, 0, problem="nobody answered") if u not in badge.documents
                           else document(u, *badge.documents[u]) for u in urls))  # fmt: skip
    assert len(asked) == len(set(asked))
    assert verify(read(badge.data), held, None, AT).verdict is Verdict.verified


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("facts", [{}, {"standing": "good"}, {"standing": "revoked"}])
def test_a_report_so_far_is_final_as_soon_as_nothing_more_could_change_it(generation, facts):
    badge = getattr(issuer(), generation)(award(**facts))
    credential, everything = read(badge.data), documents(badge)
    whole, held = verify(credential, everything, (MARIA,), AT), Documents()
    found, wants = verify_so_far(credential, held, (MARIA,), AT)
    while wants:
        assert wants == wanted(credential, held)
        held = held.plus(
            *(everything.get(url) or Document(url, 0, problem="nobody answered") for url in wants)
        )
        found, wants = verify_so_far(credential, held, (MARIA,), AT)
    assert as_json(found) == as_json(whole)


def test_what_a_badge_wants_is_not_asked_when_it_looked_for_nothing_in_vain(monkeypatch):
    monkeypatch.delattr(verifying, "wanted")
    alone = issuer().ob3(award())
    found, wants = verify_so_far(read(alone.data), Documents(), (MARIA,), AT)
    assert (found.verdict, wants) == (Verdict.verified, set())
    with pytest.raises(NameError):
        verify_so_far(read(issuer().ob3_jwt(award()).data), Documents(), (MARIA,), AT)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_silence_ends_the_asking_and_is_never_called_forged(generation):
    badge = getattr(issuer(), generation)(award())
    held = Documents()
    while urls := wanted(read(badge.data), held):
        held = held.plus(*(Document(url, 0, problem="nobody answered") for url in urls))
    assert verify(read(badge.data), held, None, AT).verdict in (Verdict.unconfirmed, Verdict.verified)


@pytest.mark.parametrize(
    ("checks", "verdict"),
    [
        ([bad(Verdict.revoked), bad(None)], Verdict.invalid),
        ([bad(Verdict.expired), bad(Verdict.revoked)], Verdict.revoked),
        ([bad(Verdict.expired), bad(Verdict.suspended)], Verdict.suspended),
        ([bad(Verdict.wrong_recipient), bad(Verdict.expired)], Verdict.expired),
        ([bad(Verdict.wrong_recipient), bad(Verdict.not_yet_valid)], Verdict.not_yet_valid),
        ([Check("x", Outcome.unknown, ""), bad(Verdict.wrong_recipient)], Verdict.wrong_recipient),
        ([Check("x", Outcome.unknown, "")], Verdict.unconfirmed),
        ([Check("x", Outcome.skipped, "")], Verdict.verified),
        ([], Verdict.verified),
    ],
)
def test_the_verdict_is_the_first_that_applies(checks, verdict):
    assert verdict_of((*SURE, *checks)) is verdict


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_never_greener_than_what_was_learnt(missing):
    assert verdict_of(tuple(c for n, c in enumerate(SURE) if n != missing)) is Verdict.unconfirmed


class Laborious:
    """A check that would take too much work."""

    ID = "laborious"

    def needs(self, case: Case) -> set[str]:
        raise TooComplex

    def answer(self, case: Case) -> Check:
        raise TooComplex


def test_what_would_take_too_much_work_is_unknown(monkeypatch):
    monkeypatch.setattr("backpack.verifier.verifying.CHECKS", (*CHECKS, Laborious()))
    badge = issuer().ob3(award())
    assert wanted(read(badge.data), documents(badge)) == set()
    found = report(badge)
    assert (found.verdict, found.checks[-1].outcome) == (Verdict.unconfirmed, Outcome.unknown)
    assert found.checks[-1].message == "This file is too complex to read safely."


def test_every_check_answers_in_the_order_an_employer_asks():
    found = report(issuer().ob3(award()))
    assert [c.id for c in found.checks] == [
        "structure",
        "proof",
        "issuer",
        "recipient",
        "dates",
        "revocation",
    ]
    assert all(c.message.endswith(".") for c in found.checks)


def test_the_report_names_the_documents_it_stands_on():
    badge = issuer().ob2_hosted(award())
    unread = Document("https://elsewhere.example", 200, b"unread")
    found = verify(read(badge.data), documents(badge).plus(unread), None, AT)
    used = {u.url: u.sha256 for u in found.documents}
    assert badge.address in used
    assert unread.url not in used
    assert used[str(badge.address)] == documents(badge).get(str(badge.address)).sha256


def test_what_its_status_list_stands_on_belongs_to_the_report_too():
    badge = issuer().ob3(award(standing="good", number=64), speaks="did:web")
    used = {u.url for u in report(badge).documents}
    assert {u for u in badge.documents if "status" in u or "did.json" in u} <= used


@pytest.mark.parametrize("generation", ["ob2_hosted", "ob3_jwt"])
def test_an_address_leads_to_any_generation(generation):
    badge = getattr(issuer(), generation)(award(), carrier="bare")
    url = badge.address or "https://montalvo.example/badge.jwt"
    there = replace(answering(badge, url, badge.text), data=url.encode())
    found = report(there)
    assert (found.verdict, found.credential.carrier) == (Verdict.verified, "url")


def test_an_address_may_lead_to_a_picture_with_a_badge_in_it():
    badge = issuer().ob3(award())
    there = replace(
        answering(badge, "https://montalvo.example/p.png", badge.data), data=b"https://montalvo.example/p.png"
    )
    assert report(there).verdict is Verdict.verified


def test_addresses_that_lead_to_addresses_end_somewhere():
    badge = issuer().ob3(award())
    url = "https://montalvo.example/round"
    round_ = replace(answering(badge, url, url), data=url.encode())
    assert report(round_).verdict is Verdict.not_a_badge
    assert wanted(read(round_.data), documents(round_)) == set()


@pytest.mark.parametrize(
    ("answer", "status", "verdict", "says"),
    [
        (b"<html>a page</html>", 200, Verdict.not_a_badge, "is not a badge."),
        ({"type": "BadgeClass"}, 200, Verdict.not_a_badge, "it is not an award to anyone."),
        (b"", 404, Verdict.unconfirmed, "answered 404."),
        ({"revoked": True}, 503, Verdict.unconfirmed, "answered 503."),
        (b"", 410, Verdict.revoked, "its address says that it is gone."),
        ({"revoked": True}, 200, Verdict.revoked, "its address says that it is gone."),
        (
            {"revoked": True, "revocationReason": "Issued twice."},
            200,
            Verdict.revoked,
            "back: “Issued twice.”",
        ),
        ({"revocationReason": "Issued twice."}, 410, Verdict.revoked, "back: “Issued twice.”"),
    ],
)
def test_an_address_with_no_badge_behind_it_says_what_is_there(answer, status, verdict, says):
    badge = issuer().ob05(award(), carrier="bare")
    found = report(answering(badge, str(badge.address), answer, status))
    assert found.verdict is verdict
    assert [check.message.endswith(says) for check in found.checks] == [True]
    assert found.checks[0].detail == {"Source": badge.address}
    assert (found.checks[0].outcome is Outcome.unknown) is (verdict is Verdict.unconfirmed)


def test_an_address_that_nobody_asked_is_wanted():
    badge = issuer().ob05(award(), carrier="bare")
    assert wanted(read(badge.data), Documents()) == {badge.address}
    assert wanted(read(f"{badge.address}#details".encode()), Documents()) == {badge.address}
    assert "has not been fetched" in verify(read(badge.data), Documents(), None, AT).checks[0].message


WHOM = {"id": "did:key:z6M"}


def holding(*badges: Issued, subject: dict[str, Any] = WHOM) -> Issued:
    """A credential of the issuer's that holds these badges (OB 3.0 JSON), as records do."""
    inside = {"@id": "https://montalvo.example/words#holds", "@type": "@id", "@container": "@graph"}
    made = {
        "@context": [V2, {"verifiableCredential": inside}],
        "type": ["VerifiableCredential"],
        "issuer": IDENTITY.id("did:key", IDENTITY.keys["ed25519"]),
        "credentialSubject": {**subject, "verifiableCredential": [raw(badge) for badge in badges]},
    }
    everything = {url: a for badge in badges for url, a in badge.documents.items()}
    return replace(badges[0], data=json.dumps(signed(made)).encode(), documents=everything)


def bare(**facts: Any) -> Issued:
    return issuer().ob3(award(**facts), carrier="bare")


@pytest.mark.parametrize(
    ("inside", "verdict", "says"),
    [
        (bare(), Verdict.verified, "all genuine."),
        (bare(expires_at=AT), Verdict.verified, "1 of them not valid now"),
        (renamed(bare()), Verdict.invalid, "is not genuine"),
        (unsigned(bare()), Verdict.invalid, "is not genuine"),
        (bare(standing="revoked", number=61), Verdict.revoked, "was taken back"),
        (bare(standing="suspended", number=62), Verdict.suspended, "is suspended"),
        (bare(standing="silent", number=63), Verdict.unconfirmed, "could not be confirmed"),
    ],
)
def test_a_record_is_as_good_as_what_it_holds(inside, verdict, says):
    found = report(holding(bare(number=60), inside))
    assert found.verdict is verdict
    assert says in found.checks[-1].message
    assert found.reason == ("" if found.valid else found.checks[-1].message)
    assert len(found.contained) == 2


def test_a_record_names_what_spoils_it_as_its_own_list_does_whatever_else_is_not_known():
    forged = bare()
    forged = replace(forged, text=json.dumps(raw(forged) | {"name": "Doctor of Everything"}))
    kept = holding(bare(number=60), forged)
    whole = json.loads(kept.data)
    whole["@context"].append("https://montalvo.example/silent")
    found = report(replace(kept, data=json.dumps(whole).encode()))
    assert found.checks[0].outcome is Outcome.unknown
    assert (found.verdict, found.reason) == (
        Verdict.invalid,
        f"“{as_json(found)['contained'][-1]['badge']['name']}” inside it is not genuine.",
    )


def test_a_record_tells_of_a_forgery_without_a_name_too():
    nameless = raw(bare()) | {"name": ""}
    nameless["credentialSubject"]["achievement"]["name"] = ""
    kept = holding(replace(bare(), text=json.dumps(nameless)))
    assert report(kept).reason == "A badge without a name inside it is not genuine."


def test_how_many_a_record_holds_is_said():
    assert report(holding(bare())).checks[-1].message == "It holds 1 credential, all genuine."
    both = holding(bare(number=60), bare())
    assert report(both).checks[-1].message == "It holds 2 credentials, all genuine."


def did(name: str) -> dict[str, str]:
    return {"recipient": f"did:example:{name}", "naming": "did"}


@pytest.mark.parametrize(
    ("inside", "note"),
    [
        (
            [bare(**did("joe"))],
            "“Open Science Foundations” inside it names another recipient than the record does.",
        ),
        (
            [bare(**did("joe")), bare(**did("maria"), number=60), bare(**did("ann"), number=61)],
            "“Open Science Foundations” and 1 more inside it name another recipient than the record does.",
        ),
        ([bare(**did("maria"))], None),
        ([bare()], None),
    ],
)
def test_of_a_record_that_holds_another_s_badge_it_is_said(inside, note):
    found = report(holding(*inside, subject={"id": "did:example:maria"}))
    assert found.valid
    assert [one for one in found.notes if "another recipient" in one] == ([note] if note else [])


def test_what_a_record_holds_beside_badges_may_be_about_anything():
    within = replace(bare(), text=holding(bare()).data.decode())
    found = report(holding(within, subject={"id": "did:example:maria"}))
    assert not any("another recipient" in note for note in found.notes)


@pytest.mark.parametrize(("count", "is_said"), [(63, True), (64, False)])
def test_of_a_record_that_names_very_many_nobody_is_compared(count, is_said):
    kept = json.loads(record(raw(bare(**did("joe")))))
    kept["credentialSubject"] |= {
        "id": "did:example:maria",
        "identifier": [{"type": "IdentityObject", "identityHash": f"{n}@uc.example"} for n in range(count)],
    }
    found = verify(read(json.dumps(kept).encode()), Documents(), None, AT)
    assert any("another recipient" in note for note in found.notes) is is_said


def test_what_the_badges_in_a_record_need_is_wanted_too():
    web = issuer().ob3(award(), speaks="did:web", carrier="bare")
    kept = holding(web)
    assert any("did.json" in url for url in wanted(read(kept.data), Documents()))
    assert (
        report(without(kept, next(u for u in web.documents if "did.json" in u))).verdict
        is Verdict.unconfirmed
    )


@pytest.mark.parametrize("generation", ["ob2_signed", "ob3_jwt"])
def test_a_selective_disclosure_token_is_read_and_said_to_be_of_a_kind_that_is_not_checked(generation):
    badge = getattr(issuer(), generation)(award(), carrier="bare")
    found = report(replace(badge, data=f"{badge.text}~WyJzYWx0IiwicGhvbmUiLCIxIl0~".encode()))
    assert (found.verdict, found.credential.achievement.name) == (
        Verdict.unconfirmed,
        "Open Science Foundations",
    )
    assert "(SD-JWT)" in found.checks[1].message


def test_a_selective_disclosure_token_of_a_type_of_its_own_names_its_issuer():
    claims = {"iss": "https://montalvo.example", "vct": "https://montalvo.example/types/1", "exp": 1}
    found = read(f"{jwt(claims)}~".encode())
    assert (found.version, found.issuer.id) == ("vc", "https://montalvo.example")
    assert verify(found, Documents(), None, AT).verdict is Verdict.expired


def jwt(claims: dict[str, Any]) -> str:
    return compact_jws(claims, "EdDSA", IDENTITY.keys["ed25519"], {"typ": "vc+sd-jwt"})


def test_the_same_questions_get_the_same_answers():
    badge = issuer().ob3(award())
    assert report(badge, (MARIA,)) == report(badge, (MARIA,))
    assert report(badge, at=AT + timedelta(days=1)).checks == report(badge).checks


@settings(max_examples=60)
@given(member=WORDS, value=ANYTHING, generation=st.sampled_from(["ob2_hosted", "ob10", "ob3"]))
def test_no_badge_however_strange_raises(member, value, generation):
    badge = getattr(issuer(), generation)(award(), carrier="bare")
    strange = replace(badge, data=json.dumps({**raw(badge), member: value}).encode())
    held = documents(strange)
    if badge.address:
        held = held.plus(Document(badge.address, 200, strange.data))
    try:
        credential = read(strange.data)
    except Unreadable:
        return
    wanted(credential, held)
    assert verify(credential, held, (MARIA,), AT).verdict in Verdict

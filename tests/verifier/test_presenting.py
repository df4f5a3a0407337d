"""Presentations: their own signature, their holder, and each credential they show."""

import base64
import json

import pytest

from backpack.errors import Unreadable
from backpack.verifier import Demand, Document, Documents, Outcome, Verdict
from backpack.verifier.presenting import (
    SHOWING,
    PresentationReport,
    is_presentation,
    presentation_as_json,
    read_presentation,
    verify_presentation,
    wanted_by,
)
from tests.issuing import AT
from tests.verifier.signing import V2, Signer, badge, controller, method, secured, served, signer

HOLDER = signer("ed25519", "holder")
WEB = "did:web:maria.example"
DID_DOCUMENT = "https://maria.example/.well-known/did.json"
V1 = "https://www.w3.org/2018/credentials/v1"


def presentation(*credentials, **members):
    shown = {"verifiableCredential": list(credentials)} if credentials else {}
    return {"@context": [V2], "type": ["VerifiablePresentation"], "holder": HOLDER.did, **shown, **members}


def shown(*credentials, suite="eddsa-rdfc-2022", by=HOLDER, members=None, **options):
    options = {"proofPurpose": "authentication", "challenge": "c-1", "domain": "work.example", **options}
    return secured(presentation(*credentials, **(members or {})), suite, by, **options)


def report(document, *documents: Document, demand: Demand = SHOWING) -> PresentationReport:
    text = document if isinstance(document, str) else json.dumps(document)
    return verify_presentation(read_presentation(text.encode()), Documents(*documents), AT, demand)


def outcomes(found: PresentationReport) -> dict[str, str]:
    return {check.id: check.outcome.value for check in found.checks}


ALL_PASSED = {"structure": "passed", "proof": "passed", "holder": "passed"}


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_what_its_holder_signed_holds(suite):
    found = report(shown(secured(badge()), suite=suite))
    assert outcomes(found) == ALL_PASSED
    assert [one.verdict for one in found.credentials] == [Verdict.verified]


def test_it_may_show_nothing():
    found = report(shown(members={"id": "urn:uuid:1"}))
    assert (outcomes(found), found.credentials) == (ALL_PASSED, ())


def test_nothing_moves_to_another_place_in_what_its_holder_states_of_themselves():
    ends, work = "2031-01-01T00:00:00Z", {"id": badge()["id"], "type": "Evidence"}
    stated = badge(HOLDER.did, validUntil=ends, evidence=work)
    document = shown(stated)
    [whole] = report(document).credentials
    assert (whole.verdict, whole.ends_at is None) == (Verdict.verified, False)
    moved = {**stated, "evidence": {**work, "type": ["Evidence", *stated["type"]], "validUntil": ends}}
    del moved["validUntil"]
    [found] = report({**document, "verifiableCredential": [moved]}).credentials
    assert found.verdict is not Verdict.verified


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_credential_put_into_it_later_is_noticed(suite):
    document = shown(secured(badge()), suite=suite)
    document["verifiableCredential"].append(secured(badge(id="urn:uuid:another")))
    assert outcomes(report(document))["proof"] == "failed"


def test_a_forged_credential_in_it_is_found_though_the_holder_signed_it():
    forged = {**secured(badge()), "name": "Doctor of Everything"}
    found = report(shown(forged))
    assert outcomes(found) == ALL_PASSED
    assert found.credentials[0].verdict is Verdict.invalid


def test_without_a_signature_anyone_could_have_put_it_together():
    assert outcomes(report(presentation(secured(badge())))) == {
        "structure": "passed",
        "proof": "failed",
        "holder": "skipped",
    }


def test_an_award_is_no_presentation_and_the_other_way_round():
    found = report(shown(proofPurpose="assertionMethod"))
    assert outcomes(found)["proof"] == "failed"
    assert "for another purpose than showing badges" in found.checks[1].message


@pytest.mark.parametrize(
    ("demand", "error"),
    [
        ({"challenge": "c-2"}, "INVALID_CHALLENGE_ERROR"),
        ({"domains": ("other.example",)}, "INVALID_DOMAIN_ERROR"),
        ({"domains": ("work.example", "other.example")}, "INVALID_DOMAIN_ERROR"),
        ({"challenge": "c-1", "domains": ("work.example",)}, None),
        ({}, None),
    ],
)
def test_it_was_made_for_this_occasion_where_one_is_asked_for(demand, error):
    found = report(shown(), demand=Demand("authentication", **demand))
    assert found.signatures[0].error == error
    assert (outcomes(found)["proof"] == "passed") is (error is None)


@pytest.mark.parametrize("options", [{"challenge": None}, {"challenge": ["c-1"]}, {"challenge": "C-1"}])
def test_a_challenge_that_is_not_answered_exactly_is_not_answered(options):
    found = report(shown(suite="eddsa-jcs-2022", **options), demand=Demand("authentication", challenge="c-1"))
    assert found.signatures[0].error == "INVALID_CHALLENGE_ERROR"


def test_sites_are_a_set():
    demand = Demand("authentication", domains=("b.example", "a.example"))
    assert outcomes(report(shown(domain=["a.example", "b.example"]), demand=demand)) == ALL_PASSED
    odd = shown(suite="eddsa-jcs-2022", domain=["a.example", "b.example", 5])
    assert report(odd, demand=demand).signatures[0].error == "INVALID_DOMAIN_ERROR"


def test_another_key_than_the_holder_s_is_somebody_else_s():
    found = report(shown(by=Signer("ed25519")))
    assert outcomes(found) == {"structure": "passed", "proof": "passed", "holder": "failed"}


def test_it_need_not_name_a_holder():
    document = presentation()
    del document["holder"]
    found = report(secured(document, by=HOLDER, proofPurpose="authentication"))
    assert outcomes(found) == {"structure": "passed", "proof": "passed", "holder": "skipped"}


def in_web(purpose="authentication"):
    document = controller(WEB, method(WEB, HOLDER))
    document[purpose] = document.pop("assertionMethod")
    named = shown(members={"holder": WEB}, verificationMethod=f"{WEB}#key-1")
    return named, served(DID_DOCUMENT, document)


def test_the_holder_s_document_is_wanted_and_must_list_the_key_for_showing():
    document, answer = in_web()
    opened = read_presentation(json.dumps(document).encode())
    assert wanted_by(opened, Documents(), AT) == {DID_DOCUMENT}
    assert wanted_by(opened, Documents(answer), AT) == set()
    assert outcomes(report(document, answer)) == ALL_PASSED


def test_a_key_for_awarding_is_none_for_showing():
    document, answer = in_web("assertionMethod")
    found = report(document, answer)
    assert outcomes(found)["proof"] == "failed"
    assert found.checks[1].message == "maria.example does not list this key for showing badges."


def test_a_holder_whose_document_is_silent_is_not_known():
    held = shown(members={"holder": "https://maria.example/me"})
    silent = Document("https://maria.example/me", 0, problem="it did not answer")
    assert outcomes(report(held, silent))["holder"] == "unknown"


def test_what_the_credentials_want_is_wanted_too():
    theirs = badge("did:web:school.example")
    opened = read_presentation(json.dumps(shown(secured(theirs))).encode())
    assert wanted_by(opened, Documents(), AT) == {"https://school.example/.well-known/did.json"}


def test_a_statement_about_oneself_needs_no_signature_of_its_own():
    found = report(shown(badge(HOLDER.did)))
    assert found.credentials[0].verdict is Verdict.verified
    assert "its holder says it of themselves" in found.credentials[0].checks[1].message


@pytest.mark.parametrize(
    "spoilt",
    [
        shown(badge("did:web:school.example")),
        shown(badge(HOLDER.did), members={"holder": signer().did}),
        shown(badge(HOLDER.did), by=Signer("ed25519")),
        {**shown(badge(HOLDER.did)), "id": "urn:uuid:changed"},
        shown({**badge(HOLDER.did), "proof": []}, suite="eddsa-jcs-2022"),
        presentation(badge(HOLDER.did)),
    ],
    ids=["of another", "as another", "by another", "changed", "with no proofs", "unsigned"],
)
def test_a_statement_about_anyone_else_does(spoilt):
    found = report(spoilt)
    assert found.credentials[0].verdict is Verdict.invalid


@pytest.mark.parametrize("kind", ["EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"])
@pytest.mark.parametrize("by", [Signer("ed25519"), None])
def test_nobody_states_of_themselves_what_another_put_into_an_envelope_that_they_show(kind, by):
    said = presentation(badge(HOLDER.did), holder=by.did if by else HOLDER.did)
    closed = by.jwt(said, "EdDSA", kid=by.method) if by else f"eyJhbGciOiJub25lIn0.{part_of(said)}."
    envelope = {"@context": [V2], "type": kind, "id": f"data:application/vp+jwt,{closed}"}
    found = report(shown(envelope, suite="eddsa-jcs-2022"))
    assert outcomes(found) == ALL_PASSED
    assert found.credentials[0].verdict is Verdict.invalid


def part_of(said):
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "members",
    [
        {"@context": ["https://school.example/vocabulary"]},
        {"@context": [V2, 5]},
        {"type": ["VerifiablePresentation", 5]},
        {"id": "me"},
        {"holder": {"name": "Maria"}},
        {"holder": "z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"},
        {"holder": [HOLDER.did, WEB]},
        {"verifiableCredential": "eyJhbGciOiJub25lIn0.e30."},
        {"verifiableCredential": ["https://school.example/badge"]},
        {"verifiableCredential": [5]},
        {"verifiableCredential": [presentation()]},
        {"verifiableCredential": [{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"}]},
    ],
)
def test_what_is_not_written_as_a_presentation_fails_and_shows_nothing(members):
    found = report(shown(suite="eddsa-jcs-2022", members=members))
    assert (outcomes(found)["structure"], found.credentials) == ("failed", ())


def test_a_word_that_nothing_defines_fails():
    assert outcomes(report(shown(suite="eddsa-jcs-2022", members={"mood": "good"})))["structure"] == "failed"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"hello",
        b"\xff\xfe",
        json.dumps(badge()).encode(),
        b'{"type": "EnvelopedVerifiablePresentation", "id": "https://maria.example/p"}',
        b'{"type": "EnvelopedVerifiablePresentation", "id": 5}',
        json.dumps(presentation({"type": "Achievement"})).encode(),
        json.dumps(presentation({"type": "EnvelopedVerifiableCredential", "id": WEB})).encode(),
    ],
)
def test_what_is_no_presentation_is_refused(data):
    with pytest.raises(Unreadable):
        read_presentation(data)


def test_a_presentation_is_known_by_its_type_and_a_badge_is_none():
    assert is_presentation(presentation())
    assert not is_presentation(badge())
    assert not is_presentation("VerifiablePresentation")


def test_a_credential_in_an_envelope_is_opened():
    token = signer("p256").jwt(badge(signer("p256").did), "ES256", kid=signer("p256").method)
    enveloped = {
        "@context": V2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{token}",
    }
    found = report(shown(enveloped))
    assert outcomes(found) == ALL_PASSED
    assert found.credentials[0].verdict is Verdict.verified


def token(payload=None, by=HOLDER, **header):
    return by.jwt(payload or presentation(secured(badge())), "EdDSA", **{"kid": by.method, **header})


def test_a_presentation_may_be_a_token():
    found = report(token())
    assert outcomes(found) == ALL_PASSED
    assert found.signatures[0].suite == "vp-jwt"
    assert found.credentials[0].verdict is Verdict.verified


def test_a_token_may_come_in_an_envelope():
    enveloped = {
        "@context": V2,
        "type": "EnvelopedVerifiablePresentation",
        "id": f"data:application/vp+jwt,{token()}",
    }
    assert outcomes(report(enveloped)) == ALL_PASSED


@pytest.mark.parametrize(
    "changes",
    [{"@context": []}, {"@context": ["https://www.w3.org/ns/credentials/examples/v2"]}, {"id": None}],
)
def test_the_envelope_must_be_written_as_one(changes):
    whole = token()
    sound = {
        "@context": [V2],
        "type": ["EnvelopedVerifiablePresentation"],
        "id": f"data:application/vp+jwt,{whole}",
    }
    spoilt = {**sound, **changes, **({"id": whole} if "id" in changes else {})}
    assert outcomes(report(spoilt)) == {**ALL_PASSED, "structure": "failed"}


def test_the_second_data_model_does_not_go_into_the_token_in_the_way_of_the_first():
    assert outcomes(report(token({"iss": HOLDER.did, "vp": presentation()})))["proof"] == "failed"


@pytest.mark.parametrize(
    ("name", "outcome"), [("urn:uuid:1", "passed"), ("urn:uuid:2", "failed"), (5, "failed")]
)
def test_a_token_names_the_presentation_as_it_names_itself(name, outcome):
    named = {**presentation(id="urn:uuid:1"), "jti": name}
    assert outcomes(report(token(named)))["proof"] == outcome


def test_a_token_may_name_a_presentation_that_does_not_name_itself():
    assert outcomes(report(token({**presentation(), "jti": "urn:uuid:1"}))) == ALL_PASSED


def test_terms_of_use_of_a_presentation_say_what_they_are():
    terms = {"id": "urn:x:terms", "type": "https://terms.example/Terms"}
    assert outcomes(report(shown(members={"termsOfUse": terms}))) == ALL_PASSED
    untyped = shown(members={"termsOfUse": {"id": "urn:x:terms"}})
    assert outcomes(report(untyped))["structure"] == "failed"


def test_a_token_of_the_first_data_model_names_its_holder_as_who_made_it():
    credential = token({"iss": HOLDER.did, "vc": old_badge()})
    inner = {"@context": [V1], "type": "VerifiablePresentation", "verifiableCredential": [credential]}
    found = report(token({"iss": HOLDER.did, "vp": inner}))
    assert (outcomes(found), found.holder) == (ALL_PASSED, HOLDER.did)
    assert [one.credential.version for one in found.credentials] == ["3.0"]


def test_such_a_token_may_write_the_presentation_out_beside_its_claim():
    credential = token({"iss": HOLDER.did, "vc": old_badge()})
    inner = {"@context": [V1], "type": "VerifiablePresentation", "verifiableCredential": [credential]}
    whole = {**inner, "holder": HOLDER.did}
    assert outcomes(report(token({"iss": HOLDER.did, "vp": inner, **whole}))) == ALL_PASSED
    other = {**whole, "verifiableCredential": []}
    assert outcomes(report(token({"iss": HOLDER.did, "vp": inner, **other})))["proof"] == "failed"


def old_badge():
    made = badge(HOLDER.did, issuanceDate="2025-03-14T09:00:00Z")
    made["@context"] = [V1, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"]
    del made["validFrom"]
    return made


def test_a_token_without_a_key_s_name_is_the_holder_s_own():
    unnamed = HOLDER.jwt(presentation(), "EdDSA")
    assert outcomes(report(unnamed)) == ALL_PASSED


def test_the_document_of_a_token_s_key_is_wanted():
    _, answer = in_web()
    named = token(presentation(holder=WEB), kid=f"{WEB}#key-1")
    opened = read_presentation(named.encode())
    assert wanted_by(opened, Documents(), AT) == {DID_DOCUMENT}
    assert wanted_by(opened, Documents(answer), AT) == set()
    assert outcomes(report(named, answer)) == ALL_PASSED
    silent = Document(DID_DOCUMENT, 0, problem="it did not answer")
    assert wanted_by(opened, Documents(silent), AT) == set()
    assert outcomes(report(named, silent))["proof"] == "unknown"


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({}, "INVALID_DOMAIN_ERROR"),
        ({"aud": "other.example", "nonce": "c-1"}, "INVALID_DOMAIN_ERROR"),
        ({"aud": "work.example"}, "INVALID_CHALLENGE_ERROR"),
        ({"aud": "work.example", "nonce": "c-2"}, "INVALID_CHALLENGE_ERROR"),
        ({"aud": ["work.example", "other.example"], "nonce": "c-1"}, None),
    ],
)
def test_a_token_was_made_for_this_occasion_where_one_is_asked_for(claims, error):
    demand = Demand("authentication", challenge="c-1", domains=("work.example",))
    found = report(token({**presentation(), **claims}), demand=demand)
    assert found.signatures[0].error == error


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "did:web:school.example"},
        {"exp": AT.timestamp()},
        {"nbf": AT.timestamp() + 3600},
        {"exp": "tomorrow"},
        {"vp": {"type": "VerifiablePresentation"}},
    ],
)
def test_what_a_token_claims_must_fit(claims):
    assert outcomes(report(token({**presentation(), **claims})))["proof"] == "failed"


def test_a_token_within_its_time_holds():
    times = {"nbf": AT.timestamp() - 60, "exp": AT.timestamp() + 60}
    assert outcomes(report(token({**presentation(), **times}))) == ALL_PASSED


@pytest.mark.parametrize(
    "spoilt",
    [
        token(by=Signer("ed25519"), kid=HOLDER.method),
        token().rpartition(".")[0] + ".",
        token()[:-6] + "AAAAAA",
        token(kid="key-1"),
        HOLDER.jwt(presentation(holder="urn:uuid:maria"), "EdDSA"),
    ],
)
def test_a_spoilt_token_does_not_hold(spoilt):
    try:
        found = outcomes(report(spoilt))["proof"]
    except Unreadable:
        found = "failed"
    assert found == "failed"


def test_a_key_of_a_kind_that_we_cannot_look_up_is_unknown():
    foreign = token(presentation(holder="did:example:maria"), kid="did:example:maria#1")
    assert outcomes(report(foreign))["proof"] == "unknown"
    assert wanted_by(read_presentation(foreign.encode()), Documents(), AT) == set()


def test_the_report_for_programs_says_it_all():
    document, answer = in_web()
    told = presentation_as_json(report(document, answer))
    assert told["holder"] == WEB
    assert [(check["id"], check["outcome"]) for check in told["checks"]] == list(ALL_PASSED.items())
    assert told["signatures"][0] == {
        "suite": "eddsa-rdfc-2022",
        "outcome": "passed",
        "message": "Nothing in it was changed since it was signed.",
        "error": None,
        "changed": False,
        "method": f"{WEB}#key-1",
        "bound": "passed",
    }
    assert [used["url"] for used in told["documents"]] == [DID_DOCUMENT]
    assert told["at"] == "2026-03-14T09:00:00Z"
    assert presentation_as_json(report(shown(secured(badge()))))["credentials"][0]["verdict"] == "verified"


def test_every_outcome_of_the_holder_has_its_sentence():
    said = {
        report(shown()).checks[2].message,
        report(shown(by=Signer("ed25519"))).checks[2].message,
        report(presentation()).checks[2].message,
        report(shown(members={"holder": "urn:uuid:maria"})).checks[2].message,
    }
    assert len(said) == 4
    assert report(shown(members={"holder": "urn:uuid:maria"})).checks[2].outcome is Outcome.unknown

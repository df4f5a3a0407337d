"""The VC-API's verifier: each assertion of the W3C suites for verifiers as a test of our own.

A suite only looks at the status: 200 is verified, 400 is not. Everything here is signed by other libraries
than ours (``tests.verifier.signing``) or by our demo issuer.
"""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from base58 import b58decode, b58encode
from httpx2 import Response
from starlette.testclient import TestClient

from backpack import network
from backpack.config import Settings
from backpack.demo.shapes import Issued
from backpack.services import examining
from backpack.storage.tables import now
from backpack.verifier import Document
from tests.databases import Databases
from tests.issuing import AT, award, document, issuer
from tests.verifier.proofs.test_ecdsa_sd_2023 import WHOLE, with_value, without_description
from tests.verifier.signing import OB3, V2, Signer, badge, secured, signer
from web.app import create

V1 = "https://www.w3.org/2018/credentials/v1"
SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019"]
KINDS = [
    (suite, kind) for suite in SUITES for kind in (["p256", "p384"] if "ecdsa" in suite else ["ed25519"])
]
RDFC = [(suite, kind) for suite, kind in KINDS if "rdfc" in suite]
Json = dict[str, Any]
Verify = Callable[..., Response]


@pytest.fixture(scope="module")
def client(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with databases.lend("sqlite") as url:
        yield _client(url, tmp_path_factory, vc_api_binding=True)


@pytest.fixture(scope="module")
def lenient(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A backpack whose operator does not ask whose key it is."""
    with databases.lend("sqlite") as url:
        yield _client(url, tmp_path_factory, vc_api_binding=False)


def _client(url: str, paths: pytest.TempPathFactory, **more: Any) -> TestClient:
    settings = Settings(_env_file=None, data_dir=paths.mktemp("data"), database_url=url, **more)
    app = create(settings)
    app.dependency_overrides[now] = lambda: AT
    return TestClient(app, settings.base_url)


@pytest.fixture
def verify(client: TestClient) -> Verify:
    """Ask whether a credential is verified, as the suites do."""

    def verify(credential: Any, **options: Any) -> Response:
        body = {"verifiableCredential": credential, "options": {"checks": ["proof"], **options}}
        return client.post("/credentials/verify", json=body)

    return verify


def signed(suite: str = "eddsa-rdfc-2022", kind: str = "", by: Signer | None = None, **options: Any) -> Json:
    by = by or signer(kind or ("p256" if "ecdsa" in suite else "ed25519"))
    return secured(badge(by.did), suite, by, **options)


def problems(answer: Response) -> list[str]:
    assert answer.json()["verified"] is False
    return [problem["type"] for problem in answer.json()["problemDetails"]]


def is_refused(answer: Response) -> bool:
    """It is not verified, and why is said as the standard asks."""
    told = answer.json()
    assert told["verified"] is (answer.status_code == 200)
    assert bool(told["problemDetails"]) is (answer.status_code == 400)
    assert all(
        set(one) == {"type", "title", "detail"} and one["type"].startswith("https://") and one["detail"]
        for one in told["problemDetails"]
    )
    return answer.status_code == 400


# What holds


@pytest.mark.parametrize(("suite", "kind"), KINDS)
def test_a_sound_credential_is_verified(verify: Verify, suite: str, kind: str) -> None:
    answer = verify(signed(suite, kind))
    assert answer.status_code == 200
    assert answer.json() == {"verified": True, "problemDetails": []}
    assert answer.headers["content-type"] == "application/json"


def test_what_the_demo_issuer_signed_is_verified(client: TestClient) -> None:
    made = [issuer().ob3(award(), proof) for proof in (*SUITES, "Ed25519Signature2020")]
    answers = [
        client.post("/credentials/verify", json={"verifiableCredential": json.loads(one.text)})
        for one in made
    ]
    assert [answer.status_code for answer in answers] == [200] * 5


def test_a_credential_of_the_first_data_model_is_verified(verify: Verify) -> None:
    old = json.loads(issuer().ob3(award(), vc="1.1").text)
    assert verify(old).status_code == 200


def test_a_part_of_a_selectively_disclosed_credential_is_verified(verify: Verify) -> None:
    assert verify(WHOLE.shown(without_description())).status_code == 200


def test_a_token_is_verified_bare_and_in_an_envelope(verify: Verify) -> None:
    by = signer("p256")
    token = by.jwt(badge(by.did), "ES256", kid=by.method)
    enveloped = {"@context": V2, "type": "EnvelopedVerifiableCredential"}
    assert verify(token).status_code == 200
    assert verify({**enveloped, "id": f"data:application/vc+jwt,{token}"}).status_code == 200
    assert is_refused(verify(token[:-4] + "AAAA"))
    assert is_refused(verify({**enveloped, "id": "https://school.example/badge"}))
    assert is_refused(verify({**enveloped, "id": token}))
    held = {**enveloped, "id": f"data:application/vc+jwt,{token}"}
    for contexts in ([], "https://www.w3.org/ns/credentials/examples/v2"):
        assert is_refused(verify({**held, "@context": contexts}))
    assert is_refused(verify({**held, "type": "VerifiableCredential"}))
    assert is_refused(verify({**held, "credentialSubject": {"name": "Doctor of Everything"}}))


def test_created_without_a_zone_is_read_as_utc_and_may_be_missing(verify: Verify) -> None:
    assert verify(signed(created="2025-03-14T09:00:00")).status_code == 200
    assert verify(signed(created="2025-03-14T09:00:00+01:00")).status_code == 200
    assert verify(signed(created=None)).status_code == 200


# What the suites for verifiers spoil


@pytest.mark.parametrize("proof", [None, [], {}, "", "proof", 5, [None], [[]]])
def test_an_invalid_proof_is_refused(verify: Verify, proof: Any) -> None:
    assert is_refused(verify({**signed(), "proof": proof}))


def test_a_missing_proof_is_refused(verify: Verify) -> None:
    assert problems(verify(badge())) == ["https://w3id.org/security#PROOF_VERIFICATION_ERROR"]


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize(
    "member", ["type", "cryptosuite", "proofPurpose", "verificationMethod", "proofValue"]
)
def test_a_member_of_the_proof_that_is_missing_is_refused(verify: Verify, suite: str, member: str) -> None:
    spoilt = signed(suite)
    del spoilt["proof"][member]
    assert is_refused(verify(spoilt))


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("type", "UnknownProofType"),
        ("type", ""),
        ("type", None),
        ("type", ["DataIntegrityProof"]),
        ("cryptosuite", "UnknownCryptosuite"),
        ("cryptosuite", ""),
        ("cryptosuite", None),
        ("cryptosuite", 5),
        ("cryptosuite", ["eddsa-rdfc-2022"]),
        ("proofPurpose", "invalidPurpose"),
        ("proofPurpose", None),
        ("verificationMethod", "did:key:invalidVm"),
        ("verificationMethod", None),
        ("verificationMethod", 5),
        ("proofValue", None),
        ("proofValue", ""),
        ("proofValue", 5),
        ("proofValue", "a"),
        ("proofValue", "z"),
    ],
)
def test_an_invalid_member_of_the_proof_is_refused(
    verify: Verify, suite: str, member: str, value: Any
) -> None:
    spoilt = signed(suite)
    spoilt["proof"][member] = value
    assert is_refused(verify(spoilt))


@pytest.mark.parametrize(
    "options",
    [
        {"proofPurpose": "invalidPurpose"},
        {"proofPurpose": "authentication"},
        {"proofPurpose": None},
        {"created": "invalidDate"},
        {"created": "2025-03-14"},
        {"expires": "invalidDate"},
        {"expires": "2025-03-15T09:00:00Z"},
        {"expires": "2025-03-15T09:00:00"},
        {"verificationMethod": "did:key:invalidVm"},
        {"verificationMethod": None},
    ],
)
def test_what_was_signed_like_that_is_refused_all_the_same(verify: Verify, options: Json) -> None:
    # By the suite that signs the text: no vocabulary stands in the way of signing nonsense.
    assert is_refused(verify(signed("eddsa-jcs-2022", **options)))


def test_a_proof_counts_until_it_ends(verify: Verify) -> None:
    assert verify(signed(expires="2026-03-14T09:00:01Z")).status_code == 200
    assert is_refused(verify(signed(expires="2026-03-14T09:00:00Z")))


@pytest.mark.parametrize(("suite", "kind"), KINDS)
def test_a_proof_value_is_a_multibase_text_of_the_right_length(verify: Verify, suite: str, kind: str) -> None:
    sound = signed(suite, kind)
    value = sound["proof"]["proofValue"]
    raw = b58decode(value[1:])
    odd = (
        value[1:],
        f"u{value[1:]}",
        f"z{b58encode(raw + bytes(32)).decode()}",
        f"z{b58encode(raw[:-1]).decode()}",
    )
    for wrong in odd:
        assert is_refused(verify({**sound, "proof": {**sound["proof"], "proofValue": wrong}})), wrong


@pytest.mark.parametrize(
    ("suite", "other"), [("eddsa-rdfc-2022", "eddsa-jcs-2022"), ("ecdsa-rdfc-2019", "ecdsa-jcs-2019")]
)
def test_another_canonicalization_is_refused(verify: Verify, suite: str, other: str) -> None:
    for made, said in ((suite, other), (other, suite)):
        spoilt = signed(made)
        spoilt["proof"]["cryptosuite"] = said
        assert is_refused(verify(spoilt))


@pytest.mark.parametrize(("suite", "kind"), RDFC)
def test_an_undefined_term_added_later_is_refused(verify: Verify, suite: str, kind: str) -> None:
    spoilt = signed(suite, kind)
    spoilt["credentialSubject"]["undefinedTerm"] = "IfDroppedWillVerify"
    types = problems(verify(spoilt))
    assert types[0] == "https://w3id.org/security#PROOF_TRANSFORMATION_ERROR"
    assert "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR" in types


@pytest.mark.parametrize("suite", SUITES)
def test_an_undefined_type_added_later_is_refused(verify: Verify, suite: str) -> None:
    spoilt = signed(suite)
    spoilt["type"].append("UndefinedType")
    assert is_refused(verify(spoilt))


def test_an_undefined_term_that_was_there_when_the_text_was_signed_is_refused(verify: Verify) -> None:
    by = signer()
    assert is_refused(verify(secured(badge(by.did, undefinedTerm="x"), "eddsa-jcs-2022", by)))


@pytest.mark.parametrize("suite", SUITES)
def test_what_was_changed_is_refused(verify: Verify, suite: str) -> None:
    spoilt = signed(suite)
    spoilt["credentialSubject"]["id"] = "urn:invalid"
    assert problems(verify(spoilt)) == ["https://w3id.org/security#PROOF_VERIFICATION_ERROR"]


def test_no_base_address_completes_what_is_not_absolute(verify: Verify) -> None:
    """A relative id or type is read as nobody's: neither the document nor a context of its own gives it a base."""
    sound = signed()
    based = [*sound["@context"], {"@base": "https://school.example/"}]
    for tricked in (
        {**sound, "id": "badges/1"},
        {**sound, "type": [*sound["type"], "./Type"]},
        {**sound, "@context": based},
        {**sound, "@context": based, "id": "urn:uuid:7f6a7b8e-0000-4000-8000-000000000001"},
        secured({**badge(), "@context": based, "id": "badges/1"}, "eddsa-jcs-2022"),
        secured(
            {**badge(), "credentialSubject": {**badge()["credentialSubject"], "id": "maria"}},
            "eddsa-jcs-2022",
        ),
    ):
        assert is_refused(verify(tricked))


@pytest.mark.parametrize(
    "given", ["", "credential", "[]", "https://school.example/badge", 5, 5.5, None, True, [], [{}], {}]
)
def test_garbage_for_a_credential_is_refused(verify: Verify, given: Any) -> None:
    assert is_refused(verify(given))


def test_a_credential_given_as_text_is_refused(verify: Verify) -> None:
    assert problems(verify(json.dumps(signed()))) == [
        "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"verifiableCredential": NaN}',
        b'{"a": 1, "a": 2}',
        b"{}",
        b'{"options": {}}',
    ],
)
def test_a_body_that_is_no_request_is_refused(client: TestClient, body: bytes) -> None:
    for address in ("/credentials/verify", "/presentations/verify"):
        assert is_refused(client.post(address, content=body))


def test_a_presentation_or_an_older_badge_is_no_credential(verify: Verify) -> None:
    shown = secured({"@context": [V2], "type": "VerifiablePresentation", "verifiableCredential": [signed()]})
    assert problems(verify(shown)) == ["https://www.w3.org/TR/vc-data-model#PARSING_ERROR"]
    token = signer().jwt(shown, "EdDSA", kid=signer().method)
    for kind in ("EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"):
        enveloped = {"@context": V2, "type": kind, "id": f"data:application/vp+jwt,{token}"}
        for given in (token, enveloped, signer().jwt(enveloped, "EdDSA", kid=signer().method)):
            assert problems(verify(given)) == ["https://www.w3.org/TR/vc-data-model#PARSING_ERROR"]
    assertion = {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": "https://school.example/assertion",
    }
    assert problems(verify(assertion)) == ["https://www.w3.org/TR/vc-data-model#PARSING_ERROR"]


# Options


@pytest.mark.parametrize(
    "options",
    [
        {"unknownOption": True},
        {"checks": ["horoscope"]},
        {"expectedProofPurpose": "capabilityInvocation"},
    ],
)
def test_an_unknown_option_is_refused_by_its_name(verify: Verify, options: Json) -> None:
    assert problems(verify(signed(), **options)) == ["https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED"]


def test_an_unknown_member_of_the_request_is_refused_too(client: TestClient) -> None:
    answer = client.post("/credentials/verify", json={"verifiableCredential": signed(), "credential": {}})
    assert problems(answer) == ["https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED"]


@pytest.mark.parametrize(
    "options",
    [
        {"checks": "proof"},
        {"checks": [5]},
        {"challenge": 5},
        {"domain": 5},
        {"domain": ["a.example", 5]},
        {"expectedProofPurpose": ["assertionMethod"]},
        {"returnResults": "yes"},
        {"returnProblemDetails": 1},
    ],
)
def test_an_option_of_the_wrong_kind_is_refused(verify: Verify, options: Json) -> None:
    assert problems(verify(signed(), **options)) == [
        "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"
    ]


def test_options_are_an_object_or_absent(client: TestClient) -> None:
    def status(options: Any) -> int:
        body = {"verifiableCredential": signed(), "options": options}
        return client.post("/credentials/verify", json=body).status_code

    assert [status(options) for options in (None, {}, [], "proof")] == [200, 200, 400, 400]
    assert status({"checks": None, "challenge": None, "domain": None}) == 200


def test_the_purpose_that_is_expected_counts(verify: Verify) -> None:
    by = signer("ed25519", "holder")
    shown = secured(badge(by.did), by=by, proofPurpose="authentication")
    assert is_refused(verify(signed(), expectedProofPurpose="authentication"))
    assert is_refused(verify(shown))
    assert verify(signed(), expectedProofPurpose="assertionMethod").status_code == 200
    assert verify(shown, expectedProofPurpose="authentication").status_code == 200


def test_domain_and_challenge_must_be_those_of_the_proof(verify: Verify) -> None:
    shown = signed("eddsa-jcs-2022", domain="domain.example", challenge="1235abcd6789")
    assert verify(shown, domain="domain.example", challenge="1235abcd6789").status_code == 200
    other = verify(shown, domain="other.example", challenge="1235abcd6789")
    assert problems(other) == ["https://w3id.org/security#INVALID_DOMAIN_ERROR"]
    other = verify(shown, domain="domain.example", challenge="abc")
    assert problems(other) == ["https://w3id.org/security#INVALID_CHALLENGE_ERROR"]
    assert is_refused(verify(signed(), challenge="abc"))


def test_what_is_returned_is_asked_for(verify: Verify) -> None:
    sound = signed()
    told = verify(sound, returnResults=True, returnCredential=True).json()
    assert told["credential"] == sound
    assert [check["id"] for check in told["results"]["checks"]][:3] == ["structure", "proof", "issuer"]
    assert told["results"]["signatures"][0]["outcome"] == "passed"
    assert verify(sound, returnProblemDetails=False, returnPresentation=True).json() == {"verified": True}
    assert verify({**sound, "id": "urn:x:y"}, returnProblemDetails=False).json() == {"verified": False}


@pytest.mark.parametrize("other", [True, 1, [], None])
def test_what_is_neither_an_object_nor_a_text_is_not_returned(verify: Verify, other: object) -> None:
    answer = verify(other, returnCredential=True, returnProblemDetails=False)
    assert (answer.status_code, answer.json()) == (400, {"verified": False})


# Sets and chains of proofs


def with_proofs(*proofs: Json) -> Json:
    return {**badge(), "proof": list(proofs)}


def proof_of(document: Json, **options: Any) -> Json:
    found: Json = secured(document, **options)["proof"]
    return found


def chain(previous: Any, **first: Any) -> list[Json]:
    """Two proofs, of which the second says it was made after ``previous`` and signs the first along."""
    one = proof_of(badge(), **{"id": "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544", **first})
    two = proof_of({**badge(), "proof": one}, id="urn:uuid:second", previousProof=previous)
    return [one, two]


FIRST = "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544"


def test_a_set_of_sound_proofs_is_verified(verify: Verify) -> None:
    assert (
        verify(with_proofs(proof_of(badge()), proof_of(badge(), suite="eddsa-jcs-2022"))).status_code == 200
    )


def test_of_a_set_every_proof_must_hold(verify: Verify) -> None:
    sound, broken = proof_of(badge()), proof_of(badge(id="urn:uuid:another"))
    assert problems(verify(with_proofs(sound, broken))) == [
        "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
    ]
    assert is_refused(verify(with_proofs(broken, sound)))


def test_a_proof_of_another_kind_beside_a_sound_one_is_passed_over(verify: Verify) -> None:
    assert verify(with_proofs({"type": "FutureProof2030"}, proof_of(badge()))).status_code == 200


@pytest.mark.parametrize("previous", [FIRST, [FIRST]])
def test_a_chain_is_verified(verify: Verify, previous: Any) -> None:
    assert verify(with_proofs(*chain(previous))).status_code == 200
    one = proof_of(badge(), suite="eddsa-jcs-2022", id=FIRST)
    two = proof_of({**badge(), "proof": [one]}, suite="eddsa-jcs-2022", previousProof=previous)
    assert verify(with_proofs(one, two)).status_code == 200


@pytest.mark.parametrize(
    "previous", ["urn:uuid:missing", [FIRST, "urn:uuid:missing"], 456321, [456321], "", {}]
)
def test_a_chain_to_a_missing_proof_is_refused(verify: Verify, previous: Any) -> None:
    one = proof_of(badge(), suite="eddsa-jcs-2022", id=FIRST)
    two = proof_of({**badge(), "proof": one}, suite="eddsa-jcs-2022", previousProof=previous)
    assert is_refused(verify(with_proofs(one, two)))


def test_a_chain_to_a_proof_that_fails_is_refused(verify: Verify) -> None:
    one, two = chain(FIRST)
    assert is_refused(verify(with_proofs({**one, "created": "2025-03-15T09:00:00Z"}, two)))
    assert is_refused(verify(with_proofs({**one, "id": "urn:uuid:renamed"}, two)))
    assert is_refused(verify(with_proofs(one, {**two, "id": "urn:uuid:renamed"})))
    assert is_refused(verify(with_proofs(two)))


# Selective disclosure


def test_a_base_proof_is_for_the_holder_alone(verify: Verify) -> None:
    assert is_refused(verify(with_value(badge(signer("p256").did), b"\xd9\x5d\x00" + b"\x85")))


@pytest.mark.parametrize("value", ["a", "", None, "zABC"])
def test_a_spoilt_derived_proof_is_refused(verify: Verify, value: Any) -> None:
    shown = WHOLE.shown(without_description())
    assert is_refused(verify({**shown, "proof": {**shown["proof"], "proofValue": value}}))


def test_a_changed_disclosure_is_refused(verify: Verify) -> None:
    shown = copy.deepcopy(WHOLE.shown(without_description()))
    shown["credentialSubject"]["id"] = "urn:invalid"
    assert is_refused(verify(shown))


# The data model


@pytest.mark.parametrize(
    "members",
    [
        {"@context": [OB3, V2]},
        {"@context": V2},
        {"type": ["OpenBadgeCredential"]},
        {"type": "VerifiableCredential", "credentialSubject": {}},
        {"credentialSubject": None},
        {"issuer": "school"},
        {"issuer": None},
        {"id": ["urn:a:b", "urn:c:d"]},
        {"validFrom": "yesterday"},
        {"credentialStatus": {"id": "urn:a:b"}},
        {"credentialSchema": {"type": "JsonSchema"}},
        {"termsOfUse": {"id": "urn:a:b"}},
        {"evidence": {"id": "urn:a:b"}},
        {"refreshService": {"id": "urn:a:b"}},
    ],
)
def test_what_breaks_the_data_model_is_refused_though_it_is_signed(verify: Verify, members: Json) -> None:
    document = {name: value for name, value in {**badge(), **members}.items() if value is not None}
    types = problems(verify(secured(document, "eddsa-jcs-2022")))
    assert "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR" in types


def test_what_is_not_valid_now_is_refused(verify: Verify) -> None:
    ended, early = badge(validUntil="2025-06-01T00:00:00Z"), badge(validFrom="2999-01-01T00:00:00Z")
    contrary = badge(validFrom="2026-01-01T00:00:00Z", validUntil="2025-06-01T00:00:00Z")
    for outside in (ended, early, contrary):
        assert problems(verify(secured(outside))) == ["https://www.w3.org/TR/vc-data-model#RANGE_ERROR"]


# Status lists


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put what the issuers answer in place of the network; everything else is silent."""

    def serve(*badges: Issued) -> None:
        there = {url: document(url, *answer) for one in badges for url, answer in one.documents.items()}

        def fetch_all(urls: list[str], _: Settings) -> list[Document]:
            return [there.get(url) or Document(url, 0, problem=f"{url} did not answer") for url in urls]

        monkeypatch.setattr(network, "fetch_all", fetch_all)

    return serve


@pytest.mark.parametrize("listed", ["bitstring", "1edtech"])
def test_a_status_list_is_fetched_and_counts(verify: Verify, web: Callable[..., None], listed: str) -> None:
    good = issuer().ob3(award(standing="good", listed=listed, number=71))
    web(good)
    assert verify(json.loads(good.text), checks=["proof", "credentialStatus"]).status_code == 200
    revoked = issuer().ob3(award(standing="revoked", listed=listed, number=72))
    web(revoked)
    answer = verify(json.loads(revoked.text), checks=["proof", "status"])
    assert problems(answer) == ["https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR"]


def test_suspension_counts(verify: Verify, web: Callable[..., None]) -> None:
    suspended = issuer().ob3(award(standing="suspended"))
    web(suspended)
    assert is_refused(verify(json.loads(suspended.text), checks=None))


def test_a_list_that_does_not_answer_counts_as_not_verified(verify: Verify, web: Callable[..., None]) -> None:
    silent = issuer().ob3(award(standing="silent"))
    web(silent)
    answer = verify(json.loads(silent.text), checks=None)
    assert problems(answer) == ["https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR"]


def test_who_asks_for_other_checks_alone_is_not_told_about_the_status(
    verify: Verify, web: Callable[..., None]
) -> None:
    revoked = issuer().ob3(award(standing="revoked"))
    web(revoked)
    assert verify(json.loads(revoked.text), checks=["proof"]).status_code == 200
    assert verify(json.loads(revoked.text), checks=[]).status_code == 200
    assert verify(json.loads(revoked.text), checks=None).status_code == 400


# Whose key it is


def test_whether_the_key_is_the_issuer_s_counts_unless_the_operator_says_otherwise(
    client: TestClient, lenient: TestClient
) -> None:
    unbound = {"verifiableCredential": secured(badge("did:example:issuer"))}
    assert problems(client.post("/credentials/verify", json=unbound)) == [
        "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"
    ]
    assert lenient.post("/credentials/verify", json=unbound).status_code == 200


def test_without_binding_everything_else_counts_as_before(lenient: TestClient) -> None:
    sound = secured(badge("did:example:issuer"))
    one, two = chain(FIRST)
    for spoilt in (
        {**sound, "name": "Another"},
        {**sound, "proof": None},
        {**badge("did:example:issuer"), "proof": [one, {**two, "previousProof": "urn:uuid:missing"}]},
        secured(badge("did:example:issuer", validUntil="2025-06-01T00:00:00Z")),
    ):
        assert is_refused(lenient.post("/credentials/verify", json={"verifiableCredential": spoilt}))


def record(*held: Json) -> Json:
    inside = {"@id": "https://school.example/words#holds", "@type": "@id", "@container": "@graph"}
    return secured(
        {
            "@context": [V2, {"verifiableCredential": inside}],
            "type": ["VerifiableCredential"],
            "issuer": signer().did,
            "credentialSubject": {"id": "did:example:maria", "verifiableCredential": list(held)},
        }
    )


def test_a_record_counts_with_what_it_contains(client: TestClient, lenient: TestClient) -> None:
    whole = {"verifiableCredential": record(secured(badge("did:example:issuer")))}
    assert problems(client.post("/credentials/verify", json=whole)) == [
        "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"
    ]
    assert lenient.post("/credentials/verify", json=whole).status_code == 200


@pytest.mark.parametrize(
    ("times", "status"),
    [
        ({"validUntil": "2025-06-01T00:00:00Z"}, 200),
        ({"validFrom": "2036-01-01T00:00:00Z"}, 200),
        ({"validUntil": "2024-06-01T00:00:00Z"}, 400),
    ],
)
def test_a_record_is_verified_when_something_in_it_has_ended_but_not_with_contradictions(
    verify: Verify, times: Json, status: int
) -> None:
    assert verify(record(secured(badge(**times)))).status_code == status


# Presentations


HOLDER = signer("ed25519", "holder")


def shown(*credentials: Json, **options: Any) -> Json:
    bare = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": list(credentials)}
    usual = {"proofPurpose": "authentication", "challenge": "1235abcd6789", "domain": "domain.example"}
    return secured({**bare, "holder": HOLDER.did}, by=HOLDER, **{**usual, **options})


@pytest.fixture
def present(client: TestClient) -> Verify:
    """Ask whether a presentation is verified."""

    def present(presentation: Any, **options: Any) -> Response:
        body = {"verifiablePresentation": presentation, "options": options}
        return client.post("/presentations/verify", json=body)

    return present


def test_a_presentation_is_verified_with_all_it_shows(present: Verify) -> None:
    answer = present(
        shown(signed(), signed("ecdsa-rdfc-2019")), challenge="1235abcd6789", domain="domain.example"
    )
    assert (answer.status_code, answer.json()) == (200, {"verified": True, "problemDetails": []})
    assert present(shown(), checks=[]).status_code == 200


def test_a_presentation_of_another_occasion_is_refused(present: Verify) -> None:
    assert problems(present(shown(), challenge="abc")) == [
        "https://w3id.org/security#INVALID_CHALLENGE_ERROR"
    ]
    assert problems(present(shown(), domain=["domain.example", "b.example"])) == [
        "https://w3id.org/security#INVALID_DOMAIN_ERROR"
    ]


def test_a_presentation_signed_as_an_award_is_refused(present: Verify) -> None:
    assert is_refused(present(shown(proofPurpose="assertionMethod")))


def test_one_bad_credential_spoils_the_presentation(present: Verify) -> None:
    assert is_refused(present(shown(signed(), {**signed(), "name": "Another"})))
    assert is_refused(present(shown(badge("did:example:other"))))
    assert present(shown(badge(HOLDER.did))).status_code == 200


def test_a_presentation_by_somebody_else_than_its_holder_is_refused(
    present: Verify, lenient: TestClient
) -> None:
    bare = {"@context": [V2], "type": ["VerifiablePresentation"], "holder": "did:example:maria"}
    stolen = secured(bare, by=HOLDER, proofPurpose="authentication")
    assert problems(present(stolen)) == ["https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"]
    assert lenient.post("/presentations/verify", json={"verifiablePresentation": stolen}).status_code == 200


def test_an_unsigned_presentation_is_refused(present: Verify) -> None:
    bare = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": [signed()]}
    assert problems(present(bare)) == ["https://w3id.org/security#PROOF_VERIFICATION_ERROR"]


@pytest.mark.parametrize("given", ["", "text", 5, None, [], {}, {"type": "VerifiablePresentation"}])
def test_garbage_for_a_presentation_is_refused(present: Verify, given: Any) -> None:
    assert is_refused(present(given))
    assert is_refused(present(signed()))


def test_a_presentation_s_results_and_itself_are_returned_when_asked_for(present: Verify) -> None:
    whole = shown(signed())
    told = present(whole, returnResults=True, returnPresentation=True, returnCredential=True).json()
    assert told["presentation"] == whole
    assert "credential" not in told
    assert told["results"]["holder"] == HOLDER.did
    assert told["results"]["credentials"][0]["verdict"] == "verified"


def test_a_presentation_may_be_a_token(present: Verify) -> None:
    bare = {"@context": [V2], "type": ["VerifiablePresentation"], "holder": HOLDER.did}
    token = HOLDER.jwt({**bare, "nonce": "abc", "aud": "domain.example"}, "EdDSA", kid=HOLDER.method)
    assert present(token, challenge="abc", domain="domain.example").status_code == 200
    assert is_refused(present(token, challenge="abcd"))


# Its limits


def test_the_verifier_wants_no_token_and_no_cookie(client: TestClient) -> None:
    body = {"verifiableCredential": signed()}
    headers = {"authorization": "Bearer nonsense", "origin": "https://elsewhere.example"}
    assert client.post("/credentials/verify", json=body, headers=headers).status_code == 200


def test_more_than_a_picture_s_worth_of_bytes_is_too_large(client: TestClient) -> None:
    answer = client.post("/credentials/verify", content=b" " * (9 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_a_document_that_costs_too_much_is_refused(verify: Verify) -> None:
    deep: Json = {}
    for _ in range(80):
        deep = {"a": deep}
    assert is_refused(verify({**signed(), "credentialSubject": deep}))
    assert is_refused(verify({**signed(), "name": "x" * 600_000}))


def test_too_many_questions_end_in_429(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "FOR_EACH_NETWORK", 0)
    answer = client.post("/credentials/verify", json={"verifiableCredential": signed()})
    assert (answer.status_code, answer.headers["content-type"]) == (429, "application/problem+json")
    assert int(answer.headers["retry-after"]) > 0


def test_only_asking_is_possible(client: TestClient) -> None:
    assert [client.get(f"/{what}/verify").status_code for what in ("credentials", "presentations")] == [
        405,
        405,
    ]

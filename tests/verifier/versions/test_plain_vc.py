"""Any verifiable credential by the W3C data model 2.0: each demand of its test suite as a case of our own."""

import json
from typing import Any

import pytest

from backpack.verifier import Documents, Verdict, read, verify
from tests.issuing import AT
from tests.verifier.signing import V2, secured, signer

WORDS = {
    name: f"https://words.example/{name}"
    for name in ("AlumniCredential", "alumniOf", "DocumentVerification", "Policy", "Renewal")
}
DID = signer().did


def verdict(suite: str, **members: Any) -> Verdict:
    """What becomes of a credential with these members instead, though it is properly signed; … leaves one out."""
    usual = {
        "@context": [V2, WORDS],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "issuer": DID,
        "validFrom": "2025-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:maria", "alumniOf": "School"},
    }
    document = {name: value for name, value in {**usual, **members}.items() if value is not ...}
    return verify(read(json.dumps(secured(document, suite)).encode()), Documents(), None, AT).verdict


def text(**members: Any) -> dict[str, Any]:
    return {"@value": "Alumni", **members}


ELSEWHERE = "https://school.example/there"
SOUND: list[dict[str, Any]] = [
    {},
    {"id": ...},
    {"id": "did:example:credential"},
    {"type": "VerifiableCredential"},
    {"issuer": {"id": DID, "name": [text(**{"@language": "en"}), text(**{"@language": "ar", "@direction": "rtl"})]}},
    {"issuer": {"id": DID, "description": "A school"}},
    {"name": text(**{"@language": "en"}), "description": [text(**{"@language": "pt"}), text(**{"@language": "fr"})]},
    {"credentialSubject": [{"id": "did:example:a", "alumniOf": "A"}, {"alumniOf": "B"}]},
    {"validFrom": ...},
    {"validFrom": "2025-01-01T00:00:00.123+02:00", "validUntil": "2999-12-31T24:00:00Z"},
    {"validFrom": "2025-06-01T00:00:00Z", "validUntil": "2999-01-01T00:00:00Z"},
    {"credentialSchema": [{"id": ELSEWHERE, "type": "JsonSchemaCredential"}]},
    {"refreshService": {"id": ELSEWHERE, "type": "Renewal"}},
    {"termsOfUse": [{"type": "Policy"}, {"id": ELSEWHERE, "type": "Policy"}]},
    {"evidence": {"id": ELSEWHERE, "type": ["DocumentVerification"]}},
    {"relatedResource": [{"id": ELSEWHERE, "digestSRI": "sha384-x"}, {"id": DID, "digestMultibase": "zQm"}]},
]  # fmt: skip


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
@pytest.mark.parametrize("members", SOUND)
def test_what_the_data_model_allows_is_verified(members, suite):
    assert verdict(suite, **members) is Verdict.verified


WRONG: list[tuple[str, list[Any]]] = [
    ("@context", [..., V2, [WORDS, V2], [V2, 7], [V2, None], [V2, "no address"], [V2, WORDS, []]]),
    ("type", [..., [], ["AlumniCredential"], ["VerifiableCredential", 1], ["VerifiableCredential", None],
              ["VerifiableCredential", "https ://x"], ["VerifiableCredential", "Undefined"]]),
    ("id", [7, "x", ["urn:a:b"], ["urn:a:b", "urn:c:d"], {"a": 1}, True]),
    ("name", [7, [None], {"value": "x"}, text(url="x"), {"@language": "en"}, text(**{"@language": "no language"}),
              text(**{"@direction": "up"}), text(**{"@type": "@json"})]),
    ("description", [7, text(url="x"), [text(), {"@language": "en"}]]),
    ("issuer", [..., None, 7, "x", [DID], {"name": "x"}, {"id": 7}, {"id": None}, {"id": DID, "name": text(url="x")},
                {"id": DID, "description": text(url="x")}]),
    ("credentialSubject", [..., None, {}, [], [None], "did:example:maria", [{"alumniOf": "A"}, {}], {"id": "x"},
                           {"id": ["did:example:a", "did:example:b"]}, {"id": None, "undefined": 1}]),
    ("validFrom", ["2025-01-01", 1735689600, "2025/01/01T00:00:00Z", "x", None, "2025-13-01T00:00:00Z"]),
    ("validUntil", ["2999-01-01", 1, "x", "2024-01-01T00:00:00Z"]),
    ("issuanceDate", ["2025-01-01T00:00:00Z"]),
    ("expirationDate", ["2999-01-01T00:00:00Z"]),
    ("credentialStatus", ["x", None, [{}], {"id": ELSEWHERE}, {"id": 7, "type": "BitstringStatusListEntry"},
                          {"id": "x", "type": "BitstringStatusListEntry"}]),
    ("credentialSchema", [ELSEWHERE, {"id": ELSEWHERE}, {"type": "JsonSchema"}, {"id": "x", "type": "JsonSchema"}]),
    ("refreshService", [ELSEWHERE, {"id": ELSEWHERE}, {"id": "x", "type": "Renewal"}]),
    ("termsOfUse", [ELSEWHERE, {"id": ELSEWHERE}, {"id": "x", "type": "Policy"}]),
    ("evidence", [ELSEWHERE, {"id": ELSEWHERE}, {"id": "x", "type": "DocumentVerification"}]),
    ("relatedResource", [None, [ELSEWHERE], [{"digestSRI": "x"}], [{"id": ELSEWHERE}],
                         [{"id": ELSEWHERE, "digestSRI": "x"}] * 2]),
    ("vc", [{"type": ["VerifiableCredential"]}]),
]  # fmt: skip


@pytest.mark.parametrize(("member", "value"), [(member, value) for member, wrong in WRONG for value in wrong])
def test_what_the_data_model_forbids_is_not_though_it_is_signed(member, value):
    assert verdict("eddsa-jcs-2022", **{member: value}) is Verdict.invalid


OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


@pytest.mark.parametrize(
    "written",
    [
        {"hashed": ["true"]},
        {"hashed": "true"},
        {"hashed": {"@value": "true", "@type": "https://www.w3.org/2001/XMLSchema#boolean"}},
        {"salt": ["s"]},
        {"identityHash": {"@value": "sha256$c0ffee"}},
    ],
    ids=str,
)
def test_its_earner_is_who_it_says_in_every_way_to_write_the_same(written):
    usual = {"type": "IdentityObject", "identityHash": "sha256$c0ffee", "hashed": True, "salt": "s"}
    plain = {
        "@context": [V2, OB3],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "credentialSubject": {"type": "AchievementSubject", "identifier": usual},
    }
    signed = secured(plain)
    again = {
        **signed,
        "credentialSubject": {"type": "AchievementSubject", "identifier": {**usual, **written}},
    }
    found = [verify(read(json.dumps(one).encode()), Documents(), None, AT) for one in (signed, again)]
    assert [one.verdict for one in found] == [Verdict.verified] * 2
    assert found[0].credential.recipients == found[1].credential.recipients
    assert found[0].credential.recipients[0].hashed


def test_of_several_earners_nobody_is_shown_with_what_another_achieved():
    maria = {"id": "did:example:maria", "type": "AchievementSubject", "narrative": "She welds."}
    plain = {
        "@context": [V2, OB3],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "credentialSubject": [maria, {"id": "did:example:joao"}],
    }
    for one in (plain, {**plain, "credentialSubject": plain["credentialSubject"][::-1]}):
        found = read(json.dumps(one).encode())
        assert {recipient.identity for recipient in found.recipients} == {
            "did:example:maria",
            "did:example:joao",
        }
        assert found.narrative is None
    assert read(json.dumps({**plain, "credentialSubject": [maria]}).encode()).narrative == "She welds."

"""Bits in a signed list."""

import base64
import gzip
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from backpack.demo.shapes import Answer, Issued
from backpack.demo.signing import with_proof
from backpack.errors import TooComplex
from backpack.verifier import Check, Outcome, Verdict, read, verify, wanted
from backpack.verifier.budget import Budget
from backpack.verifier.documents import Document, Documents
from backpack.verifier.status import bitstring
from backpack.verifier.verifying import verify_at_depth
from tests.issuing import AT, answering, award, document, documents, issuer
from tests.verifier import signing
from tests.verifier.asking import raw
from tests.verifier.test_costs import record

LIST = "https://montalvo.example/lists/1"
V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
IDENTITY = issuer().identity


def packed(*taken: int, size: int = 131_072 // 8) -> str:
    bits = bytearray(size)
    for index in taken:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")


def signed(raw_credential: dict[str, Any]) -> dict[str, Any]:
    key = IDENTITY.keys["ed25519"]
    found: dict[str, Any] = with_proof(
        raw_credential, "eddsa-rdfc-2022", key, IDENTITY.method("did:key", key), AT
    )
    return found


def a_list(*taken: int, subject: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    listed = {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": packed(*taken)}
    return signed(
        {
            "@context": [V2],
            "id": LIST,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": IDENTITY.id("did:key", IDENTITY.keys["ed25519"]),
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {"id": f"{LIST}#list", **listed, **(subject or {})},
        }
        | members
    )


def subject(*taken: int, **members: Any) -> dict[str, Any]:
    return {**a_list(*taken)["credentialSubject"], **members}


def entry(**members: Any) -> dict[str, Any]:
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "41",
        "statusListCredential": LIST,
    } | members


def badge(*entries: dict[str, Any]) -> bytes:
    bare = raw(issuer().ob3(award(), carrier="bare"))
    unsigned = {k: v for k, v in bare.items() if k != "proof"}
    return json.dumps(signed({**unsigned, "credentialStatus": list(entries)})).encode()


def asked(entries: list[dict[str, Any]], *answers: Document, at: datetime = AT) -> tuple[Check, Verdict]:
    held = documents(issuer().ob3(award())).plus(*answers)
    credential = read(badge(*entries))
    assert wanted(credential, held) <= {LIST}
    found = verify(credential, held, None, at)
    return next(c for c in found.checks if c.id == "revocation"), found.verdict


def served(listed: Any, url: str = LIST) -> Document:
    body = listed if isinstance(listed, bytes) else json.dumps(listed).encode()
    return document(url, 200, "application/json", body)


@pytest.mark.parametrize(
    ("index", "taken", "verdict"),
    [
        ("41", (), Verdict.verified),
        ("41", (40, 42), Verdict.verified),
        ("41", (41,), Verdict.revoked),
        (41, (41,), Verdict.revoked),
        ("0", (0,), Verdict.revoked),
        ("7", (7,), Verdict.revoked),
        ("131071", (131_071,), Verdict.revoked),
    ],
)
def test_the_badge_s_own_bit_counts_and_no_other(index, taken, verdict):
    assert asked([entry(statusListIndex=index)], served(a_list(*taken)))[1] is verdict


def test_suspension_is_for_now_and_its_own_verdict():
    listed = a_list(41, subject={"statusPurpose": ["suspension", "refresh"]})
    assert asked([entry(statusPurpose="suspension")], served(listed))[1] is Verdict.suspended


def test_the_worst_of_several_entries_counts_wherever_it_stands():
    other = "https://montalvo.example/lists/2"
    bad, good = served(a_list(41)), served(a_list(id=other), other)
    entries = [entry(), entry(statusListCredential=other)]
    assert asked(entries, bad, good)[1] is Verdict.revoked
    assert asked(entries[::-1], bad, good)[1] is Verdict.revoked
    assert asked(entries[1:], good)[1] is Verdict.verified


def test_two_places_in_one_list_both_count():
    assert asked([entry(statusListIndex="40"), entry()], served(a_list(41)))[1] is Verdict.revoked
    assert asked([entry(statusListIndex="40"), entry()], served(a_list(42)))[1] is Verdict.verified


def messages(count: int) -> list[dict[str, str]]:
    return [{"status": hex(value), "message": f"stage {value}"} for value in range(count)]


@pytest.mark.parametrize("spelled", ["0x{:x}", "0x{:X}", "0x{:02x}", "{:x}"])
def test_a_message_is_found_however_its_number_is_spelled(spelled):
    said = [{"status": spelled.format(value), "message": f"stage {value}."} for value in range(16)]
    told = entry(statusPurpose="message", statusListIndex="2", statusSize=4, statusMessage=said)
    for taken, message in (((8, 10), "stage 10."), ((), "stage 0.")):
        listed = a_list(subject={"statusPurpose": "message", "encodedList": packed(*taken, size=65_536)})
        assert message in asked([told], served(listed))[0].message


def test_entries_of_several_bits_carry_a_message_or_a_newer_version():
    told = entry(
        statusPurpose="message",
        statusSize=2,
        statusListIndex="20",
        statusMessage=[*messages(2), {"status": "0x2", "message": "under review"}, *messages(4)[3:]],
    )
    check, _ = asked([told], served(a_list(40, subject={"statusPurpose": "message"})))
    assert (check.outcome, "under review" in check.message) == (Outcome.passed, True)
    newer = entry(statusPurpose="refresh")
    check, _ = asked([newer], served(a_list(41, subject={"statusPurpose": "refresh"})))
    assert "newer version" in check.message


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (2, None),
        (2, messages(3)),
        (2, messages(5)),
        (2, {"status": "0x0", "message": "fine"}),
        (2, [*messages(3), "0x3"]),
        (2, [*messages(3), {"status": "0x3"}]),
        (2, [*messages(3), {"status": 3, "message": "withdrawn"}]),
        (63, messages(4)),
    ],
)
@pytest.mark.parametrize("purpose", ["revocation", "message"])
def test_an_entry_says_what_each_of_its_values_means(size, said, purpose):
    spoilt = {"statusSize": size, "statusPurpose": purpose, "statusMessage": said}
    given = entry(**{name: value for name, value in spoilt.items() if value is not None})
    listed = a_list(subject={"statusPurpose": purpose, "encodedList": packed(size=1_100_000)})
    assert asked([given], served(listed))[1] is Verdict.invalid


@pytest.mark.parametrize("said", [messages(1), [], "0x1"])
def test_a_plain_yes_or_no_holds_whatever_is_said_of_its_meaning(said):
    check, verdict = asked([entry(statusMessage=said)], served(a_list(42)))
    assert (verdict, "not said" in check.detail["Messages"]) == (Verdict.verified, True)
    assert asked([entry(statusMessage=said)], served(a_list(41)))[1] is Verdict.revoked


@pytest.mark.parametrize(
    ("size", "said"), [(1, {}), (1, {"statusMessage": messages(2)}), (2, {"statusMessage": messages(4)})]
)
def test_of_two_values_everybody_knows_what_they_mean(size, said):
    listed = served(a_list(41, subject={"encodedList": packed(41, size=40_000)}))
    assert asked([entry(statusListIndex="40", statusSize=size, **said)], listed)[1] is Verdict.verified
    taken = served(a_list(subject={"encodedList": packed(41 * size, size=40_000)}))
    assert asked([entry(statusSize=size, **said)], taken)[1] is Verdict.revoked


def test_what_was_taken_back_is_so_whatever_it_says_of_its_values():
    taken = served(a_list(subject={"encodedList": packed(82, size=40_000)}))
    assert asked([entry(statusSize=2)], taken)[1] is Verdict.revoked


def test_a_purpose_that_nobody_knows_is_unknown():
    listed = a_list(subject={"statusPurpose": "colour"})
    assert asked([entry(statusPurpose="colour")], served(listed))[0].outcome is Outcome.unknown


@pytest.mark.parametrize("index", ["", "-1", "four", "1.5", None, True, -3, "9" * 20])
def test_a_place_that_is_no_number_is_wrong(index):
    assert asked([entry(statusListIndex=index)], served(a_list()))[1] is Verdict.invalid


@pytest.mark.parametrize("size", [0, "1", True, 65])
def test_a_size_that_is_no_number_is_wrong(size):
    assert asked([entry(statusSize=size)], served(a_list()))[1] is Verdict.invalid


def test_a_place_beyond_the_list_is_wrong():
    assert asked([entry(statusListIndex="131072")], served(a_list()))[1] is Verdict.invalid


def test_a_list_as_short_as_the_first_software_made_them_is_used_and_remarked():
    check, verdict = asked([entry()], served(a_list(subject={"encodedList": packed(size=12_500)})))
    assert (verdict, "shorter" in check.detail["Note"]) == (Verdict.verified, True)


def test_a_list_that_is_too_short_only_speaks_against_a_badge():
    check, verdict = asked([entry()], served(a_list(subject={"encodedList": packed(size=12_499)})))
    assert (verdict, "too short" in check.message) == (Verdict.unconfirmed, True)
    taken = a_list(subject={"encodedList": packed(41, size=12_499)})
    assert asked([entry()], served(taken))[1] is Verdict.revoked


@pytest.mark.parametrize("purpose", [None, "", 7, ["revocation", "suspension"]])
def test_an_entry_says_which_of_its_statuses_is_listed(purpose):
    check, verdict = asked([entry(statusPurpose=purpose)], served(a_list()))
    assert (verdict, "which of its statuses" in check.message) == (Verdict.unconfirmed, True)


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        ({**a_list(), "name": "changed"}, "does not hold"),
        (a_list(validUntil="2026-02-01T00:00:00Z"), "does not hold"),
        (a_list(validFrom="2027-01-01T00:00:00Z"), "does not hold"),
        (a_list(type=["VerifiableCredential"]), "not a status list"),
        (a_list(credentialSubject={"id": f"{LIST}#list"}), "not a status list"),
        (a_list(credentialSubject=[subject(), subject(41, id=f"{LIST}#other")]), "more than one"),
        (a_list(subject={"statusPurpose": "suspension"}), "another purpose"),
        (a_list(subject={"encodedList": ["u"]}), "is empty"),
        (a_list(subject={"encodedList": "udGhpcyBpcyBub3QgZ3ppcA"}), "cannot be unpacked"),
        (a_list(subject={"encodedList": "u!!!"}), "cannot be unpacked"),
        (a_list(subject={"encodedList": packed()[:-40]}), "cut off"),
        (a_list(subject={"encodedList": packed(size=17 * 1024 * 1024)}), "larger than we read"),
        (b"<html>closed</html>", "not readable"),
        (b"[]", "not readable"),
        (b'{"type": "Assertion"}', "not a status list"),
    ],
)
def test_a_list_that_does_not_hold_says_nothing_about_the_badge(listed, says):
    check, verdict = asked([entry()], served(listed))
    assert (check.outcome, verdict) == (Outcome.unknown, Verdict.unconfirmed)
    assert says in check.message


@pytest.mark.parametrize("size", [bitstring.AT_ONCE + 1, 3 * bitstring.AT_ONCE, bitstring.MAX_INFLATED])
@pytest.mark.parametrize("taken", [True, False])
def test_the_last_entry_of_a_large_list_is_found(size, taken):
    last = size * 8 - 1
    large = served(a_list(subject={"encodedList": packed(*([last] if taken else []), size=size)}))
    _, verdict = asked([entry(statusListIndex=str(last))], large)
    assert verdict is (Verdict.revoked if taken else Verdict.verified)


def test_badges_in_a_record_may_all_name_one_list_of_the_largest_size():
    listed = served(a_list(subject={"encodedList": packed(4, size=bitstring.MAX_INFLATED)}))
    entries = [entry(statusListIndex=str(index)) for index in range(6)]
    badges = [
        signing.secured(signing.badge(id=f"urn:b:{n}", credentialStatus=e)) for n, e in enumerate(entries)
    ]
    found = verify(read(json.dumps(record(*badges)).encode()), Documents(listed), None, AT)
    assert [one.verdict for one in found.contained] == [Verdict.verified] * 4 + [
        Verdict.revoked,
        Verdict.verified,
    ]


def packed_in(*parts):
    data = b"".join(gzip.compress(part, mtime=0) for part in parts)
    return a_list(subject={"encodedList": "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")})


@pytest.mark.parametrize("taken", [True, False])
def test_a_list_may_be_packed_in_several_parts(taken):
    listed = packed_in(bytes(131_072 // 8), bytes([int(taken), *bytes(131_072 // 8 - 1)]))
    _, verdict = asked([entry(statusListIndex=str(131_072 + 7))], served(listed))
    assert verdict is (Verdict.revoked if taken else Verdict.verified)


def test_but_not_in_thousands_of_them():
    listed = packed_in(bytes(131_072 // 8), *[b""] * 5000)
    assert asked([entry()], served(listed))[1] is Verdict.unconfirmed


@pytest.mark.parametrize("after", [b"x", bytes(9), gzip.compress(b"x", mtime=0)[:-1]])
def test_what_follows_a_packed_list_is_a_part_of_it(after):
    data = gzip.compress(bytes(131_072 // 8), mtime=0) + after
    listed = a_list(subject={"encodedList": "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")})
    assert asked([entry()], served(listed))[1] is Verdict.unconfirmed


def test_of_a_list_that_would_take_too_much_work_no_more_is_unpacked():
    bomb = gzip.compress(bytes(100 * 1024 * 1024), mtime=0)
    a_part = bitstring.AT_ONCE // bitstring.BYTES_A_STEP
    budget = Budget(2 * a_part)
    with pytest.raises(TooComplex):
        bitstring._unpacked(bomb, budget)
    assert budget.left == -a_part


def test_nor_are_more_of_its_parts_opened():
    budget = Budget(10_000)
    with pytest.raises(TooComplex):
        bitstring._unpacked(gzip.compress(b"", mtime=0) * 5000, budget)


def test_a_list_that_was_read_before_still_ends_at_its_own_time():
    held = documents(issuer().ob3(award())).plus(served(a_list(validUntil="2026-04-01T00:00:00Z")))
    credential = read(badge(entry()))
    verdicts = [verify(credential, held, None, AT + timedelta(days=days)).verdict for days in (0, 30, 0)]
    assert verdicts == [Verdict.verified, Verdict.unconfirmed, Verdict.verified]


def enveloped(listed: dict[str, Any]) -> dict[str, Any]:
    key = signing.signer()
    inside = without_proof(listed) | {"issuer": key.did}
    token = key.jwt(inside, "EdDSA", kid=key.method)
    kind = {"@context": V2, "type": "EnvelopedVerifiableCredential"}
    return {**kind, "id": f"data:application/vc+jwt,{token}"}


def test_so_does_one_whose_end_stands_in_the_token_that_it_is():
    listed = served(enveloped(a_list(validUntil="2026-04-01T00:00:00Z")))
    verdicts = [asked([entry()], listed, at=AT + timedelta(days=days))[1] for days in (0, 30)]
    assert verdicts == [Verdict.verified, Verdict.unconfirmed]


def test_a_list_that_was_verified_before_stands_on_the_same_documents_and_costs_the_same():
    web = issuer().ob3(award(standing="good"), speaks="did:web")
    found = []
    for _ in range(2):
        budget = Budget(10_000)
        held = documents(web).plus(document(V2, 200, "application/json", b"{}"))  # nobody needs it
        found.append(verify_at_depth(read(web.data), held, AT, 0, budget).documents)
        found.append(budget.left)
    assert found[:2] == found[2:]
    assert {document.url for document in found[0]} == {
        url for url in web.documents if "did.json" in url or "status" in url
    }


def test_a_list_that_was_verified_before_falls_with_the_key_that_signed_it():
    key = IDENTITY.keys["ed25519"]
    bare = {k: v for k, v in a_list().items() if k != "proof"} | {"issuer": IDENTITY.id("did:web", key)}
    listed = with_proof(bare, "eddsa-rdfc-2022", key, IDENTITY.method("did:web", key), AT)
    web = issuer().ob3(award(), speaks="did:web")
    did = next(url for url in web.documents if "did.json" in url)
    withdrawn = answering(web, did, {"id": IDENTITY.id("did:web", key), "assertionMethod": []})
    verdicts = [
        verify(read(badge(entry())), documents(held).plus(served(listed)), None, AT).verdict
        for held in (web, withdrawn, web)
    ]
    assert verdicts == [Verdict.verified, Verdict.unconfirmed, Verdict.verified]


def test_a_list_that_is_large_when_unpacked_is_read_and_not_kept():
    bitstring._lists._found.clear()
    for size in (bitstring.MAX_KEPT_BITS + 1, bitstring.MAX_KEPT_BITS):
        listed = a_list(subject={"encodedList": packed(size=size)})
        assert asked([entry()], served(listed))[1] is Verdict.verified
        assert len(bitstring._lists._found) == (size == bitstring.MAX_KEPT_BITS)


def holding(inside: dict[str, Any]) -> dict[str, Any]:
    """What makes a record of a credential: a list may be one too."""
    graph = {"@id": "https://montalvo.example/words#holds", "@type": "@id", "@container": "@graph"}
    return {"@context": [V2, {"verifiableCredential": graph}], "verifiableCredential": inside}


def test_a_list_that_holds_credentials_is_asked_anew_for_their_times_may_be_hidden_in_tokens():
    ends = (AT + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    short = signing.secured(signing.badge(), expires=ends)
    record = {"type": "VerifiableCredential", "credentialSubject": {"id": "did:key:z6M"}}
    answers = [served(a_list(**holding(enveloped({**record, **holding(short)}))))]
    assert asked([entry()], *answers)[0].outcome is Outcome.passed
    later = asked([entry()], *answers, at=AT + timedelta(hours=2))[0]
    assert (later.outcome, "inside it is not genuine" in later.message) == (Outcome.unknown, True)


def test_a_list_is_asked_for_no_longer_than_its_token_holds():
    key = signing.signer()
    ends = int(AT.timestamp()) + 3600
    token = key.jwt({**without_proof(a_list(issuer=key.did)), "exp": ends}, "EdDSA", kid=key.method)
    list_ = Document(served({}).url, 200, token.encode())
    assert asked([entry()], list_)[0].outcome is Outcome.passed
    later = asked([entry()], list_, at=AT + timedelta(hours=2))[0]
    assert (later.outcome, "It expired" in later.message) == (Outcome.unknown, True)


def without_proof(listed: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in listed.items() if name != "proof"}


@pytest.mark.parametrize(("taken", "outcome"), [((), Outcome.passed), ((41,), Outcome.failed)])
def test_a_list_that_is_a_token_may_be_served_in_an_envelope(taken, outcome):
    envelope = enveloped(a_list(*taken))
    assert asked([entry()], served(envelope))[0].outcome is outcome
    spoilt = {**envelope, "@context": []}, {**envelope, "id": "https://montalvo.example/list"}
    for one in (*spoilt, {**envelope, "id": envelope["id"][:-4] + "AAAA"}):
        assert asked([entry()], served(one))[0].outcome is Outcome.unknown


@pytest.mark.parametrize("order", [1, -1])
def test_an_address_that_is_named_for_two_kinds_of_list_is_read_as_each(order):
    plain = {"id": LIST, "type": "1EdTechRevocationList"}
    entries = [entry(), plain][::order]
    unsigned = {k: v for k, v in json.loads(badge()).items() if k != "proof"}
    unsigned["@context"] = [*unsigned["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    both = json.dumps(signed({**unsigned, "credentialStatus": entries})).encode()
    for answers in ([], [served(a_list(41))]):
        found = verify(read(both), documents(issuer().ob3(award())).plus(*answers), None, AT)
        assert found.verdict is (Verdict.revoked if answers else Verdict.unconfirmed)


def test_a_list_that_nobody_serves_says_nothing():
    assert asked([entry()])[0].outcome is Outcome.unknown
    gone = Document(LIST, 404, problem="montalvo.example answered 404", fetched_at=AT)
    assert "answered 404" in asked([entry()], gone)[0].message


@pytest.mark.parametrize("address", ["http://montalvo.example/lists/1", "urn:x", None, 7])
def test_a_list_needs_a_secure_address(address):
    assert asked([entry(statusListCredential=address)], served(a_list(41)))[0].outcome is Outcome.unknown


def test_the_list_is_wanted_and_then_what_the_list_wants():
    credential = read(badge(entry()))
    assert wanted(credential, Documents()) == {LIST}
    web = issuer().ob3(award(standing="good"), speaks="did:web")
    held = Documents(*(d for d in documents(web) if "status" in d.url))
    assert {u for u in wanted(read(web.data), held) if "did.json" in u}


def test_lists_that_refer_to_lists_end_somewhere():
    listed = a_list(credentialStatus=entry())
    check, verdict = asked([entry()], served(listed))
    assert (check.outcome, verdict) == (Outcome.unknown, Verdict.unconfirmed)


def test_a_list_by_another_issuer_is_shown_with_its_name():
    web = issuer().ob3(award(), speaks="did:web", carrier="bare")
    bare = {k: v for k, v in raw(web).items() if k != "proof"}
    key = IDENTITY.keys["ed25519"]
    said = with_proof(
        {**bare, "credentialStatus": entry()}, "eddsa-rdfc-2022", key, IDENTITY.method("did:web", key), AT
    )
    found = verify(read(json.dumps(said).encode()), documents(web).plus(served(a_list())), None, AT)
    check = next(c for c in found.checks if c.id == "revocation")
    assert check.detail["List issued by"].startswith("did:key:")


def test_a_status_list_of_2021_is_read_too():
    context = "https://w3id.org/vc/status-list/2021/v1"
    older = {
        "@context": [V1, context, "https://w3id.org/security/data-integrity/v2"],
        "type": ["VerifiableCredential", "StatusList2021Credential"],
        "issuanceDate": "2026-01-01T00:00:00Z",
    }
    members = {"type": "StatusList2021", "encodedList": packed(41).removeprefix("u")}
    subject = {"id": f"{LIST}#list", "statusPurpose": "revocation", **members}
    issuer_id = IDENTITY.id("did:key", IDENTITY.keys["ed25519"])
    listed = signed({**older, "id": LIST, "issuer": issuer_id, "credentialSubject": subject})
    asks = entry(type="StatusList2021Entry")
    bare = raw(issuer().ob3(award(), vc="1.1", carrier="bare"))
    unsigned = {k: v for k, v in bare.items() if k != "proof"} | {"credentialStatus": asks}
    unsigned["@context"] = [*bare["@context"], context]
    held = documents(issuer().ob3(award(), vc="1.1")).plus(served(listed))
    assert verify(read(json.dumps(signed(unsigned)).encode()), held, None, AT).verdict is Verdict.revoked


@pytest.mark.parametrize(
    ("algorithm", "speaks"), [("ES256", "jwks"), ("RS256", "did:web"), ("RS256", "https")]
)
def test_a_list_as_jwt_is_read_too(algorithm, speaks):
    issued: Issued = issuer().ob3_jwt(award(standing="revoked", number=77), algorithm, speaks)
    assert any(
        a.content_type == "application/vc+jwt" for a in issued.documents.values() if isinstance(a, Answer)
    )
    assert verify(read(issued.data), documents(issued), None, AT).verdict is Verdict.revoked


def test_an_unknown_kind_of_status_is_unknown():
    check, verdict = asked([{"type": "https://status.example/#Traffic", "id": "https://status.example/1"}])
    assert (check.outcome, verdict) == (Outcome.unknown, Verdict.unconfirmed)

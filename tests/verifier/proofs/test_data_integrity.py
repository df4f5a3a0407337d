"""Embedded proofs: what other libraries signed holds, and whatever is not exactly that does not."""

import copy
import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from base58 import b58encode

from backpack.verifier import Documents, Outcome, read, verify_so_far
from backpack.verifier.budget import Budget
from backpack.verifier.canonical import Vocabularies, canonical_bytes, statements
from backpack.verifier.encodings import to_base64url
from backpack.verifier.keys import Key
from backpack.verifier.proofs import PROOFS
from backpack.verifier.proofs._signed import Attempt, canonical
from backpack.verifier.shelf import Unavailable
from tests.issuing import AT
from tests.verifier import witness
from tests.verifier.signing import (
    OB3,
    SUITES,
    V2,
    badge,
    case,
    controller,
    method,
    secured,
    served,
    signer,
    tried,
)

V1 = "https://www.w3.org/2018/credentials/v1"
ED2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
WEB = "did:web:school.example"
DID_DOCUMENT = "https://school.example/.well-known/did.json"
KEY = Key("Ed25519", None, "")
KEYS = [(suite, kind) for suite, kind in SUITES.items()] + [
    ("ecdsa-rdfc-2019", "p384"),
    ("ecdsa-jcs-2019", "p384"),
]


def signed(suite="eddsa-rdfc-2022", kind=None, members=None, **options):
    by = signer(kind or SUITES[suite])
    contexts = [V2, OB3, ED2020] if suite == "Ed25519Signature2020" else [V2, OB3]
    return secured(badge(by.did, **{"@context": contexts, **(members or {})}), suite, by, **options)


def with_value(document, value):
    return {**document, "proof": {**document["proof"], "proofValue": value}}


def as_rdfc_does(document):
    return witness.canonical(document)


def as_before(document):
    """The canonical statements with nothing but quotes, backslashes and line breaks escaped."""
    marked = witness.canonical({**document, "name": "MARK"})
    plain = document["name"].replace("\\", "\\\\").replace('"', '\\"')
    return "".join(sorted(line.replace("MARK", plain) for line in marked.splitlines(keepends=True)))


def chained(*more, first=None):
    """A badge with two proofs, of which the second also signs the first."""
    document = signed(id="urn:uuid:first")
    proof = {**document["proof"], **(first or {})}
    unsigned = {**document, "proof": proof}
    second = secured(unsigned, previousProof="urn:uuid:first")["proof"]
    return {**document, "proof": [proof, second, *more]}


@pytest.mark.parametrize(("suite", "kind"), KEYS)
def test_a_proof_that_others_made_holds(suite, kind):
    found = tried(signed(suite, kind))
    assert (found.suite, found.outcome, found.bound) == (suite, Outcome.passed, Outcome.passed)


@pytest.mark.parametrize("suite", SUITES)
def test_it_says_how_it_was_signed_with_which_key_and_when(suite):
    detail = tried(signed(suite)).detail
    assert detail["Method"] == suite
    assert detail["Key"] == signer(SUITES[suite]).method
    assert detail["Signed at"] == "2025-03-14T09:00:00Z"
    assert detail["Spec"].startswith("https://")
    assert len(detail["Key fingerprint"]) == 43


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "Ed25519Signature2020"])
def test_a_proof_in_the_first_data_model_holds(suite):
    terms = ED2020 if suite == "Ed25519Signature2020" else "https://w3id.org/security/data-integrity/v2"
    contexts = [V1, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", terms]
    members = {"@context": contexts, "issuanceDate": "2025-03-14T09:00:00Z"}
    document = {k: v for k, v in badge(**members).items() if k != "validFrom"}
    assert tried(secured(document, suite)).outcome is Outcome.passed


@pytest.mark.parametrize(
    ("suite", "name"), [("eddsa-rdfc-2022", "eddsa-2022"), ("ecdsa-rdfc-2019", "ecdsa-2019")]
)
def test_the_earliest_name_of_the_suite_is_known(suite, name):
    assert tried(signed(suite, cryptosuite=name)).outcome is Outcome.passed


@pytest.mark.parametrize(("suite", "kind"), KEYS)
@pytest.mark.parametrize("member", ["created", "proofPurpose", "verificationMethod", "proofValue"])
def test_no_part_of_the_proof_itself_can_be_changed(suite, kind, member):
    document = signed(suite, kind)
    before = document["proof"][member]
    other = {"created": "2025-03-14T09:00:01Z", "proofPurpose": "authentication"}
    document["proof"][member] = other.get(member, before[:-1] + ("9" if before[-1] != "9" else "8"))
    assert tried(document).outcome is Outcome.failed


@pytest.mark.parametrize(("suite", "kind"), KEYS)
def test_nothing_can_be_added_to_the_proof(suite, kind):
    document = signed(suite, kind)
    document["proof"]["domain"] = "evil.example"
    assert tried(document).outcome is Outcome.failed


@pytest.mark.parametrize("member", ["jws", "signatureValue"])
@pytest.mark.parametrize(("suite", "kind"), KEYS)
def test_nor_the_value_of_another_kind_of_proof(suite, kind, member):
    document = signed(suite, kind)
    document["proof"][member] = "eyJhbGciOiJFZERTQSJ9..AAAA"
    assert tried(document).outcome is Outcome.failed


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("id", "first"),
        ("verificationMethod", {"id": signer().method}),
        ("verificationMethod", [signer().method]),
        ("domain", 5),
        ("domain", ["school.example", {}]),
        ("challenge", ["c"]),
        ("nonce", 5),
    ],
)
def test_what_a_proof_says_of_itself_is_written_as_the_standard_asks(member, value):
    assert tried(signed("eddsa-jcs-2022", **{member: value})).outcome is Outcome.failed


@pytest.mark.parametrize(
    ("member", "value"),
    [("id", "urn:x:1"), ("domain", ["school.example"]), ("challenge", "c"), ("nonce", "n")],
)
def test_a_proof_may_say_more_of_itself(member, value):
    assert tried(signed("eddsa-jcs-2022", **{member: value})).outcome is Outcome.passed


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "z",
        "garbage",
        5,
        [],
        "z0OIl",
        "u" + "A" * 86,
        "z" + b58encode(bytes(63)).decode(),
        "z" + b58encode(b"\1" * 65).decode(),
        "z" + b58encode(bytes(64)).decode(),
        "z" + "2" * 5000,
    ],
)
@pytest.mark.parametrize(("suite", "kind"), KEYS)
def test_what_is_no_signature_does_not_hold(suite, kind, value):
    assert tried(with_value(signed(suite, kind), value)).outcome is Outcome.failed


@pytest.mark.parametrize("wrong", ["eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-sd-2023"])
def test_a_proof_does_not_hold_as_another_suite(wrong):
    document = signed()
    document["proof"]["cryptosuite"] = wrong
    assert tried(document).outcome is Outcome.failed


@pytest.mark.parametrize(
    "purpose", [None, "authentication", ["assertionMethod"], "https://w3id.org/security#assertionMethod"]
)
def test_only_a_proof_made_for_awarding_counts(purpose):
    found = tried(signed("eddsa-jcs-2022", proofPurpose=purpose))
    assert found.outcome is Outcome.failed
    assert "for another purpose" in found.because


@pytest.mark.parametrize("member", ["created", "expires"])
@pytest.mark.parametrize("value", ["yesterday", "2025-03-14", 5, "2025-13-01T00:00:00Z", ""])
def test_a_time_in_the_proof_is_a_time(member, value):
    found = tried(signed("eddsa-jcs-2022", **{member: value}))
    assert (found.outcome, f"no date ({member})" in found.because) == (Outcome.failed, True)


def test_created_may_be_left_out_and_need_not_say_its_zone():
    assert tried(signed(created=None)).outcome is Outcome.passed
    assert tried(signed(created="2025-03-14T09:00:00")).outcome is Outcome.passed


@pytest.mark.parametrize(
    ("created", "is_said"), [("2026-03-14T09:05:00Z", False), ("2026-03-14T09:06:00Z", True)]
)
def test_a_signature_made_in_the_future_is_remarked(created, is_said):
    found = tried(signed(created=created))
    assert found.outcome is Outcome.passed
    assert ("in the future" in found.detail.get("Note", "")) is is_said


def test_a_proof_that_ends_counts_until_then():
    document = signed(expires="2026-03-14T09:00:00Z")
    assert tried(document, at=AT - timedelta(seconds=1)).outcome is Outcome.passed
    assert tried(document, at=AT).outcome is Outcome.failed


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"created": "2026-02-03T04:05:06.789+01:00"},
        {"proofPurpose": "authentication"},
        {"verificationMethod": "https://school.example/2000-01-01T00:00:00Z#key"},
        {"verificationMethod": "_:key"},
        {"type": "Ed25519Signature2020", "cryptosuite": None},
        {"expires": "2027-01-01T00:00:00Z"},
    ],
)
def test_options_are_said_as_others_say_them_also_the_second_time_and_at_the_same_cost(options):
    usual = signed()["proof"] | options
    said = {name: value for name, value in usual.items() if name != "proofValue" and value is not None}
    whole = {"@context": [V2, OB3, ED2020], **said}
    dear = Budget(100_000)
    canonical_bytes(statements(whole, Vocabularies(Documents()), dear), dear)
    for _ in range(2):
        attempt = Attempt({}, None, None, usual, KEY, Vocabularies(Documents()), Budget(100_000))
        assert canonical(attempt, whole).decode() == witness.canonical(whole)
        assert attempt.budget.left == dear.left


def test_options_hashed_in_a_usual_context_hold_and_it_is_said():
    context = "https://w3id.org/security/data-integrity/v1"
    found = tried(signed(contexts=[context]))
    assert found.outcome is Outcome.passed
    assert context in found.detail["Note"]


def test_options_that_the_badge_s_own_contexts_do_not_define_do_not_hold():
    found = tried(secured(badge(), "Ed25519Signature2020", contexts=[ED2020]))
    assert "“Ed25519Signature2020” is defined by no vocabulary" in found.because


def test_options_may_be_in_words_that_the_proof_brings_along():
    contexts = [V2, OB3]
    document = secured(badge(), "Ed25519Signature2020", contexts=[*contexts, ED2020])
    document["proof"]["@context"] = [ED2020]
    found = tried(document)
    assert found.outcome is Outcome.passed
    assert ED2020 in found.detail["Note"]
    for change in ({"@context": ["https://school.example/words"]}, {"validUntil": "2030-01-01T00:00:00Z"}):
        assert tried({**document, "proof": {**document["proof"], **change}}).outcome is Outcome.failed
    assert tried({**document, "name": "Other"}).outcome is Outcome.failed


@pytest.mark.parametrize("brought", [True, False])
def test_a_proof_that_has_ended_cannot_say_so_in_an_older_word_that_nobody_reads(brought):
    document = signed(expires="2025-06-01T00:00:00Z")
    assert "only good for a time" in tried(document).because
    proof = {**document["proof"], "expiration": document["proof"]["expires"]}
    del proof["expires"]
    older = "https://w3id.org/security/v1"
    if brought:
        proof["@context"] = [older]
    else:
        document["@context"] = [*document["@context"], older]
    assert tried({**document, "proof": proof}).outcome is Outcome.failed


def test_an_option_that_such_a_context_does_not_define_is_not_left_unsigned():
    document = signed(contexts=["https://w3id.org/security/data-integrity/v1"])
    document["proof"]["validUntil"] = "2030-01-01T00:00:00Z"
    assert tried(document).outcome is Outcome.failed


def over(document, statements, **options):
    """The document with a proof made over these statements; options may bring contexts along."""
    whole = signed()["proof"] | options
    proof = {k: v for k, v in whole.items() if k != "proofValue" and v is not None}
    contexts = [*document["@context"], *proof.get("@context", [])]
    options = witness.canonical({**proof, "@context": contexts})
    digests = b"".join(hashlib.sha256(part.encode()).digest() for part in (options, statements))
    value = "z" + b58encode(signer().sign(digests)).decode()
    return {**document, "proof": {**proof, "proofValue": value}}


def as_in_python(document):
    """The same with tabs escaped as well."""
    return as_before(document).replace("\t", "\\t")


@pytest.mark.parametrize(
    "name", ["Weld\ting", "a\tb\x7f", "\\t\tback\\slash", "a\x0bb\x0cc\x7f", "no\ufffe\uffffcharacter"]
)
@pytest.mark.parametrize("writes", [as_rdfc_does, as_before, as_in_python])
def test_control_characters_hold_as_signers_wrote_them_before_and_write_them_now(name, writes):
    document = badge(name=name)
    document = over(document, writes(document))
    assert tried(document).outcome is Outcome.passed
    assert tried({**document, "name": f"{name}!"}).outcome is Outcome.failed


@pytest.mark.parametrize("written", ["{maria}", "\\u007Bmaria\\u007D"])
def test_letters_that_no_address_should_have_hold_as_some_signers_write_them_and_others_do_not(written):
    evidence = {"id": "https://school.example/maria", "type": ["Evidence"]}
    lines = witness.canonical(badge(evidence=evidence)).replace("example/maria", f"example/{written}")
    odd = {**evidence, "id": "https://school.example/{maria}"}
    document = over(badge(evidence=odd), "".join(sorted(lines.splitlines(keepends=True))))
    assert tried(document).outcome is Outcome.passed
    assert tried({**document, "evidence": evidence}).outcome is Outcome.failed


def test_they_hold_so_too_where_a_proof_brings_its_words_along():
    document = badge(name="Weld\ting")
    words = {"type": "Ed25519Signature2020", "cryptosuite": None, "@context": [ED2020]}
    document = over(document, as_before(document), **words)
    assert tried(document).outcome is Outcome.passed
    assert tried({**document, "name": "Weld ing"}).outcome is Outcome.failed


@pytest.mark.parametrize("written", ["pt-br", "pt-BR"])
def test_the_name_of_a_language_holds_in_capital_letters_and_in_small_ones(written):
    document = badge(name={"@value": "Soldadura", "@language": "pt-BR"})
    lines = witness.canonical(document).replace("@pt-br", f"@{written}")
    document = over(document, "".join(sorted(lines.splitlines(keepends=True))))
    assert tried(document).outcome is Outcome.passed
    other = {"@value": "Soldadura", "@language": "pt-PT"}
    assert tried({**document, "name": other}).outcome is Outcome.failed


@pytest.mark.parametrize("written", ["1.50", "1.5E0"])
def test_a_text_that_is_to_be_a_number_holds_as_a_text_and_as_a_number(written):
    words = {"weight": {"@id": "urn:weight", "@type": "http://www.w3.org/2001/XMLSchema#double"}}
    document = badge(**{"@context": [V2, OB3, words]}, weight="1.50")
    lines = witness.canonical(document).replace('"1.5E0"', f'"{written}"')
    document = over(document, "".join(sorted(lines.splitlines(keepends=True))))
    assert tried(document).outcome is Outcome.passed
    assert tried({**document, "weight": "1.51"}).outcome is Outcome.failed


def test_a_text_that_is_to_be_a_number_and_says_none_holds_as_it_is():
    words = {"weight": {"@id": "urn:weight", "@type": "http://www.w3.org/2001/XMLSchema#double"}}
    odd = {"id": "https://school.example/{maria}", "type": ["Evidence"]}
    document = badge(**{"@context": [V2, OB3, words]}, weight="a few", evidence={**odd, "id": "urn:maria"})
    lines = witness.canonical(document).replace("urn:maria", "https://school.example/\\u007Bmaria\\u007D")
    document = over(document | {"evidence": odd}, "".join(sorted(lines.splitlines(keepends=True))))
    assert tried(document).outcome is Outcome.passed
    assert tried({**document, "weight": "many"}).outcome is Outcome.failed


def in_arabic(**members):
    return badge(name={"@value": "لحام", "@language": "ar", "@direction": "rtl", **members})


@pytest.mark.parametrize("direction", ["i18n-datatype", None])
def test_a_text_with_a_direction_holds_whether_the_signer_stated_that_or_not(direction):
    document = in_arabic()
    document = over(document, witness.canonical(document, direction=direction))
    assert tried(document).outcome is Outcome.passed
    assert tried({**document, "name": "Other"}).outcome is Outcome.failed


def test_where_the_direction_of_a_text_was_not_signed_that_is_said():
    document = in_arabic()
    for direction, is_said in (("i18n-datatype", False), (None, True)):
        found = tried(over(document, witness.canonical(document, direction=direction)))
        assert ("direction its texts are read" in found.detail.get("Note", "")) is is_said


def test_a_direction_that_was_signed_cannot_be_changed():
    document = over(in_arabic(), witness.canonical(in_arabic()))
    assert tried({**document, "name": in_arabic(**{"@direction": "ltr"})["name"]}).outcome is Outcome.failed
    undirected = {"@value": document["name"]["@value"], "@language": "ar"}
    assert tried({**document, "name": undirected}).outcome is Outcome.failed


def test_statements_hold_in_the_order_in_which_javascript_sorts_them():
    document = badge()
    document["credentialSubject"]["achievement"]["tag"] = ["\U0001f389", "\uff08steel\uff09"]
    lines = witness.canonical(document).splitlines(keepends=True)
    sorted_otherwise = sorted(lines, key=lambda line: line.encode("utf-16-be"))
    assert sorted_otherwise != lines
    document = over(document, "".join(sorted_otherwise))
    assert tried(document).outcome is Outcome.passed
    assert tried({**document, "name": "Other"}).outcome is Outcome.failed


def test_a_jcs_proof_may_name_the_contexts_it_was_made_in():
    document = signed("eddsa-jcs-2022", **{"@context": [V2, OB3]})
    assert tried(document).outcome is Outcome.passed
    longer = {**document, "@context": [V2, OB3, {"more": "https://school.example/more"}]}
    assert tried(longer).outcome is Outcome.passed
    assert "other vocabularies" in tried({**document, "@context": [OB3, V2]}).because


@pytest.mark.parametrize(("suite", "kind"), [("eddsa-jcs-2022", "ed25519"), ("ecdsa-jcs-2019", "p384")])
def test_a_jcs_proof_holds_as_drafts_had_it_and_that_is_said(suite, kind):
    document = signed(suite, kind, **{"@context": [V2, OB3]})
    del document["proof"]["@context"]
    found = tried(document)
    assert found.outcome is Outcome.passed
    assert "does not name the vocabularies" in found.detail["Note"]
    for change in ({"name": "Other"}, {"@context": [V2, OB3, {"more": "https://school.example/more"}]}):
        assert tried({**document, **change}).outcome is Outcome.failed
    assert tried({**document, "proof": {**document["proof"], "nonce": "x"}}).outcome is Outcome.failed


@pytest.mark.parametrize("kind", ["p256", "p384"])
def test_a_key_of_another_kind_cannot_make_the_proof(kind):
    document = signed()
    document["proof"]["verificationMethod"] = signer(kind).method
    assert "not of the kind" in tried(document).because


def test_a_word_that_nothing_defines_is_named():
    assert "“honours”" in tried({**signed(), "honours": "cum laude"}).because


def test_a_word_that_nothing_defines_was_signed_where_the_text_was():
    assert tried(signed("eddsa-jcs-2022", members={"honours": "cum laude"})).outcome is Outcome.passed


def test_a_vocabulary_of_the_issuer_s_own_is_named_with_its_hash():
    own = served("https://school.example/words", {"@context": {"lock": "https://school.example/words#lock"}})
    members = {"@context": [V2, OB3, own.url], "lock": "Yale"}
    document = signed(members=members, documents=[own])
    assert f"{own.url} (SHA-256 " in tried(document, own).detail["Note"]
    assert tried(document).outcome is Outcome.unknown
    assert PROOFS["eddsa-rdfc-2022"].needs(case(document)) == {own.url}


def test_words_written_into_the_badge_are_mentioned():
    members = {"@context": [V2, OB3, {"lock": "https://school.example/words#lock"}], "lock": "Yale"}
    assert "It brings words of its own along." in tried(signed(members=members)).detail["Note"]


def test_a_later_edition_of_a_vocabulary_is_wanted_only_when_a_word_is_missing():
    suite = PROOFS["eddsa-rdfc-2022"]
    assert suite.needs(case(signed())) == set()
    assert suite.needs(case({**signed(), "endorsementJwt": "eyJ"})) == {OB3}
    gone = served(OB3, "", 404)
    assert suite.needs(case({**signed(), "endorsementJwt": "eyJ"}, gone)) == set()


def test_a_missing_word_keeps_a_report_from_being_final_until_a_later_edition_was_asked_for():
    newer = read(json.dumps({**signed(), "endorsementJwt": "eyJ"}).encode())
    assert verify_so_far(newer, Documents(), None, AT)[1] == {OB3}
    assert verify_so_far(newer, Documents(served(OB3, "", 404)), None, AT)[1] == set()


def test_a_badge_that_is_too_large_to_say_wants_no_vocabulary():
    large = {**signed(), "name": [f"{number}" for number in range(19_000)], "description": ["x"] * 900}
    subject = {**large["credentialSubject"], "narrative": [str(number) for number in range(900)]}
    found = case(signed())
    heavy = replace(found.credential, raw={**large, "credentialSubject": subject})
    assert PROOFS["eddsa-rdfc-2022"].needs(replace(found, credential=heavy)) == set()


def test_the_document_of_the_key_is_wanted_and_that_of_the_issuer_with_it():
    document = secured(badge("https://school.example/issuer"), verificationMethod=f"{WEB}#key-1")
    assert PROOFS["eddsa-rdfc-2022"].needs(case(document)) == {DID_DOCUMENT, "https://school.example/issuer"}
    assert tried(document).outcome is Outcome.unknown


def test_an_issuer_that_can_have_no_document_is_not_asked():
    document = secured(badge("did:web:127.0.0.1"), verificationMethod=f"{WEB}#key-1")
    assert PROOFS["eddsa-rdfc-2022"].needs(case(document)) == {DID_DOCUMENT}


def test_a_did_web_issuer_s_badge_is_the_issuer_s():
    document = secured(badge(WEB), verificationMethod=f"{WEB}#key-1")
    answer = served(DID_DOCUMENT, controller(WEB, method(WEB)))
    assert PROOFS["eddsa-rdfc-2022"].needs(case(document, answer)) == set()
    found = tried(document, answer)
    assert (found.outcome, found.bound, found.detail["Source"]) == (
        Outcome.passed,
        Outcome.passed,
        DID_DOCUMENT,
    )


def test_a_kind_of_did_that_we_cannot_look_up_is_unknown():
    assert tried(secured(badge("did:ion:x"), verificationMethod="did:ion:x#key-1")).outcome is Outcome.unknown


def test_a_sound_proof_by_somebody_else_is_not_the_issuer_s():
    found = tried(secured(badge("did:web:other.example"), by=signer("p256"), suite="ecdsa-rdfc-2019"))
    assert (found.outcome, found.bound) == (Outcome.passed, Outcome.unknown)
    found = tried(secured(badge(signer("ed25519", "other").did)))
    assert (found.outcome, found.bound) == (Outcome.passed, Outcome.failed)


def test_of_several_proofs_one_by_the_issuer_is_enough():
    mine, other = signed(), secured(badge(), by=signer("ed25519", "other"))
    broken = with_value(signed(), "z" + b58encode(bytes(64)).decode())
    unknown = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-9999", "proofValue": "z1"}
    document = {**mine, "proof": [broken["proof"], unknown, other["proof"], mine["proof"]]}
    found = tried(document)
    assert (found.outcome, found.bound) == (Outcome.passed, Outcome.passed)
    assert len(case(document).signatures) == 4


def test_more_than_twenty_proofs_are_not_looked_at():
    document = signed()
    assert len(case({**document, "proof": [document["proof"]] * 100}).signatures) == 20


@pytest.mark.parametrize("proof", [{"type": "SomeProof"}, {"type": ["DataIntegrityProof"]}, {"type": 5}])
def test_a_proof_of_a_kind_that_we_do_not_know_is_neither_sound_nor_broken(proof):
    found = tried({**badge(), "proof": proof})
    assert (found.suite, found.outcome) == ("unknown", Outcome.skipped)
    assert PROOFS["unknown"].needs(case({**badge(), "proof": proof})) == set()


@pytest.mark.parametrize("proof", [None, []])
def test_no_proof_is_no_proof(proof):
    assert case({**badge(), "proof": proof}).signatures == ()


def test_a_chain_of_proofs_holds():
    found = case(chained()).signatures
    assert [s.outcome for s in found] == [Outcome.passed] * 2


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-jcs-2019"])
@pytest.mark.parametrize("form", [lambda before: before, lambda before: before[0]])
@pytest.mark.parametrize("names", ["urn:uuid:first", ["urn:uuid:first"]])
def test_a_chained_proof_signs_a_list_of_those_before_it_or_as_some_do_the_only_one(suite, form, names):
    document = signed(suite, id="urn:uuid:first")
    first, by = document["proof"], signer(SUITES[suite])
    second = secured({**document, "proof": form([first])}, suite, by, previousProof=names)["proof"]
    found = case({**document, "proof": [first, second]}).signatures
    assert [s.outcome for s in found] == [Outcome.passed] * 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_those_before_it_are_listed_as_they_stand_or_as_they_are_named(order):
    document = signed("eddsa-jcs-2022", id="urn:uuid:0")
    other = signed("eddsa-jcs-2022", id="urn:uuid:1")["proof"]
    before, named = [document["proof"], other], ["urn:uuid:1", "urn:uuid:0"]
    listed = {**document, "proof": [before[place] for place in order]}
    last = secured(listed, "eddsa-jcs-2022", previousProof=named)["proof"]
    assert {s.outcome for s in case({**document, "proof": [*before, last]}).signatures} == {Outcome.passed}
    assert case({**document, "proof": [before[0], last]}).signatures[-1].outcome is Outcome.failed


def test_a_chain_holds_only_when_what_it_is_chained_to_holds():
    first, second = case(chained(first={"created": "2024-01-01T00:00:00Z"})).signatures
    assert (first.outcome, second.outcome) == (Outcome.failed, Outcome.failed)


@pytest.mark.parametrize("names", ["urn:uuid:nowhere", ["urn:uuid:first", "urn:uuid:nowhere"], [5], [{}]])
def test_a_chain_to_what_is_not_there_does_not_hold(names):
    document = chained()
    document["proof"][1]["previousProof"] = names
    assert case(document).signatures[1].outcome is Outcome.failed


def test_a_proof_in_the_chain_cannot_be_taken_out():
    document = chained()
    assert tried({**document, "proof": document["proof"][1]}).outcome is Outcome.failed


def test_a_chain_that_leads_back_to_itself_does_not_hold():
    document = chained()
    document["proof"][0]["previousProof"] = "urn:uuid:second"
    document["proof"][1]["id"] = "urn:uuid:second"
    assert {s.outcome for s in case(document).signatures} == {Outcome.failed}


def test_a_chain_to_a_kind_of_proof_that_we_do_not_know_does_not_hold():
    odd = {"id": "urn:uuid:odd", "type": "DataIntegrityProof", "cryptosuite": "bbs-2023", "proofValue": "u1"}
    document = secured({**badge(), "proof": odd}, previousProof="urn:uuid:odd")
    found = case({**document, "proof": [odd, document["proof"]]}).signatures
    assert [s.outcome for s in found if s.suite == "eddsa-rdfc-2022"] == [Outcome.failed]


def test_a_chain_waits_for_the_key_of_what_it_is_chained_to():
    first = secured(badge(), verificationMethod=f"{WEB}#key-1", id="urn:uuid:first")
    second = secured(first, previousProof="urn:uuid:first")
    document = {**first, "proof": [first["proof"], second["proof"]]}
    assert {s.outcome for s in case(document).signatures} == {Outcome.unknown}
    answer = served(DID_DOCUMENT, controller(WEB, method(WEB)))
    assert {s.outcome for s in case(document, answer).signatures} == {Outcome.passed}


EARLY = [V1, "https://imsglobal.github.io/openbadges-specification/ob_v3p0.html"]
JWS2020 = "https://w3id.org/security/suites/jws-2020/v1"


def test_the_detached_signature_of_the_first_pilots_holds():
    document = detached("Ed25519Signature2018", "EdDSA", signer(), EARLY, "https://w3id.org/security/v2")
    found = tried(document)
    assert (found.suite, found.outcome, found.bound) == (
        "Ed25519Signature2018",
        Outcome.passed,
        Outcome.passed,
    )
    assert tried({**document, "name": "Other"}).outcome is Outcome.failed


@pytest.mark.parametrize(("algorithm", "kind"), [("EdDSA", "ed25519"), ("ES256", "p256"), ("ES384", "p384")])
def test_so_does_the_one_that_takes_any_key(algorithm, kind):
    by = signer(kind)
    document = detached("JsonWebSignature2020", algorithm, by, [*EARLY, JWS2020])
    found = tried(document)
    assert (found.suite, found.outcome, found.bound) == (
        "JsonWebSignature2020",
        Outcome.passed,
        Outcome.passed,
    )
    assert tried({**document, "issuanceDate": "2022-10-21T00:00:00Z"}).outcome is Outcome.failed


def test_so_does_what_others_sign_with_a_p_256_key_when_nothing_else_is_asked_for():
    document = detached("EcdsaSecp256r1Signature2019", "ES256", signer("p256"), EARLY)
    found = tried(document)
    assert (found.suite, found.outcome, found.bound) == (
        "EcdsaSecp256r1Signature2019",
        Outcome.passed,
        Outcome.passed,
    )
    assert tried({**document, "issuanceDate": "2022-10-21T00:00:00Z"}).outcome is Outcome.failed


def test_the_header_cannot_choose_another_algorithm_than_the_key_s():
    document = detached("JsonWebSignature2020", "ES256", signer(), [*EARLY, JWS2020])
    assert tried(document).outcome is Outcome.failed


@pytest.mark.parametrize(
    "jws", [None, 5, "", "..", "e30..AAAA", "eyJhbGciOiJub25lIn0..AAAA", "a.b.c", "!!..!!", "x" * 3000]
)
def test_a_detached_signature_is_written_in_one_way_only(jws):
    document = detached("Ed25519Signature2018", "EdDSA", signer(), EARLY)
    document["proof"]["jws"] = jws
    assert tried(document).outcome is Outcome.failed


def detached(suite, algorithm, by, contexts, options_in=None):
    document = badge(by.did, **{"@context": contexts, "issuanceDate": "2022-10-20T00:00:00Z"})
    document = {k: v for k, v in document.items() if k not in ("validFrom", "name")}
    document["credentialSubject"]["achievement"].pop("tag")
    proof = {"type": suite, "created": "2022-10-20T00:00:00Z", "proofPurpose": "assertionMethod"}
    proof["verificationMethod"] = by.method
    parts = [witness.canonical({**proof, "@context": options_in or contexts}), witness.canonical(document)]
    digests = b"".join(hashlib.sha256(part.encode()).digest() for part in parts)
    header = to_base64url(json.dumps({"alg": algorithm, "b64": False, "crit": ["b64"]}).encode())
    signature = to_base64url(by.sign(header.encode() + b"." + digests))
    return {**document, "proof": {**proof, "jws": f"{header}..{signature}"}}


def test_trying_a_badge_leaves_it_as_it_was():
    document = chained()
    before = copy.deepcopy(document)
    found = case(document)
    assert found.signatures
    assert found.credential.raw == before


def test_what_is_not_in_hand_is_told_as_a_clause():
    assert str(Unavailable("https://a.example/x")) == "what is at a.example has not been fetched"
    assert str(Unavailable("https://a.example/x", "answered 404")) == "a.example: answered 404"
    assert str(Unavailable("https://a.example/x", "a.example answered 404")) == "a.example answered 404"

"""Selective disclosure: what the holder shows is verified, what was left out is gone, what must stay must stay."""

import hashlib
import json
import re
from itertools import permutations
from typing import Any

import cbor2
import pytest
from base58 import b58encode

from backpack.verifier import Documents, Outcome, Verdict, read, verify
from backpack.verifier.case import LEFT_OUT
from backpack.verifier.encodings import to_base64url
from tests.issuing import AT
from tests.verifier import witness
from tests.verifier.signing import Signer, badge, case, secured, signer, tried

ISSUER = signer("p256")
OF_THIS_BADGE = Signer("p256")
USUAL = {
    "type": "DataIntegrityProof",
    "cryptosuite": "ecdsa-sd-2023",
    "created": "2025-03-14T09:00:00Z",
    "verificationMethod": ISSUER.method,
    "proofPurpose": "assertionMethod",
}


def document() -> dict[str, Any]:
    return badge(ISSUER.did)


def labelled(text: str, labels: dict[int, bytes], order: Any = None) -> list[str]:
    """The lines of canonical statements, sorted, their blank nodes under the issuer's names."""
    named = re.sub(r"_:c14n(\d+)", lambda found: f"_:u{to_base64url(labels[int(found[1])])}", text)
    return sorted(named.splitlines(keepends=True), key=order)


class Base:
    """What the issuer gave the holder: a signature over every statement of the whole badge."""

    def __init__(self, whole: dict[str, Any], must_stay: str, order: Any = None) -> None:
        self.order = order
        text = witness.canonical(whole)
        self.labels = {n: hashlib.sha256(b"%d" % n).digest() for n in range(text.count("_:c14n"))}
        self.lines = labelled(text, self.labels, order)
        self.mandatory = [line for line in self.lines if must_stay in line]
        self.signatures = {
            line: OF_THIS_BADGE.sign(line.encode()) for line in self.lines if must_stay not in line
        }
        options = witness.canonical({**USUAL, "@context": whole["@context"]}).encode()
        digests = [hashlib.sha256(part).digest() for part in (options, "".join(self.mandatory).encode())]
        self.value = ISSUER.sign(digests[0] + OF_THIS_BADGE.raw_multikey + digests[1])

    def shown(self, part: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """A part of the badge with the proof derived for it; ``changes`` spoil components of the proof."""
        text = witness.canonical(part)
        count = len(set(re.findall(r"_:c14n\d+", text)))
        for chosen in permutations(self.labels.values(), count):
            labels = dict(enumerate(chosen))
            lines = labelled(text, labels, self.order)
            if set(lines) <= set(self.lines):
                break
        parts = {
            "base": self.value,
            "key": OF_THIS_BADGE.raw_multikey,
            "signatures": [self.signatures[line] for line in lines if line in self.signatures],
            "labels": labels,
            "mandatory": [place for place, line in enumerate(lines) if line in self.mandatory],
        }
        return with_value(part, b"\xd9\x5d\x01" + cbor2.dumps([*{**parts, **changes}.values()]))


def with_value(part: dict[str, Any], data: bytes) -> dict[str, Any]:
    return {**part, "proof": {**USUAL, "proofValue": "u" + to_base64url(data)}}


WHOLE = Base(document(), "issuer")


def without_description() -> dict[str, Any]:
    part = document()
    del part["credentialSubject"]["achievement"]["description"]
    return part


def test_the_whole_badge_holds():
    found = tried(WHOLE.shown(document()))
    assert (found.suite, found.outcome, found.bound) == ("ecdsa-sd-2023", Outcome.passed, Outcome.passed)
    assert found.detail["Note"] == LEFT_OUT


def test_an_end_and_a_status_that_its_holder_left_out_are_not_told_of_as_if_there_were_none():
    entry = {"id": "urn:status", "type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    base = Base({**document(), "validUntil": "2025-06-01T00:00:00Z", "credentialStatus": entry}, "issuer")
    found = verify(read(json.dumps(base.shown(document())).encode()), Documents(), None, AT)
    told = {check.id: check.message for check in found.checks}
    assert "may have left one out" in told["dates"]
    assert "may have left one out" in told["revocation"]
    assert found.notes == (LEFT_OUT,)


@pytest.mark.parametrize("value", ["", "z1", WHOLE.shown(document())["proof"]["proofValue"]])
def test_of_a_badge_signed_as_a_whole_nothing_was_left_out_whatever_signature_is_put_beside(value):
    whole = secured(document(), "ecdsa-rdfc-2019")
    both = {**whole, "proof": [whole["proof"], {**USUAL, "proofValue": value}]}
    alone, beside = (verify(read(json.dumps(one).encode()), Documents(), None, AT) for one in (whole, both))
    assert beside.verdict is alone.verdict is Verdict.verified
    assert beside.notes == alone.notes == ()
    assert [check.message for check in beside.checks] == [check.message for check in alone.checks]


def test_a_part_of_it_holds():
    assert tried(WHOLE.shown(without_description())).outcome is Outcome.passed


def test_a_part_holds_in_the_order_in_which_javascript_sorts_statements():
    part = document()
    part["credentialSubject"]["achievement"]["tag"] = ["\U0001f389", "\uff08steel\uff09"]
    whole = Base(part, "keywords", order=lambda line: line.encode("utf-16-be"))
    assert tried(whole.shown(part)).outcome is Outcome.passed


def test_what_must_stay_cannot_be_left_out():
    part = document()
    del part["issuer"]["name"]
    kept = Base(document(), "School of Crafts")
    assert tried(kept.shown(part)).outcome is Outcome.failed


def test_what_is_shown_cannot_be_changed():
    shown = WHOLE.shown(document())
    shown["credentialSubject"]["achievement"]["name"] = "Doctor"
    assert tried(shown).outcome is Outcome.failed


@pytest.mark.parametrize("created", ["2025-03-14T09:00:01Z", None])
def test_the_options_cannot_be_changed(created):
    shown = WHOLE.shown(document())
    shown["proof"]["created"] = created
    assert tried(shown).outcome is Outcome.failed


def test_a_key_of_another_badge_cannot_sign_more():
    other = Signer("p256")
    lines = [line for line in WHOLE.lines if line in WHOLE.signatures]
    forged = WHOLE.shown(
        document(), key=other.raw_multikey, signatures=[other.sign(line.encode()) for line in lines]
    )
    assert tried(forged).outcome is Outcome.failed


SIGNATURES = list(WHOLE.signatures.values())


@pytest.mark.parametrize(
    "spoilt",
    [
        {"base": bytes(64)},
        {"base": b"short"},
        {"base": "text"},
        {"key": signer().raw_multikey + b"\0"},
        {"key": b"\x80\x24\x02" + b"\xff" * 32},
        {"key": b"\xed\x01" + b"\1" * 33},
        {"key": b"\x85\x24" + b"\1" * 33},
        {"signatures": []},
        {"signatures": SIGNATURES[::-1]},
        {"signatures": SIGNATURES[:-1]},
        {"signatures": [*SIGNATURES, SIGNATURES[0]]},
        {"signatures": [bytes(63)]},
        {"signatures": {"a": 1}},
        {"labels": {}},
        {"labels": {0: b"short"}},
        {"labels": {"0": bytes(32)}},
        {"labels": {0: bytes(32), 1: bytes(32)}},
        {"labels": []},
        {"mandatory": [0, 0]},
        {"mandatory": [10_000]},
        {"mandatory": [-1]},
        {"mandatory": [True]},
        {"mandatory": "0"},
    ],
)
def test_a_spoilt_proof_does_not_hold(spoilt):
    assert tried(WHOLE.shown(document(), **spoilt)).outcome is Outcome.failed


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xd9\x5d\x01",
        b"\xd9\x5d\x02" + cbor2.dumps([]),
        b"\xd9\x5d\x01" + cbor2.dumps([1, 2, 3, 4, 5]),
        b"\xd9\x5d\x01" + cbor2.dumps({}),
        b"\xd9\x5d\x01" + b"\x81" * 10_000,
        b"\xd9\x5d\x01" + b"\x9a\xff\xff\xff\xff",
        b"\xd9\x5d\x01" + b"\xff",
    ],
)
def test_what_is_no_such_proof_does_not_hold(data):
    assert tried(with_value(document(), data)).outcome is Outcome.failed


def test_a_proof_has_one_spelling():
    from backpack.verifier.encodings import multibase

    shown = WHOLE.shown(document())
    data = multibase(shown["proof"]["proofValue"])
    assert tried(with_value(document(), data + b"\0")).outcome is Outcome.failed
    assert (
        tried(
            {**shown, "proof": {**shown["proof"], "proofValue": "z" + b58encode(data[:700]).decode()}}
        ).outcome
        is Outcome.failed
    )


def test_what_the_issuer_gave_the_holder_is_not_for_others():
    assert "gives to the holder" in tried(with_value(document(), b"\xd9\x5d\x00" + cbor2.dumps([]))).because


@pytest.mark.parametrize("extra", [{"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023"}, 5])
def test_what_claims_to_hide_something_does_not_excuse_what_is_missing_from_a_whole_badge(extra):
    whole = badge()
    del whole["credentialSubject"]["achievement"]["criteria"]
    proof = secured(whole)["proof"]
    for proofs in (proof, [proof, extra], [extra, proof]):
        assert "what it takes to earn it" in " ".join(case({**whole, "proof": proofs}).credential.problems)


def test_nor_from_one_that_is_signed_as_a_whole():
    whole = {**badge(), "proof": USUAL}
    del whole["credentialSubject"]["achievement"]["criteria"]
    token = signer().jwt(whole, "EdDSA", kid=signer().method)
    assert "what it takes to earn it" in " ".join(case(token).credential.problems)

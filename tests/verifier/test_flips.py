"""Whatever the suite, nothing signed can be altered: members of documents, bits of tokens, many times and by chance."""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpack.errors import Unreadable
from backpack.verifier import Documents, Verdict, read, verify
from tests.issuing import AT, award, documents, issuer
from tests.verifier.proofs.test_data_integrity import EARLY, JWS2020, detached, signed
from tests.verifier.proofs.test_ecdsa_sd_2023 import WHOLE, document, without_description
from tests.verifier.proofs.test_vc_jwt import ALGORITHMS, did_document, token
from tests.verifier.signing import signer
from tests.verifier.test_mutations import mutations

SECURITY = "https://w3id.org/security/v2"
EMBEDDED = {
    "eddsa-rdfc-2022": lambda: signed("eddsa-rdfc-2022"),
    "eddsa-jcs-2022": lambda: signed("eddsa-jcs-2022"),
    "ecdsa-rdfc-2019 P-256": lambda: signed("ecdsa-rdfc-2019"),
    "ecdsa-rdfc-2019 P-384": lambda: signed("ecdsa-rdfc-2019", "p384"),
    "ecdsa-jcs-2019 P-256": lambda: signed("ecdsa-jcs-2019"),
    "ecdsa-jcs-2019 P-384": lambda: signed("ecdsa-jcs-2019", "p384"),
    "Ed25519Signature2020": lambda: signed("Ed25519Signature2020"),
    "Ed25519Signature2018": lambda: detached("Ed25519Signature2018", "EdDSA", signer(), EARLY, SECURITY),
    "JsonWebSignature2020": lambda: detached(
        "JsonWebSignature2020", "ES256", signer("p256"), [*EARLY, JWS2020]
    ),
    "EcdsaSecp256r1Signature2019": lambda: detached(
        "EcdsaSecp256r1Signature2019", "ES256", signer("p256"), EARLY
    ),
    "ecdsa-sd-2023, all of it shown": lambda: WHOLE.shown(document()),
    "ecdsa-sd-2023, a part of it shown": lambda: WHOLE.shown(without_description()),
}
COMPACT = {
    "Open Badges 1, JWS": lambda: _issued("ob1_signed"),
    "Open Badges 2, JWS": lambda: _issued("ob2_signed"),
    **{f"VC-JWT {name}": (lambda name=name: _token(name)) for name in ALGORITHMS},
}


@pytest.mark.parametrize("suite", EMBEDDED)
@settings(max_examples=80)
@given(data=st.data())
def test_no_member_of_a_signed_document_can_be_altered(suite: str, data: st.DataObject) -> None:
    whole, altered = _altered(suite)
    assert verdict(json.dumps(whole)) is Verdict.verified
    one = altered[data.draw(st.integers(0, len(altered) - 1))]
    assert verdict(json.dumps(one)) is not Verdict.verified


@pytest.mark.parametrize("kind", COMPACT)
@settings(max_examples=80)
@given(data=st.data())
def test_no_bit_of_a_signed_text_can_be_flipped(kind: str, data: st.DataObject) -> None:
    text, held = _made(kind)
    assert verdict(text, held) is Verdict.verified
    place = data.draw(st.integers(0, len(text) * 8 - 1))
    assert verdict(flipped(text, place), held) is not Verdict.verified


def flipped(text: str, place: int) -> bytes:
    """The same with one bit the other way round."""
    data = bytearray(text.encode())
    data[place // 8] ^= 1 << place % 8
    return bytes(data)


def verdict(data: str | bytes, held: Documents | None = None) -> Verdict:
    """What the verifier says of these bytes; what cannot be read is no badge."""
    try:
        found = read(data.encode() if isinstance(data, str) else data)
    except Unreadable:
        return Verdict.not_a_badge
    return verify(found, held or Documents(), None, AT).verdict


@cache
def _altered(suite: str) -> tuple[Any, list[Any]]:
    whole = EMBEDDED[suite]()
    return whole, [one for one in mutations(whole) if one != whole]


@cache
def _made(kind: str) -> tuple[str, Documents]:
    return COMPACT[kind]()


def _issued(generation: str) -> tuple[str, Documents]:
    badge = getattr(issuer(), generation)(award(), carrier="bare")
    return badge.text, documents(badge)


def _token(algorithm: str) -> tuple[str, Documents]:
    return token(algorithm), Documents(did_document(ALGORITHMS[algorithm]))

"""What another implementation, openbadgeslib, signs and bakes is read and verified here."""

import json
from typing import Any

import pytest
from openbadgeslib.ob2.models import Assertion
from openbadgeslib.ob2.signer import OB2Signer
from openbadgeslib.ob3.credential import OpenBadgeCredential
from openbadgeslib.ob3.ldp import OB3LdpSigner
from openbadgeslib.ob3.signer import OB3Signer

from backpack.demo.shapes import Issued
from backpack.verifier import Report, Verdict, read, verify
from backpack.verifier.compact import payload
from tests.issuing import AT, MARIA, award, documents, issuer
from tests.verifier.carriers.test_png import LITTLE
from tests.verifier.carriers.test_svg import drawing

KEYS = issuer().identity.keys
PICTURES = {"png": LITTLE, "svg": drawing()}


def peer(badge: Issued) -> tuple[Any, Any]:
    """The signer of the other implementation with the same key, and the badge as it would write it."""
    if badge.text.startswith("{"):
        return OB3LdpSigner(KEYS["ed25519"].private), OpenBadgeCredential.from_vc_document(
            json.loads(badge.text)
        )
    said = payload(badge.text)
    if "badge" in said:
        return OB2Signer(KEYS["rsa"].private), Assertion.from_dict(said)
    return OB3Signer(KEYS["p256"].private, "ES256"), OpenBadgeCredential.from_jwt_payload(said)


def judged(badge: Issued, data: bytes, recipient: str = MARIA) -> Report:
    return verify(read(data), documents(badge), (recipient,), AT)


BADGES = {
    "2.0": lambda: issuer().ob2_signed(award(), carrier="bare"),
    "3.0": lambda: issuer().ob3(award(), carrier="bare"),
    "3.0 as a JWT": lambda: issuer().ob3_jwt(award(), "ES256", carrier="bare"),
}


@pytest.mark.parametrize("carrier", PICTURES)
@pytest.mark.parametrize("made", BADGES)
def test_a_badge_that_it_signs_and_bakes_is_verified(made, carrier):
    badge = BADGES[made]()
    signer, statement = peer(badge)
    baked = getattr(signer, f"sign_into_{carrier}")(statement, PICTURES[carrier])
    found = judged(badge, baked)
    assert (found.verdict, found.credential.carrier) == (Verdict.verified, carrier), found.checks
    assert judged(badge, baked, "other@backpack.example").verdict is Verdict.wrong_recipient

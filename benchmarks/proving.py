"""Other signatures: a VC-JWT against joserfc's decoding of it, an old badge against one Ed25519 verification."""

from collections.abc import Iterator
from functools import partial

from joserfc import jwt
from joserfc.jwk import OKPKey

from tests.issuing import award, issuer

from .timing import Ratio, compare
from .verifying import BADGES, SIZES, bare_verifications, verify_all


def measure() -> Iterator[Ratio]:
    """Badges with all their documents in hand, each read, verified and reported on."""
    for size, facts in SIZES.items():
        tokens = [
            issuer().ob3_jwt(award(number=n, **facts), "EdDSA", speaks="did:key", carrier="bare")
            for n in range(BADGES)
        ]
        yield compare(
            f"verify a {size} VC-JWT ({len(tokens[0].text) / 1000:.1f} kB)",
            partial(verify_all, tokens),
            partial(_decode_all, [token.text for token in tokens]),
            "joserfc's decode",
            times=BADGES,
        )
    for name, badges in (
        ("hosted", [issuer().ob2_hosted(award(number=n), carrier="bare") for n in range(BADGES)]),
        ("signed", [issuer().ob2_signed(award(number=n), carrier="bare") for n in range(BADGES)]),
    ):
        yield compare(
            f"verify a {name} Open Badge 2.0",
            partial(verify_all, badges),
            bare_verifications(BADGES),
            "bare Ed25519 verify",
            times=BADGES,
        )


def _decode_all(tokens: list[str]) -> None:
    key = OKPKey.import_key(dict(issuer().identity.keys["ed25519"].jwk))
    for token in tokens:
        jwt.decode(token, key, algorithms=["EdDSA"])

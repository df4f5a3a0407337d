"""Verification of Open Badges 3.0 (eddsa-rdfc-2022) against the one Ed25519 verification inside it."""

from collections.abc import Iterator, Mapping
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backpack.demo.shapes import Issued
from backpack.verifier.case import Case
from backpack.verifier.credential import Alignment, Evidence, Result
from backpack.verifier.reading import read
from backpack.verifier.verifying import verify_so_far
from tests.issuing import AT, award, documents, issuer

from .timing import Ratio, Work, compare

BADGES = 40
RICH: Mapping[str, object] = {
    "tags": ("research", "open data", "publishing", "licences"),
    "alignments": tuple(
        Alignment(f"Skill {n}", f"https://skills.example/{n}", "What one can do with it.", "Skills", f"S{n}")
        for n in range(4)
    ),
    "evidence": tuple(
        Evidence(f"https://work.example/{n}", f"Work {n}", "What was made.", "The final piece.")
        for n in range(3)
    ),
    "results": (Result("Final grade", "18", kind="RawScore"), Result("Credits", "6", kind="RawScore")),
}


SMALL: Mapping[str, object] = {
    "recipient": "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
    "naming": "did",
    "picture": "none",
}
# About 20, 30 and 90 statements.
SIZES: Mapping[str, Mapping[str, object]] = {"small": SMALL, "usual": {}, "rich": RICH}


def measure() -> Iterator[Ratio]:
    """A small badge, a usual one and a rich one, each read, verified and reported on, with all documents in hand.

    The badges with a status list name the same one, as an issuer's badges do.
    """
    for size in SIZES:
        some = badges(size)
        yield compare(
            f"verify a {size} badge ({len(some[0].text) / 1000:.1f} kB)",
            partial(verify_all, some),
            bare_verifications(BADGES),
            "bare Ed25519 verify",
            times=BADGES,
        )
    whole = [_badge(number, RICH | {"standing": "good"}, listed_as=1) for number in range(BADGES)]
    yield compare(
        "verify a rich badge with its status list",
        partial(verify_all, whole),
        partial(_prove_all, whole),
        "its proof alone",
        times=BADGES,
    )


def badges(size: str) -> list[Issued]:
    """Forty different badges of a size."""
    return [_badge(number, SIZES[size]) for number in range(BADGES)]


def _prove_all(some: list[Issued]) -> None:
    for badge in some:
        credential, known = read(badge.data), documents(badge)
        if not Case(credential, known, None, AT).signatures[0].outcome == "passed":
            raise RuntimeError("The benchmark's badge is not signed.")


def _badge(number: int, facts: Mapping[str, object], listed_as: int | None = None) -> Issued:
    name, listed = f"Open Science, part {number}", number if listed_as is None else listed_as
    return issuer().ob3(award(name=name, number=listed, **facts), carrier="bare")


def verify_all(some: list[Issued]) -> None:
    """The whole of it for each."""
    for badge in some:
        _verify(badge)


def _verify(badge: Issued) -> None:
    credential, known = read(badge.data), documents(badge)
    report, wants = verify_so_far(credential, known, (badge.recipient,), AT)
    if wants:
        raise RuntimeError("The benchmark's badge wants a document that its issuer does not have.")
    if not report.valid:
        raise RuntimeError(f"The benchmark's badge is {report.verdict}: {report.checks}")


def bare_verifications(count: int) -> Work:
    """So many Ed25519 verifications of 64 bytes each, and nothing else."""
    key = Ed25519PrivateKey.generate()
    signed = [(key.sign(message), message) for message in (bytes([number]) * 64 for number in range(count))]
    public = key.public_key()
    return lambda: [public.verify(signature, message) for signature, message in signed]

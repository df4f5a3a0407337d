"""How a credential can be signed: one module a suite, one line each here."""

from typing import Any, Protocol

from ..case import Case, Signature
from ..credential import Json


class Proof(Protocol):
    """A proof suite. ``on(case)`` says how many such proofs are on the credential is up to the module."""

    def recognises(self, case: Case) -> bool:
        """Whether a proof of this suite is on the credential."""

    def needs(self, case: Case) -> set[str]:
        """URLs still wanted before every such proof can be tried; never a URL already in hand."""

    def holds(self, case: Case) -> tuple[Signature, ...]:
        """Try every such proof with the documents in hand."""


from . import (  # noqa: E402
    ecdsa_jcs_2019,
    ecdsa_p256_2019,
    ecdsa_rdfc_2019,
    ecdsa_sd_2023,
    ed25519_2018,
    ed25519_2020,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
    hosted,
    json_web_signature_2020,
    jws,
    unknown,
    vc_jwt,
    vp_jwt,
)
from ._data_integrity import Suite  # noqa: E402

PROOFS: dict[str, Proof] = {
    "hosted": hosted,
    "eddsa-rdfc-2022": eddsa_rdfc_2022,
    "eddsa-jcs-2022": eddsa_jcs_2022,
    "ecdsa-rdfc-2019": ecdsa_rdfc_2019,
    "ecdsa-jcs-2019": ecdsa_jcs_2019,
    "Ed25519Signature2020": ed25519_2020,
    "Ed25519Signature2018": ed25519_2018,
    "EcdsaSecp256r1Signature2019": ecdsa_p256_2019,
    "JsonWebSignature2020": json_web_signature_2020,
    "ecdsa-sd-2023": ecdsa_sd_2023,
    "vc-jwt": vc_jwt,
    "vp-jwt": vp_jwt,
    "jws": jws,
    "unknown": unknown,
}


_SUITES: dict[tuple[str, Any], Suite] = {
    (suite.type, name): suite
    for suite in (getattr(proof, "SUITE", None) for proof in PROOFS.values())
    if isinstance(suite, Suite)
    for name in suite.cryptosuites or (None,)
}


def suite_of(proof: Json) -> Suite | None:
    """The suite that an embedded proof is made by, as it says itself; None when we know none of that name."""
    if not isinstance(proof, dict):
        return None
    kind, name = proof.get("type"), proof.get("cryptosuite")
    if not isinstance(kind, str) or not (isinstance(name, str) or "cryptosuite" not in proof):
        return None
    return _SUITES.get((kind, name))


def signatures(case: Case) -> tuple[Signature, ...]:
    """Every proof on the credential, tried, in the registry's order."""
    return tuple(s for proof in recognised(case) for s in proof.holds(case))


def recognised(case: Case) -> tuple[Proof, ...]:
    """The suites that there are proofs of on the credential; told once, to see what is wanted and to judge."""
    kept = case.documents.kept.get(("suites", id(case.credential)))
    if kept is not None and kept[0] is case.credential:
        return kept[1]  # type: ignore[no-any-return]
    found = tuple([proof for proof in PROOFS.values() if proof.recognises(case)])
    case.documents.kept["suites", id(case.credential)] = case.credential, found
    return found

"""Ed25519Signature2018: a detached JWS over the statements of the badge, as the first OB 3.0 pilots signed."""

from ...errors import Unreadable
from .. import strict_json
from ..algorithms import verifies
from ..encodings import Misspelt, base64url
from ._data_integrity import Attempt, Suite, by_statements, in_usual_contexts
from ._outcomes import UNREADABLE, Broken

_HEADER = {"alg": "EdDSA", "b64": False, "crit": ["b64"]}  # RFC 7797: what is signed is not in base64


def _holds(attempt: Attempt) -> bool:
    header, signed = _detached(attempt.proof.get("jws"))
    return in_usual_contexts(
        attempt,
        lambda contexts: verifies(
            "EdDSA", attempt.key, signed, header + b"." + by_statements(attempt, contexts)
        ),
    )


def _detached(jws: object) -> tuple[bytes, bytes]:
    header, dot, signed = jws.partition("..") if isinstance(jws, str) and len(jws) < 1024 else ("", "", "")
    try:
        if dot and strict_json.loads(base64url(header)) == _HEADER and len(base64url(signed)) == 64:
            return header.encode(), base64url(signed)
    except (Misspelt, Unreadable):
        pass
    raise Broken(UNREADABLE)


SUITE = Suite(
    name="Ed25519Signature2018",
    spec="https://w3c-ccg.github.io/lds-ed25519-2018/",
    type="Ed25519Signature2018",
    keys=frozenset({"Ed25519"}),
    try_it=_holds,
)
recognises, needs, holds = SUITE.recognises, SUITE.needs, SUITE.holds

"""The detached JWS (RFC 7797) in which proofs before 2020 hold their signature: a header, nothing, a signature."""

from collections.abc import Mapping

from ...errors import Unreadable
from .. import strict_json
from ..algorithms import verifies
from ..credential import Json
from ..encodings import Misspelt, base64url
from ._outcomes import UNREADABLE, Broken
from ._signed import Attempt, by_statements, in_usual_contexts


def holds_detached(attempt: Attempt, algorithms: Mapping[str, str]) -> bool:
    """Whether the proof's ``jws`` is by the key; ``algorithms`` is kind of key → the one algorithm it may name."""
    algorithm = algorithms[attempt.key.kind]
    header, signed = _parts(attempt.proof.get("jws"), algorithm)

    def holds(contexts: Json) -> bool:
        return verifies(algorithm, attempt.key, signed, header + b"." + by_statements(attempt, contexts))

    return in_usual_contexts(attempt, holds)


def _parts(jws: Json, algorithm: str) -> tuple[bytes, bytes]:
    header, dot, signed = jws.partition("..") if isinstance(jws, str) and len(jws) < 2048 else ("", "", "")
    expected = {"alg": algorithm, "b64": False, "crit": ["b64"]}  # what is signed is not in base64
    try:
        if dot and strict_json.loads(base64url(header)) == expected:
            return header.encode(), base64url(signed)
    except (Misspelt, Unreadable) as error:
        raise Broken(UNREADABLE) from error
    raise Broken(UNREADABLE)

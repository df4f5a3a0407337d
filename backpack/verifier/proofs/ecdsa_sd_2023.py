"""ecdsa-sd-2023: a P-256 signature from which the holder could leave parts out (vc-di-ecdsa §3.5, derived proofs).

The issuer signed each statement by itself with a key made for this badge, and vouched for that key and
for the statements that may not be left out. What is verified is what is shown; what was left out is
nobody's to see.
"""

from typing import Any, NamedTuple

from ..algorithms import verifies
from ..budget import SIGNATURES, Budget
from ..canonical import Said
from ..case import LEFT_OUT
from ..encodings import Misspelt, multibase, to_base64url
from ..keys import BadKey, Key, of_raw_multikey
from ._data_integrity import Suite
from ._outcomes import UNREADABLE, Broken
from ._signed import Attempt, canonical, digest_of, options_of
from ._writings import left_open, other_writings

_DERIVED, _BASE = b"\xd9\x5d\x01", b"\xd9\x5d\x00"


class _Value(NamedTuple):
    """A derived proof's value: the issuer's signature, the key of this badge, and what it signed."""

    base: bytes
    key: bytes
    signatures: list[bytes]
    names: dict[int, bytes]
    mandatory: frozenset[int]


def _holds(attempt: Attempt) -> bool:
    value = _opened(attempt.proof.get("proofValue"))
    key = _key(value.key)
    attempt.notes.append(LEFT_OUT)
    if _holds_over(attempt.said, attempt, value, key):
        return True
    others = (one for one in other_writings(attempt.said) if _holds_over(one, attempt, value, key))
    if (writing := next(others, None)) is None:
        return False
    attempt.notes += left_open(attempt.said, writing)
    return True


def _holds_over(what: Said, attempt: Attempt, value: _Value, key: Key) -> bool:
    said = _lines(what, attempt.budget, value.names)
    if any(index >= len(said) for index in value.mandatory):
        raise Broken(UNREADABLE)
    mandatory = [line for index, line in enumerate(said) if index in value.mandatory]
    rest = [line for index, line in enumerate(said) if index not in value.mandatory]
    if len(rest) != len(value.signatures):
        return False
    attempt.budget.spend(len(rest) * SIGNATURES["P-256"])
    options = {"@context": attempt.document.get("@context"), **options_of(attempt.proof)}
    signed = digest_of(canonical(attempt, options)) + value.key + digest_of("".join(mandatory).encode())
    return verifies("ES256", attempt.key, value.base, signed) and all(
        verifies("ES256", key, signature, line.encode())
        for signature, line in zip(value.signatures, rest, strict=True)
    )


def _lines(said: Said, budget: Budget, names: dict[int, bytes]) -> list[str]:
    """The document's statements, its blank nodes under the names that the issuer gave them."""
    canonical_names = said.names(budget)
    given = {f"_:c14n{number}": f"_:u{to_base64url(name)}" for number, name in names.items()}
    if not given.keys() >= set(canonical_names.values()):
        raise Broken(UNREADABLE)
    return said.lines({node: given[name] for node, name in canonical_names.items()})


def _opened(text: object) -> _Value:
    import cbor2

    try:
        data = multibase(text) if isinstance(text, str) and text[:1] == "u" else b""
        if data[:3] == _BASE:
            raise Broken(
                "This is the signature that an issuer gives to the holder, not one that is shown to others."
            )
        parts: Any = cbor2.loads(data[3:]) if data[:3] == _DERIVED else None
        if _is_well_made(parts) and cbor2.dumps(parts) == data[3:]:
            base, key, signatures, names, mandatory = parts
            return _Value(base, key, signatures, names, frozenset(mandatory))
    except (Misspelt, cbor2.CBORError, ValueError, TypeError, OverflowError) as error:
        raise Broken(UNREADABLE) from error
    raise Broken(UNREADABLE)


def _is_well_made(parts: Any) -> bool:
    if not isinstance(parts, list) or len(parts) != 5:
        return False
    base, key, signatures, names, mandatory = parts
    return (
        _is_bytes(base, 64)
        and _is_bytes(key, 35)
        and isinstance(signatures, list)
        and all(_is_bytes(one, 64) for one in signatures)
        and isinstance(names, dict)
        and all(_is_index(number) and _is_bytes(name, 32) for number, name in names.items())
        and len(set(names.values())) == len(names)
        and isinstance(mandatory, list)
        and all(map(_is_index, mandatory))
        and len(set(mandatory)) == len(mandatory)
    )


def _is_bytes(value: Any, size: int) -> bool:
    return isinstance(value, bytes) and len(value) == size


def _is_index(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _key(data: bytes) -> Key:
    try:
        return of_raw_multikey(data)
    except BadKey as error:
        raise Broken(UNREADABLE) from error


SUITE = Suite(
    name="ecdsa-sd-2023",
    spec="https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023",
    cryptosuites=frozenset({"ecdsa-sd-2023"}),
    keys=frozenset({"P-256"}),
    try_it=_holds,
    is_selective=True,
)
recognises, needs, holds = SUITE.recognises, SUITE.needs, SUITE.holds

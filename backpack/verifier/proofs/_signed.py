"""What an embedded proof is made over: the hash of its own options, then that of the document (§3.6, step 6)."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from ..budget import SIGNATURES, Budget, Meter
from ..canonical import Said, Unsound, nquads, said
from ..contexts import Vocabularies
from ..credential import Json, JsonObject
from ..documents import Documents
from ..encodings import Misspelt, multibase
from ..fields import many
from ..jcs import jcs
from ..keys import Key
from ..once import once
from ..times import date_time_stamp
from ._outcomes import UNREADABLE, Broken
from ._writings import left_open, other_writings

ECDSA = {"P-256": ("ES256", 64), "P-384": ("ES384", 96)}
BYTES_A_STEP = 16
STEPS_A_STATEMENT = 2  # that is written in another way
_HASHES = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}
LONGEST_USUAL = 1024
PLENTY = 1_000_000  # what it came to is charged to whoever asks
_USUAL = frozenset({"type", "cryptosuite", "proofPurpose", "verificationMethod"})
_SOME_TIME = "2000-01-01T00:00:00Z"
# Some issuers' software hashes the proof's options in a context of its own instead of the document's.
USUAL_CONTEXTS = (
    "https://w3id.org/security/data-integrity/v1",
    "https://www.w3.org/ns/credentials/v2",
    "https://w3id.org/security/suites/ed25519-2020/v1",
    "https://w3id.org/security/suites/ed25519-2018/v1",
    "https://w3id.org/security/v2",
)


@dataclass
class Attempt:
    """One proof about to be tried: the document that it signs, what that says, and the key that the proof names."""

    document: JsonObject
    say: Callable[[], Said]
    spell: Callable[[], bytes]
    proof: JsonObject
    key: Key
    vocabularies: Vocabularies
    budget: Budget
    digest: str = "sha256"
    notes: list[str] = field(default_factory=list)

    @once
    def said(self) -> Said:
        """The statements of the document."""
        return self.say()

    @once
    def statements(self) -> bytes:
        """The same, canonical."""
        return self.said.canonical(self.budget, self.digest)


def hashes(options: bytes, document: bytes, digest: str) -> bytes:
    """What is signed: the hash of the proof's options, then that of the document."""
    return digest_of(options, digest) + digest_of(document, digest)


def digest_of(data: bytes, digest: str = "sha256") -> bytes:
    """A hash as bytes."""
    return _HASHES[digest](data).digest()


def by_statements(attempt: Attempt, contexts: Json = None) -> bytes:
    """What is signed, where the statements are: options in the document's contexts, or in others (RDFC-1.0)."""
    document = attempt.statements  # first: what is wrong with the document itself is to be told
    options = {"@context": contexts or attempt.document.get("@context"), **options_of(attempt.proof)}
    return hashes(canonical(attempt, options), document, attempt.digest)


def in_usual_contexts(attempt: Attempt, holds: Callable[[Json], bool]) -> bool:
    """Whether the proof holds by the standard, or with its options in one of the contexts that some issuers use.

    The badge's own contexts, or those that the proof brings along, must define every option either way; another
    context that does not is passed over.
    """
    trouble = None
    try:
        if holds(None):
            return True
    except Unsound as error:
        trouble = error
    brought = _brought(attempt)
    usual = [(url, url) for url in USUAL_CONTEXTS] if trouble is None else []
    for context, words in (*brought, *usual):
        attempt.budget.spend(SIGNATURES[attempt.key.kind])
        try:
            if holds(context):
                attempt.notes.append(f"Its signature was made in the words of {words}, against the standard.")
                return True
        except Unsound:
            continue
    ways = [*([] if trouble else [None]), *(context for context, _ in brought)]
    for writing in other_writings(attempt.said) if ways else ():
        attempt.budget.spend(STEPS_A_STATEMENT * len(attempt.said.quads))
        attempt.statements = writing.canonical(attempt.budget, attempt.digest)
        for context in ways:
            attempt.budget.spend(SIGNATURES[attempt.key.kind])
            with suppress(Unsound):
                if holds(context):
                    attempt.notes += left_open(attempt.said, writing)
                    return True
    if trouble is not None:
        raise trouble
    return False


def _brought(attempt: Attempt) -> list[tuple[Json, str]]:
    """The badge's contexts with those in the proof itself, in which some software hashes its options, and their names.

    Published ones alone: what else a proof may name is looked up by nobody.
    """
    own = list(many(attempt.proof.get("@context")))
    if not attempt.vocabularies.are_all_shipped(own):
        return []
    return [([*many(attempt.document.get("@context")), *own], ", ".join(own))]


def signature(attempt: Attempt, size: int) -> bytes:
    """The bytes of the proof's value: base58 after a “z”, of exactly this size."""
    value = attempt.proof.get("proofValue")
    try:
        found = multibase(value) if isinstance(value, str) and value[:1] == "z" else b""
    except Misspelt:
        found = b""
    if len(found) != size:
        raise Broken(UNREADABLE)
    return found


def canonical(attempt: Attempt, options: JsonObject) -> bytes:
    """The canonical statements of the proof's options; of those that all have, only the time is new."""
    usual = _usual(attempt, options)
    written = _around_time(*usual) if usual is not None else None
    if written is None:
        return nquads(options, attempt.vocabularies, attempt.budget, attempt.digest)
    before, after, meter = written
    meter.charge(attempt.budget)
    return before + str(options["created"]).encode() + after


def _usual(
    attempt: Attempt, options: JsonObject
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]] | None:
    """The contexts and the other options, where there is nothing unusual in them; else None."""
    contexts = options.get("@context")
    said = {name: value for name, value in options.items() if name not in ("@context", "created")}
    is_usual = (
        said.keys() <= _USUAL
        and all(isinstance(one, str) and len(one) <= LONGEST_USUAL for one in said.values())
        and date_time_stamp(options.get("created")) is not None
        and isinstance(contexts, list)
        and attempt.vocabularies.are_all_shipped(contexts)
    )
    return (tuple(contexts or ()), tuple(said.items())) if is_usual else None


@lru_cache(maxsize=256)
def _around_time(
    contexts: tuple[str, ...], options: tuple[tuple[str, str], ...]
) -> tuple[bytes, bytes, Meter] | None:
    """What stands before and after the time in the options of one key's proofs, and what that costs.

    None where the time matters for more: where it stands twice, or beside a second thing without a name.
    """
    whole = {"@context": list(contexts), "created": _SOME_TIME, **dict(options)}
    meter = Meter(Budget(PLENTY))
    found = said(whole, Documents(), meter)
    before, time, after = found.canonical(meter).partition(_SOME_TIME.encode())
    meter.detach()
    if len(found.names(meter)) > 1 or not time or _SOME_TIME.encode() in after:
        return None
    return before, after, meter


def in_usual_text(attempt: Attempt, holds: Callable[[bytes], bool]) -> bool:
    """Whether the proof holds by the standard, or as drafts had it: its options in contexts that it does not name."""
    if holds(by_text(attempt)):
        return True
    contexts = attempt.document.get("@context")
    if "@context" in attempt.proof or contexts is None:
        return False
    attempt.budget.spend(SIGNATURES[attempt.key.kind])
    if not holds(by_text(attempt, contexts)):
        return False
    attempt.notes.append(
        "Its signature does not name the vocabularies that it was made in, against the standard."
    )
    return True


def by_text(attempt: Attempt, contexts: Json = None) -> bytes:
    """What is signed, where the JSON itself is (JCS); contexts in the proof must begin those of the document."""
    document, proof, spell = attempt.document, attempt.proof, attempt.spell
    if "@context" in proof:
        begin, whole = many(proof["@context"]), many(document.get("@context"))
        if whole[: len(begin)] != begin:
            raise Broken("The signature was made in other vocabularies than the badge names.")
        spell = spelled({**document, "@context": proof["@context"]}, attempt.budget)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    if contexts is not None:
        options["@context"] = contexts
    return hashes(jcs(options), spell(), attempt.digest)


def spelled(document: JsonObject, budget: Budget) -> Callable[[], bytes]:
    """How a document that only one proof signs is spelled (JCS), when that is asked for."""

    def spell() -> bytes:
        text = jcs(document)
        budget.spend(len(text) // BYTES_A_STEP)
        return text

    return spell


def options_of(proof: JsonObject) -> dict[str, Json]:
    """Everything a proof says about itself, but its value and contexts."""
    # A “jws” beside another value is none: nothing would sign it.
    own = "proofValue" if "proofValue" in proof else "jws"
    return {name: value for name, value in proof.items() if name not in (own, "@context")}

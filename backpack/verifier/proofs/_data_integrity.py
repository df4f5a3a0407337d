"""What all Data Integrity suites share: an embedded ``proof``, its key, and what it was made over (§3.6).

A suite is a ``Suite`` with its names and one function that says whether a proof holds; everything
before that (is the proof well made, whose is the key) and after it (does the issuer vouch) is here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from ...errors import TooComplex
from ..addresses import is_uri
from ..binding import Binding, bind
from ..budget import SIGNATURES
from ..canonical import Said, Unsound, Unsupported, said
from ..case import Case, Signature
from ..contexts import Vocabularies
from ..credential import Json, JsonObject
from ..fields import identifier, many, objects
from ..keys import Key
from ..methods import USES, Foreign, Method, NoSuchKey, document_address, is_protected, resolve
from ..report import Outcome
from ..shelf import Unavailable
from ..times import CLOCK_DIFFERENCE, date_time_stamp
from ._outcomes import UNREADABLE, Broken, Changed, OtherChallenge, OtherDomain, held, not_held, of_key
from ._signed import Attempt, spelled

_NEWER = "DataIntegrityProof"


@dataclass(frozen=True, eq=False)
class Suite:
    """A way of embedding a proof. ``cryptosuites`` is empty for the older ones, which are told by ``type`` alone.

    ``try_it`` answers for a well-made proof whose key is known; it may raise Broken, Unsound,
    Unavailable or TooComplex. ``by_statements``: the contexts' meaning is signed (RDFC), not the text (JCS).
    ``long_hash``: the kinds of key with which SHA-384 is signed, not SHA-256. ``is_selective``: its holder may
    show a part of what was signed.
    """

    name: str
    spec: str
    keys: frozenset[str]
    try_it: Callable[[Attempt], bool]
    type: str = _NEWER
    cryptosuites: frozenset[str] = frozenset()
    by_statements: bool = True
    long_hash: frozenset[str] = frozenset()
    is_selective: bool = False

    def recognises(self, case: Case) -> bool:
        """Whether a proof of this suite is on the credential."""
        return self in case.suites

    def needs(self, case: Case) -> set[str]:
        """The contexts it names, the document of the key, and that of the issuer."""
        return set().union(*(self._needs(case, proof) for proof in self._on(case)))

    def holds(self, case: Case) -> tuple[Signature, ...]:
        """Every proof of this suite, tried."""
        return tuple(self._signature(case, proof) for proof in self._on(case))

    def _on(self, case: Case) -> list[JsonObject]:
        return [proof for proof, suite in zip(case.proofs, case.suites, strict=True) if suite is self]

    def _needs(self, case: Case, proof: JsonObject) -> set[str]:
        wants = _wanted_contexts(case) if self.by_statements else set()
        try:
            method = _method(proof, case)
        except Unavailable as error:
            wants |= {error.url} if error.problem is None else set()
            return wants | _issuer_document(case)
        except (NoSuchKey, Foreign):
            return wants
        return wants | _bound(method, case).wants

    def _signature(self, case: Case, proof: JsonObject) -> Signature:
        detail = {
            "Method": self.name,
            "Key": str(identifier(proof.get("verificationMethod")))[:300],
            "Spec": self.spec,
        }
        try:
            method = _method(proof, case)
            detail |= of_key(method)
            notes = self.prove(case, proof, method.key) + _early(proof, case)
        except (Foreign, Unavailable, Unsupported) as error:
            return not_held(self.name, Outcome.unknown, error, detail)
        except (Broken, NoSuchKey, Unsound, TooComplex) as error:
            return not_held(self.name, Outcome.failed, error, detail)
        return held(self.name, method.id, _bound(method, case), detail | _made(proof), notes)

    def prove(self, case: Case, proof: JsonObject, key: Key, seen: tuple[Json, ...] = ()) -> list[str]:
        """Try one proof, and before it those it is chained to; gives notes, raises Broken and the like."""
        _expect_well_made(proof, case)
        if key.kind not in self.keys:
            raise Broken("The key is not of the kind that this signature is made with.")
        before = _chained(case, proof, seen)
        for chain in _written(before, proof, as_text=not self.by_statements):
            case.budget.spend(SIGNATURES[key.kind])
            attempt = self._attempt(case, proof, key, chain)
            if self.try_it(attempt):
                own = _of_own(attempt.document, attempt.said) if self.by_statements else []
                return attempt.notes + own
        raise Changed

    def _attempt(self, case: Case, proof: JsonObject, key: Key, chain: dict[str, Json]) -> Attempt:
        """The proof over the document and, in ``chain``, the proofs before it that it signs along."""
        document = {**case.unsigned, **chain} if chain else case.unsigned
        return Attempt(
            document,
            partial(said, document, case.documents, case.budget) if chain else lambda: case.said,
            spelled(document, case.budget) if chain else lambda: case.spelled,
            proof,
            key,
            Vocabularies(case.documents),
            case.budget,
            "sha384" if key.kind in self.long_hash else "sha256",
        )


def _method(proof: JsonObject, case: Case) -> Method:
    return resolve(proof.get("verificationMethod"), case.documents, case.at, case.demand.purpose)


def _bound(method: Method, case: Case) -> Binding:
    return bind(method, case.credential.issuer.id, case.documents, case.at, purpose=case.demand.purpose)


def _expect_well_made(proof: JsonObject, case: Case) -> None:
    demand = case.demand
    if proof.get("proofPurpose") != demand.purpose:
        raise Broken(f"The signature was made for another purpose than {USES[demand.purpose]}.")
    if demand.domains and not _are_the_same(many(proof.get("domain")), demand.domains):
        raise OtherDomain("The signature was made for another site than the one that asks.")
    if demand.challenge is not None and proof.get("challenge") != demand.challenge:
        raise OtherChallenge("The signature does not answer the challenge of the one that asks.")
    if proof["type"] == _NEWER and not _is_well_written(proof):
        raise Broken(UNREADABLE)
    for member in ("created", "expires"):
        if member in proof and date_time_stamp(proof[member]) is None:
            raise Broken(f"The signature says when it was made in a way that is no date ({member}).")
    ends = date_time_stamp(proof.get("expires"))
    if ends is not None and ends <= case.at:
        raise Broken("The signature itself was only good for a time, which has passed.")


def _are_the_same(given: tuple[Json, ...], wanted: tuple[str, ...]) -> bool:
    return all(isinstance(one, str) for one in given) and set(given) == set(wanted)


def _is_well_written(proof: JsonObject) -> bool:
    """Whether its options are of the kinds that they must be (Data Integrity §2.1); null is as good as nothing."""
    texts = [proof.get(name) for name in ("verificationMethod", "challenge", "nonce")]
    return (
        all(one is None or isinstance(one, str) for one in texts)
        and all(isinstance(one, str) for one in many(proof.get("domain")))
        and (proof.get("id") is None or is_uri(proof["id"]))
    )


def _chained(case: Case, proof: JsonObject, seen: tuple[Json, ...]) -> list[JsonObject]:
    """The proofs that this one also signs (``previousProof``): each must be there, and hold."""
    names = many(proof.get("previousProof"))
    if not names:
        return []
    chain = (*seen, proof)
    before = [p for p in objects(case.proofs) if p.get("id") in names]
    if len(before) != len(set(map(str, names))) or any(p in chain for p in before):
        raise Broken("The signature refers to another one that is not there.")
    for one in before:
        if id(one) not in case.proved:
            _prove_before(case, one, chain)
            case.proved.add(id(one))
    return before


def _written(before: list[JsonObject], proof: JsonObject, *, as_text: bool) -> Iterator[dict[str, Json]]:
    """How those before it stand in the document that it signs: as a list (Data Integrity §4.5).

    What signs the text itself may have them in the order in which it names them, which the standard leaves
    open, or a single one without a list, as other proofs stand there.
    """
    yield {"proof": before} if before else {}
    if not as_text:
        return
    if len(before) == 1:
        yield {"proof": before[0]}
    named = many(proof.get("previousProof"))
    in_order = sorted(before, key=lambda one: named.index(one["id"]))
    if in_order != before:
        yield {"proof": in_order}


def _prove_before(case: Case, proof: JsonObject, chain: tuple[Json, ...]) -> None:
    from . import suite_of  # the registry holds the suites that ask it

    suite = suite_of(proof)
    if suite is None:
        raise Broken("The signature refers to another one of a kind that we do not know.")
    suite.prove(case, proof, _method(proof, case).key, chain)


def _wanted_contexts(case: Case) -> set[str]:
    """The contexts still to be fetched; also a later edition of one that ships, when a word is missing in that."""
    try:
        _ = case.said
    except Unavailable:
        return Vocabularies(case.documents).missing(case.unsigned)
    except Unsound:
        named = [url for url in many(case.unsigned.get("@context")) if isinstance(url, str)]
        return Vocabularies(case.documents).later(named)
    except TooComplex:
        pass
    return set()


def _issuer_document(case: Case) -> set[str]:
    issuer = case.credential.issuer.id
    try:
        address = document_address(issuer) if issuer else None
    except NoSuchKey:
        return set()
    return {address} if address and is_protected(address) and address not in case.documents else set()


def _made(proof: JsonObject) -> dict[str, str]:
    return {"Signed at": proof["created"]} if isinstance(proof.get("created"), str) else {}


def _early(proof: JsonObject, case: Case) -> list[str]:
    made = date_time_stamp(proof.get("created"))
    is_early = made is not None and made > case.at + CLOCK_DIFFERENCE
    return ["It says of its signature that it was made in the future."] if is_early else []


def _of_own(document: JsonObject, what: Said) -> list[str]:
    """One sentence for each vocabulary that no standard publishes; where statements are signed, anybody can add one."""
    inline = any(isinstance(one, dict) for one in many(document.get("@context")))
    brought = ["It brings words of its own along."] if inline else []
    used = [
        f"It names a vocabulary that no standard publishes: {url} (SHA-256 {sha})."
        for url, sha in what.own.items()
    ]
    return brought + used

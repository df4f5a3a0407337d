"""What every check is asked about: a credential, the documents in hand, whom it should be for, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .budget import Budget
from .canonical import Said, said_once, said_when_asked
from .compact import Token
from .credential import LEGACY, Credential, Json, JsonObject
from .documents import Documents
from .fields import many
from .frozen import frozen
from .identities import how
from .jcs import jcs
from .once import once
from .report import Outcome
from .times import earlier, later

if TYPE_CHECKING:
    from .proofs._data_integrity import Suite

MAX_PROOFS = 20


@frozen
class Signature:
    """What one proof came to.

    ``outcome``: passed = the signature (or the hosted copy) holds over exactly what is shown; failed =
    it does not; unknown = a document it needs is missing; skipped = a suite we do not know.
    ``bound``: whether the key or host provably belongs to ``credential.issuer.id`` (open-badges.md
    §3.9); failed when it provably does not, unknown when nothing in hand shows it.
    """

    suite: str
    outcome: Outcome
    because: str
    bound: Outcome
    bound_because: str
    method: str | None = None
    error: str | None = None
    """Why it does not hold, by the name that Data Integrity gives to such an error."""
    changed: bool = False
    """Whether it does not hold because it does not fit what it stands under."""
    detail: Mapping[str, str] = field(default_factory=dict)
    issuer_evidence: Mapping[str, str] = field(default_factory=dict)


@frozen
class Demand:
    """What whoever asks demands of a signature beyond that it holds.

    ``purpose`` is what it must have been made for; ``challenge`` and ``domains`` are what it must have been
    made for the occasion of, where it was asked for (None and () ask nothing).
    """

    purpose: str = "assertionMethod"
    challenge: str | None = None
    domains: tuple[str, ...] = ()


USUAL = Demand()
LEFT_OUT = "Its holder may have left parts of it out."


@dataclass
class Case:
    """One credential before its judges; proofs are tried once and remembered here."""

    credential: Credential
    documents: Documents
    recipients: tuple[str, ...] | None
    at: datetime
    original: Credential | None = None
    """The credential as the file has it, before its hosted copy was taken instead; None when not known."""
    depth: int = 0
    """How many credentials deep we are: a status list is a credential that may have a status list."""
    demand: Demand = USUAL
    budget: Budget = field(default_factory=Budget)
    """What is left to be spent on the whole file that the credential came in."""
    lists: dict[str, Any] = field(default_factory=dict)
    """What the lists of withdrawn badges at some addresses came to: many status entries may name one list."""
    proved: set[int] = field(default_factory=set)
    """The proofs (by ``id``) that hold: several later ones may be chained to one."""

    @once
    def unsigned(self) -> JsonObject:
        """The credential without its proofs: what they sign."""
        return {name: value for name, value in self.credential.raw.items() if name != "proof"}

    @once
    def token(self) -> Token:
        """Its compact form, empty where it has none."""
        compact = self.credential.compact or ""
        return compact if isinstance(compact, Token) else Token(compact)

    @once
    def claims(self) -> JsonObject:
        """What a compact form says, read from the signed text itself."""
        return self.token.payload

    @once
    def proofs(self) -> tuple[Json, ...]:
        """The embedded proofs of a verifiable credential; none on assertions and on what is signed as a whole."""
        if self.credential.version in LEGACY or self.credential.compact is not None:
            return ()
        return many(self.credential.raw.get("proof"))[:MAX_PROOFS]

    @once
    def suites(self) -> "tuple[Suite | None, ...]":
        """What each of these is made by; None for one of a kind that we do not know."""
        return tuple(map(_proofs.suite_of, self.proofs))

    @once
    def may_be_a_part(self) -> bool:
        """Whether its holder may have left parts of it out: an end, or a way to see whether it was taken back.

        Not where a signature over the whole decides: anybody can put one over a part beside it.
        """
        selective = {suite.name for suite in self.suites if suite is not None and suite.is_selective}
        return bool(selective) and self.signature is not None and self.signature.suite in selective

    @once
    def said(self) -> Said:
        """The statements that it makes, by the vocabularies in hand; raises Unsound, Unavailable or TooComplex."""
        by_statements = any(suite.by_statements for suite in self.suites if suite is not None)
        is_known = self.credential.is_ordinary and not by_statements
        known = said_when_asked(self.unsigned, self.documents, self.budget) if is_known else None
        return known or said_once(
            self.credential.raw, self.unsigned, self.documents, self.budget, by_statements=by_statements
        )

    @once
    def spelled(self) -> bytes:
        """Its text in the one spelling that JCS gives it, without its proofs."""
        return jcs(self.unsigned)

    @once
    def signatures(self) -> tuple[Signature, ...]:
        """Every proof on the credential, tried once, the one that decides first.

        One that holds and is the issuer's is enough, else what is open counts, else the worst. A kind of proof
        that we do not know decides only where there is no other.
        """
        return tuple(sorted(_proofs.signatures(self), key=_standing))

    @once
    def term(self) -> tuple[datetime | None, datetime | None]:
        """From when and until when it holds; None where nothing says so.

        OB 1 and 2 hold from their issue, verifiable credentials from ``validFrom`` or a later ``nbf`` until
        they end or an earlier ``exp``.
        """
        said = self.credential
        if said.version in LEGACY:
            return said.issued_at, said.expires_at
        if said.compact is None:
            return said.begins_at, said.expires_at
        begins, ends = self.token.term
        return later(said.begins_at, begins), earlier(said.expires_at, ends)

    @once
    def match(self) -> tuple[str, str] | None:
        """The first of the addresses asked about that the badge was awarded to, and how it is its recipient's."""
        for address in self.recipients or ():
            for recipient in self.credential.recipients:
                if said := how(recipient, address):
                    return address, said
        return None

    @property
    def matched(self) -> str | None:
        """The first of the addresses asked about that the badge was awarded to."""
        return self.match[0] if self.match else None

    @property
    def signature(self) -> Signature | None:
        """The proof that decides."""
        return self.signatures[0] if self.signatures else None


def _standing(signature: Signature) -> int:
    if signature.outcome is Outcome.passed:
        return _STANDING_BY_KEY[signature.bound]
    return _STANDING[signature.outcome]


_STANDING_BY_KEY = {Outcome.passed: 0, Outcome.unknown: 1, Outcome.skipped: 1, Outcome.failed: 3}
_STANDING = {Outcome.unknown: 2, Outcome.failed: 4, Outcome.skipped: 5}

from . import proofs as _proofs  # noqa: E402  (they ask about cases)

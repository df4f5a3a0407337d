"""JSON-LD to canonical bytes, under a budget of steps; nothing is fetched and nothing is dropped.

    JSON ── statements ──▶ quads ── rdfc ──▶ canonical N-Quads ── hash ──▶ what is signed

``reading`` has pyld read contexts, ``terms`` compiles them into tables of ``words``, ``vocabulary`` finds the table of
a badge, ``statements`` walks the badge once with these tables, ``rdfc`` names the blank nodes. One walk
serves every document: what it does not know it refuses by name, so there is no second, slower reading
that could differ from the first. pyld's own expansion and pyoxigraph's canonicalization are the
witnesses of the tests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import TooComplex
from ..budget import Budget, Meter
from ..contexts import Vocabularies
from ..credential import JsonObject
from ..documents import Documents
from ..fields import contexts
from ..once import once
from ..shelf import Unavailable
from .rdfc import Order, Quad, labels, lines
from .statements import statements, walked
from .unsound import Unsound, Unsupported

__all__ = [
    "Budget",
    "Said",
    "Unavailable",
    "Unsound",
    "Unsupported",
    "Vocabularies",
    "canonical_bytes",
    "labels",
    "lines",
    "nquads",
    "said",
    "said_once",
    "said_when_asked",
    "statements",
]


@dataclass
class Said:
    """The statements that a document makes, and the issuer's own contexts they rest on (address → hash).

    Their canonical forms are made once, however many proofs are on the document.
    """

    write: Callable[[], list[Quad]]
    own: Mapping[str, str]
    order: Order = None
    tags: Mapping[str, str] = field(default_factory=dict)
    """Languages as the document writes them, by what they are in the statements: in small letters."""
    _names: dict[str, dict[str, str]] = field(default_factory=dict)
    _bytes: dict[str, bytes] = field(default_factory=dict)
    others: "tuple[Said, ...] | None" = None
    """Other ways to write the same, for whoever tries them."""

    @once
    def quads(self) -> list[Quad]:
        """The statements, written when they are first asked for."""
        return self.write()

    def names(self, budget: Budget, digest: str = "sha256") -> dict[str, str]:
        """The canonical name of every blank node; raises TooComplex."""
        if digest not in self._names:
            self._names[digest] = labels(self.quads, budget, digest, self.order)
        return self._names[digest]

    def canonical(self, budget: Budget, digest: str = "sha256") -> bytes:
        """The canonical N-Quads; raises TooComplex."""
        if digest not in self._bytes:
            self._bytes[digest] = "".join(self.lines(self.names(budget, digest))).encode()
        return self._bytes[digest]

    def lines(self, names: Mapping[str, str]) -> list[str]:
        """The statements in their order, blank nodes under these names."""
        return lines(self.quads, names, self.order)


def said(document: JsonObject, documents: Documents, budget: Budget) -> Said:
    """What a document says, by the contexts in hand; raises Unsound, Unavailable or TooComplex."""
    return _said(document, Vocabularies(documents), budget, by_statements=True)


def said_when_asked(document: JsonObject, documents: Documents, budget: Budget) -> Said | None:
    """The same of a document whose words are known to have a meaning: walked when its statements are asked for.

    None where a vocabulary that it names is not the one that ships.
    """
    vocabularies = Vocabularies(documents)
    if not vocabularies.are_all_shipped(contexts(document)):
        return None
    return Said(lambda: statements(document, vocabularies, budget), {})


def said_once(
    whole: JsonObject,
    document: JsonObject,
    documents: Documents,
    budget: Budget,
    *,
    by_statements: bool = True,
) -> Said:
    """The same of a credential's ``document``, walked once for these documents: to see what is wanted, and to judge.

    It costs the budget as much every time, so that a report does not depend on who asked before. Why it
    cannot be said is kept like what it says.
    """
    kept: Any = documents.kept.get(("said", id(whole)))
    is_known = kept is not None and kept[0] is whole and _holds_again(kept[1], kept[2], budget)
    if not is_known:
        meter, vocabularies = Meter(budget), Vocabularies(documents)
        kept = (
            whole,
            _said_or_why_not(document, vocabularies, meter, by_statements=by_statements),
            meter,
            vocabularies.looked_at,
        )
        documents.kept["said", id(whole)] = kept
    _, found, meter, looked_at = kept
    for url in looked_at:  # who watches the documents is to see that it stands on these
        if url in documents or isinstance(found, Unsound):  # a later edition may know the word
            documents.get(url)
    if is_known:
        meter.charge(budget)
    if isinstance(found, Said):
        return found
    raise found


def _holds_again(found: Said | Exception, meter: Meter, budget: Budget) -> bool:
    """Whether another budget leads to the same: what was too much for one may be little for another."""
    return not isinstance(found, TooComplex) or not meter.fits(budget)


def _said_or_why_not(
    document: JsonObject, vocabularies: Vocabularies, budget: Budget, *, by_statements: bool
) -> Said | Unsound | Unavailable | TooComplex:
    try:
        return _said(document, vocabularies, budget, by_statements=by_statements)
    except (Unsound, Unavailable, TooComplex) as error:
        return error


def _said(document: JsonObject, vocabularies: Vocabularies, budget: Budget, *, by_statements: bool) -> Said:
    found = walked(document, vocabularies, budget, by_statements=by_statements)
    return Said(lambda: found.statements, vocabularies.own, tags=found.tags)


def nquads(document: JsonObject, vocabularies: Vocabularies, budget: Budget, digest: str = "sha256") -> bytes:
    """The canonical N-Quads of a document (RDFC-1.0 with this digest inside).

    Raises Unsound when it cannot be said without loss, Unavailable when a context is not in hand,
    TooComplex when the budget is spent.
    """
    return canonical_bytes(statements(document, vocabularies, budget), budget, digest)


def canonical_bytes(quads: list[Quad], budget: Budget, digest: str = "sha256") -> bytes:
    """The canonical N-Quads of statements; raises TooComplex when the budget is spent."""
    return "".join(lines(quads, labels(quads, budget, digest))).encode()

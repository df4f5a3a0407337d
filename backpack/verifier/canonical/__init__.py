"""JSON-LD to canonical bytes, under a budget of steps; nothing is fetched and nothing is dropped.

    JSON ── statements ──▶ quads ── rdfc ──▶ canonical N-Quads ── hash ──▶ what is signed

``terms`` compiles contexts into tables (pyld reads them), ``statements`` walks the badge once with these
tables, ``rdfc`` names the blank nodes, ``jcs`` is the other way to canonical bytes (RFC 8785). One
walk serves every document: what it does not know it refuses by name, so there is no second, slower
reading that could differ from the first. pyld's own expansion and pyoxigraph's canonicalization are
the witnesses of the tests.
"""

from ..contexts import Vocabularies
from ..credential import JsonObject
from ..shelf import Unavailable
from .budget import Budget
from .rdfc import labels, lines
from .statements import statements
from .terms import Unsound

__all__ = ["Budget", "Unavailable", "Unsound", "Vocabularies", "labels", "lines", "nquads", "statements"]


def nquads(document: JsonObject, vocabularies: Vocabularies, budget: Budget, digest: str = "sha256") -> bytes:
    """The canonical N-Quads of a document (RDFC-1.0 with this digest inside).

    Raises Unsound when it cannot be said without loss, Unavailable when a context is not in hand,
    TooComplex when the budget is spent.
    """
    quads = statements(document, vocabularies, budget)
    return "".join(lines(quads, labels(quads, budget, digest))).encode()

"""Two other implementations say what a document's canonical statements are: pyld expands, pyoxigraph canonicalizes.

With SHA-384, and where graphs have no names of their own (a proof in a proof), pyoxigraph 0.5 departs from
the reference implementation; there pyld, which follows it, canonicalizes as well.
"""

import hashlib
from typing import Any
from unittest.mock import patch

import pyoxigraph as ox
from pyld import canon, jsonld
from pyld.context_resolver import ContextResolver

from backpack.verifier.contexts import Vocabularies
from backpack.verifier.documents import Documents


class Dropped(Exception):
    """pyld left a member out, because no context defines it."""


def canonical(
    document: dict[str, Any],
    digest: str = "sha256",
    *documents: Any,
    direction: str | None = "i18n-datatype",
) -> str:
    """The canonical N-Quads of a document; raises Dropped, or pyld's own error.

    ``direction`` is how the direction of a text is stated; None states it not at all.
    """
    vocabularies = Vocabularies(Documents(*documents))

    def load(url: str, _options: object) -> dict[str, Any]:
        context = {"@context": vocabularies.find(url).context}
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": context,
        }

    options = {"documentLoader": load, "base": "", "contextResolver": ContextResolver({}, load)}
    expanded = jsonld.expand(document, options, on_property_dropped=_refuse)
    with patch.object(jsonld.JsonLdProcessor, "compare_values", _are_alike):
        return of_dataset(jsonld.to_rdf(expanded, {**options, "rdfDirection": direction}), digest)


def of_dataset(found: dict[str, Any], digest: str = "sha256") -> str:
    """The same for statements that pyld has made."""
    if digest != "sha256" or any(graph.startswith("_:") for graph in found):
        return reference(found, digest)
    return of_quads([_quad(triple, graph) for graph, triples in found.items() for triple in triples])


def reference(found: dict[str, Any], digest: str = "sha256") -> str:
    """The same by pyld, which follows the reference implementation.

    Two numbers that are written alike make one statement, which pyld would hand on twice.
    """
    once = {
        graph: [one for n, one in enumerate(triples) if one not in triples[:n]]
        for graph, triples in found.items()
    }
    return str(_Reference(digest).main(once, {"format": "application/n-quads"}))


def of_quads(quads: list[ox.Quad]) -> str:
    """Canonical N-Quads by pyoxigraph."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0_SHA_256)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


def _are_alike(one: Any, other: Any, compare: Any = jsonld.JsonLdProcessor.compare_values) -> bool:
    """Whether two values are one: pyld takes two texts that differ in their direction alone for that, and drops one."""
    directions = [value.get("@direction") if isinstance(value, dict) else None for value in (one, other)]
    return directions[0] == directions[1] and bool(compare(one, other))


class _Reference(canon.URDNA2015):
    def __init__(self, digest: str) -> None:
        super().__init__()
        self.digest = digest

    def create_hash(self) -> Any:
        return hashlib.new(self.digest)


def _refuse(name: str | None) -> None:
    raise Dropped(name)


def _quad(triple: dict[str, Any], graph: str) -> ox.Quad:
    subject, predicate, target = (_term(triple[part]) for part in ("subject", "predicate", "object"))
    if graph == "@default":
        return ox.Quad(subject, predicate, target)
    return ox.Quad(
        subject, predicate, target, ox.BlankNode(graph[2:]) if graph[:2] == "_:" else ox.NamedNode(graph)
    )


def _term(part: dict[str, Any]) -> Any:
    if part["type"] == "IRI":
        return ox.NamedNode(part["value"])
    if part["type"] == "blank node":
        return ox.BlankNode(part["value"][2:])
    if "language" in part:
        return ox.Literal(part["value"], language=part["language"])
    return ox.Literal(part["value"], datatype=ox.NamedNode(part["datatype"]))

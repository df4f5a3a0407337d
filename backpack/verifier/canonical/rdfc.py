"""RDF Dataset Canonicalization (RDFC-1.0): names for blank nodes that depend on nothing but the statements.

A page of our own because no library has all three: a budget of steps (the algorithm is exponential on
graphs made for it), SHA-384 inside (ecdsa-rdfc-2019 with P-384), and plain tuples of strings, which
make it fast on graphs of a badge's size. Names follow the specification: §4.6 hash first degree quads,
§4.7 hash related blank node, §4.8 hash n-degree quads.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import NamedTuple, TypeAlias

from ...errors import TooComplex
from ..budget import Budget

MAX_DEPTH = 100
"""How many blank nodes that are told apart only by each other may be walked in a row; real badges have two or three."""

Quad = tuple[str, str, str, str]
"""Subject, predicate, object, graph as N-Quads writes them; graph "" for the default one, blank nodes "_:x"."""


Order: TypeAlias = Callable[[str], bytes] | None
"""What lines are sorted by; None is the standard's order, that of code points."""


def labels(
    quads: Sequence[Quad], budget: Budget, digest: str = "sha256", order: Order = None
) -> dict[str, str]:
    """The canonical name of every blank node ("_:b7" → "_:c14n0"); raises TooComplex beyond the budget."""
    return _Labelling(quads, budget, digest, order).run()


def lines(quads: Iterable[Quad], names: Mapping[str, str], order: Order = None) -> list[str]:
    """The statements as sorted lines of canonical N-Quads, blank nodes renamed, each statement once."""
    return sorted(set(_lines(quads, names)), key=order)


def of_utf16(line: str) -> bytes:
    """What JavaScript and Java sort by: they put an emoji before a full-width letter, code points after it."""
    return line.encode("utf-16-be")


def _lines(quads: Iterable[Quad], names: Mapping[str, str]) -> list[str]:
    found = []
    for subject, predicate, target, graph in quads:
        one = names[subject] if subject[0] == "_" else subject
        other = names[target] if target[0] == "_" else target
        if not graph:
            found.append(f"{one} {predicate} {other} .\n")
        else:
            found.append(f"{one} {predicate} {other} {names[graph] if graph[0] == '_' else graph} .\n")
    return found


class _Names:
    """An identifier issuer (§4.4): the next name for whoever has none yet, in the order of asking."""

    __slots__ = ("given", "prefix")

    def __init__(self, prefix: str, given: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.given = given if given is not None else {}

    def name(self, node: str) -> str:
        found = self.given.get(node)
        if found is None:
            found = self.given[node] = f"{self.prefix}{len(self.given)}"
        return found

    def copy(self) -> "_Names":
        return _Names(self.prefix, self.given.copy())


class _Explored(NamedTuple):
    hash: str
    names: _Names


class _Labelling:
    def __init__(self, quads: Sequence[Quad], budget: Budget, digest: str, order: Order) -> None:
        self.budget = budget
        self.order = order
        self.hash: Callable[[str], str] = _hasher(digest)
        self.canonical = _Names("_:c14n")
        self.about: dict[str, list[Quad]] = defaultdict(list)
        for quad in dict.fromkeys(quads):
            subject, _, target, graph = quad
            if subject[0] == "_":
                self.about[subject].append(quad)
            if target[0] == "_" and target != subject:
                self.about[target].append(quad)
            if graph and graph[0] == "_" and graph not in (subject, target):
                self.about[graph].append(quad)
        budget.spend(sum(map(len, self.about.values())))
        self.first: dict[str, str] = {}

    def run(self) -> dict[str, str]:
        """Name first whoever is unique by its own statements, then the others by their surroundings (§4.5)."""
        if len(self.about) == 1:  # the only one needs no hash to be told apart
            self.canonical.name(*self.about)
            return self.canonical.given
        alike: dict[str, list[str]] = defaultdict(list)
        for node in self.about:
            self.first[node] = self._first_degree(node)
            alike[self.first[node]].append(node)
        for found in sorted(alike):
            if len(alike[found]) == 1:
                self.canonical.name(alike.pop(found)[0])
        for found in sorted(alike):
            self._name_alike(alike[found])
        return self.canonical.given

    def _name_alike(self, nodes: list[str]) -> None:
        explored = []
        for node in nodes:
            if node not in self.canonical.given:
                names = _Names("_:b")
                names.name(node)
                explored.append(self._n_degree(node, names, 0))
        for result in sorted(explored, key=lambda result: result.hash):
            for node in result.names.given:
                self.canonical.name(node)

    def _first_degree(self, node: str) -> str:
        here = defaultdict(lambda: "_:z", {node: "_:a"})
        return self.hash("".join(sorted(_lines(self.about[node], here), key=self.order)))

    def _related(self, position: str, quad: Quad, node: str, names: _Names) -> str:
        name = self.canonical.given.get(node) or names.given.get(node) or self.first[node]
        return self.hash(f"g{name}" if position == "g" else f"{position}{quad[1]}{name}")

    def _n_degree(self, node: str, names: _Names, depth: int) -> _Explored:
        self.budget.spend(3 * len(self.about[node]))
        if depth > MAX_DEPTH:
            raise TooComplex("The parts of this badge refer to each other in too long a row.")
        groups: dict[str, list[str]] = defaultdict(list)
        for quad in self.about[node]:
            for position, other in (("s", quad[0]), ("o", quad[2]), ("g", quad[3])):
                if other[:1] == "_" and other != node:
                    groups[self._related(position, quad, other, names)].append(other)
        data = []
        for related in sorted(groups):
            path, names = self._shortest(groups[related], names, depth)
            data += [related, path]
        return _Explored(self.hash("".join(data)), names)

    def _shortest(self, nodes: list[str], names: _Names, depth: int) -> tuple[str, _Names]:
        """The least path over every order of visiting these nodes, and the names given on it."""
        chosen, best = "", names
        for order in _orders(nodes):
            self.budget.spend(1 + len(order))
            path, given = self._walk(order, names.copy(), chosen, depth)
            if path and (not chosen or path < chosen):
                chosen, best = path, given
        return chosen, best

    def _walk(self, order: tuple[str, ...], names: _Names, chosen: str, depth: int) -> tuple[str, _Names]:
        """The path of one order, or "" as soon as it cannot be the least."""
        path, unexplored = "", []
        for node in order:
            known = self.canonical.given.get(node)
            if known is None:
                if node not in names.given:
                    unexplored.append(node)
                known = names.name(node)
            path += known
            if chosen and len(path) >= len(chosen) and path > chosen:
                return "", names
        for node in unexplored:
            explored = self._n_degree(node, names, depth + 1)
            path += f"{names.name(node)}<{explored.hash}>"
            names = explored.names
            if chosen and len(path) >= len(chosen) and path > chosen:
                return "", names
        return path, names


def _orders(nodes: list[str]) -> Iterator[tuple[str, ...]]:
    """Every order of these nodes, each once: one that stands there several times makes the same path anywhere.

    In a record every statement of a thing inside a credential leads to that credential's graph.
    """
    if len(set(nodes)) == len(nodes):
        yield from permutations(nodes)
        return
    if len(set(nodes)) == 1:
        yield tuple(nodes)
        return
    for first in dict.fromkeys(nodes):
        rest = nodes.copy()
        rest.remove(first)
        for order in _orders(rest):
            yield (first, *order)


def _hasher(digest: str) -> Callable[[str], str]:
    new = getattr(hashlib, digest)

    def hashed(text: str) -> str:
        return str(new(text.encode()).hexdigest())

    return hashed

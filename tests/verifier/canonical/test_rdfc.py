"""Blank nodes get the names that RDFC-1.0 gives them, and nothing that is made to be slow is."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpack.errors import TooComplex
from backpack.verifier.canonical import Budget, labels, lines, rdfc
from tests.verifier import witness

XSD = "http://www.w3.org/2001/XMLSchema#"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
NODES = [f"_:n{number}" for number in range(6)]
PREDICATES = ["<urn:p>", "<urn:q>"]
THINGS = ["<urn:thing>", '"text"', '"text"@en', '"1"^^<http://www.w3.org/2001/XMLSchema#integer>']
QUADS = st.tuples(
    st.sampled_from([*NODES, "<urn:thing>"]),
    st.sampled_from(PREDICATES),
    st.sampled_from([*NODES, *NODES, *THINGS]),
    st.sampled_from(["", "", "", "<urn:graph>"]),
)
# One graph without a name, not more: where a statement stands in one of two, RDFC-1.0 itself leaves ties open.
# Nothing says something of itself: the reference implementation counts that twice.
IN_A_NAMELESS_GRAPH = st.tuples(
    st.sampled_from(NODES[:3]),
    st.sampled_from(PREDICATES),
    st.sampled_from([*NODES[3:], *THINGS]),
    st.just("_:graph"),
)


def ours(quads, digest="sha256", steps=10**9):
    return "".join(lines(quads, labels(quads, Budget(steps), digest)))


def theirs(quads):
    text = "".join(f"{s} {p} {o} {g} .\n" for s, p, o, g in quads)
    return witness.of_quads(list(ox.parse(text, format=ox.RdfFormat.N_QUADS)))


def reference(quads, digest):
    dataset = {}
    for subject, predicate, target, graph in dict.fromkeys(quads):
        triple = {"subject": _term(subject), "predicate": _term(predicate), "object": _term(target)}
        dataset.setdefault(graph.strip("<>") or "@default", []).append(triple)
    return witness.reference(dataset, digest)


def _term(part):
    if part.startswith("_:"):
        return {"type": "blank node", "value": part}
    if part.startswith("<"):
        return {"type": "IRI", "value": part.strip("<>")}
    text, _, kind = part[1:].partition('"')
    literal = {"type": "literal", "value": text, "datatype": f"{XSD}string"}
    if kind.startswith("@"):
        return {**literal, "language": kind[1:], "datatype": LANG_STRING}
    return {**literal, "datatype": kind[3:-1]} if kind else literal


def clique(size):
    return [(f"_:{a}", "<urn:p>", f"_:{b}", "") for a in range(size) for b in range(size) if a != b]


def ring(size):
    return [(f"_:{n}", "<urn:p>", f"_:{(n + 1) % size}", "") for n in range(size)]


# The shape of a W, where the second way to walk it is given up half-way.
W = [(f"_:{a}", "<urn:p>", f"_:{b}", "") for a, b in ("04", "02", "13", "14", "32")]


@given(st.lists(QUADS, min_size=1, max_size=12))
def test_any_small_graph_is_named_as_pyoxigraph_names_it(quads):
    named = ours(quads)
    # pyoxigraph 0.5 departs from the reference implementation on a few graphs that stand partly in a named one.
    assert named == theirs(quads) or named == reference(quads, "sha256")


@given(
    st.lists(IN_A_NAMELESS_GRAPH | QUADS.filter(lambda quad: quad[0] != quad[2]), min_size=1, max_size=10),
    st.sampled_from(["sha256", "sha384"]),
)
def test_by_either_hash_and_in_a_graph_without_a_name_it_is_named_as_the_reference_names_it(quads, digest):
    assert ours(quads, digest) == reference(quads, digest)


@pytest.mark.parametrize("quads", [clique(3), clique(4), ring(3), ring(12), [*ring(5), *clique(3)], W])
def test_nodes_that_look_alike_are_told_apart_by_their_surroundings(quads):
    assert ours(quads) == theirs(quads)


@given(st.lists(QUADS, min_size=1, max_size=10), st.randoms(use_true_random=False))
def test_neither_order_nor_names_of_the_statements_matter(quads, chance):
    renamed = {node: f"_:{name}" for node, name in zip(NODES, chance.sample("abcdef", 6), strict=True)}
    shuffled = [tuple(renamed.get(part, part) for part in quad) for quad in quads]
    chance.shuffle(shuffled)
    assert ours(shuffled) == ours(quads)


def test_a_statement_said_twice_is_said_once():
    assert ours([*ring(3), *ring(3)]) == ours(ring(3))


@pytest.mark.parametrize("quads", [clique(7), clique(10), clique(30), ring(300)])
def test_a_graph_made_to_be_slow_is_refused_by_counting_steps(quads):
    with pytest.raises(TooComplex):
        labels(quads, Budget())


def test_the_budget_is_the_same_on_every_run():
    def spent():
        budget = Budget(10**6)
        labels([*ring(9), *clique(4)], budget)
        return budget.left

    assert spent() == spent() < 10**6


def test_what_is_distinct_by_itself_costs_a_step_a_statement():
    quads = [(f"_:{n}", "<urn:p>", f'"{n}"', "") for n in range(5000)]
    budget = Budget(5001)
    assert (len(labels(quads, budget)), budget.left) == (5000, 1)


@pytest.mark.parametrize("size", [400, 2000])
def test_a_long_row_of_nodes_alike_is_refused_and_breaks_nothing(size):
    with pytest.raises(TooComplex):
        labels(ring(size), Budget(10**9))


def test_what_stands_somewhere_many_times_is_walked_once():
    """Each statement of a thing inside a credential leads to that credential's graph: no two orders of that differ."""
    things = [("_:a", f"<urn:{n}>", '"said"', graph) for n in range(9) for graph in ("_:g", "_:h")]
    budget = Budget(10**6)
    labels(things, budget)
    assert 10**6 - budget.left < 200


def test_an_order_counts_once_however_often_a_node_stands_in_it():
    twice = [("_:a", p, other, "") for p in PREDICATES for other in ("_:b", "_:c")]
    both = [*twice, ("_:a", "<urn:p>", "_:d", "_:b"), ("_:a", "<urn:q>", "_:d", "_:b")]
    assert ours(both) == reference(both, "sha256")


def test_nodes_that_stand_there_several_times_are_put_in_each_order_once():
    orders = list(rdfc._orders(["_:a", "_:b", "_:a"]))
    assert sorted("".join(order) for order in orders) == ["_:a_:a_:b", "_:a_:b_:a", "_:b_:a_:a"]
    assert [len(list(rdfc._orders(nodes))) for nodes in (["_:a"] * 9, ["_:a", "_:b", "_:c"])] == [1, 6]

"""JSON-LD to statements (RDF), in one walk over the badge, losing nothing.

The walk follows JSON-LD 1.1 expansion and deserialization to RDF (pyld is the witness of the tests), for
the JSON-LD that badges are written in. Whatever else a document holds is refused by name and not
dropped: what is dropped is shown to people, but not signed.
"""

import re
from collections.abc import Iterator

from ...errors import TooComplex
from ..budget import Budget
from ..contexts import Vocabularies
from ..credential import Json, JsonObject
from ..fields import many
from ..jcs import jcs
from .rdfc import Quad
from .terms import COST_OF_A_CONTEXT, COST_OF_A_WORD, COST_OF_TYPES, Scope, Table, Term
from .unsound import Unsound
from .vocabulary import extend, root

MAX_STATEMENTS = 20_000
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE, _FIRST, _REST, _NIL = (f"<{_RDF}{name}>" for name in ("type", "first", "rest", "nil"))
_STRING, _DOUBLE = f"{_XSD}string", f"{_XSD}double"
# A credential inside another may bring its contexts; so may a proof that a later one is chained to.
_BRING_CONTEXTS = {
    "VerifiableCredential",
    "EnvelopedVerifiableCredential",
    "VerifiablePresentation",
    "DataIntegrityProof",
}
_LANGUAGE = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8})*\Z")
_ESCAPES = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)},
    **{ord(plain): f"\\{letter}" for plain, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)},
}
_ESCAPED = re.compile(r'[\x00-\x1f"\\\x7f]')


def statements(document: JsonObject, vocabularies: Vocabularies, budget: Budget) -> list[Quad]:
    """The statements that a document makes; raises Unsound, Unavailable or TooComplex."""
    walk = _Walk(vocabularies, budget)
    contexts = document.get("@context")
    budget.spend_once((None, jcs(contexts)), _cost_of(contexts))
    table = root(contexts, vocabularies, budget)
    walk.thing({name: value for name, value in document.items() if name != "@context"}, table, "")
    return walk.quads


class _Walk:
    def __init__(self, vocabularies: Vocabularies, budget: Budget) -> None:
        self.vocabularies = vocabularies
        self.budget = budget
        self.quads: list[Quad] = []
        self.blank_nodes = 0
        self.named_blank_nodes: dict[str, str] = {}

    def thing(self, raw: JsonObject, table: Table, graph: str) -> str:
        """Walk one object; gives the name of its node."""
        outer = table
        if "@context" in raw:
            outer = self._with_own_contexts(raw, table)
        types = _types(raw, outer)
        if len(types) > 1:
            self.budget.spend_once((outer, types), COST_OF_TYPES)
        table, kinds = outer.typed(types, self.budget) if types else (outer, ())
        subject = self._subject(raw, table)
        for kind in kinds:
            self._say(subject, _TYPE, kind, graph)
        self.budget.spend(3 + len(raw))
        for key, value in raw.items():
            if key not in table.mappings:
                self.budget.spend(COST_OF_A_WORD)
            term = table.term(key) if key != "@context" else _NO_TERM
            if term.keyword is None:
                self._property(subject, key, term, value, table, graph)
            elif term.keyword not in ("@id", "@type", "@context"):
                raise Unsound(f"“{key}” is a form of JSON-LD that badges do not use here.")
        return subject

    def _with_own_contexts(self, raw: JsonObject, table: Table) -> Table:
        kinds = raw.get("type", raw.get("@type"))
        words = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
        if _BRING_CONTEXTS.isdisjoint(words):
            raise Unsound(
                "A part of the badge changes the meaning of words (“@context”), which only a whole badge may."
            )
        contexts = raw["@context"]
        self.budget.spend_once((table, jcs(contexts)), _cost_of(contexts))
        return extend(table, contexts, self.vocabularies, self.budget)

    def _subject(self, raw: JsonObject, table: Table) -> str:
        given = [name for name in table.names["@id"] if name in raw]
        for name in given:
            table.term(name)  # refuses "@id" beside a table that calls it "id"
        if not given:
            return self._blank_node()
        if len(given) > 1 or not isinstance(raw[given[0]], str):
            raise Unsound("A part of the badge has an id that is not one address.")
        return self._node(raw[given[0]], table)

    def _node(self, value: str, table: Table) -> str:
        if not value.startswith("_:"):
            return f"<{table.address(value)}>"
        if value not in self.named_blank_nodes:
            self.named_blank_nodes[value] = self._blank_node()
        return self.named_blank_nodes[value]

    def _blank_node(self) -> str:
        self.blank_nodes += 1
        return f"_:b{self.blank_nodes}"

    def _say(self, subject: str, predicate: str, target: str, graph: str) -> None:
        self.quads.append((subject, predicate, target, graph))
        if len(self.quads) > MAX_STATEMENTS:
            raise TooComplex(f"This badge makes more than {MAX_STATEMENTS:,} statements.")

    def _property(self, subject: str, key: str, term: Term, value: Json, table: Table, graph: str) -> None:
        if isinstance(value, str) and term.container is None and term.coercion is None:
            self._say(subject, term.predicate, _text(value, term.language), graph)  # most of a badge
            return
        if isinstance(value, list):
            self.budget.spend(2 * len(value))
        if term.coercion == "@json":
            values: Iterator[str] = iter([_literal_of_json(value)])
        elif term.container == "@graph":
            values = (self._graph(one, term, table) for one in _each(key, value))
        else:
            values = (self._value(one, term, table, graph) for one in _each(key, value))
        if term.container == "@list":
            if value is not None:
                self._say(subject, term.predicate, self._list(list(values), graph), graph)
            return
        for one in values:
            self._say(subject, term.predicate, one, graph)

    def _value(self, value: Json, term: Term, table: Table, graph: str) -> str:
        if isinstance(value, str):
            if term.coercion is None:
                return _text(value, term.language)
            if term.coercion == "@id":
                return self._node(value, _inside(table, term.scope, self.budget))
            if term.coercion == "@vocab":
                return f"<{_inside(table, term.scope, self.budget).word(value)}>"
        if isinstance(value, dict):
            if any(name in value for name in table.names["@value"]):
                return _literal_of_object(value, table)
            return self.thing(value, self._around(value, term, table), graph)
        coercion = term.coercion
        return _literal(value, None if coercion in ("@id", "@vocab", "@none") else coercion)

    def _around(self, raw: JsonObject, term: Term, table: Table) -> Table:
        """The table that holds around a nested object: that of a type ends with the thing of that type."""
        is_reference = len(raw) == 1 and any(name in raw for name in table.names["@id"])
        if table.previous is not None and not is_reference:
            table = table.previous
        return _inside(table, term.scope, self.budget)

    def _graph(self, value: Json, term: Term, table: Table) -> str:
        around = self._around(value, term, table) if isinstance(value, dict) else table
        if not isinstance(value, dict) or not value.keys() - set(around.names["@id"]):
            raise Unsound(
                "A credential or proof inside the badge is not an object, so the signature does not cover it."
            )
        name = self._blank_node()
        self.thing(value, around, name)
        return name

    def _list(self, values: list[str], graph: str) -> str:
        rest = _NIL
        for value in reversed(values):
            node = self._blank_node()
            self._say(node, _FIRST, value, graph)
            self._say(node, _REST, rest, graph)
            rest = node
        return rest


def _cost_of(contexts: Json) -> int:
    """Steps that reading published contexts may take; those of the issuer's own are paid for as they are read."""
    return sum(isinstance(one, str) for one in many(contexts)) * COST_OF_A_CONTEXT


_NO_TERM = Term(keyword="@context")


def _inside(table: Table, scope: Scope | None, budget: Budget) -> Table:
    return table if scope is None else table.within(scope, budget)


def _each(key: str, value: Json) -> Iterator[Json]:
    """The values of a property: null is absent, an array is a set, and no array stands in another."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, list):
            raise Unsound(f"“{key}” holds a list inside a list, which badges do not use.")
        if one is not None:
            yield one


def _types(raw: JsonObject, table: Table) -> tuple[str, ...]:
    given = [name for name in table.names["@type"] if name in raw]
    if not given:
        return ()
    table.term(given[0])  # refuses "@type" beside a table that calls it "type"
    types = raw[given[0]] if isinstance(raw[given[0]], list) else [raw[given[0]]]
    if len(given) > 1 or not all(isinstance(name, str) for name in types):
        raise Unsound("A part of the badge has a type that is not a word or a list of words.")
    return tuple(sorted(set(types)))


def _literal_of_object(raw: JsonObject, table: Table) -> str:
    """A value object: ``@value`` with a language or a datatype. A direction says how to draw it and is not stated."""
    names = {table.keyword(key) or key: value for key, value in raw.items()}
    value, kind, language = names.get("@value"), names.get("@type"), names.get("@language")
    known = {"@value", "@type", "@language", "@direction"}
    if (
        len(names) < len(raw)
        or not names.keys() <= known
        or names.get("@direction") not in (None, "ltr", "rtl")
    ):
        raise Unsound("A text of the badge is written in a form that badges do not use.")
    if kind == "@json":
        return _literal_of_json(value)
    if value is None or isinstance(value, dict | list):
        raise Unsound("A text of the badge is empty or no text, so the signature does not cover it.")
    if language is not None:
        if not isinstance(language, str) or not isinstance(value, str) or kind is not None:
            raise Unsound("A text of the badge says its language in a way that badges do not use.")
        if not _LANGUAGE.match(language.lower()):
            raise Unsound("A text of the badge is in a language that is none.")
        return _text(value, language.lower())
    if kind is not None and not isinstance(kind, str):
        raise Unsound("A value of the badge has a type that is not a word.")
    return _literal(value, table.word(kind) if kind is not None else None)


def _text(value: str, language: str | None) -> str:
    return f'"{_escaped(value)}"@{language}' if language else f'"{_escaped(value)}"'


def _literal_of_json(value: Json) -> str:
    return f'"{_escaped(jcs(value).decode())}"^^<{_RDF}JSON>'


def _literal(value: Json, datatype: str | None) -> str:
    """A literal in canonical N-Quads (JSON-LD 1.1 API §8.6, object to RDF conversion)."""
    if isinstance(value, bool):
        text, usual = ("true" if value else "false"), f"{_XSD}boolean"
    elif isinstance(value, int | float):
        is_whole = float(value).is_integer() and abs(value) < 1e21 and datatype != _DOUBLE
        text, usual = (str(int(value)), f"{_XSD}integer") if is_whole else (_double(value), _DOUBLE)
    else:
        text, usual = _escaped(_as_double(value) if datatype == _DOUBLE else value), _STRING
    kind = datatype or usual
    return f'"{text}"' if kind == _STRING else f'"{text}"^^<{kind}>'


def _as_double(text: str) -> str:
    # Signers' libraries write a text of this type as a canonical number too.
    try:
        return _double(float(text))
    except ValueError:
        return text


def _double(number: float) -> str:
    mantissa, exponent = f"{number:.15E}".split("E")
    digits = mantissa.rstrip("0")
    return f"{digits}{'0' if digits.endswith('.') else ''}E{int(exponent)}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES) if _ESCAPED.search(text) else text

"""JSON-LD to statements (RDF), in one walk over the badge, losing nothing.

The walk follows JSON-LD 1.1 expansion and deserialization to RDF (pyld is the witness of the tests), for
the JSON-LD that badges are written in. Whatever else a document holds is refused by name and not
dropped: what is dropped is shown to people, but not signed.
"""

import re

from ...errors import TooComplex
from ..budget import Budget
from ..contexts import Vocabularies
from ..credential import Json, JsonObject
from ..jcs import jcs
from ..once import once
from .places import Thing, Values, check_places
from .rdfc import Quad
from .terms import COST_OF_TYPES, NO_ID, Plan, Table, refuse_misleading
from .unsound import Unsound
from .vocabulary import extend, root
from .words import XSD, XSD_DOUBLE, XSD_STRING, Scope, Term

MAX_STATEMENTS = 20_000
I18N = "https://www.w3.org/ns/i18n#"
"""Begins the datatype of a text with a direction (JSON-LD 1.1 API, “i18n-datatype”): else nothing would sign that."""
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE, _FIRST, _REST, _NIL = (f"<{_RDF}{name}>" for name in ("type", "first", "rest", "nil"))
# A credential inside another may bring its contexts; so may a proof that a later one is chained to.
_BRING_CONTEXTS = {
    "VerifiableCredential",
    "EnvelopedVerifiableCredential",
    "VerifiablePresentation",
    "DataIntegrityProof",
}
_LANGUAGE = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8})*\Z")
_NO_LANGUAGE = "A text of the badge says its language in a way that badges do not use."
# RDFC-1.0, appendix A: what XML 1.1 has no character for is written by its number.
_ESCAPES = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)},
    **{ord(plain): f"\\{letter}" for plain, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)},
}
_ESCAPED = re.compile(r'[\x00-\x1f"\\\x7f\ufffe\uffff]').search


def statements(document: JsonObject, vocabularies: Vocabularies, budget: Budget) -> list[Quad]:
    """The statements that a document makes; raises Unsound, Unavailable or TooComplex."""
    return walked(document, vocabularies, budget).statements


def walked(
    document: JsonObject, vocabularies: Vocabularies, budget: Budget, *, by_statements: bool = True
) -> "Walked":
    """What a walk through a document finds in it; raises Unsound, Unavailable or TooComplex.

    ``by_statements``: whether it is signed by those, which know no places, or as it is written.
    """
    walk = _Walk(vocabularies, budget, by_statements)
    table = root(document.get("@context"), vocabularies, budget)
    try:
        walk.thing({name: value for name, value in document.items() if name != "@context"}, table, "", "")
    finally:
        budget.spend(walk.steps)
    found = walk.found
    if by_statements:
        check_places(found.things, found.lists, found.named)
    # No document that can be read makes many times as many.
    if found.most > MAX_STATEMENTS and len(found.statements) > MAX_STATEMENTS:
        raise TooComplex(f"This badge makes more than {MAX_STATEMENTS:,} statements.")
    return found


class Walked:
    """The things in a document, and the statements that are more than a text.

    Texts, most of a badge, are written when its statements are asked for: what is signed as a whole, or
    in JCS, needs none of them.
    """

    def __init__(self) -> None:
        self.links: list[Quad] = []
        self.things: list[Thing] = []
        self.lists: list[Values] = []
        self.named: set[tuple[str, str]] = set()
        self.tags: dict[str, str] = {}
        """Languages as the document writes them, by what they are here: in small letters."""

    @once
    def statements(self) -> list[Quad]:
        """All of them."""
        return [*self.links, *self._texts()]

    @property
    def most(self) -> int:
        """There are no more of them than these."""
        return len(self.links) + sum([len(kinds) + len(members) for _, kinds, members, *_ in self.things])

    def _texts(self) -> list[Quad]:
        """What things are, and what is said of them in so many words."""
        found: list[Quad] = []
        add = found.append
        for subject, kinds, members, raw, graph, _ in self.things:
            for kind in kinds:
                add((subject, _TYPE, kind, graph))
            for key, term in members:
                if term.ending is not None and isinstance(value := raw[key], str):
                    if _ESCAPED(value):
                        value = value.translate(_ESCAPES)
                    add((subject, term.predicate, f'"{value}"{term.ending}', graph))
        return found


class _Walk:
    def __init__(self, vocabularies: Vocabularies, budget: Budget, by_statements: bool) -> None:
        self.vocabularies = vocabularies
        self.budget = budget
        self.by_statements = by_statements
        self.found = Walked()
        self.steps = 0
        """What walking itself cost; it is spent at the end, since it is no more than the document is long."""
        self.blank_nodes = 0
        self.named_blank_nodes: dict[str, str] = {}

    def thing(self, raw: JsonObject, table: Table, graph: str, place: str) -> str:
        """Walk one object, the value of ``place``; gives the name of its node."""
        outer = table
        if "@context" in raw:
            outer = self._with_own_contexts(raw, table)
        table, kinds, name, members = outer.plan(raw, self.budget) or self._plan(raw, outer)
        self.steps += 3 + len(raw)
        subject = self._node(raw[name], table) if name else self._blank_node()
        self.found.things.append((subject, kinds, members, raw, graph, place))
        link = self.found.links.append
        for key, term in members:
            value = raw[key]
            if isinstance(value, str):
                if term.ending is not None:
                    continue
            elif not isinstance(value, dict):
                self._property(subject, key, term, value, table, graph)
                continue
            if term.is_single:
                link((subject, term.predicate, self._value(key, value, term, table, graph), graph))
            else:
                self._property(subject, key, term, value, table, graph)
        return subject

    def _plan(self, raw: JsonObject, outer: Table) -> Plan:
        types = _types(raw, outer)
        if len(types) > 1:
            self.budget.spend_once((outer, types), COST_OF_TYPES)
        table, kinds = outer.typed(types, self.budget) if types else (outer, ())
        shape = table.shape(tuple(raw), self.budget)
        if self.by_statements:  # else the words themselves are signed
            refuse_misleading(shape, raw)
        return table, kinds, *shape

    def _with_own_contexts(self, raw: JsonObject, table: Table) -> Table:
        kinds = raw.get("type", raw.get("@type"))
        words = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
        if _BRING_CONTEXTS.isdisjoint(words):
            raise Unsound(
                "A part of the badge changes the meaning of words (“@context”), which only a whole badge may."
            )
        return extend(table, raw["@context"], self.vocabularies, self.budget)

    def _node(self, value: Json, table: Table) -> str:
        if not isinstance(value, str):
            raise Unsound(NO_ID)
        if not value.startswith("_:"):
            return f"<{table.address(value)}>"
        if value not in self.named_blank_nodes:
            self.named_blank_nodes[value] = self._blank_node()
        return self.named_blank_nodes[value]

    def _blank_node(self) -> str:
        self.blank_nodes += 1
        return f"_:b{self.blank_nodes}"

    def _property(self, subject: str, key: str, term: Term, value: Json, table: Table, graph: str) -> None:
        if isinstance(value, list):
            self.steps += 2 * len(value)
        if term.coercion == "@json":
            values = [_literal_of_json(value)]
        elif term.container == "@graph":
            values = [self._graph(key, one, term, table) for one in _each(key, value)]
        elif term.container == "@language" and isinstance(value, dict):
            values = self._in_languages(key, value)
        else:
            values = [self._value(key, one, term, table, graph) for one in _each(key, value)]
            if len(values) > 1:
                self.found.lists.append((key, term.predicate, values, _each(key, value)))
        if term.container == "@list":
            values = [self._list(values, graph)] if value is not None else []
        for one in values:
            self.found.links.append((subject, term.predicate, one, graph))

    def _in_languages(self, key: str, said: JsonObject) -> list[str]:
        """The texts of a map from languages to what is said in each."""
        found = [(language, one) for language, texts in said.items() for one in _each(key, texts)]
        self.steps += 2 * len(found)
        if not all(isinstance(text, str) for _, text in found):
            raise Unsound(_NO_LANGUAGE)
        tags = self.found.tags
        return [_text(text, None if name == "@none" else _tag(name, tags)) for name, text in found]

    def _value(self, key: str, value: Json, term: Term, table: Table, graph: str) -> str:
        if isinstance(value, dict):
            if not table.values.isdisjoint(value):
                inside = _inside(table, term.scope, self.budget)
                return _literal_of_object(value, inside, self.found.tags)
            if table.previous is not None or term.scope is not None:
                table = self._around(value, term, table)
            return self.thing(value, table, graph, key)
        if isinstance(value, str):
            if term.coercion == "@id":
                node = self._node(value, _inside(table, term.scope, self.budget))
                self.found.named.add((node, key))
                return node
            if term.coercion is None:
                return _text(value, term.language)
            if term.coercion == "@vocab":
                return f"<{_inside(table, term.scope, self.budget).word(value)}>"
        coercion = term.coercion
        return _literal(value, None if coercion in ("@id", "@vocab") else coercion)

    def _around(self, raw: JsonObject, term: Term, table: Table) -> Table:
        """The table that holds around a nested object: that of a type ends with the thing of that type."""
        is_reference = len(raw) == 1 and any(name in raw for name in table.names["@id"])
        if table.previous is not None and not is_reference:
            table = table.previous
        return _inside(table, term.scope, self.budget)

    def _graph(self, key: str, value: Json, term: Term, table: Table) -> str:
        around = self._around(value, term, table) if isinstance(value, dict) else table
        if not isinstance(value, dict) or not value.keys() - set(around.names["@id"]):
            raise Unsound(
                "A credential or proof inside the badge is not an object, so the signature does not cover it."
            )
        name = self._blank_node()
        self.thing(value, around, name, key)
        return name

    def _list(self, values: list[str], graph: str) -> str:
        rest = _NIL
        for value in reversed(values):
            node = self._blank_node()
            self.found.links += ((node, _FIRST, value, graph), (node, _REST, rest, graph))
            rest = node
        return rest


def _inside(table: Table, scope: Scope | None, budget: Budget) -> Table:
    return table if scope is None else table.within(scope, budget)


def _each(key: str, value: Json) -> list[Json]:
    """The values of a property: null is absent, an array is a set, and no array stands in another."""
    values = value if isinstance(value, list) else [value]
    if list in map(type, values):
        raise Unsound(f"“{key}” holds a list inside a list, which badges do not use.")
    return [one for one in values if one is not None]


def _types(raw: JsonObject, table: Table) -> tuple[str, ...]:
    given = [name for name in table.names["@type"] if name in raw]
    if not given:
        return ()
    if given[0] == "@type":
        table.term("@type")  # refuses it beside a table that calls it "type"
    types = raw[given[0]]
    if len(given) == 1 and isinstance(types, str):
        return (types,)
    if len(given) > 1 or not isinstance(types, list) or not all(isinstance(name, str) for name in types):
        raise Unsound("A part of the badge has a type that is not a word or a list of words.")
    return tuple(sorted(set(types)))


def _literal_of_object(raw: JsonObject, table: Table, tags: dict[str, str]) -> str:
    """A value object: ``@value`` with a language and a direction, or with a datatype."""
    names = {table.keyword(key) or key: value for key, value in raw.items()}
    value, kind, language = names.get("@value"), names.get("@type"), names.get("@language")
    direction = names.get("@direction")
    known = {"@value", "@type", "@language", "@direction"}
    if len(names) < len(raw) or not names.keys() <= known or direction not in (None, "ltr", "rtl"):
        raise Unsound("A text of the badge is written in a form that badges do not use.")
    if kind == "@json" and language is None and direction is None:
        return _literal_of_json(value)
    if value is None or isinstance(value, dict | list):
        raise Unsound("A text of the badge is empty or no text, so the signature does not cover it.")
    if language is not None:
        if not isinstance(language, str) or not isinstance(value, str) or kind is not None:
            raise Unsound(_NO_LANGUAGE)
        language = _tag(language, tags)
    if direction is not None:
        if not isinstance(value, str) or kind is not None:
            raise Unsound("Something in the badge that is no text is given a direction to be read in.")
        return f'"{_escaped(value)}"^^<{I18N}{language or ""}_{direction}>'
    if language is not None:
        return _text(value, language)
    if kind is not None and not isinstance(kind, str):
        raise Unsound("A value of the badge has a type that is not a word.")
    return _literal(value, table.word(kind) if kind is not None else None)


def _tag(language: str, tags: dict[str, str]) -> str:
    tag = language.lower()
    if not _LANGUAGE.match(tag):
        raise Unsound("A text of the badge is in a language that is none.")
    if tag != language:
        tags[tag] = language
    return tag


def _text(value: str, language: str | None) -> str:
    return f'"{_escaped(value)}"@{language}' if language else f'"{_escaped(value)}"'


def _literal_of_json(value: Json) -> str:
    return f'"{_escaped(jcs(value).decode())}"^^<{_RDF}JSON>'


def _literal(value: Json, datatype: str | None) -> str:
    """A literal in canonical N-Quads (JSON-LD 1.1 API §8.6, object to RDF conversion)."""
    if isinstance(value, bool):
        text, usual = ("true" if value else "false"), f"{XSD}boolean"
    elif isinstance(value, int | float):
        is_whole = float(value).is_integer() and abs(value) < 1e21 and datatype != XSD_DOUBLE
        text, usual = (str(int(value)), f"{XSD}integer") if is_whole else (_double(value), XSD_DOUBLE)
    else:
        text, usual = _escaped(value), XSD_STRING
    kind = datatype or usual
    return f'"{text}"' if kind == XSD_STRING else f'"{text}"^^<{kind}>'


def as_double(text: str) -> str:
    """A text as the number that it says, if it says one."""
    try:
        return _double(float(text))
    except ValueError:
        return text


def _double(number: float) -> str:
    mantissa, exponent = f"{number:.15E}".split("E")
    digits = mantissa.rstrip("0")
    return f"{digits}{'0' if digits.endswith('.') else ''}E{int(exponent)}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES) if _ESCAPED(text) else text

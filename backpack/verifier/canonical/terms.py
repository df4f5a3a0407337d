"""What each word of a badge means: active contexts, compiled into tables that answer fast.

A table says for a key or a type what it stands for and which table holds inside it. Tables of published
contexts are shared and stay; a table that an issuer's own context had a part in lives for one document.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from ..budget import Budget
from ..credential import Json, JsonObject
from ..fields import objects
from ..frozen import frozen
from ..legible import quoted
from .reading import expand, process
from .standards import (
    is_misleading,
    is_misleading_type,
    is_property,
    is_read,
    proper_property,
    standard_names,
)
from .unsound import Unsound, Unsupported
from .words import Members, Scope, Shape, Term, ending_of, meaning_of, scope_of

STEPS_KEPT = 4096  # 5 kB each
SHAPES_KEPT = 1024  # a kB each, ten for what strangers make up
MOST_TYPES = 16  # of one thing, as it writes them; of more, repeated, nothing is kept
# In steps of the budget.
COST_OF_TYPES = 100
COST_OF_A_WORD = 5
COST_OF_A_SCOPE = 10  # a context inside a word is read with the word, to see whether it is sound

# No white space, no control character, nothing that ends or escapes an address in N-Quads.
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20<>\"\\\x7f-\x9f]*\Z")
NO_ID = "A part of the badge has an id that is not one address."
_CONTAINERS = frozenset({"@set", "@list", "@graph", "@language"})


@frozen
class Layer:
    """One context object of a list, known by its hash."""

    key: str
    published: bool
    context: JsonObject = field(compare=False)


Plan: TypeAlias = tuple["Table", tuple[str, ...], str | None, Members]
"""How an object is walked: the table inside its types, their addresses in N-Quads, and its shape."""


class Table:
    """One active context: what every key and type means where it holds.

    ``previous`` is the table outside of a type's own context, to which nested things return (JSON-LD 1.1, §4.1.8).
    """

    def __init__(
        self, active: Mapping[str, Any], *, published: bool, previous: "Table | None" = None
    ) -> None:
        self.active = active
        self.published = published
        self.previous = previous if "previousContext" in active else None
        self.mappings: Mapping[str, Any] = active["mappings"]
        self.names = _names(self.mappings)
        self.values = frozenset(self.names["@value"])
        self._words = frozenset(self.mappings) | {"@id", "@type", "@context"}
        self._is_usual = published and self.names["@type"] == ("@type", "type")
        self._terms: dict[str, Term] = {}
        self._typed: dict[tuple[str, ...], Typed] = {}
        self._steps: dict[tuple[Scope, bool], Table] = {}

    def term(self, key: str) -> Term:
        """What this key stands for; raises Unsound when nothing defines it."""
        found = self._terms.get(key)
        if found is None:
            found = self._compiled(key)
            if key in self.mappings or not self.published:  # else strangers could fill a table that stays
                self._terms[key] = found
        return found

    def keyword(self, key: str) -> str | None:
        """The keyword that this key is or stands for (“id” for @id), or None."""
        if key.startswith("@"):
            return key
        meaning = (self.mappings.get(key) or {}).get("@id") or ""
        return meaning if meaning.startswith("@") else None

    def plan(self, raw: JsonObject, budget: Budget) -> Plan | None:
        """How to walk an object all of whose words are of published contexts, as in most badges; None for any other."""
        words = raw.get("type", ())
        if isinstance(words, list) and len(words) <= MOST_TYPES:
            words = tuple(words)
        try:
            plan, types = _planned(self, words, tuple(raw))
        except (_Unusual, TypeError):  # a type that is no word
            return None
        if len(types) > 1:
            budget.spend_once((self, types), COST_OF_TYPES)
        return plan

    def typed(self, types: tuple[str, ...], budget: Budget) -> "Typed":
        """The table inside a thing of these types (sorted), and the types' addresses in N-Quads."""
        if self.published:  # and stays: strangers could fill it with words of theirs
            return _typed(self, types) if self._words.issuperset(types) else self._typed_anew(types, budget)
        found = self._typed.get(types)
        if found is None:
            found = self._typed[types] = self._typed_anew(types, budget)
        return found

    def shape(self, keys: tuple[str, ...], budget: Budget) -> Shape:
        """What these keys stand for; raises Unsound when one has no meaning here."""
        if self.published and self._words.issuperset(keys):
            return _shaped(self, keys)
        budget.spend(COST_OF_A_WORD * sum(key not in self.mappings for key in keys))
        return self._shaped_anew(keys)

    def within(self, scope: Scope, budget: Budget, *, of_type: bool = False) -> "Table":
        """The table inside a term's (or a type's) own context."""
        if self.published:
            return _stepped(self, scope, of_type)
        found = self._steps.get((scope, of_type))
        if found is None:
            budget.spend(self._cost_of(scope.context))
            found = self._steps[scope, of_type] = self._stepped_anew(scope, of_type)
        return found

    def _typed_anew(self, types: tuple[str, ...], budget: Budget) -> "Typed":
        inside = self
        for name in types:
            if scope := scope_of(self.mappings.get(name)):
                inside = inside.within(scope, budget, of_type=True)
        return Typed(inside, tuple([f"<{self._type_address(name)}>" for name in types]))

    def _shaped_anew(self, keys: tuple[str, ...]) -> Shape:
        terms = [(key, self.term(key)) for key in keys if key != "@context"]
        for key, term in terms:
            if term.keyword not in (None, "@id", "@type"):
                raise Unsound(f"“{key}” is a form of JSON-LD that badges do not use here.")
        names = [key for key, term in terms if term.keyword == "@id"]
        if len(names) > 1:
            raise Unsound(NO_ID)
        members = tuple([(key, term) for key, term in terms if term.keyword is None])
        return Shape(names[0] if names else None, members)

    def _stepped_anew(self, scope: Scope, of_type: bool) -> "Table":
        active = process(self.active, scope.context, override_protected=not of_type, propagate=not of_type)
        return Table(active, published=self.published, previous=self.previous or self)

    def after(self, layer: Layer, budget: Budget) -> "Table":
        """The table after one more context of a list."""
        published = self.published and layer.published
        if not published:
            budget.spend(self._cost_of(layer.context))
        table = Table(process(self.active, layer.context), published=published, previous=self.previous)
        if not layer.published:
            self._refuse_redefinition(table)
        return table

    def _cost_of(self, context: Json) -> int:
        """Steps that making a further table takes: what is known is copied, what is new is read."""
        return 100 + len(self.mappings) // 2 + _cost_of_reading(context)

    def address(self, value: str) -> str:
        """A value that is an address, absolute and in full, as whoever reads it takes it."""
        prefix, colon, rest = value.partition(":")
        if colon and not rest.startswith("//"):
            mapping = self.mappings.get(prefix)
            if mapping and mapping["_prefix"]:
                raise Unsupported(f"{quoted(value)} stands for an address that badges must write in full.")
        if not ADDRESS.match(value):
            raise Unsound(
                f"{quoted(value)} stands where an address must be, so the signature does not cover it."
            )
        return value

    def word(self, value: str) -> str:
        """A value that is a word of the vocabulary, or an address."""
        return self._absolute(value, f"{quoted(value)} is a word that no vocabulary of the badge defines.")

    def _type_address(self, name: str) -> str:
        address = self._absolute(name, f"The type {quoted(name)} is defined by no vocabulary of the badge.")
        self._refuse_other_name(name, address)
        if is_property(name, address):
            raise Unsound(f"{quoted(name)} stands where a type must be.")
        if not self.published and is_misleading_type(name, address):
            raise Unsupported(f"A vocabulary of the issuer's own calls something else {quoted(name)}.")
        return address

    def _absolute(self, value: str, otherwise: str) -> str:
        found = expand(self.active, value)
        if found is None or not ADDRESS.match(found):
            raise Unsound(otherwise)
        return found

    def _compiled(self, key: str) -> Term:
        if key.startswith("@") and any(name != key for name in self.names.get(key, ())) and key != "@value":
            raise Unsound(f"The badge writes “{key}” where it must write “{key[1:]}”.")
        meaning = expand(self.active, key)
        if meaning is not None and meaning.startswith("@"):
            return Term(keyword=meaning)
        if meaning is None or not ADDRESS.match(meaning):
            raise Unsound(
                f"No vocabulary of the badge defines {quoted(key)}, so nobody can say what it means."
            )
        self._refuse_other_name(key, meaning)
        if (proper := proper_property(key, meaning)) is not None:
            raise Unsound(f"The badge writes {quoted(key)} for what must be called “{proper}”.")
        mapping = self.mappings.get(key) or {}
        containers = set(mapping.get("@container") or ())
        container = next(iter(containers - {"@set"}), None)
        coercion = None if mapping.get("@type") == "@none" else mapping.get("@type")
        language = mapping.get("@language", self.active.get("@language"))
        is_plain = not (mapping.get("reverse") or "@nest" in mapping or _bends_itself(key, mapping))
        if not is_plain or not containers <= _CONTAINERS:
            raise Unsupported(f"{quoted(key)} is written in a form of JSON-LD that badges do not use.")
        return Term(
            predicate=f"<{meaning}>",
            coercion=coercion,
            container=container,
            language=language,
            scope=scope_of(mapping),
            ending=ending_of(coercion, language) if container is None else None,
            is_single=container is None and coercion != "@json",
            misleads=not self.published and is_misleading(key, meaning),
        )

    def _refuse_other_name(self, name: str, address: str) -> None:
        # Published contexts name each of their words once; a full or shortened address is the way round it.
        if self.published and ":" not in name:
            return
        proper = standard_names().get(address)
        if proper is not None and name not in proper:
            raise Unsound(f"The badge writes {quoted(name)} for what must be called “{min(proper)}”.")

    def _refuse_redefinition(self, later: "Table") -> None:
        for name, mapping in self.mappings.items():
            again = later.mappings.get(name)
            if again is not mapping and meaning_of(again) != meaning_of(mapping):
                raise Unsound(f"A vocabulary of the issuer's own gives {quoted(name)} another meaning.")


def refuse_misleading(shape: Shape, raw: JsonObject) -> None:
    """Raise Unsupported where a word of the issuer's own would be read as something else than what is signed.

    What is signed as JSON may stand there as it is, where it is read, or as a value of that type, where it is not.
    """
    for key, term in shape.members:
        values = [one.get("@value") for one in objects(raw[key])] if is_read(key) else []
        if term.misleads or any(isinstance(value, dict | list) for value in values):
            raise Unsupported(f"A vocabulary of the issuer's own calls something else {quoted(key)}.")


class _Unusual(Exception):
    """Nothing of this is kept."""


class Typed(NamedTuple):
    """The table inside a thing of some types, and the types' addresses in N-Quads."""

    table: Table
    addresses: tuple[str, ...]


# Tables of published contexts stay, those that were used last, and what is said in their own words of types and
# shapes; strangers can make others, but not keep them.
@lru_cache(maxsize=STEPS_KEPT)
def _typed(table: Table, types: tuple[str, ...]) -> Typed:
    return table._typed_anew(types, Budget())


@lru_cache(maxsize=SHAPES_KEPT)
def _shaped(table: Table, keys: tuple[str, ...]) -> Shape:
    return table._shaped_anew(keys)


@lru_cache(maxsize=SHAPES_KEPT)
def _planned(
    table: Table, words: str | tuple[str, ...], keys: tuple[str, ...]
) -> tuple[Plan, tuple[str, ...]]:
    """The plan for an object of these types, as it writes them, and these keys; and its types, sorted."""
    words = (words,) if isinstance(words, str) else words
    if not table._is_usual or "@type" in keys or not table._words.issuperset(words):
        raise _Unusual
    types = tuple(sorted(set(words)))
    inside, kinds = _typed(table, types) if types else (table, ())
    if not inside._words.issuperset(keys):
        raise _Unusual
    return (inside, kinds, *_shaped(inside, keys)), types


@lru_cache(maxsize=STEPS_KEPT)
def _stepped(table: Table, scope: Scope, of_type: bool) -> Table:
    return table._stepped_anew(scope, of_type)


def _names(mappings: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """The words that stand for each keyword which tells what an object is, itself among them."""
    found: dict[str, list[str]] = {"@id": ["@id"], "@type": ["@type"], "@value": ["@value"]}
    for word, meaning in mappings.items():
        if meaning and meaning["@id"] in found:
            found[meaning["@id"]].append(word)
    return {keyword: tuple(sorted(words)) for keyword, words in found.items()}


def _bends_itself(key: str, mapping: Mapping[str, Any]) -> bool:
    """Whether a word's own context says how its own texts are read, which would hold for those alone."""
    inside = mapping.get("@context")
    return isinstance(inside, Mapping) and (key in inside or "@language" in inside)


def _cost_of_reading(context: Json) -> int:
    """Steps for every word of a context."""
    words = context.values() if isinstance(context, Mapping) else ()
    scopes = sum(isinstance(word, Mapping) and "@context" in word for word in words)
    return len(words) * COST_OF_A_WORD + scopes * COST_OF_A_SCOPE

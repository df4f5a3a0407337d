"""What each word of a badge means: JSON-LD contexts, read by pyld once and compiled into tables.

``root`` gives the table for a list of contexts; a table answers for a key or a type what it stands for
and which table holds inside it. Tables of published contexts are shared and stay; a table that an
issuer's own context had a part in lives for one document.

An issuer's own context may add words (also all at once, by @vocab: what it covers is signed like
anything else) and nothing more: no @base, @import, @propagate, @nest, @reverse or index maps, no other
name for what a published word means (a hidden "credentialStatus" would be a revocation nobody sees),
no other meaning for a published word.
"""

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from ..contexts import PUBLISHED, Vocabularies, shipped
from ..credential import Json, JsonObject
from ..documents import Documents
from ..jcs import jcs
from ..legible import legible
from .budget import Budget

MAX_CONTEXTS = 16
MAX_OWN_SIZE = 64 * 1024
MAX_STEPS_KEPT = 256
COST_OF_A_STEP = 400  # pyld takes about a millisecond to read an own context, a hundred times a statement

# No white space, no control character, nothing that ends or escapes an address in N-Quads.
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20<>\"\\\x7f-\x9f]*\Z")
_OWN_KEYS = frozenset(
    {"@version", "@protected", "@vocab", "@id", "@type", "@container", "@context", "@language", "@prefix"}
)
_CONTAINERS = frozenset({"@set", "@list", "@graph"})
_STANDARDS = (
    "https://www.w3.org/2018/credentials#",
    "https://www.w3.org/ns/credentials",
    "https://w3id.org/security#",
    "https://w3id.org/vc/status-list#",
    "https://purl.imsglobal.org/spec/vc/",
    "https://imsglobal.github.io/openbadges-specification/",
)


class Unsound(Exception):
    """The document cannot be turned into statements without losing or bending something; says what in a sentence."""

    error = "PROOF_TRANSFORMATION_ERROR"  # Data Integrity's name for it


@dataclass(frozen=True, slots=True)
class Scope:
    """A context that holds inside a term or type; ``key`` is its canonical form."""

    context: Json
    key: bytes


@dataclass(frozen=True, slots=True)
class Term:
    """What a key stands for: a ``keyword`` (@id, @type…) or a ``predicate`` ("<https://…>") and how to read its values.

    ``coercion`` is None, @id, @vocab, @json, @none or the address of a datatype; ``container`` None, @list or @graph.
    """

    keyword: str | None = None
    predicate: str = ""
    coercion: str | None = None
    container: str | None = None
    language: str | None = None
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """One context object of a list; a published one is known by its hash."""

    key: str
    published: bool
    context: JsonObject = field(compare=False)


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
        self.names = {
            keyword: tuple(
                sorted([keyword, *(k for k, m in self.mappings.items() if m and m["@id"] == keyword)])
            )
            for keyword in ("@id", "@type", "@value")
        }
        self._terms: dict[str, Term] = {}
        self._types: dict[tuple[str, ...], tuple[Table, tuple[str, ...]]] = {}
        self._steps: dict[tuple[bytes, bool], Table] = {}
        self._after: dict[Layer, Table] = {}

    def term(self, key: str) -> Term:
        """What this key stands for; raises Unsound when nothing defines it."""
        found = self._terms.get(key)
        if found is None:
            found = self._compiled(key)
            if key in self.mappings:  # else strangers could fill a table that stays
                self._terms[key] = found
        return found

    def keyword(self, key: str) -> str | None:
        """The keyword that this key is or stands for (“id” for @id), or None."""
        if key.startswith("@"):
            return key
        meaning = (self.mappings.get(key) or {}).get("@id") or ""
        return meaning if meaning.startswith("@") else None

    def typed(self, types: tuple[str, ...], budget: Budget) -> "tuple[Table, tuple[str, ...]]":
        """The table inside a thing of these types (sorted), and the types' addresses in N-Quads."""
        found = self._types.get(types)
        if found is None:
            inside = self
            for name in types:
                if scope := _scope(self.mappings.get(name)):
                    inside = inside.within(scope, budget, of_type=True)
            found = inside, tuple(f"<{self._type_address(name)}>" for name in types)
            if len(self._types) < MAX_STEPS_KEPT:
                self._types[types] = found
        return found

    def within(self, scope: Scope, budget: Budget, *, of_type: bool = False) -> "Table":
        """The table inside a term's (or a type's) own context."""
        found = self._steps.get((scope.key, of_type))
        if found is None:
            found = self._stepped(scope.context, budget, of_type=of_type)
            if len(self._steps) < MAX_STEPS_KEPT:
                self._steps[scope.key, of_type] = found
        return found

    def _stepped(self, context: Json, budget: Budget, *, of_type: bool) -> "Table":
        if not self.published:
            budget.spend(COST_OF_A_STEP)
        active = _process(self.active, context, override_protected=not of_type, propagate=not of_type)
        return Table(active, published=self.published, previous=self.previous or self)

    def after(self, layer: "Layer", budget: Budget) -> "Table":
        """The table after one more context of a list."""
        if layer.published and layer in self._after:
            return self._after[layer]
        published = self.published and layer.published
        if not published:
            budget.spend(COST_OF_A_STEP)
        table = Table(_process(self.active, layer.context), published=published, previous=self.previous)
        if not layer.published:
            self._refuse_redefinition(table)
        elif len(self._after) < MAX_STEPS_KEPT:
            self._after[layer] = table
        return table

    def address(self, value: str) -> str:
        """A value that is an address, absolute, short forms written out."""
        prefix, colon, rest = value.partition(":")
        if colon and not rest.startswith("//"):
            mapping = self.mappings.get(prefix)
            if mapping and mapping["_prefix"]:
                value = mapping["@id"] + rest
        if not ADDRESS.match(value):
            raise Unsound(
                f"“{legible(value)}” stands where an address must be, so the signature does not cover it."
            )
        return value

    def word(self, value: str) -> str:
        """A value that is a word of the vocabulary, or an address."""
        return self._absolute(value, f"“{legible(value)}” is a word that no vocabulary of the badge defines.")

    def _type_address(self, name: str) -> str:
        address = self._absolute(
            name, f"The type “{legible(name)}” is defined by no vocabulary of the badge."
        )
        self._refuse_other_name(name, address)
        return address

    def _absolute(self, value: str, otherwise: str) -> str:
        found = _expand(self.active, value)
        if found is None or not ADDRESS.match(found):
            raise Unsound(otherwise)
        return found

    def _compiled(self, key: str) -> Term:
        if key.startswith("@") and any(name != key for name in self.names.get(key, ())) and key != "@value":
            raise Unsound(f"The badge writes “{key}” where it must write “{key[1:]}”.")
        meaning = _expand(self.active, key)
        if meaning is not None and meaning.startswith("@"):
            return Term(keyword=meaning)
        if meaning is None or not ADDRESS.match(meaning):
            raise Unsound(
                f"No vocabulary of the badge defines “{legible(key)}”, so the signature does not cover it."
            )
        self._refuse_other_name(key, meaning)
        mapping = self.mappings.get(key) or {}
        containers = set(mapping.get("@container") or ())
        if mapping.get("reverse") or "@nest" in mapping or not containers <= _CONTAINERS:
            raise Unsound(f"“{legible(key)}” is written in a form of JSON-LD that badges do not use.")
        return Term(
            predicate=f"<{meaning}>",
            coercion=mapping.get("@type"),
            container=next(iter(containers - {"@set"}), None),
            language=mapping.get("@language", self.active.get("@language")),
            scope=_scope(mapping),
        )

    def _refuse_other_name(self, name: str, address: str) -> None:
        # Published contexts name each of their words once; a full or shortened address is the way round it.
        if self.published and ":" not in name:
            return
        proper = standard_names().get(address)
        if proper is not None and name not in proper:
            raise Unsound(f"The badge writes “{legible(name)}” for what must be called “{min(proper)}”.")

    def _refuse_redefinition(self, later: "Table") -> None:
        for name, mapping in self.mappings.items():
            if _meaning(mapping) != _meaning(later.mappings.get(name)):
                raise Unsound(f"A vocabulary of the issuer's own gives “{legible(name)}” another meaning.")


def _meaning(mapping: Mapping[str, Any] | None) -> tuple[Any, ...]:
    keys = ("@id", "@type", "@container", "@context", "@language", "reverse", "@nest", "_prefix")
    return tuple((mapping or {}).get(key) for key in keys)


def _scope(mapping: Mapping[str, Any] | None) -> Scope | None:
    if not mapping or "@context" not in mapping:
        return None
    context = None if mapping["@context"] is False else mapping["@context"]  # pyld's way to note null
    return Scope(context, jcs(_thawed(context)))


def root(contexts: Json, vocabularies: Vocabularies, budget: Budget) -> Table:
    """The table for the value of a document's ``@context``; raises Unavailable or Unsound."""
    if isinstance(contexts, list) and vocabularies.are_all_shipped(contexts):
        return _of_shipped(tuple(contexts))
    return extend(None, contexts, vocabularies, budget)


def extend(table: Table | None, contexts: Json, vocabularies: Vocabularies, budget: Budget) -> Table:
    """The table after a further list of contexts (that of a credential inside another)."""
    layers = list(_layers(contexts or [], vocabularies, frozenset()))
    if not layers:
        raise Unsound("The badge names no vocabulary (“@context”), so its words have no meaning.")
    if len(layers) > MAX_CONTEXTS:
        raise Unsound(f"The badge names more than {MAX_CONTEXTS} vocabularies.")
    published = tuple(layer for layer in layers if layer.published)
    if table is None and published == tuple(layers[: len(published)]):
        table, layers = _shared(published), layers[len(published) :]
    for layer in layers:
        table = (table or Table(_initial(), published=True)).after(layer, budget)
    return table  # type: ignore[return-value]  # there was a layer


@lru_cache(maxsize=32)
def _of_shipped(urls: tuple[str, ...]) -> Table:
    return extend(None, list(urls), Vocabularies(Documents()), Budget())


@lru_cache(maxsize=32)
def _shared(layers: tuple[Layer, ...]) -> Table:
    table = Table(_initial(), published=True)
    for layer in layers:
        table = table.after(layer, Budget())
    return table


def _layers(contexts: Json, vocabularies: Vocabularies, inside: frozenset[str]) -> Iterator[Layer]:
    for number, context in enumerate(contexts if isinstance(contexts, list) else [contexts]):
        if isinstance(context, str):
            if context in inside:
                raise Unsound(f"The vocabulary at {context} refers to itself.")
            yield from _at_address(context, vocabularies, inside)
        elif isinstance(context, dict):
            _refuse_unsafe(context)
            yield Layer(f"{sorted(inside)} {number}", False, context)
        else:
            raise Unsound("A vocabulary of the badge is neither an address nor an object.")


def _at_address(url: str, vocabularies: Vocabularies, inside: frozenset[str]) -> Iterator[Layer]:
    found = vocabularies.find(url)
    if found.published:
        yield Layer(found.sha256, True, found.context)
    elif len(inside) >= MAX_CONTEXTS:
        raise Unsound("The vocabularies of the badge refer to too many others.")
    else:
        yield from _layers(found.context, vocabularies, inside | {url})


def _refuse_unsafe(context: JsonObject) -> None:
    """Raise Unsound unless an own context only adds words."""
    if len(jcs(dict(context))) > MAX_OWN_SIZE:
        raise Unsound("A vocabulary of the issuer's own is larger than any needs to be.")
    waiting: list[Json] = [context]
    while waiting:
        one = waiting.pop()
        for key, value in one.items():
            if key.startswith("@") and key not in _OWN_KEYS:
                raise Unsound(f"A vocabulary of the issuer's own uses “{legible(key)}”, which it may not.")
            if key == "@context" and not isinstance(value, dict):
                raise Unsound("A vocabulary of the issuer's own holds another one inside a word.")
            named = value.get("@id") if isinstance(value, dict) else value
            if (
                isinstance(named, str)
                and named.startswith("@")
                and (key, named) not in _USUAL
                and key[:1] != "@"
            ):
                raise Unsound(f"A vocabulary of the issuer's own renames “{legible(named)}”.")
            if isinstance(value, dict):
                waiting.append(value)


_USUAL = {("id", "@id"), ("type", "@type")}


@cache
def standard_names() -> Mapping[str, frozenset[str]]:
    """The names that the published contexts give to each address of the standards' own vocabularies."""
    found: dict[str, set[str]] = {}
    for url in PUBLISHED:
        if vocabulary := shipped(url):
            for name, address in _named(vocabulary.context, {}):
                if address.startswith(_STANDARDS):
                    found.setdefault(address, set()).add(name)
    return {address: frozenset(names) for address, names in found.items()}


def _named(contexts: Json, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for context in contexts if isinstance(contexts, list) else [contexts]:
        if not isinstance(context, dict):
            continue
        addresses = {
            k: a for k, v in context.items() if k[:1] != "@" and (a := _address_in(k, v)) is not None
        }
        prefixes = {**prefixes, **addresses}
        for name, address in addresses.items():
            prefix, _, rest = address.partition(":")
            yield name, prefixes[prefix] + rest if prefix in prefixes else address
        for value in context.values():
            if isinstance(value, dict) and "@context" in value:
                yield from _named(value["@context"], prefixes)


def _address_in(name: str, definition: Json) -> str | None:
    found = definition.get("@id", name) if isinstance(definition, dict) else definition
    return found if isinstance(found, str) else None


# pyld below: private functions, because the public ones cannot say what a type's own context needs. Its
# caches are not safe between threads, so it is asked one question at a time, and only for new tables.
_PYLD = threading.Lock()


class _Resolved:
    """What pyld calls a resolved context, without its cache."""

    __slots__ = ("document",)

    def __init__(self, document: Json) -> None:
        self.document = document

    def get_processed(self, _active: object) -> None:
        """Nothing is remembered here: tables are."""

    def set_processed(self, _active: object, _processed: object) -> None:
        """Nothing is remembered here: tables are."""


class _Resolver:
    """Hands pyld contexts that are at hand already; nothing can be fetched through it."""

    @staticmethod
    def resolve(_active: object, context: Json, _base: str, _cycles: object = None) -> list[_Resolved]:
        """The one context that is asked about: an object, or null."""
        return [_Resolved(context)]


@cache
def _pyld() -> Any:
    from pyld.jsonld import JsonLdProcessor

    return JsonLdProcessor()


def _initial() -> Mapping[str, Any]:
    with _PYLD:
        return _pyld()._get_initial_context({"processingMode": "json-ld-1.1"})  # type: ignore[no-any-return]


def _process(
    active: Mapping[str, Any], context: Json, *, override_protected: bool = False, propagate: bool = True
) -> Mapping[str, Any]:
    from pyld.jsonld import JsonLdError

    options = {"contextResolver": _Resolver(), "base": "", "processingMode": "json-ld-1.1"}
    with _PYLD:
        try:
            return _pyld()._process_context(  # type: ignore[no-any-return]
                active, context, options, override_protected=override_protected, propagate=propagate
            )
        except JsonLdError as error:
            raise Unsound(_told(error)) from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # pyld trips over contexts that nobody honest writes, such as "@vocab": null where there was none
            raise Unsound("A vocabulary of the badge is not sound.") from error


def _expand(active: Mapping[str, Any], value: str) -> str | None:
    with _PYLD:
        return _pyld()._expand_iri(active, value, vocab=True)  # type: ignore[no-any-return]


def _told(error: Any) -> str:
    codes = []
    while error is not None:
        codes.append(getattr(error, "code", None))
        error = error.__cause__
    if "protected term redefinition" in codes:
        return "A vocabulary of the badge gives a protected word another meaning."
    return f"A vocabulary of the badge is not sound ({codes[-1] or 'JSON-LD'})."


def _thawed(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _thawed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_thawed(inner) for inner in value]
    return value

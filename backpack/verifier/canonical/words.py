"""What one word of a context stands for, out of what pyld read there."""

from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from ..credential import Json
from ..frozen import frozen
from ..jcs import jcs

XSD = "http://www.w3.org/2001/XMLSchema#"
XSD_STRING, XSD_DOUBLE = f"{XSD}string", f"{XSD}double"


@frozen
class Scope:
    """A context that holds inside a term or type; ``key`` is its canonical form."""

    context: Json = field(compare=False)
    key: bytes


@frozen
class Term:
    """What a key stands for: a ``keyword`` (@id, @type…) or a ``predicate`` ("<https://…>") and how to read its values.

    ``coercion`` is None, @id, @vocab, @json or the address of a datatype; ``container`` None, @list, @graph or
    @language.
    """

    keyword: str | None = None
    predicate: str = ""
    coercion: str | None = None
    container: str | None = None
    language: str | None = None
    scope: Scope | None = None
    ending: str | None = None
    """What follows a value that is a text in N-Quads: its language or datatype; None where a text is no literal."""
    is_single: bool = False
    """Whether an object or a text in its place is one value, which stands for itself."""
    misleads: bool = False
    """Whether a vocabulary of the issuer's own has it for something else than whoever reads it would think."""


Members: TypeAlias = tuple[tuple[str, Term], ...]
"""The keys of an object that say something of it, and what they stand for."""


class Shape(NamedTuple):
    """What an object's keys stand for in a table, whatever its values are; ``name`` is the key of its id."""

    name: str | None
    members: Members


def meaning_of(mapping: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """What two definitions of a word must share to be the same."""
    keys = ("@id", "@type", "@container", "@context", "@language", "reverse", "@nest", "_prefix")
    return tuple((mapping or {}).get(key) for key in keys)


def ending_of(coercion: str | None, language: str | None) -> str | None:
    """What follows a text in N-Quads; None where it is read as something else."""
    if coercion is None:
        return f"@{language}" if language else ""
    if coercion in ("@id", "@vocab", "@json"):
        return None
    return "" if coercion == XSD_STRING else f"^^<{coercion}>"


def scope_of(mapping: Mapping[str, Any] | None) -> Scope | None:
    """The context that holds inside a word, when it has one."""
    if not mapping or "@context" not in mapping:
        return None
    return _scope(_Same(mapping["@context"]))


class _Same:
    """An object that is only equal to itself: to ask again of the same one takes no reading of it."""

    __slots__ = ("it",)

    def __init__(self, it: Json) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.it is other.it


@lru_cache(maxsize=512)
def _scope(said: _Same) -> Scope:
    context = None if said.it is False else said.it  # pyld's way to note null
    return Scope(context, jcs(_thawed(context)))


def _thawed(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _thawed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_thawed(inner) for inner in value]
    return value

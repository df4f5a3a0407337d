"""From the ``@context`` of a badge to the table of its words, and what an issuer's own context may not do.

It may add words (also all at once, by @vocab: what it covers is signed like anything else) and nothing
more: no @base, @import or @propagate, no other name for what a published word means (a hidden
"credentialStatus" would be a revocation nobody sees), no other meaning for a published word. What it
adds by @nest, @reverse or index maps, other names for keywords, and short forms of addresses are sound,
but not read here.
"""

import hashlib
from collections.abc import Hashable, Iterator
from functools import lru_cache
from itertools import islice, takewhile
from typing import TypeAlias

from ..budget import Budget, steps_for
from ..contexts import Vocabularies
from ..credential import Json, JsonObject
from ..documents import Documents
from ..jcs import jcs
from ..legible import quoted
from .reading import initial
from .terms import ADDRESS, COST_OF_A_WORD, Layer, Table
from .unsound import Unsound, Unsupported

MAX_CONTEXTS = 16
MAX_OWN_SIZE = 64 * 1024
_OWN_KEYS = frozenset(
    {"@version", "@protected", "@vocab", "@id", "@type", "@container", "@context", "@language", "@prefix"}
)
_NOT_READ = frozenset({"@direction", "@index", "@nest", "@reverse"})
_USUAL = {("id", "@id"), ("type", "@type")}
PLENTY = 1_000_000  # whoever asks for what is kept has paid for it
STEPS_A_WORD = 2  # of a published context: pyld takes one to three milliseconds to read a large one

_Cost: TypeAlias = tuple[Hashable, int]


def root(contexts: Json, vocabularies: Vocabularies, budget: Budget) -> Table:
    """The table for the value of a document's ``@context``; raises Unavailable or Unsound."""
    if (
        isinstance(contexts, list)
        and len(contexts) <= MAX_CONTEXTS
        and vocabularies.are_all_shipped(contexts)
    ):
        urls = tuple(contexts)
        for what, steps in _costs_of_shipped(urls):
            budget.spend_once(what, steps)
        return _of_shipped(urls)
    return extend(None, contexts, vocabularies, budget)


def extend(table: Table | None, contexts: Json, vocabularies: Vocabularies, budget: Budget) -> Table:
    """The table after a further list of contexts (that of a credential inside another)."""
    found = _layers(contexts or [], vocabularies, frozenset(), budget)
    layers = tuple(islice(found, MAX_CONTEXTS + 1))
    if not layers:
        raise Unsound("The badge names no vocabulary (“@context”), so its words have no meaning.")
    if len(layers) > MAX_CONTEXTS:
        raise Unsound(f"The badge names more than {MAX_CONTEXTS} vocabularies.")
    published = tuple(takewhile(lambda layer: layer.published, layers))
    if table is None or table.published:
        for what, steps in _costs(table, published):
            budget.spend_once(what, steps)
        table = _after_published(table, published)
    else:
        published = ()
    for layer in layers[len(published) :]:
        table = _after_own(table, layer, budget)
    return table


def _after_own(table: Table, layer: Layer, budget: Budget) -> Table:
    """The table after a context of the issuer's own, made once a file: all badges in a record may name it."""
    what = table, layer
    if what not in budget.made:
        budget.made[what] = table.after(layer, budget)
    return budget.made[what]  # type: ignore[no-any-return]


@lru_cache(maxsize=32)
def _of_shipped(urls: tuple[str, ...]) -> Table:
    return extend(None, list(urls), Vocabularies(Documents()), Budget(PLENTY))


@lru_cache(maxsize=32)
def _costs_of_shipped(urls: tuple[str, ...]) -> tuple[_Cost, ...]:
    return tuple(_costs(None, tuple(_layers(list(urls), Vocabularies(Documents()), frozenset(), Budget()))))


def _costs(table: Table | None, layers: tuple[Layer, ...]) -> Iterator[_Cost]:
    """What reading published contexts takes: lists that begin alike are read alike, and once."""
    keys = tuple([layer.key for layer in layers])
    for number, layer in enumerate(layers, 1):
        yield (table, keys[:number]), _steps_for(layer)


@lru_cache(maxsize=64)
def _steps_for(layer: Layer) -> int:
    return 20 + STEPS_A_WORD * _words(layer.context)


def _words(context: Json) -> int:
    """How many words stand in a context, those inside of others included."""
    if isinstance(context, dict):
        return len(context) + sum(map(_words, context.values()))
    return sum(map(_words, context)) if isinstance(context, list) else 0


@lru_cache(maxsize=128)
def _after_published(table: Table | None, layers: tuple[Layer, ...]) -> Table:
    if not layers:
        return table or Table(initial(), published=True)
    return _after_published(table, layers[:-1]).after(layers[-1], Budget())


def _layers(
    contexts: Json, vocabularies: Vocabularies, inside: frozenset[str], budget: Budget
) -> Iterator[Layer]:
    for context in contexts if isinstance(contexts, list) else [contexts]:
        if isinstance(context, str):
            if context in inside:
                raise Unsound(f"The vocabulary at {context} refers to itself.")
            yield from _at_address(context, vocabularies, inside, budget)
        elif isinstance(context, dict):
            budget.spend(steps_for(context) // 32)
            spelled = jcs(dict(context))
            if len(spelled) > MAX_OWN_SIZE:
                raise Unsound("A vocabulary of the issuer's own is larger than any needs to be.")
            _refuse_unsafe(context)
            yield Layer(hashlib.sha256(spelled).hexdigest(), False, context)
        else:
            raise Unsound("A vocabulary of the badge is neither an address nor an object.")


def _at_address(
    url: str, vocabularies: Vocabularies, inside: frozenset[str], budget: Budget
) -> Iterator[Layer]:
    budget.spend(COST_OF_A_WORD)  # the issuer's own may name others, any of them many times
    found = vocabularies.find(url)
    if found.published:
        yield Layer(found.sha256, True, found.context)
    elif len(inside) >= MAX_CONTEXTS:
        raise Unsound("The vocabularies of the badge refer to too many others.")
    else:
        yield from _layers(found.context, vocabularies, inside | {url}, budget)


def _refuse_unsafe(context: JsonObject) -> None:
    """Raise Unsound unless an own context only adds words."""
    waiting: list[Json] = [context]
    while waiting:
        one = waiting.pop()
        for key, value in one.items():
            if key in _NOT_READ:
                raise Unsupported(f"A vocabulary of the issuer's own uses “{key}”, which we do not read.")
            if key.startswith("@") and key not in _OWN_KEYS:
                raise Unsound(f"A vocabulary of the issuer's own uses {quoted(key)}, which it may not.")
            if (
                key == "@vocab"
                and value is not None
                and not (isinstance(value, str) and ADDRESS.match(value))
            ):
                raise Unsound("A vocabulary of the issuer's own has words without an address (“@vocab”).")
            if key == "@context" and not isinstance(value, dict):
                raise Unsupported("A vocabulary of the issuer's own holds another one inside a word.")
            named = value.get("@id") if isinstance(value, dict) else value
            if (
                isinstance(named, str)
                and named.startswith("@")
                and (key, named) not in _USUAL
                and key[:1] != "@"
            ):
                raise Unsupported(f"A vocabulary of the issuer's own renames {quoted(named)}.")
            if isinstance(value, dict):
                waiting.append(value)

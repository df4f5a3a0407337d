"""From the ``@context`` of a badge to the table of its words, and what an issuer's own context may not do.

It may add words (also all at once, by @vocab: what it covers is signed like anything else) and nothing
more: no @base, @import, @propagate, @nest, @reverse or index maps, no other name for what a published
word means (a hidden "credentialStatus" would be a revocation nobody sees), no other meaning for a
published word.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, takewhile

from ..budget import Budget, steps_for
from ..contexts import Vocabularies
from ..credential import Json, JsonObject
from ..documents import Documents
from ..jcs import jcs
from ..legible import legible
from .reading import initial
from .terms import ADDRESS, COST_OF_A_WORD, Layer, Table
from .unsound import Unsound, Unsupported

MAX_CONTEXTS = 16
MAX_OWN_SIZE = 64 * 1024
_OWN_KEYS = frozenset(
    {"@version", "@protected", "@vocab", "@id", "@type", "@container", "@context", "@language", "@prefix"}
)
_USUAL = {("id", "@id"), ("type", "@type")}


def root(contexts: Json, vocabularies: Vocabularies, budget: Budget) -> Table:
    """The table for the value of a document's ``@context``; raises Unavailable or Unsound."""
    if isinstance(contexts, list) and vocabularies.are_all_shipped(contexts):
        return _of_shipped(tuple(contexts))
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
        table = _after_published(table, published)
    else:
        published = ()
    for layer in layers[len(published) :]:
        table = table.after(layer, budget)
    return table


@lru_cache(maxsize=32)
def _of_shipped(urls: tuple[str, ...]) -> Table:
    return extend(None, list(urls), Vocabularies(Documents()), Budget())


@lru_cache(maxsize=128)
def _after_published(table: Table | None, layers: tuple[Layer, ...]) -> Table:
    if not layers:
        return table or Table(initial(), published=True)
    return _after_published(table, layers[:-1]).after(layers[-1], Budget())


def _layers(
    contexts: Json, vocabularies: Vocabularies, inside: frozenset[str], budget: Budget
) -> Iterator[Layer]:
    for number, context in enumerate(contexts if isinstance(contexts, list) else [contexts]):
        if isinstance(context, str):
            if context in inside:
                raise Unsound(f"The vocabulary at {context} refers to itself.")
            yield from _at_address(context, vocabularies, inside, budget)
        elif isinstance(context, dict):
            budget.spend(steps_for(context) // 32)
            _refuse_unsafe(context)
            yield Layer(f"{sorted(inside)} {number}", False, context)
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
    if len(jcs(dict(context))) > MAX_OWN_SIZE:
        raise Unsound("A vocabulary of the issuer's own is larger than any needs to be.")
    waiting: list[Json] = [context]
    while waiting:
        one = waiting.pop()
        for key, value in one.items():
            if key.startswith("@") and key not in _OWN_KEYS:
                raise Unsound(f"A vocabulary of the issuer's own uses “{legible(key)}”, which it may not.")
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
                raise Unsound(f"A vocabulary of the issuer's own renames “{legible(named)}”.")
            if isinstance(value, dict):
                waiting.append(value)

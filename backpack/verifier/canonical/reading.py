"""JSON-LD contexts as pyld reads them.

Private functions of pyld, because the public ones cannot say what a type's own context needs. Its caches
are not safe between threads, so it is asked one question at a time, and only for tables that are new.
"""

import sys
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from ..credential import Json
from .unsound import Unsound

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
    # On import pyld makes itself an HTTP client of whichever of these it finds. Nothing is to be fetched through
    # it, and to import such a client takes as long as to import pyld.
    unwanted = {"requests", "aiohttp"} - sys.modules.keys()
    sys.modules |= dict.fromkeys(unwanted)  # type: ignore[arg-type]  # None: not to be imported
    try:
        from pyld.jsonld import JsonLdProcessor
    finally:
        for name in unwanted:
            del sys.modules[name]
    return JsonLdProcessor()


def initial() -> Mapping[str, Any]:
    """The active context in which nothing is defined yet."""
    with _PYLD:
        return _pyld()._get_initial_context({"processingMode": "json-ld-1.1"})  # type: ignore[no-any-return]


def process(
    active: Mapping[str, Any], context: Json, *, override_protected: bool = False, propagate: bool = True
) -> Mapping[str, Any]:
    """The active context after one more context; raises Unsound."""
    from pyld.jsonld import JsonLdError

    options = {"contextResolver": _Resolver(), "base": "", "processingMode": "json-ld-1.1"}
    with _PYLD:
        try:
            return _pyld()._process_context(  # type: ignore[no-any-return]
                active, context, options, override_protected=override_protected, propagate=propagate
            )
        except JsonLdError as error:
            raise Unsound(_told(error)) from error
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            # pyld trips over contexts that nobody honest writes, such as "@vocab": null where there was none,
            # or a thousand words each of which is short for the next
            raise Unsound("A vocabulary of the badge is not sound.") from error


def expand(active: Mapping[str, Any], value: str) -> str | None:
    """What a word or address stands for in an active context; None when it was switched off."""
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

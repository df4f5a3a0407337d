"""Reading members of unknown shape: one or many, plain or by language, by value or by address.

Everything here takes whatever JSON gives and never raises; what does not fit reads as absent.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from math import isfinite

from .addresses import is_web_address
from .credential import Evidence, Identifier, Json, JsonObject, Picture, Related
from .jcs import jcs

_PREFERRED_LANGUAGES = ("en", "en-us", "en-gb")
"""In small letters: where statements are signed, nobody signs the size of those in the name of a language."""
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
# It is asked for a hundred times a badge, and ``list | tuple`` would be made anew each time.
_LISTS = (list, tuple)


def many(value: Json) -> tuple[Json, ...]:
    """The values of a member that may hold one or several; none when it is absent."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, _LISTS) else (value,)


def sole(value: Json) -> Json:
    """The value itself, or the only one of a list: JSON-LD makes no difference between the two."""
    return value[0] if isinstance(value, _LISTS) and len(value) == 1 else value


def objects(value: Json) -> tuple[JsonObject, ...]:
    """The values that are objects."""
    if value is None:
        return ()
    if isinstance(value, dict):
        return (value,)
    return tuple([v for v in value if isinstance(v, dict)]) if isinstance(value, _LISTS) else ()


def an_object(value: Json) -> JsonObject:
    """The first object, or an empty one."""
    if isinstance(value, dict):
        return value
    return next(iter(objects(value)), {}) if value else {}


def text(value: Json) -> str | None:
    """Text, whether plain, a ``{"@value"}``, a language map, or a list of those; None when there is none."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return jcs(value).decode() if isfinite(value) else None  # alike however it is written
    if isinstance(value, dict):
        if "@value" in value:
            return text(value["@value"])
        return _preferred({language: said[0] for language, said in _by_language(value).items()})
    return _of_list(value) if isinstance(value, _LISTS) else None


def is_text(value: Json) -> bool:
    """Whether there is text, plain or with its language; a number is none."""
    if isinstance(value, str):
        return bool(value)
    return bool(text(value)) and all(isinstance(v, str | dict) for v in many(value))


def _of_list(values: Iterable[Json]) -> str | None:
    tagged = {
        v["@language"].lower(): v
        for v in values
        if isinstance(v, dict) and isinstance(v.get("@language"), str)
    }
    for language in _PREFERRED_LANGUAGES:
        if language in tagged:
            return text(tagged[language])
    return next((found for v in values if (found := text(v))), None)


def _by_language(value: JsonObject) -> dict[str, tuple[str, ...]]:
    """What a language map says in each language, and in none (JSON-LD 1.1 §4.6.2); one text or several."""
    found = {k: tuple([v for v in many(said) if v and isinstance(v, str)]) for k, said in value.items()}
    return {k: said for k, said in found.items() if said and (k[:1] != "@" or k == "@none")}


def _preferred(by_language: Mapping[str, str]) -> str | None:
    tagged = {language.lower(): said for language, said in by_language.items()}
    for language in _PREFERRED_LANGUAGES:
        if tagged.get(language):
            return tagged[language]
    return next((v for v in by_language.values() if v), None)


def truth(value: Json) -> bool | None:
    """A yes or a no, also in the words or numbers that some write for it; None when it is neither."""
    if isinstance(value, bool):
        return value
    said = sole(value)
    said = said.get("@value") if isinstance(said, dict) else said
    return _TRUTHS.get(str(said).lower())


def texts(value: Json) -> tuple[str, ...]:
    """Every text of a member that may hold one or several, in any language; one that stands there twice is one."""
    if value is None:
        return ()
    found: list[str] = []
    for one in many(value):
        if isinstance(one, dict) and "@value" not in one:
            found += chain.from_iterable(_by_language(one).values())
        elif said := text(one):
            found.append(said)
    return tuple(dict.fromkeys(found))


def types(raw: Json) -> tuple[str, ...]:
    """The ``type`` or ``@type`` of an object as a tuple of words."""
    if not isinstance(raw, dict):
        return ()
    named = raw["type"] if "type" in raw else raw.get("@type")
    if isinstance(named, str):
        return (named,)
    if not isinstance(named, _LISTS):
        return ()
    try:
        "".join(named)  # which asks faster than a loop whether all of them are words
    except TypeError:
        return tuple([t for t in named if isinstance(t, str)])
    return tuple(named)


def contexts(raw: JsonObject) -> tuple[Json, ...]:
    """The ``@context`` entries in order."""
    return many(raw.get("@context"))


def identifier(value: Json) -> str | None:
    """The address or id of a thing given by reference (text) or by value (its ``id``)."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, dict):
        found = value["id"] if "id" in value else value.get("@id")
        return found if isinstance(found, str) and found else None
    if isinstance(value, _LISTS):
        return next((found for v in value if (found := identifier(v))), None)
    return None


def web_address(value: Json) -> str | None:
    """The same, when it is an http or https address."""
    found = identifier(value)
    return found if is_web_address(found) else None


def picture(*values: Json) -> Picture | None:
    """The first image that these members name by an http(s) or ``data:image`` address."""
    for value in values:
        for one in many(value):
            url = identifier(one)
            if url and (is_web_address(url) or url.startswith("data:image/")):
                said = one if isinstance(one, dict) else {}
                return Picture(url, text(said.get("caption")), text(said.get("author")))
    return None


def evidence(value: Json) -> tuple[Evidence, ...]:
    """Evidence, each by address or by value; one that stands there twice is one."""
    if value is None:
        return ()
    found = []
    for one in many(value):
        if isinstance(one, dict):
            found.append(
                Evidence(  # by their places: there may be many, and names take as long as the values
                    web_address(one),
                    text(one.get("name")),
                    text(one.get("narrative")),
                    text(one.get("description")),
                    text(one.get("genre")),
                    text(one.get("audience")),
                )
            )
        elif is_web_address(one):
            found.append(Evidence(url=one))
    is_double = len({one.url for one in found}) < len(found)
    return tuple(dict.fromkeys(found) if is_double else found)


def language(raw: JsonObject) -> str | None:
    """The language a thing says it is written in."""
    return text(raw.get("@language")) or text(raw.get("inLanguage"))


def translations(value: Json) -> dict[str, str]:
    """Every text with its language: of objects of ``@value`` and ``@language``, or of a language map."""
    found: dict[str, str] = {}
    for one in () if isinstance(value, str) else objects(value):
        named = one.get("@language")
        said = {named: one["@value"]} if isinstance(named, str) and "@value" in one else one
        found |= {language: texts[0] for language, texts in _by_language(said).items() if language != "@none"}
    return found


def identifiers(value: Json) -> tuple[Identifier, ...]:
    """Identifiers in other systems (``IdentifierEntry``); one that stands there twice is one."""
    if value is None:
        return ()
    found = [
        Identifier(named, text(one.get("identifierType")))
        for one in objects(value)
        if (named := text(one.get("identifier")))
    ]
    return tuple(dict.fromkeys(found))


def related(value: Json) -> tuple[Related, ...]:
    """Other editions of a thing, each by its id, with its language and version; one that stands there twice is one."""
    if value is None:
        return ()
    found = [
        Related(named, language(one) if isinstance(one, dict) else None, text(_member(one, "version")))
        for one in many(value)
        if (named := identifier(one))
    ]
    return tuple(dict.fromkeys(found))


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def facts(raw: JsonObject, *names: str) -> dict[str, str]:
    """Plain facts by the standard's own term, those that are there."""
    return {name: said for name in names if name in raw and (said := text(raw[name]))}

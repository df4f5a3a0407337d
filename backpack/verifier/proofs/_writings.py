"""How signers' software writes the same statements otherwise than RDFC-1.0 does, none of them a forger's."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from ..canonical import Said
from ..canonical.rdfc import Order, Quad, of_utf16
from ..canonical.statements import I18N, as_double
from ..canonical.words import XSD_DOUBLE

Rewrite: TypeAlias = Callable[[Quad], Quad]


def other_writings(first: Said) -> tuple[Said, ...]:
    """The same statements as some signers' software writes them, looked for once a document.

    With capital letters in the names of languages, which the standard leaves to them; with numbers for texts
    that are to be numbers, as JavaScript has it; without the direction that a text is read in, which the
    standard leaves open; with tabs and the like as they were written before RDFC-1.0; with the few letters
    escaped that no address should have, as N-Quads asks and RDFC-1.0 does not; and sorted by UTF-16, not by
    code points. Each says as much.
    """
    if first.others is None:
        found = dict.fromkeys(_ways(first))
        found.pop(((), None), None)  # as it was written first
        first.others = tuple(
            [Said(partial(_rewritten, first.quads, rewrites), first.own, order) for rewrites, order in found]
        )
    return first.others


def _ways(first: Said) -> Iterator[tuple[tuple[Rewrite, ...], Order]]:
    """How signers in JavaScript, Python and Rust write, as far as that makes a difference here."""
    languages = partial(_with_languages, first.tags)
    signers = (
        (_with_numbers, of_utf16, ((), (_unescaped,), (_in_strict_addresses,))),
        (_with_numbers, None, ((), (_as_in_python,))),
        (languages, None, ((), (_unescaped,))),
    )
    rewrites: tuple[Rewrite, ...] = (
        languages,
        _with_numbers,
        _without_direction,
        _unescaped,
        _as_in_python,
        _in_strict_addresses,
    )
    used = {one for one in rewrites if any(one(quad) != quad for quad in first.quads)}
    is_sorted_otherwise = _is_sorted_otherwise(first.quads)
    for values, order, letters in signers:
        for direction in ((), (_without_direction,)):
            for letter in letters:
                way = tuple([one for one in (values, *direction, *letter) if one in used])
                yield way, order if is_sorted_otherwise else None


def _rewritten(quads: Sequence[Quad], rewrites: Sequence[Rewrite]) -> list[Quad]:
    found = list(quads)
    for rewrite in rewrites:
        found = [rewrite(quad) for quad in found]
    return found


def left_open(first: Said, writing: Said) -> list[str]:
    """What to know where a proof holds over another writing: a direction that is not in it anybody may have added."""
    is_open = any(map(_is_directed, first.quads)) and not any(map(_is_directed, writing.quads))
    return ["Its signature does not say in which direction its texts are read."] if is_open else []


def _is_directed(quad: Quad) -> bool:
    return _DIRECTED.search(quad[2]) is not None


_NUMBER = re.compile(rf'"([^"\\]*)"\^\^<{re.escape(XSD_DOUBLE)}>\Z')
_LANGUAGE = re.compile(r'"@([a-z0-9-]+)\Z')
_DIRECTED = re.compile(rf'"\^\^<{re.escape(I18N)}([a-z0-9-]*)_(?:ltr|rtl)>\Z')
_CONTROL = re.compile(r"\\(?:(\\)|([tbf])|u(00[0-7][0-9A-F]|FFF[EF]))")
_LETTERS = {"t": "\t", "b": "\b", "f": "\f"}
_OF_NO_ADDRESS = re.compile(r"[{}|^`]")
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_AFTER_SURROGATES = re.compile("[\ue000-\uffff]")


def _with_numbers(quad: Quad) -> Quad:
    subject, predicate, target, graph = quad
    return subject, predicate, _NUMBER.sub(_as_number, target), graph


def _as_number(found: re.Match[str]) -> str:
    return f'"{as_double(found[1])}"^^<{XSD_DOUBLE}>'


def _with_languages(tags: Mapping[str, str], quad: Quad) -> Quad:
    subject, predicate, target, graph = quad
    if target[0] == '"':
        target = _LANGUAGE.sub(lambda found: f'"@{tags.get(found[1], found[1])}', target)
    return subject, predicate, target, graph


def _without_direction(quad: Quad) -> Quad:
    subject, predicate, target, graph = quad
    return subject, predicate, _DIRECTED.sub(_in_language, target), graph


def _in_language(found: re.Match[str]) -> str:
    return f'"@{found[1]}' if found[1] else '"'


def _unescaped(quad: Quad) -> Quad:
    subject, predicate, target, graph = quad
    return subject, predicate, _CONTROL.sub(_plain, target), graph


def _as_in_python(quad: Quad) -> Quad:
    subject, predicate, target, graph = quad
    return subject, predicate, _CONTROL.sub(_plain_but_tabs, target), graph


def _plain_but_tabs(found: re.Match[str]) -> str:
    return found[0] if found[2] == "t" else _plain(found)


def _in_strict_addresses(quad: Quad) -> Quad:
    subject, predicate, target, graph = quad
    return _strict(subject), _strict(predicate), _strict(target) if target[0] == "<" else target, graph


def _strict(address: str) -> str:
    return _OF_NO_ADDRESS.sub(lambda found: f"\\u{ord(found[0]):04X}", address)


def _plain(found: re.Match[str]) -> str:
    if found[1]:
        return found[0]
    return _LETTERS[found[2]] if found[2] else chr(int(found[3], 16))


def _is_sorted_otherwise(quads: Sequence[Quad]) -> bool:
    """Whether UTF-16 could order the statements in another way than code points do."""
    told = ["".join(quad) for quad in quads]
    return any(map(_BEYOND.search, told)) and any(map(_AFTER_SURROGATES.search, told))

"""What applying a JSON Schema would take, counted before it is done: a short one can ask for work without end.

Each line of a schema may refer to another one twice; what is applied to one value then doubles line by
line. The library that applies schemas does as it is told, so the count is made here, without doing the
work: each part of the schema meets each value that it would meet once, and how often is multiplied.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from .budget import Budget
from .credential import Json, JsonObject

DEEPEST = 150  # parts of a schema inside each other, references followed; the published ones have a dozen
LONGEST_PATTERN = 1000
BYTES_A_STEP = 16
STEPS_A_PAIR = 2
UNITS_A_STEP = 16  # a unit is about what it takes to look at one keyword, thrice: whether, where, and why
ERROR = 2500  # what the library's words for one error take, in letters
_MOST = 10**9
_LISTS = {"allOf": False, "anyOf": True, "oneOf": True}  # an error tells what is wrong with every alternative
_FIXED = ("enum", "const", "required", "type", "dependentRequired", "dependencies")
_EACH_VALUE = ("additionalProperties", "unevaluatedProperties")
_EACH_ITEM = ("items", "additionalItems", "unevaluatedItems", "contains")
_TOKEN = re.compile(
    r"(?P<class>\\[pP](?:\{[^}]*\}|.)?|\[\^?+\]?+(?:\\.|[^\]\\])*+\]?|\\.)|(?P<open>\()|(?P<close>\))"
    r"|\{(?P<least>\d{1,9})(?:,(?P<most>\d{0,9}))?\}|(?P<other>.)",
    re.DOTALL,
)


class Weight(NamedTuple):
    """What it takes to apply a part of a schema to a value, all inside it included.

    ``units`` for whether it holds; ``letters`` of the library's words for every error that there can be;
    ``told`` of those that it really writes when it is asked why something does not hold.
    """

    units: int
    letters: int
    told: int


def weigh(schema: JsonObject, instance: Json, budget: Budget) -> Weight:
    """The whole weight, paid for; raises TooComplex beyond the budget, ValueError where it cannot be told."""
    budget.spend(sum(6 + 2 * pattern_weight(one) for one in _patterns(schema)))
    weight = _Scale(schema, budget).of(schema, instance)
    budget.spend(weight.units // UNITS_A_STEP)
    return weight


_NOTHING = Weight(1, ERROR, 0)


class _Scale:
    def __init__(self, root: JsonObject, budget: Budget) -> None:
        self._root = root
        self._budget = budget
        self._parts: dict[int, _Part] = {}
        self._known: dict[tuple[int, int], Weight | None] = {}
        self._sizes: dict[int, int] = {}
        self._refers = self._renames = False

    def of(self, schema: Json, value: Json, depth: int = 0) -> Weight:
        """The weight of one part on one value; each pair is weighed once."""
        if not isinstance(schema, dict):
            return _NOTHING
        place = id(schema), id(value)
        if place not in self._known:
            if depth > DEEPEST:
                raise ValueError("It refers to itself too deeply.")
            part = self._parts.get(id(schema)) or self._read(schema)
            inner = len(value) if part.goes_inside and isinstance(value, dict | list) else 0
            self._budget.spend(STEPS_A_PAIR + inner // 4)
            self._known[place] = None
            self._known[place] = self._weighed(part, value, depth + 1)
        if (known := self._known[place]) is None:
            raise ValueError("It refers to itself without end.")
        return known

    def _weighed(self, part: "_Part", value: Json, depth: int) -> Weight:
        units, letters, told = part.units + self._alone(part, value), ERROR + self._size(value), 0
        for schema, is_alternative in part.here:
            found = self.of(schema, value, depth)
            units += part.times * found.units
            letters += found.letters
            told += found.letters if is_alternative else found.told
        if part.goes_inside:
            for schema, inner in part.inside(value):
                found = self.of(schema, inner, depth)
                units, letters, told = units + found.units, letters + found.letters, told + found.told
        return Weight(min(units, _MOST), min(letters, _MOST), min(told, _MOST))

    def _alone(self, part: "_Part", value: Json) -> int:
        if isinstance(value, str):
            return len(value) // part.letters_a_unit + part.pattern * len(value) // 5
        if isinstance(value, dict):
            return len(value) + part.names * self._size(value) // 5
        if isinstance(value, list):
            return self._size(value) if part.is_unique else len(value)
        return 0

    def _read(self, schema: JsonObject) -> "_Part":
        part = _Part(schema, sum(self._size(schema[name]) for name in _FIXED if name in schema))
        part.here += [(referred, False) for referred in self._referred(schema)]
        self._parts[id(schema)] = part
        return part

    def _referred(self, schema: JsonObject) -> Iterator[Json]:
        if schema.keys() & {"$dynamicRef", "$recursiveRef"}:
            raise ValueError("It refers to itself in a way that we do not follow.")
        self._refers = self._refers or "$ref" in schema
        self._renames = self._renames or (schema is not self._root and isinstance(_name(schema), str))
        if self._refers and self._renames:
            raise ValueError("It holds several schemas, which may refer to each other.")
        if "$ref" in schema:
            yield self._target(str(schema["$ref"]))

    def _target(self, reference: str) -> Json:
        document, _, pointer = reference.partition("#")
        if document not in ("", str(_name(self._root)).rstrip("#")) or pointer[:1] not in ("", "/"):
            raise ValueError("It refers to another document.")
        found: Any = self._root
        for step in unquote(pointer).split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            try:
                found = found[int(name) if isinstance(found, list) else name]
            except (KeyError, IndexError, TypeError) as error:
                raise ValueError("It refers to a part that is not there.") from error
        return found

    def _size(self, value: Json) -> int:
        """Values and letters."""
        if isinstance(value, str):
            return 3 + len(value)
        if not isinstance(value, dict | list):
            return 3
        if id(value) not in self._sizes:
            inner = value.values() if isinstance(value, dict) else value
            names = sum(map(len, value)) if isinstance(value, dict) else 0
            self._sizes[id(value)] = 3 + names + sum(map(self._size, inner))
        return self._sizes[id(value)]


class _Part:
    """One part of a schema, its keywords looked at once."""

    def __init__(self, schema: JsonObject, fixed: int) -> None:
        self.units = 1 + fixed + len(schema) + sum(len(_list(schema.get(name))) for name in _LISTS)
        self.here = [(part, alternative) for part, alternative in _here(schema) if isinstance(part, dict)]
        # What was not looked at yet is found by looking at all the rest once more, and at what is not yet in that.
        self.times = 3 if schema.keys() & {"unevaluatedProperties", "unevaluatedItems"} else 1
        self.letters_a_unit = 1 if "format" in schema else 8
        self.pattern = pattern_weight(schema["pattern"]) if isinstance(schema.get("pattern"), str) else 0
        self.names = sum(map(pattern_weight, _map(schema.get("patternProperties"))))
        self.is_unique = bool(schema.get("uniqueItems"))
        self._named = _map(schema.get("properties"))
        self._all = list(_map(schema.get("patternProperties")).values())
        self._others = [schema[name] for name in _EACH_VALUE if isinstance(schema.get(name), dict)]
        self._name = schema.get("propertyNames")
        self._first = [_list(schema.get(name)) for name in ("prefixItems", "items")]
        self._each = [schema[name] for name in _EACH_ITEM if isinstance(schema.get(name), dict)]
        inner = (self._named, self._all, self._others, self._name, *self._first, self._each)
        self.goes_inside = any(inner)

    def inside(self, value: Json) -> Iterator[tuple[Json, Json]]:
        """The parts that are applied to what is inside a value, each with that."""
        if isinstance(value, dict):
            for name, one in value.items():
                for part in (
                    (self._named[name], *self._all) if name in self._named else self._all + self._others
                ):
                    yield part, one
                yield self._name, name
        elif isinstance(value, list):
            for parts in self._first:
                yield from zip(parts, value, strict=False)
            for part in self._each:
                yield from ((part, one) for one in value)


def _here(schema: JsonObject) -> Iterator[tuple[Json, bool]]:
    """The parts that are applied to the same value, and whether each is one of several alternatives."""
    for name, are_alternatives in _LISTS.items():
        for part in _list(schema.get(name)):
            yield part, are_alternatives
    for name in ("not", "if", "then", "else"):
        if name in schema:
            yield schema[name], False
    for name in ("dependentSchemas", "dependencies"):
        for part in _map(schema.get(name)).values():
            yield part, False


@lru_cache(maxsize=256)
def pattern_weight(pattern: str) -> int:
    """About how many places a machine that reads this pattern has; it reads a text in that many times its length."""
    if len(pattern) > LONGEST_PATTERN:
        return _MOST
    sums, last = [0], 0
    for token in _TOKEN.finditer(pattern):
        kind, text = token.lastgroup, token[0]
        if kind == "open":
            sums.append(1)
            continue
        if kind == "close":
            last = sums.pop() if len(sums) > 1 else 1
        elif kind in ("least", "most"):
            times = max(int(token["least"]), int(token["most"] or 0), 1)
            last, added = min(last * times, _MOST), min(last * (times - 1), _MOST)
            sums[-1] += added
            continue
        else:
            last = 60 if kind == "class" and re.search(r"\\[pP]", text) else 1
        sums[-1] += last
    return min(sum(sums), _MOST)


def _patterns(schema: JsonObject) -> Iterator[str]:
    """Every pattern in a schema, wherever it stands: all are read before any is applied."""
    waiting: list[Json] = [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("pattern"), str):
                yield value["pattern"]
            yield from _map(value.get("patternProperties"))
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _name(schema: JsonObject) -> Json:
    return schema.get("$id", schema.get("id"))


def _map(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []

"""Documents made up from the published contexts themselves: every word where its context defines it, any value."""

from typing import Any

from hypothesis import strategies as st

from backpack.verifier.contexts import shipped

V2 = "https://www.w3.org/ns/credentials/v2"
V1 = "https://www.w3.org/2018/credentials/v1"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context"
LISTS = [
    [V2, f"{OB}-3.0.3.json"],
    [V2, f"{OB}-3.0.2.json", f"{OB.removesuffix('context')}extensions.json"],
    [V1, f"{OB}-3.0.1.json", "https://w3id.org/security/suites/ed25519-2020/v1"],
    [V1, f"{OB}.json", "https://w3id.org/security/data-integrity/v2"],
    [V1, "https://imsglobal.github.io/openbadges-specification/ob_v3p0.html"],
    [V2, "https://www.w3.org/ns/credentials/undefined-terms/v2"],
]
# pyld writes most control characters as they are, against RDFC-1.0: those have a test of their own.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\t\n\r"\\'), max_size=12)
ADDRESSES = st.builds("https://school.example/{}".format, st.text("abcé/=&~", max_size=8)) | st.sampled_from(
    ["did:web:school.example", "urn:uuid:1", "mailto:a@b.example", "data:image/png;base64,AA=="]
)
NUMBERS = (
    st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False, width=64)
    | st.sampled_from([1.0, -0.0, 1e21, 5e20, 1e-7])
)
LANGUAGES = st.sampled_from(["en", "pt-BR", "ar"])


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A document in one of the lists of contexts that badges use."""
    contexts = draw(st.sampled_from(LISTS))
    words = _words(contexts)
    return {"@context": contexts, **draw(_things(words, words, 3))}


def _words(contexts: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for url in contexts:
        vocabulary = shipped(url)
        assert vocabulary is not None
        listed = vocabulary.context if isinstance(vocabulary.context, list) else [vocabulary.context]
        for context in listed:
            found |= context
    return found


@st.composite
def _things(draw: st.DrawFn, root: dict[str, Any], words: dict[str, Any], depth: int) -> dict[str, Any]:
    kinds = draw(st.lists(st.sampled_from(sorted(_types(words))), max_size=2, unique=True))
    inside = dict(words)
    for kind in sorted(kinds):
        inside |= words[kind].get("@context") or {}
    thing: dict[str, Any] = {"type": kinds} if kinds else {}
    if draw(st.booleans()):
        thing["id"] = draw(ADDRESSES)
    for name in draw(st.lists(st.sampled_from(sorted(_properties(inside))), max_size=4, unique=True)):
        outside = root if kinds else inside  # what a type's own context defines does not hold further in
        thing[name] = draw(_values(inside[name], root, outside, depth))
    return thing


@st.composite
def _values(draw: st.DrawFn, term: Any, root: dict[str, Any], words: dict[str, Any], depth: int) -> Any:
    term = term if isinstance(term, dict) else {}
    kind, container = term.get("@type"), term.get("@container")
    inside = root if "@context" not in term else words | (term["@context"] or {})
    if container == "@graph":
        # Nothing nested in it: where one graph without a name holds another, RDFC-1.0 itself leaves ties open.
        return draw(
            _things(root, inside, 0).filter(lambda thing: thing.keys() - {"id"}) if depth == 3 else st.none()
        )
    if kind == "@json":
        return draw(
            st.recursive(
                NUMBERS | TEXTS, lambda one: st.lists(one) | st.dictionaries(TEXTS, one), max_leaves=4
            )
        )
    one = ADDRESSES if kind == "@id" else _literals(kind)
    if kind == "@vocab":
        one = st.sampled_from(["https://school.example/word"])
    if depth > 0:
        one = one | _things(root, inside, depth - 1)
    return draw(one | st.none() | st.lists(one, max_size=3))


def _literals(kind: str | None) -> st.SearchStrategy[Any]:
    plain = TEXTS | NUMBERS | st.booleans()
    if kind is not None:
        return plain
    tagged = st.fixed_dictionaries(
        {"@value": TEXTS, "@language": LANGUAGES}, optional={"@direction": st.just("rtl")}
    )
    typed = st.fixed_dictionaries(
        {"@value": plain, "@type": st.just("http://www.w3.org/2001/XMLSchema#token")}
    )
    return plain | tagged | typed


def _types(words: dict[str, Any]) -> set[str]:
    return {name for name, term in words.items() if name[0].isupper() and isinstance(term, dict)}


def _properties(words: dict[str, Any]) -> set[str]:
    return {
        name
        for name, term in words.items()
        if name[0].islower()
        and name not in ("id", "type")
        and not str(term).endswith(("#", "/", "@id", "@type"))
    }

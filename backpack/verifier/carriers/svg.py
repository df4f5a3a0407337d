"""SVG pictures with a badge in an ``openbadges:assertion`` or ``openbadges:credential`` element (§1.2)."""

import io
import json
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from ...errors import Damaged, NothingInside, TooComplex, Unreadable
from . import Unbaked

MAX_ELEMENTS = 50_000
MAX_DEPTH = 128

OLD_NAMESPACE = "http://openbadges.org"
OB3_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
CLR_NAMESPACE = "https://purl.imsglobal.org/clr/v2p0"
_NAMESPACES = (OB3_NAMESPACE, CLR_NAMESPACE, OLD_NAMESPACE)
_TAGS = {f"{{{space}}}{name}" for space in _NAMESPACES for name in ("assertion", "credential")}
_SVG_ROOT = re.compile(rb"<(?:[\w.-]+:)?svg[\s>/]")
_WEB_PAGE = re.compile(rb"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_PROLOG = re.compile(rb"(?:<!--.*?-->|<\?.*?\?>|<![^>\[]*(?:\[.*?\]\s*)?>|[^<])*(?=<)", re.DOTALL)
_OPENING_TAG = re.compile(rb"""<[\w.:-]+(?:[^>"']|"[^"]*"|'[^']*')*>""")
_JWS = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*\Z")


def recognises(data: bytes) -> bool:
    """Whether these bytes are an SVG picture, however long its prolog is."""
    head = data[:65_536].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(b"<") or _WEB_PAGE.search(head[:1024]):
        return False
    return _SVG_ROOT.search(head) is not None


def unbake(data: bytes) -> tuple[Unbaked, ...]:
    """Every badge in the picture, in document order: the JSON in an element's body, else its ``verify``."""
    elements, note = _badge_elements(data)
    notes = [note] if note else []
    if len(elements) > 1:
        notes.append("This picture holds two badges; the first one counts.")
    found = [unbaked for element in elements for unbaked in _candidates(element, notes)]
    if not found:
        raise NothingInside(
            "We found no badge in this picture." if not elements else "The place for a badge here is empty.",
            "Social sites often remove it; ask the issuer for the original file.",
        )
    return tuple(found)


def bake(svg: bytes, text: str, *, credential: bool) -> bytes:
    """The picture with this badge as the root's first child; an earlier badge in it is replaced.

    ``credential`` is true for Open Badges 3.0 (JSON or JWT), false for OB 1 and 2 (JSON, JWS or address).
    """
    without = _without_badges(svg)
    text = _fitting_encoding(svg, text)
    opening = _root_tag(without)
    tag = without[opening.start() : opening.end()]
    name = "credential" if credential else "assertion"
    space = OB3_NAMESPACE if credential else OLD_NAMESPACE
    element = f'<openbadges:{name} xmlns:openbadges="{space}"{_inside(text, name)}'.encode()
    if tag.endswith(b"/>"):
        root_name = (re.match(rb"<([\w.:-]+)", tag) or [b"", b"svg"])[1]
        tag, element = tag[:-2] + b">", element + b"</" + root_name + b">"
    return without[: opening.start()] + tag + element + without[opening.end() :]


def _badge_elements(data: bytes) -> tuple[list[Element], str | None]:
    try:
        return list(_matching(data)), None
    except ParseError as error:
        # "unbound prefix": old bakers forgot to declare the namespace; the literal names still say what is meant.
        if "unbound prefix" in str(error) and b"<openbadges:" in data and b"xmlns:openbadges" not in data:
            declared = _SVG_ROOT.sub(
                lambda m: m[0][:-1] + b' xmlns:openbadges="' + OLD_NAMESPACE.encode() + b'"' + m[0][-1:],
                data,
                count=1,
            )
            return _declared_elements(
                declared
            ), "The badge's namespace is not declared; its literal name was taken."
        raise Damaged(
            "This SVG picture is not well formed.", "Ask the issuer for the original file."
        ) from error


def _declared_elements(data: bytes) -> list[Element]:
    try:
        return list(_matching(data))
    except ParseError as error:
        raise Damaged(
            "This SVG picture is not well formed.", "Ask the issuer for the original file."
        ) from error


def _matching(data: bytes) -> Iterator[Element]:
    # imported here: the public face of the verifier stays cheap to import
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    depth = elements = 0
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_entities=True):
            if event == "start":
                depth, elements = depth + 1, elements + 1
                if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
                    raise TooComplex("This SVG picture has more parts than we read.")
            else:
                depth -= 1
                if element.tag in _TAGS:
                    yield element
    except DefusedXmlException as error:
        raise Unreadable(
            "This SVG picture contains parts that we do not accept (XML entities).",
            "Ask the issuer for the badge as a PNG picture, or as a link.",
        ) from error
    except (LookupError, ValueError) as error:
        raise Damaged(
            "This SVG picture is written in an encoding that we do not know.",
            "Ask the issuer for the original file.",
        ) from error


def _candidates(element: Element, notes: list[str]) -> Iterator[Unbaked]:
    body = "".join(element.itertext()).strip()
    verify = (element.get("verify") or "").strip()
    if verify and _JWS.match(verify):
        also = ("The picture carries the badge twice; the signed form counts.",) if body else ()
        yield _unbaked(verify, (*notes, *also))
        return
    if body:
        yield _unbaked(body, notes, verify_address=verify)
    if verify:
        yield _unbaked(verify, notes)


def _unbaked(text: str, notes: list[str] | tuple[str, ...], *, verify_address: str = "") -> Unbaked:
    return Unbaked(
        text=text, carrier="svg", notes=tuple(notes), picture="image/svg+xml", address=verify_address or None
    )


def _root_tag(svg: bytes) -> re.Match[bytes]:
    """The root's opening tag, past comments, instructions and a doctype."""
    prolog = _PROLOG.match(svg)
    tag = _OPENING_TAG.match(svg, prolog.end() if prolog else 0)
    if tag is None:
        raise Damaged("This SVG picture is not well formed.")
    return tag


def _inside(text: str, name: str) -> str:
    """The rest of the element after its name: a compact form or address in ``verify``, JSON as CDATA."""
    if not text.lstrip().startswith("{"):
        return f" verify={_quoted(text.strip())}/>"
    address = _hosted_address(text) if name == "assertion" else None
    verify = f" verify={_quoted(address)}" if address else ""
    return f"{verify}><![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + f"]]></openbadges:{name}>"


def _quoted(value: str) -> str:
    return '"' + value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;") + '"'


def _hosted_address(text: str) -> str | None:
    raw = json.loads(text)
    verify = raw.get("verify")
    address = (verify.get("url") if isinstance(verify, dict) else None) or raw.get("id")
    return address if isinstance(address, str) and address.startswith(("http://", "https://")) else None


def _fitting_encoding(svg: bytes, text: str) -> str:
    """The text itself in a UTF-8 picture; in any other, the same JSON in plain ASCII."""
    declared = re.match(rb"""\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)""", svg)
    if declared is None or declared[1].lower() in (b"utf-8", b"utf8", b"us-ascii"):
        return text
    return "".join(c if c.isascii() else json.dumps(c)[1:-1] for c in text)


def _without_badges(svg: bytes) -> bytes:
    """The same bytes less every badge element, cut out where it stands."""
    elements, note = _badge_elements(svg)
    if note:
        raise Damaged("The badge already in this picture is not declared properly and cannot be replaced.")
    if not elements:
        return svg
    for begin, end in reversed(_spans(svg)):
        svg = svg[:begin] + svg[end:]
    return svg


def _spans(svg: bytes) -> list[tuple[int, int]]:
    from xml.parsers import expat  # only for bytes that the guarded parser has just read

    parser = expat.ParserCreate(namespace_separator="}")
    spans: list[tuple[int, int]] = []
    open_at: list[int] = []

    def started(name: str, _: object) -> None:
        if "{" + name in _TAGS:
            open_at.append(parser.CurrentByteIndex)

    def ended(name: str) -> None:
        if "{" + name in _TAGS:
            begin = open_at.pop()
            tag = _OPENING_TAG.match(svg, begin)
            alone = tag is not None and tag[0].endswith(b"/>")
            end = tag.end() if tag and alone else svg.index(b">", parser.CurrentByteIndex) + 1
            if not open_at:
                spans.append((begin, end))

    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.Parse(svg, True)
    return spans

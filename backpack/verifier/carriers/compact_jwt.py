"""A badge as one compact signed text: JWS (OB 1 and 2), JWT (OB 3.0), alone or as a ``data:`` address."""

import re
from base64 import b64decode
from urllib.parse import unquote

from ..compact import Token
from . import Unbaked

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_OBJECT_BEGINS = ("eyJ", "eyA", "ewo", "ew0", "ewk", "e30")  # base64url of { and what may follow it
_ENVELOPE = re.compile(
    r"data:application/v[cp](?:\+ld(?:\+json)?)?\+(?:sd-)?jwt(?:;[^,;]*)*?(?P<base64>;base64)?,",
    re.IGNORECASE,
)


def recognises(data: bytes) -> bool:
    """Whether these bytes look like the compact form, or a ``data:`` address that holds it."""
    text = _bare(data)
    # What follows a ~ may be anything: then it must be one word for people to send.
    one_word = "~" not in text or (text.isascii() and text.isprintable() and " " not in text)
    return one_word and looks_compact(text)


def looks_compact(text: str) -> bool:
    """Whether this text is a base64url JSON object, a dot and more of the kind, and perhaps what a holder discloses."""
    bare = without_envelope(text).partition("~")[0]
    if not bare.startswith(_OBJECT_BEGINS) or not bare.isascii() or bare.find(".") < 4:
        return False
    return bare.encode().translate(None, _LETTERS) in (b".", b"..")


def without_envelope(text: str) -> str:
    """The compact form itself, out of a ``data:application/vc+jwt,`` address (RFC 2397)."""
    text = text.strip()
    envelope = _ENVELOPE.match(text)
    if envelope is None:
        return text
    inside = unquote(text[envelope.end() :])
    return _unpacked(inside) if envelope["base64"] else inside


def _unpacked(text: str) -> str:
    try:
        return b64decode(text, validate=True).decode("ascii")
    except ValueError:  # it says that it is in base64, and is not
        return text


def unbake(data: bytes) -> tuple[Unbaked, ...]:
    """The compact form as received, without what a mail program or a header put round it."""
    text = _bare(data)
    notes = (
        ()
        if text.encode() == data.strip()
        else ("Line breaks or words around the signed text were taken away.",)
    )
    return (Unbaked(text=Token(without_envelope(text)), carrier="jwt", notes=notes),)


def _bare(data: bytes) -> str:
    """The text in one line: mail programs break lines, and some people copy a whole header."""
    text = data.strip().removeprefix(b"Bearer ").decode("utf-8", "replace").strip()
    return "".join(map(str.strip, text.splitlines())) if "\n" in text or "\r" in text else text

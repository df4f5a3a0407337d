"""A PDF: badges attached to it or written into its description, and links on its pages.

A certificate often travels so. Codes printed on its pages are read elsewhere: they are pictures.
"""

import html
import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PasswordType, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from backpack.errors import BackpackError, Damaged

from . import _kinds as kinds
from . import _links as links
from . import text
from ._parcel import Finds, Parcel, Piece

LABEL = "PDF"

MOST_PAGES, MOST_ON_PAGE, MOST_ATTACHED = 50, 200, 20
LARGEST_DESCRIPTION = 1024 * 1024
_WORD = r"openbadge(?:s|credential)"
_IN_XMP = re.compile(
    rf"<(?:[\w-]+:)?{_WORD}\b[^>]*?(?:\bverify=\"([^\"]*)\"[^>]*)?>([^<]*(?:<!\[CDATA\[.*?\]\]>)?)"
    rf"|\b(?:[\w-]+:)?{_WORD}=\"([^\"]*)\"",
    re.IGNORECASE | re.DOTALL,
)


def finds(parcel: Parcel) -> Finds:
    """What is attached or written in, and links that may lead to a badge. Raises Damaged, also when it is locked."""
    try:
        reader = PdfReader(io.BytesIO(parcel.data))
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            raise Damaged(
                "This PDF is locked with a password.",
                "Open it, save or print it as a PDF without one, and add that.",
            )
        attached = tuple(_attached(reader))
        written = [_of_text(words) for words in _written(reader)]
        on_pages = links.to_badges(_addresses(reader))
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, OSError) as error:
        raise Damaged(
            "This PDF is damaged.", "Ask for the original file, or add a picture of the code printed on it."
        ) from error
    return Finds(
        pieces=tuple(dict.fromkeys((*attached, *(p for one in written for p in one.pieces)))),
        links=tuple(dict.fromkeys((*(address for one in written for address in one.links), *on_pages))),
    )


def _attached(reader: PdfReader) -> Iterator[Piece]:
    for number, (name, contents) in enumerate(reader.attachments.items()):
        if number == MOST_ATTACHED:
            return
        for data in contents:
            if kinds.may_hold_badge(data):
                yield Piece(data, "".join(filter(str.isprintable, name))[:120])


def _written(reader: PdfReader) -> Iterator[str]:
    """What stands under a badge's own words in the document's description, old style (Info) and new (XMP)."""
    for name, said in (reader.metadata or {}).items():
        if re.fullmatch(_WORD, name.lstrip("/"), re.IGNORECASE) and isinstance(said, str):
            yield said
    described = _solved(reader.root_object.get("/Metadata"))
    if isinstance(described, StreamObject):
        xmp = described.get_data()[:LARGEST_DESCRIPTION].decode(errors="replace")
        for verify, element, attribute in _IN_XMP.findall(xmp):
            inside = element.strip().removeprefix("<![CDATA[").removesuffix("]]>")
            yield from (html.unescape(said).strip() for said in (verify, inside, attribute) if said)


def _of_text(words: str) -> Finds:
    try:
        return text.finds(Parcel(words.encode()))
    except BackpackError:
        return Finds()


def _addresses(reader: PdfReader) -> Iterator[str]:
    for page in list(reader.pages[:MOST_PAGES]):
        notes = _solved(page.get("/Annots"))
        for note in list(notes)[:MOST_ON_PAGE] if isinstance(notes, ArrayObject) else ():
            action = _member(_solved(note), "/A")
            address = _member(action, "/URI")
            if isinstance(address, bytes | str):
                yield address.decode(errors="replace") if isinstance(address, bytes) else str(address)


def _member(value: Any, name: str) -> Any:
    return _solved(value.get(name)) if isinstance(value, DictionaryObject) else None


def _solved(value: Any) -> Any:
    return value.get_object() if value is not None and hasattr(value, "get_object") else value

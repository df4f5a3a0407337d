"""One smart box: a pasted address, JSON, a signed text, a whole mail, or words with addresses in them."""

import re

from backpack.errors import UnknownFormat

from . import _kinds as kinds
from . import _links as links
from . import mail
from ._parcel import Finds, Parcel, Piece

LABEL = "Link or text"
_NO_SCHEME = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#]|$)")


def finds(parcel: Parcel) -> Finds:
    """What the box was given. Raises UnknownFormat when it is neither a badge nor a way to one."""
    data = parcel.data.removeprefix(b"\xef\xbb\xbf").strip()
    if data.startswith((b"{", b"[", b"<svg", b"<?xml")):
        return Finds(pieces=(Piece(data, parcel.origin),))
    joined = b"".join(data.split())  # a signed text is often pasted with line breaks
    if kinds.is_compact(joined):
        return Finds(pieces=(Piece(joined, parcel.origin),))
    if kinds.is_mail(data):
        return mail.finds(Parcel(data, parcel.origin))
    text = data.decode(errors="replace")
    found = _addresses(text) or links.to_badges(links.in_text(text))
    if not found:
        raise UnknownFormat(
            "This is neither a badge nor a link to one.",
            "Paste the address of the badge's page, its JSON, or the signed text.",
        )
    return Finds(links=tuple(found))


def _addresses(text: str) -> list[str]:
    """When there is nothing but addresses, all of them are meant."""
    words = text.split()
    if len(words) == 1 and _NO_SCHEME.match(words[0]):
        words = [f"https://{words[0]}"]  # people leave out what the browser hides
    if words and len(words) <= links.MOST_LINKS and all(links.is_plain(word) for word in words):
        return [links.cleaned(word) for word in dict.fromkeys(words)]
    return []

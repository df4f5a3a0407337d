"""What is said of a mail's sender: what SPF, DKIM and DMARC show, and no more. None of it is about a badge."""

from collections.abc import Mapping
from typing import Any

from backpack.storage.tables import Arrival

from .texts import plain

NOBODY = "We could not tell who sent this e-mail."


def sender(mail: Arrival) -> str:
    """Who a mail says it is from; who handed it in, when it says nothing."""
    letter = mail.letter or {}
    says = letter.get("from") or (letter.get("vouched") or {}).get("author") or mail.origin
    return plain(str(says)) or "a sender without a name"


def subject(mail: Arrival) -> str:
    """What a mail calls itself."""
    return plain(str((mail.letter or {}).get("subject") or ""))


def says(mail: Arrival) -> str:
    """What the mail proves about its sender, in a sentence."""
    vouched = (mail.letter or {}).get("vouched") or {}
    author = str(vouched.get("author") or "")
    own = author.rpartition("@")[2]
    if address := vouched.get("forwarded_by"):
        return f"You sent it yourself: {own} signed it for {address}."
    if vouched.get("aligned") and own:
        return f"The e-mail came through {own}’s servers (signed by {own})."
    if signer := _holding(vouched.get("dkim") or ()):
        return f"Signed by {signer}{f', not by {own}' if own else ''}: it passed through {signer}’s servers."
    if passed := _holding([vouched.get("spf") or {}]):
        return f"It came from a server that may send for {passed}; the e-mail itself is not signed."
    return NOBODY


def is_doubtful(mail: Arrival) -> bool:
    """Whether the domain that a mail says it is from does not stand by it."""
    vouched = (mail.letter or {}).get("vouched") or {}
    return bool((vouched.get("dmarc") or {}).get("outcome") == "fail")


def _holding(said: "Any") -> str:
    """The domain of the first answer that holds."""
    found = (one for one in said if isinstance(one, Mapping) and one.get("outcome") == "pass")
    return plain(str(next((one.get("domain") or "" for one in found), "")))

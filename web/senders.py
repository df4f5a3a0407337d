"""What is said of a mail's sender: what SPF, DKIM and DMARC show, and no more. None of it is about a badge."""

from collections.abc import Iterable

from backpack.services.vouching import FAIL, PASS, Said, Vouched
from backpack.storage.tables import Arrival

from .texts import plain

NOBODY = "We could not tell who sent this e-mail."


def sender(mail: Arrival) -> str:
    """Who a mail says it is from; who handed it in, when it says nothing."""
    letter = mail.letter or {}
    says = plain(str(letter.get("from") or Vouched.of(letter).author or mail.origin))
    name, begins, _ = says.rpartition(" <")
    if begins and "@" in name:  # a name that would be taken for an address
        says = says[len(name) :].strip(" <>")
    return says or "a sender without a name"


def subject(mail: Arrival) -> str:
    """What a mail calls itself."""
    return plain(str((mail.letter or {}).get("subject") or ""))


def says(mail: Arrival) -> str:
    """What the mail proves about its sender, in a sentence."""
    vouched = Vouched.of(mail.letter)
    own = vouched.author.rpartition("@")[2]
    if vouched.forwarded_by:
        return f"You sent it yourself: {own} signed it for {vouched.forwarded_by}."
    if vouched.aligned and own:
        return f"The e-mail came through {own}’s servers (signed by {own})."
    if signer := _holding(vouched.dkim):
        return f"Signed by {signer}{f', not by {own}' if own else ''}: it passed through {signer}’s servers."
    if passed := _holding([vouched.spf]):
        return f"It came from a server that may send for {passed}; the e-mail itself is not signed."
    return NOBODY


def is_doubtful(mail: Arrival) -> bool:
    """Whether the domain that a mail says it is from does not stand by it."""
    return Vouched.of(mail.letter).dmarc.outcome == FAIL


def _holding(said: Iterable[Said]) -> str:
    """The domain of the first answer that holds."""
    return plain(next((one.domain for one in said if one.outcome == PASS), ""))

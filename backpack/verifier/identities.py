"""Whether an address is the one a recipient names: plain, hashed, salted (open-badges.md §3.4)."""

import hashlib
import hmac
import re
from collections.abc import Iterable

from . import providers
from .credential import Recipient

_ALGORITHMS = {"md5": hashlib.md5, "sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512}
_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_EMAIL_KINDS = {"emailaddress", "email"}
_HEX = re.compile(r"[0-9a-fA-F]+\Z")


def is_email(recipient: Recipient) -> bool:
    """Whether the recipient is named by an e-mail address."""
    return recipient.kind.lower() in _EMAIL_KINDS


def can_be_compared(recipient: Recipient) -> bool:
    """Whether any address could ever match: a hash must be of a kind we know."""
    return not recipient.hashed or is_digest(recipient.identity)


def is_digest(identity: str) -> bool:
    """Whether an identity is written as a hash of a kind we know, with or without the name of its algorithm."""
    return _digest_of(identity) is not None


def how(recipient: Recipient, identity: str) -> str | None:
    """How this identity is the recipient's, in words; None when it is not."""
    is_address = _is_address(identity)
    if is_address != is_email(recipient) and not _is_unnamed_hash(recipient):
        return None
    if _equal(recipient, identity) and (recipient.hashed or recipient.identity == identity):
        return "It is the very address that the badge names."
    if any(_equal(recipient, spelling) for spelling in spellings(identity)):
        return "It is the same but for small and capital letters."
    if is_address and _reaches(recipient, identity):
        domain = identity.strip().rpartition("@")[2].lower()
        return f"It reaches the same mailbox: {domain} ignores {providers.ignored_by(identity)}."
    return None


def _reaches(recipient: Recipient, address: str) -> bool:
    """Whether mail to the recipient comes to this address, as its provider says."""
    if not recipient.hashed:
        return providers.mailbox_of(recipient.identity) == providers.mailbox_of(address)
    return any(_equal(recipient, other) for other in providers.ways_to_write(address))


def spellings(identity: str) -> Iterable[str]:
    """How issuers may have hashed it: as given, trimmed; addresses in small letters, with a capital, in capitals."""
    bare = identity.strip()
    yield from dict.fromkeys((identity, bare, *(_sizes(bare) if _is_address(bare) else ())))


def _sizes(address: str) -> tuple[str, str, str]:
    small, large = providers.small(address), providers.large(address)
    return small, large[:1] + small[1:], large


def same_recipient(one: Recipient, other: Recipient) -> bool | None:
    """Whether two namings mean the same person; None when hashes with different salts cannot tell."""
    if one.hashed and other.hashed:
        if (one.salt or "") != (other.salt or ""):
            return None
        mine, theirs = _digest_of(one.identity), _digest_of(other.identity)
        if mine and theirs and mine[0] != theirs[0]:
            return None
        return one.identity.lower() == other.identity.lower()
    if one.hashed:
        return any(_equal(one, s) for s in spellings(other.identity))
    if other.hashed:
        return any(_equal(other, s) for s in spellings(one.identity))
    return providers.small(one.identity.strip()) == providers.small(other.identity.strip())


def masked(identity: str) -> str:
    """An address with its person hidden, "m•••@uc.pt"; anything else than an address becomes ""."""
    name, at, domain = identity.removeprefix("mailto:").rpartition("@")
    return f"{name[:1]}•••@{domain}" if at and name and domain else ""


def _is_address(identity: str) -> bool:
    return "@" in identity and "://" not in identity


def _is_unnamed_hash(recipient: Recipient) -> bool:
    return recipient.hashed and recipient.kind.lower() in {"identifier", "accountid", "username"}


def _equal(recipient: Recipient, spelling: str) -> bool:
    if not recipient.hashed:
        if is_email(recipient):
            return providers.small(recipient.identity.strip()) == providers.small(spelling.strip())
        return recipient.identity.strip() == spelling
    found = _digest_of(recipient.identity)
    if found is None:
        return False
    algorithm, expected = found
    actual = _ALGORITHMS[algorithm](
        (spelling + (recipient.salt or "")).encode(errors="surrogatepass"), usedforsecurity=False
    ).hexdigest()
    return hmac.compare_digest(actual, expected)


def _digest_of(identity: str) -> tuple[str, str] | None:
    """Algorithm and lower-case hex of ``sha256$c0ff…``; some issuers left the prefix out."""
    algorithm, dollar, digest = identity.strip().partition("$")
    if not dollar:
        algorithm, digest = _BY_LENGTH.get(len(algorithm), ""), algorithm
    algorithm = algorithm.lower().replace("-", "")
    if algorithm not in _ALGORITHMS or not _HEX.match(digest):
        return None
    return algorithm, digest.lower()

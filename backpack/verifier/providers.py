"""Which addresses reach one mailbox, at providers that say so: dots, what follows a plus, and twin domains.

Only for telling whether a badge was awarded to an address that its earner has confirmed. Never the other way
round: nobody confirms an address by confirming another.
"""

from collections.abc import Iterator
from itertools import combinations

from .frozen import frozen

LONGEST_DOTTED = 20
"""Letters of a name in which dots are looked for: with two dots at most that is 191 ways to write it."""


@frozen
class Provider:
    """What a provider ignores in front of the @, and its domains that are one."""

    domains: tuple[str, ...]
    dots: bool = False
    plus: bool = True


# What each provider's own help says of it; nobody else is taken to do the same.
PROVIDERS = (
    # Gmail Help: "Dots don't matter in Gmail addresses" (7436150), "Use Gmail aliases"; googlemail.com is gmail.com
    Provider(("gmail.com", "googlemail.com"), dots=True),
    # Microsoft documents "Plus addressing in Exchange Online"; its domains for everybody deliver alike
    Provider(("outlook.com",)),
    Provider(("hotmail.com",)),
    Provider(("live.com",)),
    # Fastmail Help: "Plus addressing and subdomain addressing" (360060591053)
    Provider(("fastmail.com",)),
    Provider(("fastmail.fm",)),
    # Proton Support: "Addresses and aliases"; one name at two of its domains is two addresses
    Provider(("proton.me",)),
    Provider(("protonmail.com",)),
    Provider(("pm.me",)),
    # Apple Support: iCloud Mail takes a plus behind the name of any of its addresses
    Provider(("icloud.com",)),
    Provider(("me.com",)),
    Provider(("mac.com",)),
)
_BY_DOMAIN = {domain: provider for provider in PROVIDERS for domain in provider.domains}


def small(text: str) -> str:
    """The text in small letters, but for letters that share their capital with others.

    Who has strasse@ has not straße@, though both are STRASSE@ in capitals.
    """
    if text.isascii():
        return text.lower()
    return "".join(c.lower() if c.lower().upper() == c else c for c in text)


def large(text: str) -> str:
    """The text in capitals, in the same way."""
    return "".join(c.upper() if c.upper().lower() == c else c for c in text)


def mailbox_of(address: str) -> str:
    """The address in its shortest spelling: equal for all that reach one mailbox at a provider we know."""
    name, _, domain = small(address.strip()).rpartition("@")
    provider = _BY_DOMAIN.get(domain)
    if provider is None or not name:
        return small(address.strip())
    short = name.partition("+")[0] if provider.plus else name
    return f"{short.replace('.', '') if provider.dots else short}@{provider.domains[0]}"


def ways_to_write(address: str) -> Iterator[str]:
    """Other addresses of the same mailbox that a badge may have been hashed with, the likeliest first.

    What somebody wrote after a plus cannot be guessed; where up to two dots may stand can.
    """
    shortest = mailbox_of(address)
    name, _, domain = shortest.rpartition("@")
    provider = _BY_DOMAIN.get(domain)
    if provider is None:
        return
    bare = small(address.strip()).rpartition("@")[0].partition("+")[0]
    names = dict.fromkeys((bare, name))
    if provider.dots and len(name) <= LONGEST_DOTTED:
        names |= dict.fromkeys(_dotted(name))
    for each in names:
        for one in provider.domains:
            yield f"{each}@{one}"


def ignored_by(address: str) -> str:
    """What the provider of this address, which is one we know, ignores, in words."""
    provider = _BY_DOMAIN[address.strip().lower().rpartition("@")[2]]
    return "dots and what follows a plus" if provider.dots else "what follows a plus"


def _dotted(name: str) -> Iterator[str]:
    for count in (1, 2):
        for places in combinations(range(1, len(name)), count):
            parts = [name[a:b] for a, b in zip((0, *places), (*places, len(name)), strict=True)]
            yield ".".join(parts)

"""Which addresses of the network may be connected to: what keeps strangers' URLs off our own machines.

``ipaddress.is_global`` alone is no guard: in Python 3.11 it is true for NAT64, 6to4, IPv4-compatible,
site-local, multicast and a cloud's metadata address. A URL's spelling (0x7f.1, 2130706433, ⓛocalhost)
never matters here: the resolver turns it into numbers, and the numbers are judged.
"""

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from .problems import NoAnswer

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOOK_UP_SECONDS = 2.0
WEB_PORTS = (80, 443)

_REFUSED = "we do not fetch from that address"
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NEVER_PUBLIC: tuple[Network, ...] = (
    ipaddress.IPv4Network("100.64.0.0/10"),  # shared by a carrier's customers
    ipaddress.IPv4Network("168.63.129.16/32"),  # a cloud's wire server
    ipaddress.IPv4Network("192.0.0.0/24"),
    ipaddress.IPv4Network("192.88.99.0/24"),  # 6to4 relays
    ipaddress.IPv4Network("198.18.0.0/15"),
    ipaddress.IPv4Network("240.0.0.0/4"),
    ipaddress.IPv6Network("2001::/23"),  # Teredo, ORCHID and other protocols' own
    ipaddress.IPv6Network("2001:db8::/32"),
    ipaddress.IPv6Network("2002::/16"),  # 6to4: an IPv4 address of anyone's choice inside
    ipaddress.IPv6Network("3fff::/20"),
)
_METADATA: tuple[Network, ...] = (
    ipaddress.IPv4Network("168.63.129.16/32"),
    ipaddress.IPv4Network("169.254.0.0/16"),
    ipaddress.IPv4Network("100.100.100.200/32"),
    ipaddress.IPv4Network("192.0.0.192/32"),
    ipaddress.IPv6Network("fd00:ec2::/32"),
    ipaddress.IPv6Network("fd20:ce::/32"),
    ipaddress.IPv6Network("fe80::/10"),
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator lets us fetch though it is not public (``FETCH_ALLOW``).

    Names and networks together mean: these names, inside these networks (and a single address, written
    as such). Networks alone: anything in them. Names alone: wherever they lead. A cloud's metadata
    addresses stay closed in every case.
    """

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, setting: str) -> "Allowed":
        """Read the setting: hosts, addresses and networks, separated by commas or blanks."""
        names: set[str] = set()
        networks: list[Network] = []
        for entry in setting.replace(",", " ").split():
            try:
                networks.append(ipaddress.ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                names.add(entry.lower().rstrip("."))
        return cls(frozenset(names), tuple(networks))

    def lets(self, host: str, address: Address) -> bool:
        """Whether this address, under this name, may be connected to though it is not public."""
        if any(_within(a, _METADATA) for a in (address, *_embedded(address))):
            return False
        if not self.names:
            return _within(address, self.networks)
        if _literal(host):
            return any(n.num_addresses == 1 and address in n for n in self.networks)
        return host in self.names and (not self.networks or _within(address, self.networks))


class Checked(NamedTuple):
    """Numbers to connect to, and whether the operator vouches for them (``FETCH_ALLOW``)."""

    addresses: list[str]
    vouched: bool


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, and so does every address wrapped inside it."""
    return all(_is_public(a) for a in (address, *_embedded(address)))


def addresses_of(host: str, port: int, allowed: Allowed, usual_ports: tuple[int, ...] = WEB_PORTS) -> Checked:
    """Look a host up once and give the checked addresses to connect to.

    Every address must be public, or one that the operator allows; a name the operator listed may have
    others too, which are left out. Other ports than the usual ones are only for what the operator allows.
    Raises NoAnswer in the same words for a name that does not exist and for one that leads inside, so
    that nobody can learn our inner names.
    """
    found = _looked_up(host, port)
    let = [a for a in found if allowed.lets(host, a)]
    public = [a for a in found if a not in let and is_public(a) and not _is_this_machine(a)]
    fit = let or public
    if not fit or (len(let) + len(public) < len(found) and host not in allowed.names):
        raise NoAnswer(_REFUSED if _literal(host) else f"there is no public address for {host}")
    if port not in usual_ports and not let and host not in allowed.names:
        raise NoAnswer(_REFUSED)
    return Checked([str(a) for a in fit], vouched=bool(let))


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not address.is_multicast and not _within(address, _NEVER_PUBLIC)


def _embedded(address: Address) -> list[Address]:
    """The IPv4 addresses wrapped in an IPv6 one: mapped, compatible, NAT64, 6to4, Teredo, ISATAP."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    number = int(address)
    last = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    found: list[Address] = []
    if number >> 32 in (0, 0xFFFF) or number >> 32 == 0x64FF9B << 64 or number >> 80 == 0x64FF9B0001:
        found.append(last)
    if address.sixtofour:
        found.append(address.sixtofour)
    if address.teredo:
        found.extend(address.teredo)
    if (number >> 32) & 0xFDFFFFFF == 0x5EFE:
        found.append(last)
    return found


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _looked_up(host: str, port: int) -> list[Address]:
    """All addresses of a host. An error, or no answer in time, is a refusal: never a way round the check."""
    found: list[str] = []
    worker = threading.Thread(target=lambda: found.extend(_quietly(look_up, host, port)), daemon=True)
    worker.start()
    worker.join(LOOK_UP_SECONDS)
    # A zone (fe80::1%eth0) names an interface of ours; the number alone decides.
    return [ipaddress.ip_address(a.partition("%")[0]) for a in dict.fromkeys(found)]


def _quietly(look: Callable[[str, int], list[str]], host: str, port: int) -> list[str]:
    try:
        return look(host, port)
    except (OSError, UnicodeError):
        return []


def look_up(host: str, port: int) -> list[str]:
    """What the system's resolver says, as text. The one place that asks it."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _is_this_machine(address: Address) -> bool:
    """Whether this is one of our own interfaces: the kernel would answer from the address it sends to.

    A datagram socket that is connected sends nothing; it only chooses where it would send from.
    """
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((str(address), 9))
            return bool(probe.getsockname()[0] == str(address))
        except OSError:
            return False

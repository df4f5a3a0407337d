"""Taking addresses and letters apart, for the platforms."""

from urllib.parse import SplitResult, parse_qsl, urlsplit

from .._parcel import Letter


def parts_of(url: str) -> SplitResult:
    """The parts of an address; all of them empty when it is none."""
    try:
        return urlsplit(url.strip())
    except ValueError:
        return SplitResult("", "", "", "", "")


def host_of(url: str) -> str:
    """The host, in small letters; "" when there is none."""
    try:
        return (parts_of(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def query_of(url: str, name: str) -> str:
    """One value of the query; "" when it is not there."""
    return dict(parse_qsl(parts_of(url).query)).get(name, "")


def on_same_host(url: str, path: str, query: str = "") -> str:
    """Another path at the host of this address."""
    parts = parts_of(url)
    return SplitResult(parts.scheme, parts.netloc, path, query, "").geturl()


def is_at(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether an address is on one of these hosts, or below one."""
    return _is_below(host_of(url), hosts)


def is_from(letter: Letter, hosts: tuple[str, ...]) -> bool:
    """Whether a letter says that it comes from one of these hosts."""
    return _is_below(letter.sender.rpartition("@")[2].lower(), hosts)


def _is_below(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in hosts)

"""What passes between a webhook's module and whoever was called."""

from collections.abc import Mapping
from dataclasses import dataclass

from backpack.errors import BackpackError


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came; the names of its headers are in small letters."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail as it went over the wire, for whom, and from whom; ``Posted()`` when a call brings none."""

    recipients: tuple[str, ...] = ()
    data: bytes = b""
    sender: str = ""
    confirm: str = ""
    """An address to fetch, by which we agree to be called from now on."""


class NotRaw(BackpackError):
    """The provider took the mail apart, and a mail that was put together again proves nothing."""

    code = "not_raw"
    says_by_default = "The mail did not come as it was sent."

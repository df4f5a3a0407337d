"""Asking name servers what a domain publishes: who may send its mail, and with which keys it signs.

Strangers choose these names, so each question and all of them together have little time. A server that does
not answer is not the same as one that says there is nothing.
"""

import functools
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import dns.exception
import dns.rdata
import dns.resolver

Question = tuple[str, str]
"""A name in small letters without a dot at its end, and what is asked of it: TXT, A, AAAA or MX."""
Answers = dict[Question, tuple[str, ...] | None]
"""What each has, () when it has none or there is no such name; None when nobody answered."""

KINDS = ("TXT", "A", "AAAA", "MX")
SECONDS = 3.0
MOST_AT_ONCE = 8
MOST_RECORDS = 50


def ask(questions: Iterable[Question], seconds: float = 2 * SECONDS) -> Answers:
    """All of these at once; what is not answered when the time is up has no answer."""
    wanted = sorted(set(questions))
    end = time.monotonic() + seconds

    def one(question: Question) -> tuple[str, ...] | None:
        left = min(SECONDS, end - time.monotonic())
        return _ask(*question, left) if left > 0 else None

    with ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="names") as threads:
        return dict(zip(wanted, threads.map(one, wanted), strict=True))


def _ask(name: str, kind: str, seconds: float) -> tuple[str, ...] | None:
    if kind not in KINDS:
        return ()
    try:
        found = resolver().resolve(name, kind, lifetime=seconds, search=False)
    except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
        return ()
    except (dns.resolver.NoNameservers, dns.resolver.LifetimeTimeout, OSError):
        return None
    except (dns.exception.DNSException, UnicodeError):
        return ()  # no name at all, or an answer that is none
    return tuple(_text(record) for record in list(found)[:MOST_RECORDS])


def _text(record: dns.rdata.Rdata) -> str:
    """A TXT record as one text, byte for byte; anything else as it is written in a zone."""
    strings = getattr(record, "strings", None)
    return record.to_text() if strings is None else b"".join(strings).decode("latin-1")


@functools.cache
def resolver() -> dns.resolver.Resolver:
    """The name servers of this machine."""
    return dns.resolver.Resolver()

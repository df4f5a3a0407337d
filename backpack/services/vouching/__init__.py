"""Vouching: what a mail proves about its sender, which is little, and nothing about the badge in it.

What comes straight to our SMTP door is checked here: SPF, because we know who connected, and DKIM. What our own
mail server hands over it has checked itself, and wrote down under its name (``AUTHSERV_ID``); fields of that
kind under any other name could be anyone's and are not read. Where it wrote nothing, DKIM is checked here too.
"""

import ipaddress
import time
from collections.abc import Iterable
from typing import Any

from ... import workers
from ...config import Settings
from ...errors import BackpackError
from ...network import names
from ...network.guard import is_public
from . import heads, policies
from .heads import Head, Results
from .shapes import FAIL, NONE, NOTHING, PASS, UNKNOWN, Reception, Said, Vouched

__all__ = ["FAIL", "NONE", "PASS", "UNKNOWN", "Reception", "Said", "Vouched", "noted", "vouch"]

MOST_ROUNDS = 14
MOST_QUESTIONS = 40
SECONDS = 8.0
"""For all that name servers are asked about one mail."""


def noted(letter: Any, data: bytes, confirmed: Iterable[str], settings: Settings) -> Any:
    """The letter of a mail with what is known of its sender; as it is when no door of ours took it, or known before."""
    reception = Reception.of(letter)
    if not reception.door or "vouched" in letter:
        return letter
    return {**letter, "vouched": vouch(data, reception, settings).seen_by(confirmed).as_json()}


def vouch(data: bytes, reception: Reception, settings: Settings) -> Vouched:
    """What is known of the sender of a mail that came this way; ``Vouched()`` when nothing can be."""
    if not reception.door:
        return Vouched()
    try:
        head: Head = workers.run(f"{__name__}.heads:read", heads.start_of(data), settings.authserv_id)
        if head.results and reception.door != "smtp":
            return _as_told(head.author, head.results)
        return _checked(data, reception, head)
    except BackpackError:  # too much work for a worker, which no honest mail is
        return Vouched(by="us")


def _as_told(author: str, results: Results) -> Vouched:
    domain = heads.domain_of(author)
    strict = policies.Policy()
    is_dmarc = results.dmarc.outcome == PASS and results.dmarc.domain in (domain, "")
    is_signed = any(
        one.outcome == PASS and policies.speaks_for(one.domain, domain, strict) for one in results.dkim
    )
    aligned = bool(author) and (is_dmarc or is_signed)
    return Vouched("mta", author, results.spf, results.dkim, results.dmarc, aligned)


def _checked(data: bytes, reception: Reception, head: Head) -> Vouched:
    inquiry = _Inquiry()
    dkim: tuple[Said, ...] = ()
    spf = NOTHING
    if head.is_signed:
        dkim = inquiry.until_known(f"{__name__}.signatures:signed_by", data)
    if _is_somebody(reception.peer):
        spf = inquiry.until_known(f"{__name__}.envelopes:allowed_by", reception)
    author = heads.domain_of(head.author)
    if not author or not (dkim or spf.domain):
        return Vouched("us", head.author, spf, dkim)
    inquiry.ask(policies.questions(author))
    policy = policies.policy_of(author, inquiry.answers)
    aligned = any(one.outcome == PASS and policies.speaks_for(one.domain, author, policy) for one in dkim)
    return Vouched("us", head.author, spf, dkim, policies.judged(author, policy, spf, dkim), aligned)


def _is_somebody(peer: str) -> bool:
    """Whether a stranger connected: from an inner address it is our own relay that hands a mail on."""
    try:
        return is_public(ipaddress.ip_address(peer.partition("%")[0]))
    except ValueError:
        return False


class _Inquiry:
    """Questions to name servers about one mail, few and within its time."""

    def __init__(self) -> None:
        self.answers: names.Answers = {}
        self._end = time.monotonic() + SECONDS

    def until_known(self, function_path: str, subject: object) -> Any:
        """Ask a worker what it makes of this, and name servers what it wants, until it wants nothing more."""
        for _ in range(MOST_ROUNDS):
            known, wanted = workers.run(function_path, subject, self.answers)
            if not self.ask(sorted(wanted)):
                break
        return known

    def ask(self, wanted: list[names.Question]) -> bool:
        """Whether anything new was asked."""
        new = [question for question in wanted if question not in self.answers]
        some = new[: MOST_QUESTIONS - len(self.answers)]
        self.answers.update(dict.fromkeys(new))
        self.answers.update(names.ask(some, self._end - time.monotonic()))
        return bool(new)

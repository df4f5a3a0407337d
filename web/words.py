"""What verdicts are called, for whom: the only place where a verdict becomes a sentence.

A reader is "owner" (the earner), "stranger" (whoever opens a public link) or "asker" (whoever checks a
badge on the page for employers). Reports come as ``verify --json`` prints them. How single checks are
called stands in ``findings``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backpack.services import reports
from backpack.services.claiming import can_be_claimed
from backpack.services.folding import Fold
from backpack.storage.tables import Badge
from backpack.verifier.report import decides

from . import findings
from .dates import parsed, spelled
from .numbers import number, times

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a verdict is shown: its word on a card, its small mark, its seal, and how grave it is."""

    word: str
    mark: str
    seal: str
    grave: int


VERDICTS = {
    "": Verdict("Checking", "waiting", "seal-waiting", 0),
    "verified": Verdict("Verified", "passed", "seal-verified", 0),
    "unconfirmed": Verdict("Not confirmed", "unknown", "seal-unconfirmed", 1),
    "not_yet_valid": Verdict("Not yet valid", "later", "seal-not_yet_valid", 2),
    "expired": Verdict("Expired", "expired", "seal-expired", 3),
    "genuine_expired": Verdict("Genuine, expired", "expired", "seal-expired", 3),
    "doubtful_expired": Verdict("Not confirmed, expired", "expired", "seal-expired", 3),
    "wrong_recipient": Verdict("Not yet yours", "unknown", "seal-wrong_recipient", 4),
    "named_otherwise": Verdict("Not shown to be yours", "unknown", "seal-wrong_recipient", 4),
    "suspended": Verdict("Suspended", "suspended", "seal-suspended", 5),
    "revoked": Verdict("Withdrawn", "failed", "seal-revoked", 6),
    "invalid": Verdict("Not valid", "failed", "seal-revoked", 7),
    "not_a_badge": Verdict("No badge inside", "failed", "seal-revoked", 8),
}
_ELSEWHERE = {
    ("wrong_recipient", "stranger"): "Recipient not confirmed",
    ("wrong_recipient", "asker"): "To someone else",
}
"""Where others read another word than the owner."""

REMARKS = {
    "": "for the first time",
    "unconfirmed": "we keep trying",
    "not_yet_valid": "not before its day",
    "wrong_recipient": "awarded to another address",
    "named_otherwise": "it names no e-mail address",
    "suspended": "by the issuer",
    "revoked": "by the issuer",
    "invalid": "it fails its checks",
}
"""What stands after a verdict on a card where no date says more."""

AUDIENCES = {
    "nobody": ("Only you", "The link closes for good: a new one has another address."),
    "link": ("Anyone with the link", "Search engines are asked not to list it."),
    "world": ("Everyone", "Search engines may list it."),
}
"""Who can see a public link: in a word, and what that means."""


def verdict(word: str) -> Verdict:
    """How this verdict is shown."""
    return VERDICTS.get(word, VERDICTS["unconfirmed"])


def tone(word: str) -> str:
    """The class that a seal or a state wears."""
    return _TONES.get(word, word) or "waiting"


_TONES = {"genuine_expired": "expired", "doubtful_expired": "expired", "named_otherwise": "wrong_recipient"}


def word_for(word: str, reader: str) -> str:
    """The verdict in a word or two, for a card or a preview."""
    return _ELSEWHERE.get((word, reader), verdict(word).word)


AGAIN = {
    "running": "Being checked again now.",
    "late": "It is still being checked. Look again in a minute.",
    "same": "Checked just now. Nothing changed.",
    "changed": "Checked just now. The result has changed.",
}
"""How "Check again" ended."""


AT_WORK = {"waiting": "Waiting", "reading": "Reading", "stopped": "Stopped"}
"""How far an import is that did not end yet."""


def standing(word: str, report: Json | None) -> str:
    """The verdict, with expired badges told apart: "genuine_expired", or else "doubtful_expired"."""
    if word != "expired" or report is None:
        return word
    return "genuine_expired" if reports.is_genuine(report) else "doubtful_expired"


def on_card(badge: Badge, beyond: Collection[int]) -> str:
    """The verdict of one of the earner's badges, with those told apart that no address can make theirs."""
    return "named_otherwise" if badge.id in beyond else badge.verdict


def headline(word: str, reader: str, report: Json) -> str:
    """The verdict in the seal, as a sentence; genuine is only what was shown to be."""
    outcomes = findings.outcomes(report)
    is_genuine = reports.is_genuine(report)
    how_sure = "Genuine" if is_genuine else "Not confirmed"
    if word == "verified":
        return "Verified, and yours" if reader == "owner" else "Verified"
    if word == "expired":
        return f"{how_sure}, expired{_dated(report, _DAYS[word], ' on')}"
    if word == "not_yet_valid":
        return f"{how_sure}, valid only{_dated(report, _DAYS[word], ' from') or ' later'}"
    if word == "revoked":
        return "Withdrawn by the issuer"
    if word == "wrong_recipient":
        whose = (_WHOSE if can_be_claimed(report) else _NAMED_OTHERWISE).get(reader, _WHOSE["stranger"])
        return f"Genuine, but {whose}" if is_genuine else f"{whose[0].upper()}{whose[1:]}"
    if word == "invalid":
        return f"Not valid: {_why_invalid(outcomes, report)}"
    return _PLAIN.get(word, _PLAIN["unconfirmed"])


_PLAIN = {
    "": "Being checked now",
    "unconfirmed": "Could not be confirmed today",
    "suspended": "Suspended by the issuer",
    "not_a_badge": "There is no badge inside",
}
_WHOSE = {
    "owner": "awarded to another address",
    "stranger": "its recipient is not confirmed here",
    "asker": "awarded to someone else",
}
_NAMED_OTHERWISE = {"owner": "not shown to be yours", "asker": "it names no e-mail address"}


def trouble(word: str, report: Json) -> str:
    """The sentence of the check that brought this verdict about; nothing when all is well, or the headline says it."""
    if word in ("verified", "") or _dated(report, _DAYS.get(word, "")):
        return ""
    for check in report.get("checks") or ():
        if decides(check["outcome"], check.get("verdict"), word):
            return findings.sentence(str(check["message"]))
    return ""


def advice(word: str, reader: str, report: Json) -> str:
    """What to make of a verdict, in one sentence."""
    if (word, reader) == ("wrong_recipient", "owner") and not can_be_claimed(report):
        return "We compare e-mail addresses only: you can keep it and show it, but not as yours."
    return _ADVICE.get((word, reader)) or _ADVICE.get((word, "")) or ""


_ADVICE = {
    ("revoked", ""): "It should no longer be relied on.",
    ("suspended", ""): "It should not be relied on until the issuer lifts that.",
    ("invalid", ""): "It should not be relied on.",
    ("invalid", "owner"): "Ask the issuer for the original file.",
    ("expired", "owner"): "You can still show it: everyone sees the date.",
    ("unconfirmed", ""): "That does not mean it is false.",
    ("unconfirmed", "owner"): "That does not mean it is false. We keep trying.",
    ("wrong_recipient", "owner"): "If the address is yours, confirm it and the badge becomes yours.",
    ("not_yet_valid", "owner"): "It becomes valid by itself.",
}


def formerly(word: str, at: datetime | None) -> str:
    """What was known of a badge that cannot be confirmed now."""
    return f"We last verified it on {spelled(at)}." if word == "unconfirmed" and at else ""


def warning(word: str, headline: str) -> str:
    """What to know before sharing what others would not rely on; nothing where they would, or soon may."""
    return (
        f"Whoever opens the link reads first: “{headline}”."
        if _grave(word) >= _grave("wrong_recipient")
        else ""
    )


def kept(word: str, is_new: bool, waits: bool = False) -> str:
    """What became of a badge that was brought in."""
    if waits:
        return "and waiting for you to accept it"
    if not is_new:
        return "and already here"
    return "and in your backpack" if word == "verified" else "but kept"


def folded(fold: Fold, version: str) -> str:
    """What lies under a badge, for its card: "renewed twice, also as Open Badges 2.0"."""
    said = []
    if fold.count:
        said.append(f"renewed {times(fold.count)}" if fold.is_latest else f"awarded {times(fold.count + 1)}")
    if fold.twins:
        others = sorted({kind(twin.version) for twin in fold.twins if twin.version != version})
        said.append(f"also as {' and '.join(others) or 'another file'}")
    return ", ".join(said)


def folded_as(twins: Sequence[Badge]) -> str:
    """What the same award is called once more: " as Open Badges 2.0"."""
    kinds = sorted({kind(twin.version) for twin in twins})
    return f" as {kinds[0]}" if len(kinds) == 1 else ", in other versions"


def kind(version: str) -> str:
    """What a badge is written in: "Open Badges 2.0"."""
    return {"clr2.0": "CLR 2.0", "vc": "a verifiable credential", "": "an address"}.get(
        version, f"Open Badges {version}"
    )


def none_here(status: str) -> str:
    """A tab without badges."""
    return {
        "verified": "No verified badge yet",
        "needs_look": "Nothing needs a look",
        "shared": "You share no badge on its own",
        "hidden": "Nothing is hidden",
        "deleted": "Nothing is left to bring back",
    }.get(status, "No badge fits that")


def worst(verdicts: Iterable[str]) -> str:
    """The gravest of these verdicts: what a collection's seal wears. Unchecked counts as not confirmed."""
    return max((word or "unconfirmed" for word in verdicts), key=_grave, default="unconfirmed")


def summary(standings: Iterable[str]) -> str:
    """A collection's standings in a sentence: "Four verified, one genuine but expired"."""
    counted: dict[str, int] = {}
    for word in sorted((word or "unconfirmed" for word in standings), key=_grave):
        counted[word] = counted.get(word, 0) + 1
    if not counted:
        return "No badges here yet"
    if list(counted) == ["verified"]:
        return _all_verified(counted["verified"])
    said = ", ".join(
        f"{number(count)} {_IN_A_ROW.get(word, 'not confirmed')}" for word, count in counted.items()
    )
    return said[0].upper() + said[1:]


_IN_A_ROW = {
    "verified": "verified",
    "unconfirmed": "not confirmed today",
    "expired": "expired",
    "genuine_expired": "genuine but expired",
    "doubtful_expired": "not confirmed and expired",
    "not_yet_valid": "not valid yet",
    "wrong_recipient": "with a recipient not confirmed here",
    "suspended": "suspended by the issuer",
    "revoked": "withdrawn by the issuer",
    "invalid": "not valid",
    "not_a_badge": "without a badge inside",
}


def _all_verified(count: int) -> str:
    return {1: "One badge, verified", 2: "Both verified"}.get(count, f"All {number(count)} verified")


def _grave(word: str) -> int:
    return verdict(word).grave


_WHY_BROKEN = {
    "changed": "changed after it was signed",
    "unsigned": "it is not signed",
    "unpublished": "not as its issuer published it",
    "unsound": "its signature does not hold",
}


def _why_invalid(outcomes: Mapping[str, str], report: Json) -> str:
    why = {
        "structure": "it is not a sound badge",
        "proof": _WHY_BROKEN[findings.broken(report)],
        "issuer": "not from the issuer it names",
        "contained": "something in it is not genuine",
    }
    return next((says for id, says in why.items() if outcomes.get(id) == "failed"), "it fails its checks")


_DAYS = {"expired": "ends_at", "not_yet_valid": "begins_at"}
"""The day that brings a verdict about, which need not be the one that stands first in the badge."""


def _dated(report: Json, which: str, before: str = "") -> str:
    day = spelled(parsed(report.get(which)))
    return f"{before} {day}" if day else ""

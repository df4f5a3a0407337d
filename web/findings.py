"""The checks of a report as the rows of a list: what each is called when it ended so, and for whom.

A reader is "owner" (the earner), "stranger" (whoever opens a public link) or "asker" (whoever checks a
badge on the page for employers). Checks come as ``verify --json`` prints them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backpack.services.claiming import can_be_claimed

from .texts import plain

Json = Mapping[str, Any]

CHECKS = ("structure", "proof", "issuer", "recipient", "dates", "revocation")

_FINDINGS = {
    "structure": {
        "passed": "A badge is inside",
        "failed": "Not a sound badge",
        "unknown": "Not known if sound",
        "skipped": "Not looked into",
        "waiting": "A badge inside?",
    },
    "proof": {
        "passed": "Not altered",
        "failed": "Altered",
        "unknown": "Not known if altered",
        "skipped": "Not signed",
        "waiting": "Not altered?",
    },
    "issuer": {
        "passed": "Signed by the issuer",
        "failed": "Not from the issuer",
        "unknown": "Issuer not confirmed",
        "skipped": "Issuer not asked",
        "waiting": "Signed by the issuer?",
    },
    "recipient": {
        "passed": "Recipient confirmed",
        "failed": "Recipient not confirmed",
        "unknown": "Not known to whom",
        "skipped": "Recipient not compared",
        "waiting": "Awarded to whom?",
    },
    "dates": {
        "passed": "In date",
        "failed": "Expired",
        "unknown": "Dates not known",
        "skipped": "No dates",
        "waiting": "In date?",
    },
    "revocation": {
        "passed": "Not withdrawn",
        "failed": "Withdrawn",
        "unknown": "Not known if withdrawn",
        "skipped": "No list of withdrawn badges",
        "waiting": "Not withdrawn?",
    },
    "endorsements": {
        "passed": "Endorsed",
        "failed": "An endorsement is not genuine",
        "unknown": "Endorsements not confirmed",
        "skipped": "Endorsements not looked at",
        "waiting": "Endorsed?",
    },
}
_FINDINGS_OF_OTHERS = {
    "passed": "What it holds is sound",
    "failed": "Something in it is not valid",
    "unknown": "Not all in it confirmed",
    "skipped": "Nothing more inside",
    "waiting": "What it holds?",
}
_TO_READER = {
    ("recipient", "passed", "owner"): "Awarded to you",
    ("recipient", "failed", "owner"): "Awarded to another address",
    ("recipient", "waiting", "owner"): "Awarded to you?",
    ("recipient", "passed", "asker"): "Awarded to that address",
    ("recipient", "failed", "asker"): "Awarded to someone else",
}
_NAMED_OTHERWISE = {"owner": "Not shown to be yours", "asker": "Names no e-mail address"}
_WHEN_HOSTED = {
    ("issuer", "passed"): "Published by the issuer",
    ("issuer", "waiting"): "Published by the issuer?",
}
"""A badge that stands at an address of its issuer is signed by nobody."""
_WHEN_BROKEN = {
    "changed": "Altered",
    "unsigned": "Not signed",
    "unpublished": "Not as published",
    "unsound": "Signature not valid",
}
_BY_VERDICT = {
    ("dates", "not_yet_valid"): "Not yet valid",
    ("revocation", "suspended"): "Suspended",
}
_MARKS = {
    "passed": ("passed", "Passed"),
    "failed": ("failed", "Failed"),
    "unknown": ("unknown", "Not known"),
    "skipped": ("skipped", "Not checked"),
    "waiting": ("waiting", "Waiting"),
    "expired": ("expired", "Expired"),
    "not_yet_valid": ("later", "Not yet valid"),
    "suspended": ("suspended", "Suspended"),
    "wrong_recipient": ("unknown", "To another address"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A check as a row of the list: ``tone`` is its class, ``proof`` what opens under it."""

    id: str
    tone: str
    mark: str
    label: str
    finding: str
    reason: str
    proof: tuple[tuple[str, str], ...]
    is_open: bool


def rows(
    report: Json, reader: str, *, running: bool = False, matched: str = "", hint: str = ""
) -> tuple[Row, ...]:
    """All rows in their order; while a check runs, what is not known yet is waited for.

    At most one row that did not pass lies open: the first that failed, or else the first that is not known.
    ``matched`` is the earner's address that the
    badge names, ``hint`` the same address masked, for strangers.
    """
    given = {check["id"]: check for check in report.get("checks") or ()}
    order = [id for id in CHECKS if id in given or running] + [id for id in given if id not in CHECKS]
    opened = None if running else _to_open([given[id] for id in order])
    reasons = {
        "structure": _inside(str(report.get("version")), str(report.get("carrier"))),
        "recipient": _to_whom(reader, matched if reader == "owner" else hint),
    }
    return tuple(
        _in_its_way(row, report, reader)
        for row in (
            _row(given[id], reader, running, id == opened, reasons.get(id))
            if id in given
            else _awaited(id, reader)
            for id in order
        )
    )


def outcomes(report: Json) -> dict[str, str]:
    """How each check came out, by its name."""
    return {check["id"]: check["outcome"] for check in report.get("checks") or ()}


def is_hosted(report: Json) -> bool:
    """Whether the issuer stands behind it by serving it, without a signature."""
    return (_deciding(report) or {}).get("suite") == "hosted"


def broken(report: Json) -> str:
    """What is wrong with a signature that failed: changed, unsigned, unpublished (it is hosted), or unsound."""
    signature = _deciding(report)
    if signature is None:
        return "unsigned"
    if signature["suite"] == "hosted":
        return "unpublished"
    return "changed" if signature.get("changed") else "unsound"


def _deciding(report: Json) -> Json | None:
    """The signature that decides, which stands first."""
    return next(iter(report.get("signatures") or ()), None)


def _in_its_way(row: Row, report: Json, reader: str) -> Row:
    if row.tone == "wrong_recipient" and reader in _NAMED_OTHERWISE and not can_be_claimed(report):
        return replace(row, finding=_NAMED_OTHERWISE[reader], label="Not known")
    if (row.id, row.tone) == ("proof", "failed"):
        return replace(row, finding=_WHEN_BROKEN[broken(report)])
    return (
        replace(row, finding=_WHEN_HOSTED.get((row.id, row.tone), row.finding)) if is_hosted(report) else row
    )


def done(report: Json) -> int:
    """How many of the six checks of a report at work have their answer."""
    return sum(1 for check in report.get("checks") or () if check["outcome"] not in ("unknown", "waiting"))


def _inside(version: str, carrier: str) -> str:
    """What kind of badge it is and what it travels in, as a sentence.

    Of a picture also what no check can say: anybody may put a genuine badge into another one.
    """
    kinds = {"clr2.0": "A learner record, CLR 2.0", "vc": "A verifiable credential", "": "A badge"}
    ways = {
        "png": ", baked into a PNG picture. What the picture shows is not signed",
        "svg": ", baked into an SVG picture. What the picture shows is not signed",
        "jwt": ", as a signed text",
        "url": ", read at its own address",
    }
    return f"{kinds.get(version, f'An Open Badge, version {version}')}{ways.get(carrier, '')}."


def _row(check: Json, reader: str, running: bool, is_open: bool, when_passed: str | None) -> Row:
    id, outcome, message = str(check["id"]), str(check["outcome"]), str(check["message"])
    if running and outcome == "unknown":
        return _awaited(id, reader, message)
    forced = str(check.get("verdict") or "") if outcome == "failed" else ""
    tone = _tone(id, outcome, forced)
    mark, label = _MARKS[tone]
    finding = _BY_VERDICT.get((id, forced)) or _finding(id, outcome, reader)
    reason = when_passed if when_passed and outcome == "passed" else sentence(message)
    proof = tuple((str(key), str(value)) for key, value in (check.get("detail") or {}).items())
    return Row(id, tone, mark, label, finding, reason, proof, is_open and bool(proof))


def sentence(says: str) -> str:
    """What a check says, as it stands on a page: with an end, and with the apostrophes that are printed.

    It may name an address, in which signs can be that turn around all that comes after them.
    """
    says = _APOSTROPHE.sub("’", plain(says))
    return says if not says or says.endswith((".", "!", "?", "”")) else f"{says}."


_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=s)'(?= )")


def _awaited(id: str, reader: str, reason: str = "") -> Row:
    return Row(id, "waiting", "waiting", "Waiting", _finding(id, "waiting", reader), reason, (), False)


def _tone(id: str, outcome: str, forced: str) -> str:
    if id == "dates" and outcome == "failed":
        return "not_yet_valid" if forced == "not_yet_valid" else "expired"
    if id == "recipient" and outcome == "failed":
        return "wrong_recipient"
    return "suspended" if forced == "suspended" else outcome


def _finding(id: str, outcome: str, reader: str) -> str:
    return _TO_READER.get((id, outcome, reader)) or _FINDINGS.get(id, _FINDINGS_OF_OTHERS)[outcome]


def _to_whom(reader: str, whom: str) -> str:
    if reader == "owner":
        return f"{whom} is one of your addresses." if whom else "It names one of your addresses."
    if reader == "asker":
        return "The address you gave is the one that the badge names."
    return (
        f"Whoever shows it has confirmed the address {whom}."
        if whom
        else "Whoever shows it has confirmed the address."
    )


def _to_open(checks: Sequence[Json]) -> str | None:
    """The check that a reader wants to know more about: what failed says more than what is not known."""
    return next(
        (
            str(check["id"])
            for outcome in ("failed", "unknown")
            for check in checks
            if check["outcome"] == outcome
        ),
        None,
    )

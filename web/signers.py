"""What stands behind the name of an issuer: anybody can write one, only some can sign for a site."""

from collections.abc import Iterable, Mapping
from typing import Any

from backpack.verifier.methods import site_of
from backpack.verifier.report import is_by_key_alone

from . import findings

Json = Mapping[str, Any]
_LONGEST_SITE = 40


def signed(report: Json) -> str:
    """How the issuer stands behind a badge: signed, or published on its own site; nothing when neither is shown."""
    outcomes = findings.outcomes(report)
    if outcomes.get("proof") != "passed" or outcomes.get("issuer") != "passed":
        return ""
    return "Published" if findings.is_hosted(report) else "Signed"


def site(report: Json) -> str:
    """The host that speaks for the issuer, to be read beside its name; nothing where none is shown to.

    Of a long one its end is told: whose it is stands there, and a line would be cut before it.
    """
    if not signed(report) or _is_by_key_alone(report):
        return ""
    identity = ((report.get("badge") or {}).get("issuer") or {}).get("id")
    place = site_of(identity or "") or ""
    return place if len(place) <= _LONGEST_SITE else f"…{place[1 - _LONGEST_SITE :]}"


def behind(report: Json | None) -> str:
    """What is to be read after the name of an issuer, where there is no room for a sentence."""
    if caution(report or {}):
        return ", by the signer’s own word"
    place = site(report or {})
    return f" ({place})" if place else ""


def short(name: str, most: int = 48) -> str:
    """An issuer's name that leaves room for what is behind it, which must not be what is cut off."""
    return name if len(name) <= most else f"{name[:most].rstrip()}…"


def caution(report: Json) -> str:
    """What to know of the issuer's name where a key alone stands behind it: anybody can make one, in any name."""
    if signed(report) and _is_by_key_alone(report):
        return "The name is the signer’s own word: nothing shows who holds the key."
    return ""


def cautions(reports: Iterable[Json | None]) -> str:
    """The same of a collection, with how many of its badges it is true of."""
    doubted = [caution(report or {}) for report in reports]
    if len(doubted) == 1 or not any(doubted):
        return doubted[0] if doubted else ""
    how_many = "each" if all(doubted) else f"{len(list(filter(None, doubted)))} of {len(doubted)}"
    return f"In {how_many} the issuer’s name is the signer’s own word: nothing shows who holds the key."


def _is_by_key_alone(report: Json) -> bool:
    return is_by_key_alone(report.get("issuer_evidence") or ())

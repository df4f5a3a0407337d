"""What a report may tell strangers: everything but who the recipient's addresses are."""

import re
from collections.abc import Iterable
from typing import Any

from ..storage.tables import Badge
from ..verifier.identities import masked

_HASHED = re.compile(r"[\w-]+\$[^\s@]+\Z")


def is_hashed(identity: str) -> bool:
    """Whether a report names its recipient by a hash ("sha256$c7ef…"), not in plain words."""
    return _HASHED.match(identity) is not None


def without(text: str, identities: Iterable[str]) -> str:
    """The text with each of these addresses masked, in whatever case it stands."""
    told: str = _without(text, sorted({i for i in identities if len(i) > 3}, key=len, reverse=True))
    return told


_OF_WHAT_IT_IS_FOR = ("humanCode", "fieldOfStudy", "specialization", "version", "creditsAvailable")
"""Facts that are the same for whoever earns it; all others tell of one person."""
_LICENCE = "licenseNumber"
_WAYS_TO_REACH = ("email", "phone", "address")


def hint_of(badge: Badge) -> str:
    """The masked address that a badge names, for strangers; none where it was another of its that was confirmed."""
    is_confirmed = masked(badge.matched) == badge.recipient_hint.lower()
    return badge.recipient_hint if is_confirmed or not badge.matched else ""


def for_strangers(
    content: dict[str, Any], identities: Iterable[str], *, evidence: bool, name: bool
) -> dict[str, Any]:
    """A report (as ``verify --json`` prints it) without recipient; its evidence and name only where they may be shown.

    ``identities`` are the earner's addresses and what the badge names: whatever text repeats one of
    them, in any case, shows it masked. Recipient hash and salt go too: they can be guessed (a hash is
    personal data). So does a licence number: it leads to its holder's name and more in a public register.
    """
    badge = dict(content.get("badge") or {})
    facts = dict(badge.get("facts") or {})
    secret = (badge.pop("recipient", None), facts.pop(_LICENCE, None))
    known = [i for i in (*identities, *secret, content.get("matched")) if isinstance(i, str) and len(i) > 3]
    badge |= {"facts": facts} | ({} if name else {"recipient_name": None})
    if not evidence:
        facts = {key: value for key, value in facts.items() if key in _OF_WHAT_IT_IS_FOR}
        badge |= {"evidence": [], "narrative": None, "results": [], "facts": facts}
    if source := badge.get("source"):
        badge["source"] = {**source, **dict.fromkeys(_WAYS_TO_REACH)}
    told = {
        key: value
        for key, value in content.items()
        # What an issuer's site answered before is for the earner: it may be the hosted badge with its recipient.
        if key not in ("matched", "badge", "checks", "contained", "changes")
    }
    told |= {
        "badge": badge,
        "checks": [_check(check) for check in content.get("checks") or []],
        "contained": [
            for_strangers(inner, known, evidence=evidence, name=name)
            for inner in content.get("contained") or []
        ],
    }
    cleaned: dict[str, Any] = _without(told, sorted(set(known), key=len, reverse=True))
    return cleaned


def _check(check: dict[str, Any]) -> dict[str, Any]:
    if check.get("id") != "recipient":
        return check
    says = {
        "passed": "Whoever shows it has confirmed the address it was awarded to.",
        "failed": "Whoever shows it has not confirmed that it was awarded to them.",
    }
    usual = "Whom it was awarded to could not be compared."
    return {**check, "message": says.get(str(check.get("outcome")), usual), "detail": {}}


def _without(value: Any, known: list[str]) -> Any:
    if isinstance(value, str):
        for identity in known:
            if identity.casefold() in value.casefold():
                value = re.sub(re.escape(identity), _hidden(identity), value, flags=re.IGNORECASE)
        return value
    if isinstance(value, dict):
        return {key: _without(inner, known) for key, inner in value.items()}
    return [_without(inner, known) for inner in value] if isinstance(value, list) else value


def _hidden(identity: str) -> str:
    # A function of the match would read the dots and backslashes of a replacement as they are.
    return masked(identity).replace("\\", "") or "•••"

"""Badges that were awarded to another address: they wait until their earner has shown that it is theirs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from ..storage.tables import Address, Badge, Earner, Report
from ..verifier.providers import small
from . import finding, reports
from .redacting import is_hashed

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Claim:
    """The badges that wait for one address; ``email`` and ``hint`` are "" for those that show none."""

    badges: tuple[Badge, ...]
    email: str = ""
    hint: str = ""
    is_added: bool = False
    """Whether the earner has added it, and has still to confirm it."""

    @property
    def count(self) -> int:
        """How many badges wait for it."""
        return len(self.badges)


def claims(db: Session, earner: Earner) -> list[Claim]:
    """What waits for an address, by the address, those that show none at the end."""
    chosen = select(Badge).where(
        *finding.mine(earner, hidden=False), *finding.standing(earner, "wrong_recipient")
    )
    found = db.exec(chosen.order_by(col(Badge.id).desc()).limit(MOST_SHOWN)).all()
    latest = reports.latest_of(db, found)
    badges = [badge for badge in found if can_be_claimed(_content(latest.get(badge.id)))]
    added = set(db.exec(select(Address.email_key).where(Address.earner_id == earner.id)))
    by_email: dict[str, list[Badge]] = {}
    for badge in badges:
        by_email.setdefault(small(named_in(latest.get(badge.id))), []).append(badge)
    return [
        Claim(tuple(waiting), named_in(latest.get(waiting[0].id)), waiting[0].recipient_hint, key in added)
        for key, waiting in sorted(by_email.items(), key=lambda one: (not one[0], one[0]))
    ]


def beyond(db: Session, badges: Iterable[Badge]) -> frozenset[int]:
    """Those of these badges that no address can make the earner's, by id: see ``can_be_claimed``."""
    waiting = [badge for badge in badges if badge.verdict == "wrong_recipient"]
    latest = reports.latest_of(db, waiting) if waiting else {}
    return frozenset(badge.id for badge in waiting if not can_be_claimed(_content(latest.get(badge.id))))


def named_in(report: Report | None) -> str:
    """The plain e-mail address that a badge names, or "" when it hides it or names somebody otherwise."""
    return _address_in(_content(report))


def can_be_claimed(report: Mapping[str, Any]) -> bool:
    """Whether to confirm an address may make it theirs: not where it names a DID, a telephone or nobody."""
    return is_hashed(str((report.get("badge") or {}).get("recipient") or "")) or _address_in(report) != ""


def _content(report: Report | None) -> Mapping[str, Any]:
    return report.content if report else {}


def _address_in(report: Mapping[str, Any]) -> str:
    named = (report.get("badge") or {}).get("recipient")
    if not isinstance(named, str) or "@" not in named or "://" in named:
        return ""
    return named.removeprefix("mailto:").strip()
